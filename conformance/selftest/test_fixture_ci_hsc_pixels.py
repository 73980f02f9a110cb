"""The images of ci_hsc: that pixels, planes, headers and WCS say the same."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from conformance.repository import CaseRepository
from conformance.selftest.ci_hsc_files import (
    CalexpFile,
    calexps,
    paths,
    read_sources,
    recipe_module,
)


@pytest.fixture(scope="module")
def images(conformance_repository: CaseRepository) -> list[CalexpFile]:
    return list(calexps(conformance_repository.root))


def median_deviation(values: NDArray[np.float64]) -> float:
    """Estimate the standard deviation of a normal distribution from its middle half."""
    low, high = np.quantile(values, [0.25, 0.75])
    return float((high - low) / 1.3489795)


def test_background_and_noise_are_as_the_header_says(images: list[CalexpFile]) -> None:
    for each in images:
        empty = each.mask == 0
        sky = each.image[empty]
        sigma = float(each.header["SKYSIGMA"])
        assert abs(np.median(sky)) < 0.5
        assert median_deviation(sky) == pytest.approx(sigma, rel=0.01)
        assert np.median(each.variance[empty]) == pytest.approx(sigma**2, rel=0.005)
        gain, noise = float(each.header["GAIN"]), float(each.header["RDNOISE"])
        expected = float(each.header["SKYLEVEL"]) / gain + (noise / gain) ** 2
        assert sigma**2 == pytest.approx(expected, rel=1e-6)
        assert 220.0 < sigma**2 < 280.0


def test_variance_is_the_photons_of_the_image(images: list[CalexpFile]) -> None:
    for each in images:
        gain = float(each.header["GAIN"])
        expected = float(each.header["SKYSIGMA"]) ** 2 + each.image / gain
        assert np.nanmax(np.abs(each.variance - expected)) < 1.0 / 64.0
        usable = ~each.has("NO_DATA")
        slope, level = np.polyfit(each.image[usable], each.variance[usable], 1)
        assert 1.0 / slope == pytest.approx(gain, rel=1e-3)
        assert level == pytest.approx(float(each.header["SKYSIGMA"]) ** 2, rel=1e-3)


def test_saturated_pixels_are_clipped(images: list[CalexpFile]) -> None:
    everywhere = 0
    for each in images:
        full_well = float(each.header["SATURATE"]) - float(each.header["SKYLEVEL"])
        saturated = each.has("SAT")
        everywhere += int(saturated.sum())
        assert each.image[saturated] == pytest.approx(full_well, abs=1.0 / 64.0)
        assert np.nanmax(each.image[~saturated & ~each.has("NO_DATA")]) < full_well
        suspect = float(each.header["SUSPECT"]) - float(each.header["SKYLEVEL"])
        np.testing.assert_array_equal(each.has("SUSPECT"), np.nan_to_num(each.image) >= suspect)
    assert everywhere > 500


def test_bright_stars_are_saturated_where_they_stand(images: list[CalexpFile]) -> None:
    sky_of = recipe_module("sky")
    checked = 0
    for each in images:
        height, width = each.image.shape
        corners = each.wcs.all_pix2world([[0, 0], [width, 0], [0, height], [width, height]], 0)
        sky = sky_of.FULL_SKY if width == 2048 else sky_of.QUARTER_SKY
        (ra0, dec0), (ra1, dec1) = corners.min(axis=0), corners.max(axis=0)
        objects = sky.within((ra0, ra1), (dec0, dec1))
        x, y = each.wcs.all_world2pix(objects.ra, objects.dec, 0)
        band = each.header["FILTER"][-1].lower()
        counts = 10.0 ** (0.4 * (each.zero_point - objects.magnitude(band)))
        peak = counts / (2.0 * np.pi * each.psf_sigma**2)
        clipped = (objects.radius == 0.0) & (peak > 2.0 * float(each.header["SATURATE"]))
        clipped &= (x > 1) & (y > 1) & (x < width - 2) & (y < height - 2)
        for star in np.flatnonzero(clipped):
            place = round(y[star]), round(x[star])
            if not each.has("NO_DATA", "BAD")[place]:
                assert each.has("SAT")[place]
                checked += 1
    assert checked > 10


def test_rays_stand_where_they_are_masked(images: list[CalexpFile]) -> None:
    for each in images:
        rays = each.has("CR")
        assert rays.any()
        alone = rays & ~each.has("DETECTED", "BAD", "EDGE", "NO_DATA")
        if alone.any():
            assert np.median(each.image[alone]) > 5.0 * float(each.header["SKYSIGMA"])
        others = each.image[(each.mask == 0)]
        assert others.max() < 7.0 * float(each.header["SKYSIGMA"])


def test_bad_columns_belong_to_the_detector(images: list[CalexpFile]) -> None:
    seen: dict[int, NDArray[np.bool_]] = {}
    for each in images:
        bad = each.has("BAD") | each.has("NO_DATA")
        np.testing.assert_array_equal(each.has("BAD"), each.has("INTRP"))
        columns = np.flatnonzero(each.has("BAD").any(axis=0))
        assert len(columns) == 3
        earlier = seen.setdefault(each.detector, np.asarray(bad.any(axis=0)))
        np.testing.assert_array_equal(earlier[columns], True)
        for column in columns:
            use = each.has("BAD")[:, column] & ~each.has("CR", "SAT", "NO_DATA")[:, column]
            use &= ~each.has("CR", "SAT", "NO_DATA")[:, column - 1]
            use &= ~each.has("CR", "SAT", "NO_DATA")[:, column + 1]
            mean = 0.5 * (each.image[:, column - 1] + each.image[:, column + 1])
            assert each.image[use, column] == pytest.approx(mean[use], abs=1.0 / 32.0)


def test_edges_and_hidden_corner(images: list[CalexpFile]) -> None:
    for each in images:
        border = int(np.ceil(4.0 * each.psf_sigma))
        expected = np.ones(each.image.shape, bool)
        expected[border:-border, border:-border] = False
        hidden = each.has("NO_DATA")
        np.testing.assert_array_equal(each.has("EDGE"), expected & ~hidden)
        assert hidden.any()
        np.testing.assert_array_equal(np.isnan(each.image), hidden)
        np.testing.assert_array_equal(np.isnan(each.variance), hidden)


def test_detected_is_around_the_sources(
    images: list[CalexpFile], conformance_repository: CaseRepository
) -> None:
    tables = paths(conformance_repository.root, "src")
    for each in images:
        sources = read_sources(tables[each.visit, each.detector])
        x = np.round(sources["base_SdssCentroid_x"]).astype(int)
        y = np.round(sources["base_SdssCentroid_y"]).astype(int)
        detected = each.has("DETECTED")
        assert detected[y, x].all()
        assert int(sources["base_FootprintArea_value"].sum()) == int(detected.sum())
        outside = each.image[~detected & ~each.has("EDGE", "NO_DATA", "CR", "BAD")]
        assert outside.mean() < 0.5


def test_pixel_flags_are_the_planes(
    images: list[CalexpFile], conformance_repository: CaseRepository
) -> None:
    tables = paths(conformance_repository.root, "src")
    planes = {"saturated": "SAT", "cr": "CR", "interpolated": "INTRP", "suspect": "SUSPECT"}
    raised = 0
    for each in images:
        sources = read_sources(tables[each.visit, each.detector])
        found = sources["base_SdssCentroid_flag"] == 0
        x = np.round(sources["base_NaiveCentroid_x"]).astype(int)
        y = np.round(sources["base_NaiveCentroid_y"]).astype(int)
        for flag, plane in planes.items():
            at_centre = each.has(plane)[y, x] & found
            assert sources[f"base_PixelFlags_flag_{flag}"][at_centre].all()
            raised += int(sources[f"base_PixelFlags_flag_{flag}"].sum())
            if not each.has(plane).any():
                assert not sources[f"base_PixelFlags_flag_{flag}"].any()
    assert raised > 100


def test_centre_flags_are_the_pixels_about_the_centroid(
    images: list[CalexpFile], conformance_repository: CaseRepository
) -> None:
    tables = paths(conformance_repository.root, "src")
    planes = {"saturated": "SAT", "cr": "CR", "interpolated": "INTRP", "suspect": "SUSPECT"}
    for each in images:
        sources = read_sources(tables[each.visit, each.detector])
        x = np.round(sources["base_SdssCentroid_x"]).astype(int)
        y = np.round(sources["base_SdssCentroid_y"]).astype(int)
        for flag, plane in planes.items():
            there = each.has(plane)
            expected = [
                there[max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2].any()
                for column, row in zip(x, y, strict=True)
            ]
            assert sources[f"base_PixelFlags_flag_{flag}Center"].tolist() == expected


def test_wcs_puts_the_padded_box_on_its_vertices(images: list[CalexpFile]) -> None:
    footprints = {
        (each.visit, each.detector): each for each in recipe_module("tables").footprints()
    }
    for each in images:
        height, width = each.image.shape
        padding = 250.0 * width / 2048.0
        left, right = -0.5 - padding, width - 0.5 + padding
        low, high = -0.5 - padding, height - 0.5 + padding
        corners = [[right, low], [left, low], [left, high], [right, high]]
        sky = each.wcs.all_pix2world(corners, 0)
        vertices = footprints[each.visit, each.detector].vertices
        assert np.abs(sky - vertices).max() * 3600.0 < 1e-4
        cd = each.wcs.wcs.cd * 3600.0 * width / 2048.0
        assert np.linalg.det(cd) < 0.0
        assert 0.15 < np.sqrt(-np.linalg.det(cd)) < 0.17


def test_inverse_sip_takes_it_back(images: list[CalexpFile]) -> None:
    for each in images:
        height, width = each.image.shape
        x, y = np.meshgrid(np.linspace(0, width - 1, 9), np.linspace(0, height - 1, 9))
        sip = each.wcs.sip
        reference = each.wcs.wcs.crpix - 1.0
        u, v = x - reference[0], y - reference[1]
        f, g = u + sip.a[1, 1] * u * v, v + sip.b[1, 1] * u * v
        powers = [(i, j) for i in range(5) for j in range(5 - i)]
        back_u = f + sum(sip.ap[i, j] * f**i * g**j for i, j in powers)
        back_v = g + sum(sip.bp[i, j] * f**i * g**j for i, j in powers)
        assert np.abs(back_u - u).max() < 0.001
        assert np.abs(back_v - v).max() < 0.001


def test_mask_planes_are_those_of_hsc(images: list[CalexpFile]) -> None:
    for each in images:
        assert each.planes["NO_DATA"] == 8
        assert each.planes["CROSSTALK"] == 12
        assert len(each.planes) == 15
        assert int(each.mask.max()) < 1 << 15
