"""Old, strange and damaged files."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from butler_core.errors import DatasetReadError, UnknownComponentError
from butler_core.image import (
    Box2I,
    Extent2I,
    Point2I,
    read_catalog,
    read_exposure,
    read_image,
    read_mask,
    read_masked_image,
    write_exposure,
    write_image,
    write_masked_image,
)

from .afw_files import PLANES, pixels, plane_cards, plane_hdu, write_exposure_file


def masked_file(path: Path, mask: fits.ImageHDU) -> Path:
    image, _, variance = pixels()
    hdus = [
        fits.PrimaryHDU(),
        plane_hdu(image, "IMAGE"),
        mask,
        plane_hdu(variance, "VARIANCE"),
    ]
    fits.HDUList(hdus).writeto(path)
    return path


def test_blank_in_a_mask_of_integers(tmp_path: Path) -> None:
    mask = pixels()[1]
    hdu = plane_hdu(mask, "MASK", [*plane_cards(), "BLANK   =                    2"])
    path = masked_file(tmp_path / "blank.fits", hdu)
    found = read_masked_image(path)
    assert found.mask.array.dtype == np.int32
    np.testing.assert_array_equal(found.mask.array, mask)
    write_masked_image(found, tmp_path / "again.fits")
    np.testing.assert_array_equal(read_masked_image(tmp_path / "again.fits").mask.array, mask)


def test_mask_of_unsigned_16_bits(tmp_path: Path) -> None:
    mask = (pixels()[1] & 0xFFFF).astype(np.uint16)
    mask[0, 0] = 0x8001
    hdu = plane_hdu(
        mask, "MASK", ["MP_BAD  =                    0", "MP_LAST =                   15"]
    )
    path = masked_file(tmp_path / "unsigned.fits", hdu)
    assert fits.getheader(path, 2)["BZERO"] == 32768
    found = read_masked_image(path)
    np.testing.assert_array_equal(found.mask.array, mask.astype(np.int32))
    assert found.mask.isSet("LAST")[0, 0]
    write_masked_image(found, tmp_path / "again.fits", "noCompression")
    header = fits.getheader(tmp_path / "again.fits", 2)
    assert header["BITPIX"] == 32
    assert "BZERO" not in header
    np.testing.assert_array_equal(fits.getdata(tmp_path / "again.fits", 2), mask)


def test_image_of_scaled_integers(tmp_path: Path) -> None:
    hdu = fits.PrimaryHDU(np.array([[1, 2], [3, -9]], dtype=np.int16))
    hdu.header["BSCALE"] = 0.5
    hdu.header["BZERO"] = 10.0
    hdu.header["BLANK"] = -9
    raw = hdu.header.tostring().encode() + hdu.data.astype(">i2").tobytes().ljust(2880, b"\0")
    raw = raw.replace(b"BITPIX  =                  -64", b"BITPIX  =                   16")
    (tmp_path / "scaled.fits").write_bytes(raw)
    image = read_image(tmp_path / "scaled.fits")
    assert image.dtype == np.float32
    np.testing.assert_array_equal(image.array, [[10.5, 11.0], [11.5, np.nan]])


def test_image_and_mask_at_different_places(tmp_path: Path) -> None:
    image, mask, variance = pixels()
    hdus = [
        fits.PrimaryHDU(),
        plane_hdu(image, "IMAGE", xy0=(24, 24)),
        plane_hdu(mask, "MASK", plane_cards(), xy0=(9, 9)),
        plane_hdu(variance, "VARIANCE", xy0=(24, 24)),
    ]
    fits.HDUList(hdus).writeto(tmp_path / "template.fits")
    found = read_masked_image(tmp_path / "template.fits", Box2I(Point2I(26, 25), Extent2I(3, 2)))
    assert found.xy0 == Point2I(26, 25)
    assert found.mask.xy0 == Point2I(11, 10)
    np.testing.assert_array_equal(found.mask.array, mask[1:3, 2:5])
    whole = read_masked_image(tmp_path / "template.fits")
    assert whole.subset(Box2I(Point2I(26, 25), Extent2I(3, 2))).mask.xy0 == Point2I(11, 10)
    write_masked_image(whole, tmp_path / "again.fits", "noCompression")
    assert (tmp_path / "again.fits").read_bytes() == (tmp_path / "template.fits").read_bytes()


def test_place_counts_only_with_reference_pixel_one(tmp_path: Path) -> None:
    hdu = fits.PrimaryHDU(pixels()[0])
    hdu.header["CRPIX1A"], hdu.header["CRPIX2A"] = 2.0, 1.0
    hdu.header["CRVAL1A"], hdu.header["CRVAL2A"] = 50.0, 60.0
    hdu.writeto(tmp_path / "far.fits")
    assert read_image(tmp_path / "far.fits").xy0 == Point2I(0, 0)


def test_masked_image_with_the_image_in_the_primary(tmp_path: Path) -> None:
    image, mask, variance = pixels()
    first = plane_hdu(image, None, ["OBJECT  = 'old     '"], xy0=(5, 6))
    hdus = [
        fits.PrimaryHDU(image, first.header),
        plane_hdu(mask, None, plane_cards(), xy0=(5, 6)),
        plane_hdu(variance, None, xy0=(5, 6)),
    ]
    fits.HDUList(hdus).writeto(tmp_path / "parent.fits")
    with pytest.warns(UserWarning, match="has no EXTTYPE; it is taken for the") as warned:
        found = read_masked_image(tmp_path / "parent.fits")
    assert len(warned) == 3
    assert found.bbox.min == Point2I(5, 6)
    assert found.mask.getMaskPlaneDict() == PLANES
    np.testing.assert_array_equal(found.image.array, image)
    write_masked_image(found, tmp_path / "today.fits", "noCompression")
    today = read_masked_image(tmp_path / "today.fits")
    np.testing.assert_array_equal(today.image.array, image)
    assert today.bbox.min == Point2I(5, 6)
    with fits.open(tmp_path / "today.fits") as written:
        assert [hdu.header.get("EXTTYPE") for hdu in written] == [None, "IMAGE", "MASK", "VARIANCE"]
        assert written[0].header["OBJECT"] == "old"
        assert written[1].header["CRPIX1"] == 1201.73728
        assert "CRPIX1" not in written[0].header


def test_planes_of_the_wrong_type(tmp_path: Path) -> None:
    path = masked_file(tmp_path / "wrong.fits", plane_hdu(pixels()[1], "VARIANCE"))
    message = r"wrong\.fits: HDU 2 should be the MASK, its EXTTYPE is 'VARIANCE'"
    for read in (read_masked_image, read_exposure):
        with pytest.raises(DatasetReadError, match=message):
            read(path)
    with pytest.raises(DatasetReadError, match=message):
        read_exposure(path, "mask")


def test_calibration_of_the_headers_of_old_files(tmp_path: Path) -> None:
    path = masked_file(tmp_path / "old.fits", plane_hdu(pixels()[1], "MASK", plane_cards()))
    with fits.open(path, mode="update") as hdus:
        hdus[0].header["FLUXMAG0"] = 10**12.56
        hdus[0].header["HIERARCH FLUXMAG0ERR"] = 10**10.56
    found = read_exposure(path, "photoCalib")
    assert found.getCalibrationMean() == pytest.approx(1.0, rel=1e-12)
    assert found.getCalibrationErr() == pytest.approx(0.01, rel=1e-12)


def test_a_mask_alone(tmp_path: Path) -> None:
    hdu = fits.PrimaryHDU(pixels()[1])
    for name, bit in PLANES.items():
        hdu.header[f"HIERARCH MP_{name}"] = bit
    hdu.writeto(tmp_path / "mask.fits")
    mask = read_mask(tmp_path / "mask.fits")
    assert mask.getMaskPlaneDict() == PLANES
    write_image(mask, tmp_path / "compressed.fits")
    again = read_mask(tmp_path / "compressed.fits")
    assert again.getMaskPlaneDict() == PLANES
    np.testing.assert_array_equal(again.array, pixels()[1])


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_exposure(tmp_path / "nothing.fits")


@pytest.mark.parametrize("text", [b"", b"no FITS\n", b"SIMPLE  = what", bytes(9000)])
def test_foreign_files(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "foreign.fits").write_bytes(text)
    for read in (read_exposure, read_masked_image, read_image, read_mask, read_catalog):
        with pytest.raises(DatasetReadError, match=r"foreign\.fits"):
            read(tmp_path / "foreign.fits")


def test_a_file_compressed_as_a_whole(tmp_path: Path) -> None:
    whole = write_exposure_file(tmp_path / "whole.fits").read_bytes()
    (tmp_path / "whole.fits.gz").write_bytes(gzip.compress(whole))
    with pytest.raises(DatasetReadError, match="by gzip; unpack it first"):
        read_exposure(tmp_path / "whole.fits.gz")


def test_unsigned_images_keep_the_order_of_their_cards(tmp_path: Path) -> None:
    fits.PrimaryHDU(np.arange(6, dtype=np.uint16).reshape(2, 3)).writeto(tmp_path / "raw.fits")
    with fits.open(tmp_path / "raw.fits", mode="update") as hdus:
        hdus[0].header.insert("BSCALE", ("OBJECT", "STRIPE82L"))
    write_image(read_image(tmp_path / "raw.fits"), tmp_path / "again.fits", "noCompression")
    before = [card.image for card in fits.getheader(tmp_path / "raw.fits").cards]
    after = [card.image for card in fits.getheader(tmp_path / "again.fits").cards]
    assert after[: len(before)] == before


def test_fits_files_of_something_else(tmp_path: Path) -> None:
    fits.HDUList([fits.PrimaryHDU()]).writeto(tmp_path / "empty.fits")
    fits.PrimaryHDU(np.zeros((2, 3, 4))).writeto(tmp_path / "cube.fits")
    for name in ("empty.fits", "cube.fits"):
        for read in (read_exposure, read_masked_image, read_image, read_catalog):
            with pytest.raises(DatasetReadError, match=name):
                read(tmp_path / name)
    fits.PrimaryHDU(np.zeros((2, 3))).writeto(tmp_path / "image.fits")
    with pytest.raises(DatasetReadError, match=r"no masked image: HDU 1, which should be the MASK"):
        read_exposure(tmp_path / "image.fits")


def test_truncated_anywhere(tmp_path: Path) -> None:
    whole = write_exposure_file(tmp_path / "whole.fits").read_bytes()
    path = tmp_path / "truncated.fits"
    for length in [*range(100, len(whole), 2000), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(DatasetReadError, match=r"truncated\.fits"):
            read_exposure(path)


def test_an_archive_that_is_not_there(tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    with fits.open(path) as hdus:
        begins = [hdu.fileinfo()["hdrLoc"] for hdu in hdus]
    whole = path.read_bytes()
    for hdu, message in ((4, "its archive is in HDU 4"), (6, "4 HDUs, of which 2 are there")):
        path.write_bytes(whole[: begins[hdu]])
        with pytest.raises(DatasetReadError, match=rf"whole\.fits is truncated: .*{message}"):
            read_exposure(path)
        assert read_exposure(path, "image").array.shape == pixels()[0].shape


@pytest.mark.parametrize(
    "keyword", [b"CRPIX1A ", b"CRPIX1  ", b"MP_SAT  ", b"BITPIX  ", b"BORE-RA "]
)
def test_a_damaged_card(keyword: bytes, tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    content = path.read_bytes()
    begin = content.index(keyword + b"=")
    path.write_bytes(content[: begin + 8] + b"= ('not ended".ljust(72) + content[begin + 80 :])
    with pytest.raises(
        DatasetReadError, match=r"whole\.fits.*(HDU \d|WCS|visitInfo|not a readable)"
    ):
        read_exposure(path)


@pytest.mark.parametrize(
    ("keyword", "said"),
    [
        ("CTYPE2  ", "'abc'"),
        ("CTYPE2  ", "17"),
        ("CRVAL2  ", "1E300"),
        ("CD1_1   ", "'abc'"),
        ("CTYPE2A ", "NAN"),
    ],
)
def test_a_damaged_card_of_the_mask_is_written_whole(
    keyword: str, said: str, tmp_path: Path
) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    whole = read_exposure(path)
    damage_the_mask(path, keyword, said)
    write_exposure(read_exposure(path), tmp_path / "again.fits", "noCompression")
    with fits.open(tmp_path / "again.fits") as hdus:
        hdus.verify("exception")
        again = hdus["MASK"].header
        assert again[keyword.strip()] == whole.mask.header[keyword.strip()]
    assert read_exposure(tmp_path / "again.fits").wcs == whole.wcs


def test_damage_is_reported_with_its_hdu(tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    damage_the_mask(path, "CRVAL1A ", "(0")
    with pytest.raises(DatasetReadError, match=r"whole\.fits: .*HDU 2.*CRVAL1A"):
        read_exposure(path)


@pytest.mark.parametrize("said", ["99999999999999999999", "-1", "1000"])
def test_counts_that_would_take_for_ever(said: str, tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    damage_the_mask(path, "NAXIS   ", said)
    with pytest.raises(DatasetReadError, match=rf"whole\.fits: .*HDU 2: NAXIS is {said}"):
        read_exposure(path)


@pytest.mark.parametrize("keyword", ["GCOUNT  ", "NAXIS2  "])
def test_a_size_that_leads_back(keyword: str, tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    damage_the_mask(path, keyword, "-100")
    with pytest.raises(DatasetReadError, match=r"whole\.fits: .*HDU 2: its data would have -"):
        read_exposure(path)


def test_counts_of_a_compressed_image(tmp_path: Path) -> None:
    write_image(read_image_of_noise(tmp_path), tmp_path / "tiles.fits")
    content = (tmp_path / "tiles.fits").read_bytes()
    begin = content.index(b"ZNAXIS  =")
    damaged = b"ZNAXIS  =           9999999999".ljust(80)
    (tmp_path / "tiles.fits").write_bytes(content[:begin] + damaged + content[begin + 80 :])
    with pytest.raises(DatasetReadError, match=r"tiles\.fits: .*HDU 1: ZNAXIS is 9999999999"):
        read_image(tmp_path / "tiles.fits")


def test_an_order_that_would_take_for_ever(tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "whole.fits")
    content = path.read_bytes()
    path.write_bytes(
        content.replace(b"A_ORDER =                    2", b"A_ORDER =                99999")
    )
    with pytest.raises(
        DatasetReadError, match=r"whole\.fits: cannot read the WCS: A_ORDER is 99999"
    ):
        read_exposure(path)


def damage_the_mask(path: Path, keyword: str, said: str) -> None:
    """Have a card of the mask say something else."""
    with fits.open(path) as hdus:
        header = hdus["MASK"].fileinfo()["hdrLoc"]
    content = path.read_bytes()
    begin = content.index(keyword.encode() + b"=", header)
    damaged = f"{keyword}= {said:>20}".ljust(80).encode()
    path.write_bytes(content[:begin] + damaged + content[begin + 80 :])


def test_a_damaged_tile(tmp_path: Path) -> None:
    write_image(read_image_of_noise(tmp_path), tmp_path / "tiles.fits")
    with fits.open(tmp_path / "tiles.fits", disable_image_compression=True) as hdus:
        where = hdus[1].fileinfo()["datLoc"] + hdus[1].header["NAXIS1"] * hdus[1].header["NAXIS2"]
    content = bytearray((tmp_path / "tiles.fits").read_bytes())
    content[where + 20 : where + 40] = bytes(20)
    (tmp_path / "tiles.fits").write_bytes(content)
    with pytest.raises(DatasetReadError, match=r"tiles\.fits: cannot read the pixels of HDU 1"):
        read_image(tmp_path / "tiles.fits")


def read_image_of_noise(tmp_path: Path):  # type: ignore[no-untyped-def]
    fits.PrimaryHDU(pixels()[0]).writeto(tmp_path / "noise.fits")
    return read_image(tmp_path / "noise.fits")


def test_boxes_and_components_that_are_not_there(tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "afw.fits")
    box = Box2I(Point2I(8, 0), Extent2I(4, 2))
    with pytest.raises(
        ValueError, match=r"the box \(minimum=\(8, 0\), maximum=\(11, 1\)\) does not"
    ):
        read_exposure(path, bbox=box)
    with pytest.raises(UnknownComponentError, match="'variace'; did you mean 'variance'"):
        read_exposure(path, "variace")
    local = read_exposure(path, bbox=Box2I(Point2I(1, 1), Extent2I(2, 2)), local=True)
    assert local.bbox == Box2I(Point2I(1, 1), Extent2I(2, 2))
