"""A new exposure is written in the layout of afw."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.time import Time

from butler_core.image import (
    Angle,
    Detector,
    Exposure,
    ExposureSummaryStats,
    FilterLabel,
    GaussianPsf,
    Image,
    Mask,
    MaskedImage,
    Observatory,
    PhotoCalib,
    Point2D,
    Polygon,
    SkyWcs,
    SpherePoint,
    VisitInfo,
    Weather,
    read_exposure,
    write_exposure,
)

XY0 = (15, 22)
SHAPE = (12, 9)
PLANES = {**Mask.DEFAULT_PLANES, "CROSSTALK": 17}
WCS = SkyWcs.tan((20.0, 30.0), (320.25, -0.5), [[-1.8e-4, 1e-6], [2e-6, 1.8e-4]])
VISIT = VisitInfo(
    exposureTime=30.0,
    darkTime=31.0,
    date=Time("2013-11-02T06:01:31.788500000", scale="tai", format="isot"),
    era=Angle(2.3),
    boresightRaDec=SpherePoint.from_degrees(320.25, 0.25),
    boresightAzAlt=SpherePoint.from_degrees(220.5, 65.0),
    boresightAirmass=1.1,
    boresightRotAngle=Angle(4.7),
    rotType="SKY",
    observatory=Observatory(Angle(-2.7), Angle(0.35), 4139.0),
    weather=Weather(-0.7, 62160.0, 42.0),
    instrumentLabel="HSC",
    id=904010,
    focusZ=3.7,
    observationType="object",
    object="STRIPE82L",
)


def make() -> Exposure:
    rng = np.random.default_rng(5)
    image = Image(rng.normal(0, 20, SHAPE).astype(np.float32), XY0)
    mask = Mask(np.zeros(SHAPE, dtype=np.int32), PLANES, XY0)
    mask.array[2, 3] = mask.getPlaneBitMask(["SAT", "CROSSTALK"])
    variance = Image(np.full(SHAPE, 400, dtype=np.float32), XY0)
    return Exposure(
        MaskedImage(image, mask, variance),
        wcs=WCS,
        psf=GaussianPsf(21, 23, 2.5),
        photoCalib=PhotoCalib(57.0, 0.25),
        filter=FilterLabel("r", "HSC-R"),
        metadata={"BUNIT": "adu", "MAGZERO": 26.96, "LONG_KEYWORD": "text"},
        visitInfo=VISIT,
        detector=Detector("1_42", 4, "4"),
        id=180802004,
        validPolygon=Polygon.of([(15, 22), (23, 22), (23, 33)]),
        summaryStats=ExposureSummaryStats(psfSigma=2.5, raCorners=[1.0, 2.0]),
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("layout") / "new.fits"
    write_exposure(make(), path, "noCompression")
    return path


def test_primary(path: Path) -> None:
    header = fits.getheader(path)
    assert header["NAXIS"] == 0
    assert header["EXPINFO_V"] == 2
    assert header["AR_HDU"] == 5
    assert "EXTNAME" not in header
    assert "BUNIT" not in header
    assert header["MAGZERO"] == 26.96
    assert header["LONG_KEYWORD"] == "text"
    assert (header["DETNAME"], header["DETSER"], header["EXPID"]) == ("1_42", "4", 180802004)
    assert header["DATE-AVG"] == "2013-11-02T06:01:31.788500000"
    assert header["BORE-RA"] == pytest.approx(320.25)
    for key in ("SUMMARY_STATS", "SKYWCS", "VALID_POLYGON", "FILTER", "PHOTOCALIB", "PSF"):
        assert header[f"{key}_ID"] == header[f"ARCHIVE_ID_{key}"] > 0
    assert "DETECTOR_ID" not in header


@pytest.mark.parametrize(
    ("hdu", "kind", "unit", "bits"),
    [(1, "IMAGE", "adu", -32), (2, "MASK", None, 32), (3, "VARIANCE", "adu**2", -32)],
)
def test_planes(path: Path, hdu: int, kind: str, unit: str | None, bits: int) -> None:
    header = fits.getheader(path, hdu)
    assert header["INHERIT"] is True
    assert header["EXTTYPE"] == header["EXTNAME"] == kind
    assert header.get("BUNIT") == unit
    assert (header["BITPIX"], header["NAXIS1"], header["NAXIS2"]) == (bits, SHAPE[1], SHAPE[0])
    for axis, origin in (("1", XY0[0]), ("2", XY0[1])):
        assert header[f"CTYPE{axis}A"] == "LINEAR"
        assert header[f"CRPIX{axis}A"] == 1
        assert header[f"CRVAL{axis}A"] == origin
        assert header[f"CUNIT{axis}A"] == "PIXEL"
        assert header[f"LTV{axis}"] == -origin
    assert header["CRPIX1"] == 20 + 1 - 15
    assert header["CRPIX2"] == 30 + 1 - 22


def test_mask_planes_are_cards(path: Path) -> None:
    header = fits.getheader(path, 2)
    stated = {key[3:]: header[key] for key in header if key.startswith("MP_")}
    assert stated == PLANES
    raw = path.read_bytes()
    assert b"HIERARCH MP_DETECTED_NEGATIVE = 6" in raw
    assert b"MP_CR   =                    3" in raw


def test_archive(path: Path) -> None:
    with fits.open(path) as hdus:
        index = hdus[4]
        assert index.header["EXTTYPE"] == index.header["EXTNAME"] == "ARCHIVE_INDEX"
        assert index.header["AR_NCAT"] == len(hdus) - 4
        assert index.header["AFW_TABLE_VERSION"] == 3
        assert index.columns.names == [
            "id",
            "cat.archive",
            "cat.persistable",
            "row0",
            "nrows",
            "name",
            "module",
        ]
        rows = {row["name"]: row for row in index.data}
        for number, hdu in enumerate(hdus[5:], start=1):
            assert hdu.header["EXTTYPE"] == "ARCHIVE_DATA"
            assert hdu.header["AR_CATN"] == number
            assert hdu.header["AR_NAME"] == hdu.header["EXTNAME"]
        primary = hdus[0].header
        psf = hdus[4 + rows["GaussianPsf"]["cat.archive"]]
        assert rows["GaussianPsf"]["id"] == primary["PSF_ID"]
        assert rows["GaussianPsf"]["module"] == "lsst.afw.detection"
        assert psf.columns.names == ["dimensions_x", "dimensions_y", "sigma"]
        assert tuple(psf.data[0]) == (21, 23, 2.5)
        calib = hdus[4 + rows["PhotoCalib"]["cat.archive"]]
        assert rows["PhotoCalib"]["id"] == primary["PHOTOCALIB_ID"]
        names = ["flags", "calibrationMean", "calibrationErr", "field", "version"]
        assert calib.columns.names == names
        assert calib.header["TFLAG1"] == "isConstant"
        assert calib.header["FLAGCOL"] == 1
        record = calib.data[0]
        assert record["flags"].tolist() == [True]
        assert (record["calibrationMean"], record["calibrationErr"]) == (57.0, 0.25)
        assert record["field"] == rows["ChebyshevBoundedField"]["id"]
        field = hdus[4 + rows["ChebyshevBoundedField"]["cat.archive"]]
        assert field.data["coefficients"].tolist() == [57.0]
        wcs = hdus[4 + rows["SkyWcs"]["cat.archive"]]
        assert wcs.columns["wcs"].format.startswith("1QB(")
        text = bytes(wcs.data["wcs"][0]).decode("ascii")
    assert text.startswith("1 SkyWcs 0  Begin FrameSet\n")
    assert 'Type = "TAN"' in text
    assert "Sft1 = -20.0" in text
    assert text.rstrip().endswith("End FrameSet")


@pytest.mark.parametrize("recipe", ["noCompression", "default"])
def test_every_component_comes_back(recipe: str, tmp_path: Path) -> None:
    made = make()
    write_exposure(made, tmp_path / "new.fits", recipe)
    found = read_exposure(tmp_path / "new.fits")
    for plane in ("image", "mask", "variance"):
        array = getattr(found, plane).array
        assert array.dtype.isnative
        np.testing.assert_array_equal(array, getattr(made, plane).array)
        assert getattr(found, plane).xy0 == getattr(made, plane).xy0
    for name in ("psf", "photoCalib", "filter", "id", "visitInfo", "validPolygon", "summaryStats"):
        assert found.component(name) == made.component(name), name
    assert found.wcs == made.wcs
    assert found.detector == Detector("1_42", None, "4")
    assert found.metadata["BUNIT"] == "adu"
    assert found.apCorrMap is None
    assert found.validPolygon.contains(Point2D(20.0, 23.0))
    assert found.summaryStats.psfSigma == 2.5


@pytest.mark.parametrize("recipe", ["noCompression", "default", "lossy16"])
def test_the_same_exposure_gives_the_same_bytes(
    recipe: str, tmp_path: Path, monkeypatch: Any
) -> None:
    write_exposure(make(), tmp_path / "first.fits", recipe)
    # What stamps the time, such as gzip, would stamp another one.
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    write_exposure(make(), tmp_path / "second.fits", recipe)
    assert (tmp_path / "first.fits").read_bytes() == (tmp_path / "second.fits").read_bytes()


def test_writing_what_was_read_changes_nothing(tmp_path: Path) -> None:
    write_exposure(make(), tmp_path / "first.fits")
    write_exposure(read_exposure(tmp_path / "first.fits"), tmp_path / "second.fits")
    assert (tmp_path / "first.fits").read_bytes() == (tmp_path / "second.fits").read_bytes()


def test_writing_leaves_the_exposure_as_it_was(tmp_path: Path) -> None:
    exposure = make()
    write_exposure(exposure, tmp_path / "first.fits")
    assert exposure.wcs == SkyWcs.tan(
        (20.0, 30.0), (320.25, -0.5), [[-1.8e-4, 1e-6], [2e-6, 1.8e-4]]
    )
    assert list(exposure.metadata) == ["BUNIT", "MAGZERO", "LONG_KEYWORD"]
    assert exposure.image.header is None


def test_an_exposure_of_pixels_alone_has_no_archive(tmp_path: Path) -> None:
    write_exposure(Exposure(MaskedImage(Image(np.ones(SHAPE, np.float32)))), tmp_path / "bare.fits")
    with fits.open(tmp_path / "bare.fits") as hdus:
        assert len(hdus) == 4
        assert "AR_HDU" not in hdus[0].header
        assert "CTYPE1" not in hdus[1].header
    assert read_exposure(tmp_path / "bare.fits").wcs is None


def test_what_cannot_be_written_is_said_before_a_file_is_made(tmp_path: Path) -> None:
    exposure = make()
    exposure.setPsf(object())
    with pytest.raises(
        TypeError, match="a object cannot be written with an exposure; what can be: Gaus"
    ):
        write_exposure(exposure, tmp_path / "no.fits")
    with pytest.raises(ValueError, match="no write recipe 'lossless16'; did you mean 'lossless'"):
        write_exposure(make(), tmp_path / "no.fits", "lossless16")
    assert not (tmp_path / "no.fits").exists()


def test_importing_butler_core_does_not_load_the_images() -> None:
    code = (
        "import sys, butler_core; print([m for m in sys.modules if m.startswith('butler_core.im')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
