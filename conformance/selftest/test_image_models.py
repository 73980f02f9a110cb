"""World coordinates, point-spread functions, calibrations, polygons."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.wcs import WCS

from butler_core.image import (
    Angle,
    Detector,
    FilterLabel,
    GaussianPsf,
    Image,
    PhotoCalib,
    Point2D,
    Point2I,
    Polygon,
    SkyWcs,
    SpherePoint,
    VisitInfo,
)

from .afw_files import WCS_CARDS, header

TAN = SkyWcs.tan((255.5, 521.5), (320.25, -0.5), [[-1.8e-4, 2e-6], [3e-6, 1.7e-4]])


def test_the_reference_pixel_counts_from_zero_in_the_parent() -> None:
    position = TAN.pixelToSky(255.5, 521.5)
    assert position.getRa().asDegrees() == pytest.approx(320.25, abs=1e-12)
    assert position.getDec().asDegrees() == pytest.approx(-0.5, abs=1e-12)
    assert TAN.getPixelOrigin() == Point2D(255.5, 521.5)
    assert TAN.getSkyOrigin().separation(position).asArcseconds() < 1e-9
    np.testing.assert_allclose(TAN.getCdMatrix(), [[-1.8e-4, 2e-6], [3e-6, 1.7e-4]])


def test_a_header_is_that_of_astropy() -> None:
    x, y = np.array([0.0, 100.0, 300.0]), np.array([10.0, 50.0, 7.0])
    for xy0 in ((0, 0), (30, 40)):
        theirs = WCS(TAN.to_header(xy0)).all_pix2world(x - xy0[0], y - xy0[1], 0)
        ours = TAN.pixelToSkyArray(x, y, degrees=True)
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)
        assert SkyWcs.from_header(TAN.to_header(xy0), Point2I(*xy0)) == TAN


def test_the_tangent_plane_formula() -> None:
    ra, dec = TAN.pixelToSkyArray(300.0, 500.0)
    xi, eta = np.radians(TAN.getCdMatrix() @ [300.0 - 255.5, 500.0 - 521.5])
    a0, d0 = math.radians(320.25), math.radians(-0.5)
    denominator = math.cos(d0) - eta * math.sin(d0)
    assert float(ra) == pytest.approx((a0 + math.atan2(xi, denominator)) % (2 * math.pi), abs=1e-14)
    expected = math.atan2(math.sin(d0) + eta * math.cos(d0), math.hypot(xi, denominator))
    assert float(dec) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("wcs", [TAN, SkyWcs.from_header(header(WCS_CARDS))])
def test_there_and_back(wcs: SkyWcs) -> None:
    x, y = np.meshgrid(np.linspace(0, 2000, 5), np.linspace(0, 4000, 5))
    there = wcs.pixelToSkyArray(x, y)
    assert there[0].shape == (5, 5)
    back = wcs.skyToPixelArray(*there)
    np.testing.assert_allclose(back[0], x, atol=1e-6)
    np.testing.assert_allclose(back[1], y, atol=1e-6)
    in_degrees = wcs.skyToPixelArray(*wcs.pixelToSkyArray(x, y, degrees=True), degrees=True)
    np.testing.assert_allclose(in_degrees[0], x, atol=1e-6)


def test_distortion_counts() -> None:
    wcs = SkyWcs.from_header(header(WCS_CARDS))
    assert wcs is not None
    plain = SkyWcs.from_header(
        header([card for card in WCS_CARDS if "SIP" not in card and not card.startswith("CTYPE")]
               + ["CTYPE1  = 'RA---TAN'", "CTYPE2  = 'DEC--TAN'"])
    )  # fmt: skip
    assert plain is not None
    assert wcs.pixelToSky(0, 0).separation(plain.pixelToSky(0, 0)).asArcseconds() > 1


def test_points_and_lists() -> None:
    points = [Point2D(1.0, 2.0), Point2D(3.0, 4.0)]
    positions = TAN.pixelToSky(points)
    assert positions == [TAN.pixelToSky(point) for point in points]
    back = TAN.skyToPixel(positions)
    assert [pixel.x for pixel in back] == pytest.approx([1.0, 3.0])
    assert TAN.skyToPixel(positions[0]).y == pytest.approx(2.0)


def test_pixel_scale() -> None:
    expected = math.sqrt(abs(np.linalg.det(TAN.getCdMatrix()))) * 3600
    assert TAN.getPixelScale().asArcseconds() == pytest.approx(expected, rel=1e-12)
    assert TAN.getPixelScale(300.0, 10.0).asArcseconds() == pytest.approx(expected, rel=1e-5)
    assert TAN.getPixelScale(Point2D(255.5, 521.5)).asArcseconds() == pytest.approx(
        expected, rel=1e-8
    )


def test_headers_without_a_sky() -> None:
    assert SkyWcs.from_header(fits.Header()) is None
    linear = fits.Header()
    linear["CTYPE1"], linear["CTYPE2"] = "LINEAR", "LINEAR"
    assert SkyWcs.from_header(linear) is None


def test_making_headers_leaves_the_wcs_alone() -> None:
    before = TAN.to_header()
    TAN.to_header((100, 100))
    TAN.to_header()["CRPIX1"] = 5
    assert TAN.to_header() == before


def test_angles_and_positions() -> None:
    angle = Angle.from_degrees(15.0)
    assert angle.asHours() == pytest.approx(1.0)
    assert angle.asArcminutes() == pytest.approx(900.0)
    assert angle.asArcseconds() == pytest.approx(54000.0)
    assert angle.asRadians() == pytest.approx(math.radians(15))
    one, other = SpherePoint.from_degrees(10.0, 60.0), SpherePoint.from_degrees(12.0, 61.0)
    expected = SkyCoord(10.0, 60.0, unit="deg").separation(SkyCoord(12.0, 61.0, unit="deg"))
    assert one.separation(other).asDegrees() == pytest.approx(expected.deg, rel=1e-12)
    assert one == SpherePoint.from_degrees(10.0, 60.0)
    assert [each.asDegrees() for each in one] == pytest.approx([10.0, 60.0])


def test_gaussian_psf() -> None:
    psf = GaussianPsf(21, 25, 2.5)
    kernel = psf.computeKernelImage()
    assert kernel.array.shape == (25, 21)
    assert kernel.array.sum() == pytest.approx(1.0, abs=1e-12)
    assert kernel.getXY0() == Point2I(-10, -12)
    assert kernel.getBBox() == psf.computeBBox()
    assert psf.computePeak() == kernel.array.max() == kernel.array[12, 10]
    ratio = kernel.array[12, 13] / kernel.array[12, 10]
    assert ratio == pytest.approx(math.exp(-0.5 * (3 / 2.5) ** 2))
    assert psf.computeShape().getDeterminantRadius() == pytest.approx(2.5)
    assert psf.computeShape().getTraceRadius() == pytest.approx(2.5)
    assert psf.computeApertureFlux(5.0) == pytest.approx(1 - math.exp(-2))


@pytest.mark.parametrize("position", [(100.0, 200.0), (100.3, 199.6), (99.5, -3.5)])
def test_image_of_a_psf_is_centred_on_the_position(position: tuple[float, float]) -> None:
    image = GaussianPsf(41, 41, 2.5).computeImage(Point2D(*position))
    assert isinstance(image, Image)
    rows, columns = np.indices(image.array.shape)
    assert (image.array * columns).sum() + image.getX0() == pytest.approx(position[0], abs=1e-6)
    assert (image.array * rows).sum() + image.getY0() == pytest.approx(position[1], abs=1e-6)
    assert GaussianPsf(41, 41, 2.5).computeImage(*position).array.tolist() == image.array.tolist()


def test_bad_psfs() -> None:
    with pytest.raises(ValueError, match="width of a GaussianPsf is odd and positive, not 20"):
        GaussianPsf(20, 21, 2.5)
    with pytest.raises(ValueError, match="sigma"):
        GaussianPsf(21, 21, 0.0)


def test_calibration() -> None:
    calib = PhotoCalib(0.5, 0.01)
    assert calib.instFluxToNanojansky(100.0) == 50.0
    measured = calib.instFluxToNanojansky(100.0, 10.0)
    assert measured.value == 50.0
    assert measured.error == pytest.approx(math.hypot(10 * 0.5, 100 * 0.01))
    zero = calib.getInstFluxAtZeroMagnitude()
    assert calib.instFluxToMagnitude(zero) == pytest.approx(0.0, abs=1e-12)
    assert calib.instFluxToNanojansky(zero) == pytest.approx(10 ** (31.4 / 2.5))
    assert calib.instFluxToMagnitude(zero / 100) == pytest.approx(5.0)
    assert calib.magnitudeToInstFlux(5.0) == pytest.approx(zero / 100)
    magnitude = calib.instFluxToMagnitude(100.0, 10.0)
    assert magnitude.error == pytest.approx(2.5 / math.log(10) * measured.error / measured.value)
    fluxes = calib.instFluxToMagnitude(np.array([zero, -1.0]))
    assert fluxes[0] == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(fluxes[1])
    with pytest.raises(ValueError, match="calibrationMean is positive"):
        PhotoCalib(0.0)
    with pytest.raises(ValueError, match="calibrationErr"):
        PhotoCalib(1.0, -1.0)


def test_filter_labels() -> None:
    label = FilterLabel("r", "HSC-R")
    assert (label.bandLabel, label.physicalLabel, label.getName()) == ("r", "HSC-R", "HSC-R")
    assert repr(label) == 'FilterLabel(band="r", physical="HSC-R")'
    assert not FilterLabel(band="r").hasPhysicalLabel()
    with pytest.raises(ValueError, match="no band"):
        FilterLabel(physical="HSC-R").bandLabel  # noqa: B018


def test_polygons() -> None:
    polygon = Polygon.of([(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)])
    assert polygon.contains(Point2D(0.5, 1.0))
    assert not polygon.contains(Point2D(2.0, 3.0))
    assert not polygon.contains(Point2D(5.0, 1.0))
    assert len(polygon) == len(polygon.getVertices()) == 5


def test_visit_info_of_cards_and_back() -> None:
    cards = {
        "EXPTIME": 30,
        "DATE-AVG": "2013-11-02T06:01:31.788500000",
        "TIMESYS": "TAI",
        "BORE-RA": 320.25,
        "BORE-DEC": 0.25,
        "HUMIDITY": 42.0,
        "OBJECT": "STRIPE82L",
    }
    visit = VisitInfo.from_header(cards)
    assert visit.getExposureTime() == 30.0
    assert visit.getDate() is not None
    assert visit.boresightRaDec.getRa().asDegrees() == pytest.approx(320.25)
    assert math.isnan(visit.getDarkTime())
    assert visit.getWeather().getHumidity() == 42.0
    again = {keyword: value for keyword, value, _ in visit.cards()}
    assert again.items() >= {**cards, "BORE-RA": again["BORE-RA"], "EXPTIME": 30.0}.items()
    assert VisitInfo.from_header(again) == visit
    assert visit != VisitInfo()
    date = VisitInfo.from_header({"DATE-AVG": "2013-11-02T06:00:56.788", "TIMESYS": "UTC"}).date
    assert date is not None
    assert date.tai.isot == "2013-11-02T06:01:31.788"


@pytest.mark.parametrize("named", [{"name": 4}, {"name": "1_42", "serial": np.array([4, 2])}])
def test_a_detector_has_texts_for_names(named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="of a detector is a text"):
        Detector(**named)
