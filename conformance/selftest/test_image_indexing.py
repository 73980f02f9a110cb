"""Pixels by index, as afw's images are indexed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from butler_core.errors import BoxError, DatasetReadError
from butler_core.image import (
    LOCAL,
    PARENT,
    Box2I,
    Exposure,
    ExposureD,
    ExposureF,
    Extent2I,
    Image,
    ImageF,
    ImageI,
    Mask,
    MaskedImage,
    MaskedImageF,
    MaskX,
    Point2I,
    SkyWcs,
)

XY0 = Point2I(100, 200)
SHAPE = (4, 6)


def image() -> Image:
    """Return an image of 6 x 4 pixels at (100, 200)."""
    return Image(np.arange(24, dtype=np.float32).reshape(SHAPE), XY0)


def exposure() -> Exposure:
    """Return an exposure of 6 x 4 pixels at (100, 200)."""
    mask = Mask(np.full(SHAPE, 3, np.int32), xy0=XY0)
    return Exposure(MaskedImage(image(), mask, Image(np.full(SHAPE, 0.5, np.float32), XY0)))


def test_a_pixel_is_column_then_row_in_parent_coordinates() -> None:
    pixels = image()
    assert pixels[103, 202] == 15.0
    assert isinstance(pixels[103, 202], float)
    assert pixels[Point2I(103, 202)] == pixels[103, 202, PARENT] == 15.0
    assert pixels[3, 2, LOCAL] == pixels[Point2I(3, 2), LOCAL] == 15.0
    assert pixels[np.int64(103), np.int32(202)] == 15.0
    assert pixels[-1, -1, LOCAL] == 23.0
    assert Mask(np.full(SHAPE, 3), xy0=XY0)[100, 200] == 3


def test_a_pixel_of_an_exposure_is_image_mask_and_variance() -> None:
    assert exposure()[103, 202] == (15.0, 3, 0.5)
    assert exposure().maskedImage[Point2I(103, 202)] == (15.0, 3, 0.5)


@pytest.mark.parametrize(
    ("index", "corner", "shape"),
    [
        ((slice(101, 103), slice(201, 204)), (101, 201), (3, 2)),
        ((slice(None, 103), slice(202, None)), (100, 202), (2, 3)),
        ((slice(1, 3), slice(0, -1), LOCAL), (101, 200), (3, 2)),
        ((slice(None), slice(None)), (100, 200), SHAPE),
        (slice(None), (100, 200), SHAPE),
        (Box2I(Point2I(101, 201), Extent2I(2, 3)), (101, 201), (3, 2)),
        ((Box2I(Point2I(1, 1), Extent2I(2, 3)), LOCAL), (101, 201), (3, 2)),
    ],
)
def test_a_part_shares_its_pixels(index: Any, corner: tuple[int, int], shape: Any) -> None:
    for whole in (image(), exposure().mask, exposure().maskedImage, exposure()):
        part = whole[index]
        assert type(part) is type(whole)
        assert part.getXY0() == Point2I(*corner)
        array = part.array if isinstance(part, Image | Mask) else part.image.array
        assert array.shape == shape
        source = whole.array if isinstance(whole, Image | Mask) else whole.image.array
        assert np.shares_memory(array, source)


@pytest.mark.parametrize(
    "index",
    [
        (99, 200),
        (106, 200),
        (-7, 0, LOCAL),
        (-1, -1),
        Point2I(0, 0),
        (slice(-2, 103), slice(None)),
        (slice(101, 107), slice(200, 202)),
        (slice(103, 101), slice(None)),
        Box2I(Point2I(99, 200), Extent2I(2, 2)),
    ],
)
def test_what_does_not_lie_in_the_image_is_a_box_error(index: Any) -> None:
    for whole in (image(), exposure()):
        with pytest.raises(BoxError):
            whole[index]


def test_a_negative_number_says_what_to_write() -> None:
    with pytest.raises(BoxError, match=r"\[\.\.\., LOCAL\]"):
        image()[-1, -1]
    with pytest.raises(BoxError, match="103:101 holds no pixel of 100:106"):
        image()[103:101, :]


@pytest.mark.parametrize("index", [3, (3,), "x", (1, slice(None)), (1.5, 2), (1, 2, 3), None])
def test_another_index_says_what_to_write(index: Any) -> None:
    with pytest.raises(TypeError, match=r"\[x0:x1, y0:y1\]"):
        exposure()[index]


def test_steps_and_subsets_by_something_else() -> None:
    with pytest.raises(TypeError, match=r"\.array\[y, x\]"):
        image()[::2, :]
    with pytest.raises(TypeError, match=r"100\.0"):
        image()[100.0:1.5, :]
    with pytest.raises(TypeError, match="Box2I"):
        image().subset((0, 0, 3, 3))  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        iter(image())


def test_pixels_can_be_set() -> None:
    pixels = image()
    pixels[100, 200] = 7
    pixels[104:, 203:] = np.array([[8, 9]])
    pixels[101:103, 201:203] = pixels[103:105, 200:202]
    assert pixels.array[0, 0] == 7
    assert pixels.array[3, 4:].tolist() == [8, 9]
    assert pixels.array[1:3, 1:3].tolist() == [[3, 4], [9, 10]]
    with pytest.raises(ValueError, match="another size"):
        pixels[:, :] = pixels[101:103, 201:203]
    with pytest.raises(TypeError, match="Mask"):
        pixels[:] = exposure().mask


def test_three_planes_can_be_set() -> None:
    whole = exposure()
    whole[100, 200] = (9.0, 16, 2.0)
    whole[104:106, 203:204] = whole[100:102, 200:201]
    assert whole[100, 200] == whole[104, 203] == (9.0, 16, 2.0)
    assert whole[105, 203] == (1.0, 3, 0.5)
    with pytest.raises(TypeError, match=r"\(image, mask, variance\)"):
        whole[100, 200] = 1.0


def test_boxes_and_subsets_from_the_corner() -> None:
    whole = exposure()
    box = Box2I(Point2I(1, 1), Extent2I(2, 2))
    assert whole.getBBox(LOCAL) == Box2I(Point2I(0, 0), Extent2I(6, 4))
    assert whole.getBBox(PARENT) == whole.getBBox() == whole.bbox
    for each in (whole, whole.maskedImage, whole.image):
        assert each.subset(box, LOCAL).getXY0() == Point2I(101, 201)


def test_the_names_of_pixel_types() -> None:
    made = ExposureF(6, 4)
    assert type(made) is Exposure
    assert made.getBBox() == Box2I(Point2I(0, 0), Extent2I(6, 4))
    assert made.image.array.dtype == np.float32
    assert ImageI(Box2I(XY0, Extent2I(6, 4))).getXY0() == XY0
    assert isinstance(exposure(), ExposureF)
    assert not isinstance(exposure(), ExposureD)
    assert not isinstance(image(), ExposureF)
    wide = ExposureD(exposure())
    assert wide.image.array.dtype == np.float64
    assert wide[103, 202] == (15.0, 3, 0.5)
    part = ExposureF(exposure(), Box2I(Point2I(1, 1), Extent2I(2, 2)), origin=LOCAL)
    assert part.getXY0() == Point2I(101, 201)
    wcs = SkyWcs.tan((0, 0), (10, 0), [[1e-4, 0], [0, 1e-4]])
    assert ExposureF(exposure().maskedImage, wcs=wcs).wcs == wcs
    assert ImageF(np.ones((2, 3)), xy0=(5, 6)).getBBox().getMin() == Point2I(5, 6)
    assert MaskX(Extent2I(3, 2)).array.dtype == np.int32
    assert MaskedImageF(3, 2).variance.array.shape == (2, 3)
    with pytest.raises(TypeError, match="ImageF is made of"):
        ImageF({})


def test_files_by_afws_methods(tmp_path: Path) -> None:
    whole = exposure()
    whole.writeFits(tmp_path / "e.fits")
    back = ExposureF.readFits(tmp_path / "e.fits")
    assert back[103, 202] == (15.0, 3, 0.5)
    box = Box2I(Point2I(1, 1), Extent2I(2, 2))
    assert Exposure.readFits(tmp_path / "e.fits", box, LOCAL).getXY0() == Point2I(101, 201)
    assert ExposureF(str(tmp_path / "e.fits"), box, origin=LOCAL).getXY0() == Point2I(101, 201)
    for plane in (whole.image, whole.mask, whole.maskedImage):
        plane.writeFits(str(tmp_path / "p.fits"), recipe="noCompression")
        assert type(plane).readFits(tmp_path / "p.fits")[103, 202] == plane[103, 202]
    with pytest.raises(DatasetReadError, match="float32"):
        ExposureD.readFits(tmp_path / "e.fits")
