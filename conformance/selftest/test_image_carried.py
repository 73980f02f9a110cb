"""What a file holds and no class models is read, written and read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits

from butler_core.image import (
    ArchivedObject,
    Box2I,
    Exposure,
    Extent2I,
    FilterLabel,
    GaussianPsf,
    MaskedImage,
    PhotoCalib,
    Point2I,
    SkyWcs,
    read_exposure,
    read_masked_image,
    write_exposure,
    write_masked_image,
)

from .afw_files import HEIGHT, PLANES, WIDTH, pixels, write_exposure_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_exposure_file(tmp_path / "afw.fits")


def cards(path: Path) -> list[list[str]]:
    with fits.open(path, do_not_scale_image_data=True) as hdus:
        return [[card.image for card in hdu.header.cards] for hdu in hdus]


def content(path: Path) -> list[bytes]:
    with fits.open(path, do_not_scale_image_data=True) as hdus:
        return [b"" if hdu.data is None else np.asarray(hdu.data).tobytes() for hdu in hdus]


def test_a_file_is_written_again_byte_for_byte(path: Path, tmp_path: Path) -> None:
    write_exposure(read_exposure(path), tmp_path / "again.fits", "noCompression")
    assert cards(tmp_path / "again.fits") == cards(path)
    assert (tmp_path / "again.fits").read_bytes() == path.read_bytes()


def test_compression_keeps_every_card(path: Path, tmp_path: Path) -> None:
    write_exposure(read_exposure(path), tmp_path / "compressed.fits")
    assert cards(tmp_path / "compressed.fits") == cards(path)
    write_exposure(
        read_exposure(tmp_path / "compressed.fits"), tmp_path / "plain.fits", "noCompression"
    )
    assert (tmp_path / "plain.fits").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "odd", ["lower   = 5 6 7", "ODD     = 'not ended", "ODD     =     NaN / of old"]
)
def test_cards_that_break_the_standard_stay_as_they_are(
    odd: str, path: Path, tmp_path: Path
) -> None:
    standard = b"NUMBER  =   1.50000E+01 / a float in another form".ljust(80)
    content = path.read_bytes()
    assert content.count(standard) == 1
    path.write_bytes(content.replace(standard, odd.encode().ljust(80)))
    exposure = read_exposure(path)
    assert exposure.metadata[odd[:8].strip()] == odd.partition("=")[2].strip()
    assert len(exposure.metadata.toDict()) == len(exposure.metadata)
    write_exposure(exposure, tmp_path / "again.fits", "noCompression")
    assert (tmp_path / "again.fits").read_bytes() == path.read_bytes()
    write_exposure(exposure, tmp_path / "compressed.fits")
    assert odd.encode().ljust(80) in (tmp_path / "compressed.fits").read_bytes()


def test_a_masked_image_carries_the_rest_of_the_file(path: Path, tmp_path: Path) -> None:
    write_masked_image(read_masked_image(path), tmp_path / "again.fits", "noCompression")
    assert (tmp_path / "again.fits").read_bytes() == path.read_bytes()


def test_components(path: Path) -> None:
    exposure = read_exposure(path)
    image, mask, variance = pixels()
    np.testing.assert_array_equal(exposure.image.array, image)
    np.testing.assert_array_equal(exposure.mask.array, mask)
    np.testing.assert_array_equal(exposure.variance.array, variance)
    assert exposure.mask.getMaskPlaneDict() == PLANES
    assert exposure.psf == GaussianPsf(21, 23, 2.5)
    assert exposure.photoCalib == PhotoCalib(57.25, 0.5)
    assert exposure.filter == FilterLabel(physical="HSC-R")
    assert exposure.id == 180802004
    assert exposure.detector.getName() == "1_42"
    assert exposure.visitInfo is not None
    assert exposure.visitInfo.exposureTime == 30
    assert exposure.visitInfo.getDate().tai.isot == "2013-11-02T06:01:31.789"
    assert exposure.metadata["BUNIT"] == "adu"
    assert exposure.metadata.getComment("NUMBER") == "a float in another form"


def test_an_object_without_a_class_answers_with_its_tables(path: Path) -> None:
    corrections = read_exposure(path, "apCorrMap")
    assert isinstance(corrections, ArchivedObject)
    assert corrections.class_name == "ApCorrMap"
    assert corrections.module == "lsst.afw.image"
    (table,) = corrections.tables
    assert list(table["name"]) == ["base_PsfFlux", "base_GaussianFlux"]
    assert list(table["field"]) == [7, 8]


@pytest.mark.parametrize("name", ["psf", "photoCalib", "wcs", "visitInfo", "filter", "id", "xy0"])
def test_a_component_alone_is_that_of_the_whole(path: Path, name: str) -> None:
    assert read_exposure(path, name) == read_exposure(path).component(name)


def test_a_new_component_takes_the_place_of_the_old_one(path: Path, tmp_path: Path) -> None:
    exposure = read_exposure(path)
    exposure.setPsf(GaussianPsf(31, 31, 3.5))
    exposure.setFilter(FilterLabel("r", "HSC-R"))
    write_exposure(exposure, tmp_path / "changed.fits", "noCompression")
    changed = read_exposure(tmp_path / "changed.fits")
    assert changed.psf == GaussianPsf(31, 31, 3.5)
    assert changed.filter == FilterLabel("r", "HSC-R")
    assert changed.photoCalib == PhotoCalib(57.25, 0.5)
    assert changed.apCorrMap.archive_id == 3
    with fits.open(tmp_path / "changed.fits") as hdus:
        names = [hdu.header.get("EXTNAME") for hdu in hdus]
        psf = hdus[9]
        assert hdus[4].header["AR_NCAT"] == 6
        assert list(hdus[4].data["id"]) == [1, 2, 3, 4, 5]
        assert hdus[0].header["PSF_ID"] == hdus[0].header["ARCHIVE_ID_PSF"] == 5
    assert names[4:] == [
        "ARCHIVE_INDEX",
        "PhotoCalib",
        "GaussianPsf",
        "ApCorrMap",
        "FilterLabel",
        "GaussianPsf",
        "UNKNOWN",
    ]
    assert psf.header["EXTVER"] == 2


def test_a_component_that_is_taken_away_is_gone(path: Path, tmp_path: Path) -> None:
    exposure = read_exposure(path)
    exposure.setPsf(None)
    write_exposure(exposure, tmp_path / "without.fits", "noCompression")
    assert read_exposure(tmp_path / "without.fits").psf is None
    assert "PSF_ID" not in fits.getheader(tmp_path / "without.fits")


def test_what_was_archived_moves_to_a_new_exposure(path: Path, tmp_path: Path) -> None:
    old = read_exposure(path)
    new = Exposure(MaskedImage(old.image.clone()), apCorrMap=old.apCorrMap)
    write_exposure(new, tmp_path / "new.fits")
    assert list(read_exposure(tmp_path / "new.fits").apCorrMap.tables[0]["field"]) == [7, 8]


def test_archives_of_two_files_cannot_be_mixed(path: Path, tmp_path: Path) -> None:
    other = write_exposure_file(tmp_path / "other.fits")
    exposure = read_exposure(path)
    exposure.info.apCorrMap = read_exposure(other).apCorrMap
    with pytest.raises(TypeError, match="several files"):
        write_exposure(exposure, tmp_path / "mixed.fits")


def test_a_part_keeps_its_place_and_its_sky(tmp_path: Path) -> None:
    path = write_exposure_file(tmp_path / "afw.fits", xy0=(100, 200))
    whole = read_exposure(path)
    box = Box2I(Point2I(103, 202), Extent2I(4, 3))
    part = read_exposure(path, bbox=box)
    assert part.bbox == box
    np.testing.assert_array_equal(part.image.array, whole.image.array[2:5, 3:7])
    assert part.wcs == whole.wcs
    for cut in (part, whole.subset(box)):
        write_exposure(cut, tmp_path / "part.fits", "noCompression")
        again = read_exposure(tmp_path / "part.fits")
        assert again.bbox == box
        assert again.mask.bbox == box
        for found, expected in zip(
            again.wcs.pixelToSkyArray([103.0, 106.0], [202.0, 204.0]),
            whole.wcs.pixelToSkyArray([103.0, 106.0], [202.0, 204.0]),
            strict=True,
        ):
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)
        header = fits.getheader(tmp_path / "part.fits", 2)
        assert header["CRPIX1"] == pytest.approx(1201.73728 - 3, abs=1e-9)
        assert header["LTV1"] == -103


def test_a_new_wcs_takes_the_place_of_the_old_cards(path: Path, tmp_path: Path) -> None:
    exposure = read_exposure(path)
    wcs = SkyWcs.tan((5.0, 3.0), (320.0, 0.5), [[-4.4e-5, 0], [0, 4.4e-5]])
    exposure.setWcs(wcs)
    write_exposure(exposure, tmp_path / "moved.fits", "noCompression")
    for hdu in (1, 2, 3):
        header = fits.getheader(tmp_path / "moved.fits", hdu)
        assert header["CTYPE1"] == "RA---TAN"
        assert "A_ORDER" not in header
    assert read_exposure(tmp_path / "moved.fits", "wcs") == wcs
    assert fits.getheader(tmp_path / "moved.fits")["SKYWCS_ID"] == 4


def test_changed_pixels_planes_and_metadata_are_written(path: Path, tmp_path: Path) -> None:
    exposure = read_exposure(path)
    exposure.image.array[0, 0] = -5
    bit = exposure.mask.addMaskPlane("STREAK")
    exposure.mask.array[1, 1] |= 1 << bit
    exposure.metadata["NUMBER"] = 16.5
    exposure.metadata.set("A_NEW_KEYWORD", 3, "and its comment")
    del exposure.metadata["UT-STR"]
    write_exposure(exposure, tmp_path / "changed.fits")
    again = read_exposure(tmp_path / "changed.fits")
    assert again.image.array[0, 0] == -5
    assert again.mask.getMaskPlane("STREAK") == bit == 2
    assert again.mask.isSet("STREAK").sum() == 1
    assert again.metadata["NUMBER"] == 16.5
    assert again.metadata.getComment("NUMBER") == "a float in another form"
    assert again.metadata.getComment("A_NEW_KEYWORD") == "and its comment"
    assert "UT-STR" not in again.metadata


def test_only_what_a_component_needs_is_read(path: Path, monkeypatch: Any) -> None:
    from butler_core.image import fits_file

    read: list[int] = []
    pixels_of = fits_file.FitsFile.pixels
    raw_of = fits_file.FitsFile.raw

    def pixels(self: fits_file.FitsFile, index: int, rows: slice, columns: slice) -> Any:
        read.append(index)
        found = pixels_of(self, index, rows, columns)
        assert found.shape == (rows.stop - rows.start, columns.stop - columns.start)
        return found

    def raw(self: fits_file.FitsFile, index: int) -> Any:
        read.append(index)
        return raw_of(self, index)

    monkeypatch.setattr(fits_file.FitsFile, "pixels", pixels)
    monkeypatch.setattr(fits_file.FitsFile, "raw", raw)
    for name in ("wcs", "metadata", "visitInfo", "bbox", "dimensions", "xy0", "id"):
        read_exposure(path, name)
    assert read == []
    read_exposure(path, "mask", Box2I(Point2I(0, 0), Extent2I(2, 2)))
    assert read == [2]
    assert read_exposure(path, "dimensions") == Extent2I(WIDTH, HEIGHT)
