"""Points, boxes, images, masks, masked images, exposures."""

from __future__ import annotations

import math

import numpy as np
import pytest

from butler_core.errors import MaskPlaneError
from butler_core.image import (
    COMPONENTS,
    Box2I,
    Exposure,
    ExposureInfo,
    Extent2I,
    FilterLabel,
    GaussianPsf,
    Image,
    Mask,
    MaskedImage,
    PhotoCalib,
    Point2D,
    Point2I,
    PropertyList,
    SkyWcs,
    VisitInfo,
)


def test_boxes() -> None:
    box = Box2I(Point2I(3, -2), Extent2I(10, 20))
    assert (box.getMinX(), box.getMinY(), box.getMaxX(), box.getMaxY()) == (3, -2, 12, 17)
    assert (box.getBeginX(), box.getBeginY(), box.getEndX(), box.getEndY()) == (3, -2, 13, 18)
    assert (box.getWidth(), box.getHeight(), box.getArea()) == (10, 20, 200)
    assert box.getMin() == box.getBegin() == Point2I(3, -2)
    assert box.getMax() == Point2I(12, 17)
    assert box.getEnd() == Point2I(13, 18)
    assert box.getDimensions() == Extent2I(10, 20)
    assert box.getCenter() == Point2D(7.5, 7.5)
    assert Box2I(Point2I(3, -2), Point2I(12, 17)) == box
    assert str(box) == "(minimum=(3, -2), maximum=(12, 17))"
    assert repr(box) == "Box2I(Point2I(3, -2), Extent2I(10, 20))"
    assert len({box, Box2I(box.min, box.dimensions)}) == 1
    assert box.getCorners() == [
        Point2I(3, -2),
        Point2I(12, -2),
        Point2I(12, 17),
        Point2I(3, 17),
    ]


def test_relations_of_boxes() -> None:
    box = Box2I(Point2I(0, 0), Extent2I(4, 4))
    assert box.contains(Point2I(3, 3))
    assert not box.contains(Point2I(4, 3))
    assert box.contains(Point2D(3.49, -0.5))
    assert not box.contains(Point2D(3.5, 0.0))
    assert Box2I(Point2I(1, 1), Extent2I(3, 3)) in box
    assert not box.contains(Box2I(Point2I(1, 1), Extent2I(4, 3)))
    assert box.clippedTo(Box2I(Point2I(2, 3), Extent2I(9, 9))) == Box2I(
        Point2I(2, 3), Extent2I(2, 1)
    )
    assert not box.overlaps(Box2I(Point2I(4, 0), Extent2I(2, 2)))
    assert box.dilatedBy(2) == Box2I(Point2I(-2, -2), Extent2I(8, 8))
    assert box.erodedBy(2).isEmpty()
    assert Box2I().isEmpty()
    assert box.contains(Box2I())
    assert box.shiftedBy(Extent2I(5, -1)).getMin() == Point2I(5, -1)


def test_points() -> None:
    point = Point2I(3, 4)
    assert tuple(point) == (point.getX(), point.getY()) == (point[0], point[1]) == (3, 4)
    assert point + Extent2I(1, 2) == Point2I(4, 6)
    assert point - Point2I(1, 1) == Extent2I(2, 3)
    assert str(Point2D(1.5, 2.0)) == "(1.5, 2.0)"


def test_images() -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    image = Image(array, (10, 20))
    assert image.getArray() is image.array
    assert np.shares_memory(image.array, array)
    assert (image.getWidth(), image.getHeight()) == (4, 3)
    assert image.getBBox() == Box2I(Point2I(10, 20), Extent2I(4, 3))
    part = image[Box2I(Point2I(11, 21), Extent2I(2, 2))]
    assert part.array.tolist() == [[5, 6], [9, 10]]
    assert part.getXY0() == Point2I(11, 21)
    part.array[0, 0] = -1
    assert array[1, 1] == -1
    copy = image.clone()
    copy.array[...] = 0
    assert image.array[2, 3] == 11
    image.setXY0(Point2I(1, 2))
    assert (image.getX0(), image.getY0()) == (1, 2)
    image.setXY0(3, 4)
    assert image.getXY0() == Point2I(3, 4)
    with pytest.raises(ValueError, match=r"\(minimum=\(0, 0\), maximum=\(1, 1\)\) does not lie in"):
        image.subset(Box2I(Point2I(0, 0), Extent2I(2, 2)))
    with pytest.raises(ValueError, match="not of shape"):
        Image(np.zeros((2, 3, 4), dtype=np.float32))
    with pytest.raises(TypeError, match="int64"):
        Image(np.zeros((2, 3), dtype=np.int64))
    assert Image(array.astype(">f4")).array.dtype.isnative


def test_masks() -> None:
    mask = Mask(np.zeros((2, 3), dtype=np.int32))
    assert mask.getMaskPlaneDict() == Mask.DEFAULT_PLANES
    assert mask.getPlaneBitMask("SAT") == 2
    assert mask.getPlaneBitMask(["BAD", "NO_DATA"]) == 257
    assert mask.getMaskPlane("STREAK") == 10
    assert mask.addMaskPlane("NEW") == 11
    assert mask.addMaskPlane("NEW") == 11
    assert mask.getNumPlanesUsed() == 12
    with pytest.raises(MaskPlaneError, match="no plane 'DETECTD'; did you mean 'DETECTED'"):
        mask.getPlaneBitMask(["DETECTD"])
    mask.array[0, 1] = mask.getPlaneBitMask(["NEW", "BAD"])
    assert mask.interpret(mask.array[0, 1]) == "BAD,NEW"
    assert mask.isSet("NEW").tolist() == [[False, True, False], [False] * 3]
    mask.removeAndClearMaskPlane("NEW")
    assert mask.array[0, 1] == 1
    assert "NEW" not in mask.getMaskPlaneDict()
    part = mask.subset(Box2I(Point2I(0, 0), Extent2I(2, 1)))
    part.addMaskPlane("ONLY_HERE")
    assert "ONLY_HERE" not in mask.getMaskPlaneDict()


def test_planes_that_are_not_contiguous() -> None:
    mask = Mask(np.array([[1 << 31, 4]], dtype=np.uint32), {"TOP": 31, "TWO": 2})
    assert mask.array.dtype == np.int32
    assert mask.isSet("TOP").tolist() == [[True, False]]
    assert mask.isSet(["TOP", "TWO"]).all()
    assert mask.addMaskPlane("FIRST") == 0
    mask.clearMaskPlane("TOP")
    assert mask.array.tolist() == [[0, 4]]
    full = Mask(np.zeros((1, 1), dtype=np.int32), {str(bit): bit for bit in range(32)})
    with pytest.raises(MaskPlaneError, match="all 32 are taken"):
        full.addMaskPlane("ONE_MORE")
    with pytest.raises(MaskPlaneError, match="both have bit 3"):
        Mask(np.zeros((1, 1), dtype=np.int32), {"A": 3, "B": 3})
    with pytest.raises(MaskPlaneError, match="has bit 32"):
        Mask(np.zeros((1, 1), dtype=np.int32), {"A": 32})
    with pytest.raises(TypeError, match="float64"):
        Mask(np.zeros((1, 1)))


def test_masked_images() -> None:
    image = Image(np.arange(12, dtype=np.float32).reshape(3, 4), (1, 2))
    masked = MaskedImage(image)
    assert masked.getMask().array.dtype == np.int32
    assert masked.getVariance().getXY0() == Point2I(1, 2)
    assert masked.getArrays()[0] is image.array
    part = masked[Box2I(Point2I(2, 3), Extent2I(2, 1))]
    assert part.getImage().array.tolist() == [[5, 6]]
    assert part.getMask().getBBox() == part.getBBox() == Box2I(Point2I(2, 3), Extent2I(2, 1))
    with pytest.raises(ValueError, match=r"4 x 3 pixels .*, its mask has 4 x 2"):
        MaskedImage(image, Mask(np.zeros((2, 4), dtype=np.int32)))


def exposure() -> Exposure:
    return Exposure(
        MaskedImage(Image(np.arange(12, dtype=np.float32).reshape(3, 4), (1, 2))),
        wcs=SkyWcs.tan((1, 2), (320, 0), [[-1e-4, 0], [0, 1e-4]]),
        psf=GaussianPsf(5, 5, 1.5),
        photoCalib=PhotoCalib(2.0),
        filter="HSC-R",
        metadata={"KEY": 1},
        visitInfo=VisitInfo(exposureTime=30.0),
        id=7,
    )


def test_exposures_answer_as_in_2020_and_as_today() -> None:
    made = exposure()
    assert made.getMaskedImage().getImage().getArray() is made.image.array
    assert made.getImage() is made.image
    assert made.getMask() is made.mask
    assert made.getVariance() is made.variance
    wcs, visit = made.getWcs(), made.visitInfo
    assert wcs is not None
    assert visit is not None
    assert wcs.pixelToSky(1.0, 2.0).getRa().asDegrees() == pytest.approx(320)
    assert made.getPsf().getSigma() == made.psf.getSigma() == 1.5
    assert made.getPhotoCalib().getCalibrationMean() == 2.0
    assert made.getFilterLabel() == made.filter == made.getFilter() == FilterLabel(physical="HSC-R")
    assert made.getInfo().getVisitInfo() is visit
    assert visit.getExposureTime() == visit.exposureTime == 30.0
    assert made.getMetadata()["KEY"] == made.metadata.getScalar("KEY") == 1
    assert made.getInfo().hasPsf()
    assert not made.getInfo().hasApCorrMap()
    assert made.getXY0() == Point2I(1, 2)
    assert (made.getWidth(), made.getHeight()) == tuple(made.getDimensions()) == (4, 3)
    assert made.getBBox() == made.bbox
    assert made.getInfo().getId() == 7


def test_every_component_has_an_answer() -> None:
    made = exposure()
    assert len(COMPONENTS) == 19
    for name in COMPONENTS:
        made.component(name)
    assert made.component("dimensions") == Extent2I(4, 3)
    with pytest.raises(KeyError, match="'photocalib'; did you mean 'photoCalib'"):
        made.component("photocalib")


def test_parts_and_copies_of_exposures() -> None:
    made = exposure()
    part = made[Box2I(Point2I(2, 3), Extent2I(2, 2))]
    part.metadata["KEY"] = 2
    part.image.array[0, 0] = -1
    assert made.metadata["KEY"] == 1
    assert made.image.array[1, 1] == -1
    assert part.wcs == made.wcs
    copy = made.clone()
    copy.image.array[...] = 0
    assert made.image.array[2, 3] == 11
    with pytest.raises(TypeError, match="give info or psf"):
        Exposure(made.maskedImage, info=ExposureInfo(), psf=None)


def test_metadata() -> None:
    metadata = PropertyList({"A": 1, "A_LONGER_NAME": 2.5, "TEXT": ("words", "of comment")})
    metadata.add("A", 3)
    metadata["LIST"] = ["x", "y"]
    assert metadata["A"] == 3
    assert metadata.getArray("A") == [1, 3]
    assert metadata.getArray("LIST") == ["x", "y"]
    assert metadata.names() == ["A", "A_LONGER_NAME", "TEXT", "LIST"]
    assert metadata.toDict() == {
        "A": [1, 3],
        "A_LONGER_NAME": 2.5,
        "TEXT": "words",
        "LIST": ["x", "y"],
    }
    assert metadata.getComment("TEXT") == "of comment"
    assert "a_longer_name" in metadata
    assert metadata.exists("A")
    assert len(metadata) == 4
    metadata.remove("A")
    metadata.remove("A")
    assert "A" not in metadata
    with pytest.raises(KeyError, match="no 'TEXTT'; did you mean 'TEXT'"):
        metadata["TEXTT"]
    with pytest.raises(KeyError):
        del metadata["NOTHING"]
    assert metadata.get("NOTHING", 5) == 5
    with pytest.raises(ValueError, match="nan"):
        metadata["BAD"] = math.nan
    assert 'TEXT = "words"\n' in metadata.toString()
    metadata["NUMPY"] = np.float32(2)
    assert metadata["NUMPY"] == 2.0
