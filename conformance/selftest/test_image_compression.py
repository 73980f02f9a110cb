"""Tile compression, held against astropy's reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from butler_core.image import (
    RECIPES,
    Box2I,
    Exposure,
    Extent2I,
    Image,
    Mask,
    MaskedImage,
    Point2I,
    read_image,
    read_masked_image,
    write_exposure,
    write_image,
    write_masked_image,
)


def noise(dtype: str = "float32", shape: tuple[int, int] = (40, 50)) -> np.ndarray:
    return np.random.default_rng(7).normal(100, 16, shape).astype(dtype)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float32", "float64"])
def test_nothing_is_lost(dtype: str, tmp_path: Path) -> None:
    pixels = noise(dtype)
    if pixels.dtype.kind == "f":
        pixels[0, :4] = [np.nan, np.inf, -np.inf, -0.0]
    write_image(Image(pixels), tmp_path / "image.fits")
    with fits.open(tmp_path / "image.fits", disable_image_compression=True) as hdus:
        header = hdus[1].header
        assert header["ZCMPTYPE"] == "GZIP_2"
        assert (header["ZTILE1"], header["ZTILE2"]) == (50, 1)
        assert header["NAXIS2"] == 40
        for tile in hdus[1].data["COMPRESSED_DATA"]:
            assert bytes(tile[:10]) == b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    theirs = fits.getdata(tmp_path / "image.fits", 1)
    assert np.asarray(theirs).astype(dtype).tobytes() == pixels.tobytes()
    ours = read_image(tmp_path / "image.fits")
    assert ours.dtype == np.dtype(dtype)
    assert ours.array.tobytes() == pixels.tobytes()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "uint64", "float32", "float64"])
def test_plain_images(dtype: str, tmp_path: Path) -> None:
    pixels = noise(dtype)
    write_image(Image(pixels, (3, 4)), tmp_path / "image.fits", "noCompression")
    assert (
        np.asarray(fits.getdata(tmp_path / "image.fits")).astype(dtype).tobytes()
        == pixels.tobytes()
    )
    ours = read_image(tmp_path / "image.fits", Box2I(Point2I(5, 6), Extent2I(7, 8)))
    assert ours.array.tobytes() == pixels[2:10, 2:9].tobytes()
    assert ours.dtype == np.dtype(dtype)


@pytest.mark.parametrize("shape", [(1, 1), (1, 70), (70, 1)])
def test_small_images(shape: tuple[int, int], tmp_path: Path) -> None:
    pixels = noise(shape=shape)
    write_image(Image(pixels), tmp_path / "image.fits")
    np.testing.assert_array_equal(read_image(tmp_path / "image.fits").array, pixels)


def test_only_the_tiles_of_a_box_are_expanded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = noise(shape=(400, 5))
    write_image(Image(pixels), tmp_path / "image.fits")
    import astropy.io.fits.hdu.compressed._codecs as codecs

    expanded = []
    decompress = codecs.gzip_decompress

    def counted(content: bytes) -> Any:
        expanded.append(len(content))
        return decompress(content)

    monkeypatch.setattr(codecs, "gzip_decompress", counted)
    part = read_image(tmp_path / "image.fits", Box2I(Point2I(1, 100), Extent2I(3, 10)))
    np.testing.assert_array_equal(part.array, pixels[100:110, 1:4])
    assert 10 <= len(expanded) <= 20


def masked_image() -> MaskedImage:
    mask = Mask(np.zeros((40, 50), dtype=np.int32))
    mask.array[:10] = mask.getPlaneBitMask("NO_DATA")
    mask.array[10:12] = mask.getPlaneBitMask("INTRP")
    mask.array[20] = mask.getPlaneBitMask("SAT")
    image = noise()
    image[:10] = 1e6 * np.arange(500).reshape(10, 50)
    image[15, 15] = 0.0
    image[16, 16] = np.nan
    return MaskedImage(Image(image), mask, Image(noise() + 400))


def test_the_lossy_recipe(tmp_path: Path) -> None:
    made = masked_image()
    write_masked_image(made, tmp_path / "lossy.fits", "lossy16")
    with fits.open(tmp_path / "lossy.fits", disable_image_compression=True) as hdus:
        image, mask, variance = (hdus[n].header for n in (1, 2, 3))
        steps = hdus[1].data["ZSCALE"]
    assert image["ZCMPTYPE"] == variance["ZCMPTYPE"] == "RICE_1"
    assert image["ZQUANTIZ"] == variance["ZQUANTIZ"] == "SUBTRACTIVE_DITHER_2"
    assert mask["ZCMPTYPE"] == "GZIP_2"
    good = np.isfinite(made.image.array) & ~made.mask.isSet(["NO_DATA", "INTRP"])
    low, high = np.quantile(made.image.array[good], [0.25, 0.75])
    step = 0.741 * (high - low) / 16
    np.testing.assert_allclose(steps[steps > 0], step, rtol=1e-6)
    found = read_masked_image(tmp_path / "lossy.fits")
    np.testing.assert_array_equal(found.mask.array, made.mask.array)
    difference = found.image.array - made.image.array
    assert np.isnan(difference[16, 16])
    assert np.nanmax(np.abs(difference[12:])) <= step * 0.51
    assert np.nanstd(difference[12:]) == pytest.approx(step / 12**0.5, rel=0.1)
    assert found.image.array[15, 15] == 0.0


def test_an_image_without_noise_loses_nothing(tmp_path: Path) -> None:
    constant = MaskedImage(Image(np.full((4, 5), 2.5, np.float32)))
    write_masked_image(constant, tmp_path / "constant.fits", "lossy16")
    found = read_masked_image(tmp_path / "constant.fits")
    np.testing.assert_array_equal(found.image.array, constant.image.array)


def test_recipes_shrink_files(tmp_path: Path) -> None:
    sizes = {}
    exposure = Exposure(MaskedImage(Image(noise(shape=(200, 300)))))
    for recipe in RECIPES:
        write_exposure(exposure, tmp_path / "some.fits", recipe)
        sizes[recipe] = (tmp_path / "some.fits").stat().st_size
    assert sizes["lossy16"] < sizes["default"] == sizes["lossless"] < sizes["noCompression"]
