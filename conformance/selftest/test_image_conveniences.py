"""What people call on exposures and catalogues, and what a notebook shows of them."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from astropy import units
from astropy.time import Time

from butler_core.errors import BoxError, DatasetReadError, MissingFieldError
from butler_core.image import (
    Angle,
    Detector,
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
    SimpleCatalog,
    SkyWcs,
    SourceCatalog,
    SpherePoint,
    VisitInfo,
    read_exposure,
    write_exposure,
)

WCS = SkyWcs.tan((110.0, 205.0), (40.0, 2.0), [[-5e-5, 0.0], [0.0, 5e-5]])
XY0 = (100, 200)


def exposure() -> Exposure:
    """Return an exposure of 20 x 10 pixels."""
    pixels = np.arange(200, dtype=np.float32).reshape(10, 20)
    planes = MaskedImage(Image(pixels, XY0), Mask(np.ones((10, 20), np.int32), xy0=XY0))
    return Exposure(planes, wcs=WCS, metadata={"DET-ID": 25, "GAIN": 2.5}, id=7)


def catalog() -> SourceCatalog:
    """Return a catalogue of three sources."""
    return SourceCatalog.from_columns(
        {
            "id": np.array([3, 1, 2]),
            "coord_ra": np.zeros(3),
            "coord_dec": np.zeros(3),
            "parent": np.zeros(3, dtype=np.int64),
            "base_PsfFlux_instFlux": np.array([100.0, 200.0, -1.0]),
            "base_PsfFlux_instFluxErr": np.array([1.0, 2.0, 3.0]),
            "base_Raw_instFlux": np.array([1.0, 2.0, 4.0]),
        },
        aliases={"slot_PsfFlux": "base_PsfFlux"},
    )


@pytest.mark.parametrize("size", [(5, 3), (4, 4), (1, 1)])
def test_a_cutout_has_its_middle_at_the_position(size: tuple[int, int]) -> None:
    whole = exposure()
    cutout = whole.getCutout(WCS.pixelToSky(110.2, 204.9), Extent2I(*size))
    assert cutout.getDimensions() == Extent2I(*size)
    middle = cutout.getBBox().getCenter()
    assert abs(middle.x - 110.2) <= 0.5
    assert abs(middle.y - 204.9) <= 0.5
    np.testing.assert_array_equal(cutout.image.array, whole[cutout.getBBox()].image.array)
    assert not np.shares_memory(cutout.image.array, whole.image.array)
    assert cutout.getWcs() == WCS
    assert cutout.getInfo() is not whole.getInfo()


def test_a_cutout_beyond_the_edge_says_so_in_its_mask() -> None:
    cutout = exposure().getCutout(Point2I(100, 200), Extent2I(5, 5))
    assert cutout.getXY0() == Point2I(98, 198)
    assert np.isnan(cutout.image.array[:2]).all()
    assert np.isnan(cutout.variance.array[:, :2]).all()
    assert (cutout.mask.array[:2] == cutout.mask.getPlaneBitMask("NO_DATA")).all()
    assert cutout[100, 200] == (0.0, 1, 0.0)
    assert cutout[102, 202] == (42.0, 1, 0.0)


def test_a_cutout_that_cannot_be_made() -> None:
    with pytest.raises(BoxError, match="outside"):
        exposure().getCutout(SpherePoint.from_degrees(50, 2), Extent2I(3, 3))
    with pytest.raises(BoxError, match="0 x 3"):
        exposure().getCutout(Point2D(110, 205), Extent2I(0, 3))
    blind = Exposure(exposure().maskedImage)
    with pytest.raises(ValueError, match="WCS"):
        blind.getCutout(SpherePoint.from_degrees(40, 2), Extent2I(3, 3))


def test_which_positions_an_exposure_covers() -> None:
    x = np.array([100, 99.6, 99.4, 119.4, 119.6, 110])
    y = np.array([200, 200, 200, 209, 209, 209.6])
    ra, dec = WCS.pixelToSkyArray(x, y)
    expected = [True, True, False, True, False, False]
    whole = exposure()
    assert whole.containsSkyCoords(ra * units.rad, dec * units.rad).tolist() == expected
    degrees = np.degrees(ra) * units.deg, np.degrees(dec) * units.deg
    assert whole.containsSkyCoords(*degrees).tolist() == expected
    assert whole.containsSkyCoords(ra, dec).tolist() == expected
    opposite = whole.containsSkyCoords(220 * units.deg, -2 * units.deg)
    assert opposite.shape == ()
    assert not opposite
    with pytest.raises(ValueError, match="WCS"):
        Exposure(whole.maskedImage).containsSkyCoords(ra, dec)


def test_positions_far_from_a_distorted_image_are_not_tried() -> None:
    header = WCS.to_header()
    header["CTYPE1"], header["CTYPE2"] = "RA---TAN-SIP", "DEC--TAN-SIP"
    for keyword, value in {"A_ORDER": 2, "B_ORDER": 2, "A_2_0": 1e-5, "B_0_2": -2e-5}.items():
        header[keyword] = value
    whole = Exposure(exposure().maskedImage, wcs=SkyWcs(header))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not whole.containsSkyCoords(220.0005 * units.deg, -2 * units.deg)
        assert whole.containsSkyCoords(40 * units.deg, 2 * units.deg)


def test_the_detector_of_a_file_has_its_number(tmp_path: Path) -> None:
    whole = exposure()
    whole.getInfo().setDetector(Detector("1_36", 25, "25s"))
    write_exposure(whole, tmp_path / "e.fits")
    detector = read_exposure(tmp_path / "e.fits").getDetector()
    assert (detector.getId(), detector.getName(), detector.getSerial()) == (25, "1_36", "25s")
    for strange in ("a text", True):
        whole.metadata["DET-ID"] = strange
        write_exposure(whole, tmp_path / "e.fits")
        assert read_exposure(tmp_path / "e.fits", "detector").getId() is None


def test_catalogues_by_afws_methods(tmp_path: Path) -> None:
    rows = catalog()
    assert not rows.isSorted()
    assert rows.getPsfInstFlux()[0] == 100.0
    rows.sort()
    assert rows.isSorted()
    assert rows["id"].tolist() == [1, 2, 3]
    assert rows.getPsfInstFlux().tolist() == [200.0, -1.0, 100.0]
    rows.sort("slot_PsfFlux_instFlux")
    assert rows["id"].tolist() == [2, 3, 1]
    rows.writeFits(tmp_path / "c.fits")
    back = SourceCatalog.readFits(str(tmp_path / "c.fits"))
    assert type(back) is SourceCatalog
    assert back["id"].tolist() == [2, 3, 1]
    simple = SimpleCatalog.from_columns({"id": np.array([1])})
    simple.writeFits(tmp_path / "s.fits")
    with pytest.raises(DatasetReadError, match=r"SimpleCatalog\.readFits"):
        SourceCatalog.readFits(tmp_path / "s.fits")


def test_catalogues_of_the_same_fields_are_written_apart(tmp_path: Path) -> None:
    columns = {"id": np.array([1, 2]), "only_here": np.zeros(2)}
    first = SimpleCatalog.from_columns(columns, aliases={"other": "only_here"})
    second = SimpleCatalog.from_columns(columns)
    first.metadata["NOTE"] = "first"
    contents: list[bytes] = []
    for rows, expected in ((first, "other"), (second, None), (first, "other")):
        rows.writeFits(tmp_path / "c.fits")
        back = SimpleCatalog.readFits(tmp_path / "c.fits")
        assert next(iter(back.aliases.keys()), None) == expected
        assert ("NOTE" in back.metadata) is (rows is first)
        contents.append((tmp_path / "c.fits").read_bytes())
    assert contents[0] == contents[2]


def test_a_calibrated_catalogue() -> None:
    rows = catalog()
    calibrated = PhotoCalib(2.0, 0.1).calibrateCatalog(rows)
    assert type(calibrated) is SourceCatalog
    np.testing.assert_allclose(calibrated["base_PsfFlux_flux"], [200.0, 400.0, -2.0])
    np.testing.assert_allclose(
        calibrated["base_PsfFlux_fluxErr"], np.hypot([2.0, 4.0, 6.0], [10.0, 20.0, 0.1])
    )
    assert calibrated["base_PsfFlux_mag"][0] == pytest.approx(31.4 - 2.5 * np.log10(200))
    assert np.isnan(calibrated["base_PsfFlux_mag"][2])
    assert calibrated["slot_PsfFlux_magErr"][0] == pytest.approx(
        2.5 / np.log(10) * np.hypot(2.0, 10.0) / 200
    )
    assert calibrated["base_Raw_flux"].tolist() == [2.0, 4.0, 8.0]
    assert "base_Raw_fluxErr" not in calibrated
    assert calibrated.schema.fields["base_PsfFlux_flux"].units == "nJy"
    assert "base_PsfFlux_flux" not in rows
    assert not np.shares_memory(calibrated["id"], rows["id"])
    again = PhotoCalib(3.0).calibrateCatalog(calibrated, ["base_PsfFlux"])
    assert list(again.columns) == list(calibrated.columns)
    assert again["base_PsfFlux_flux"][0] == 300.0
    assert again["base_Raw_flux"][0] == 2.0
    with pytest.raises(MissingFieldError):
        PhotoCalib(2.0).calibrateCatalog(rows, ["base_Nothing"])


def test_metadata_print_as_the_cards_of_a_header() -> None:
    metadata = PropertyList({"GAIN": (2.5, "[electron/adu]"), "OBJECT": "x" * 100})
    metadata.set("AR_HDU", 5)
    first, *others = str(metadata).splitlines()
    assert first == "GAIN    =                  2.5 / [electron/adu]"
    assert others[0].startswith("OBJECT  = 'xxx")
    assert others[1].startswith("CONTINUE  'xxx")
    assert all(len(line) <= 80 for line in others)
    assert "AR_HDU" not in str(metadata)
    assert repr(metadata) == "PropertyList(2 keywords)"


def test_what_a_notebook_shows() -> None:
    date = Time("2013-11-02T06:01:31.788", scale="tai", format="isot")
    visit = VisitInfo(exposureTime=30.0, date=date, id=903986, era=Angle(0.0), object="M31")
    assert repr(visit) == (
        "VisitInfo(exposureTime=30.0, date=2013-11-02T06:01:31.788, era=0.000000, "
        "rotType='UNKNOWN', id=903986, object='M31')"
    )
    detector = Detector("1_36", 25, "25")
    assert repr(detector) == "Detector('1_36', id=25, serial='25')"
    info = ExposureInfo(
        detector=detector,
        filter=FilterLabel("r", "HSC-R"),
        psf=GaussianPsf(21, 21, 1.5),
        photoCalib=PhotoCalib(2.0),
        id=7,
    )
    assert repr(info) == (
        "ExposureInfo(\n    id=7,\n"
        '    filter=FilterLabel(band="r", physical="HSC-R"),\n'
        "    detector=Detector('1_36', id=25, serial='25'),\n"
        "    psf=GaussianPsf(21, 21, 1.5),\n"
        "    photoCalib=PhotoCalib(calibrationMean=2.0, calibrationErr=0.0),\n"
        "    metadata=PropertyList(0 keywords),\n)"
    )
    assert repr(WCS).startswith("SkyWcs(sky=(40.0000000000, +2.0000000000), pixel=(110.0, 205.0)")
