"""The sources of ci_hsc, measured again on the files with numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """An image, its sources, and those of them that nothing spoils."""

    image: CalexpFile
    sources: dict[str, NDArray[Any]]

    @property
    def clean(self) -> Bools:
        """No defect in the footprint, no neighbour in it, and measured."""
        spoilt = self.sources["deblend_skipped"] | self.sources["base_SdssCentroid_flag"]
        for name in ("edge", "saturated", "cr", "bad"):
            spoilt = spoilt | self.sources[f"base_PixelFlags_flag_{name}"]
        return np.asarray(~spoilt, bool)


@pytest.fixture(scope="module")
def measured(conformance_repository: CaseRepository) -> list[Measured]:
    root = conformance_repository.root
    tables = paths(root, "src")
    images = calexps(root)
    return [Measured(each, read_sources(tables[each.visit, each.detector])) for each in images]


@pytest.fixture(scope="module")
def true_stars(measured: list[Measured]) -> list[tuple[Floats, Floats, Floats, Floats]]:
    """For each image, place, counts and light of neighbours of the stars put on it."""
    sky_of = recipe_module("sky")
    found = []
    for each in measured:
        height, width = each.image.image.shape
        sky = sky_of.FULL_SKY if width == 2048 else sky_of.QUARTER_SKY
        corners = each.image.wcs.all_pix2world(
            [[0, 0], [width, 0], [0, height], [width, height]], 0
        )
        (ra0, dec0), (ra1, dec1) = corners.min(axis=0) - 0.01, corners.max(axis=0) + 0.01
        objects = sky.within((ra0, ra1), (dec0, dec1))
        x, y = each.image.wcs.all_world2pix(objects.ra, objects.dec, 0)
        band = each.image.header["FILTER"][-1].lower()
        counts = 10.0 ** (0.4 * (each.image.zero_point - objects.magnitude(band)))
        star = objects.radius == 0.0
        distance = np.hypot(x[star][:, None] - x, y[star][:, None] - y)
        near = (distance > 0.0) & (distance < 30.0)
        found.append((x[star], y[star], counts[star], (near * counts).sum(axis=1)))
    return found


def window(each: Measured, x: float, y: float, reach: int) -> tuple[Floats, ...]:
    """Offsets from a position and the pixels there; NaN outside the image."""
    height, width = each.image.image.shape
    column, row = round(x), round(y)
    rows = np.arange(row - reach, row + reach + 1)
    columns = np.arange(column - reach, column + reach + 1)
    inside = ((rows >= 0) & (rows < height))[:, None] & (columns >= 0) & (columns < width)
    index = np.ix_(np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1))
    image = np.where(inside, each.image.image[index], np.nan)
    variance = np.where(inside, each.image.variance[index], np.nan)
    dx, dy = np.meshgrid(columns - x, rows - y)
    return dx, dy, image, variance


def aperture(each: Measured, x: float, y: float, radius: float) -> tuple[float, float]:
    """Flux and error in a circle, each pixel cut into 100 upright strips that end at the circle."""
    dx, dy, image, variance = window(each, x, y, int(radius) + 2)
    share = np.zeros(image.shape)
    for right in (np.arange(100) + 0.5) / 100.0 - 0.5:
        top = np.sqrt(np.maximum(radius**2 - (dx + right) ** 2, 0.0))
        share += np.clip(top, dy - 0.5, dy + 0.5) - np.clip(-top, dy - 0.5, dy + 0.5)
    share /= 100.0
    used = share > 0.0
    flux = float((share * image)[used].sum())
    return flux, float(np.sqrt((share**2 * variance)[used].sum()))


def centroid(each: Measured, x: float, y: float) -> tuple[float, float]:
    """Position with a Gaussian window, by repeated weighted means that are doubled."""
    start_x, start_y = round(x), round(y)
    at_x, at_y = float(start_x), float(start_y)
    for _ in range(2000):
        dx, dy, image, _ = window(each, start_x, start_y, int(5 * each.image.psf_sigma) + 1)
        dx, dy = dx + start_x - at_x, dy + start_y - at_y
        light = np.nan_to_num(image) * np.exp(-0.5 * (dx**2 + dy**2) / each.image.psf_sigma**2)
        step_x = 2.0 * (light * dx).sum() / light.sum()
        step_y = 2.0 * (light * dy).sum() / light.sum()
        at_x, at_y = at_x + step_x, at_y + step_y
        if max(abs(step_x), abs(step_y)) < 1e-7:
            break
    return at_x, at_y


def assert_like_a_normal(pulls: NDArray[Any] | list[float], width: float = 0.1) -> None:
    """Differences over errors must have mean 0, standard deviation 1 and no wild members."""
    values = np.asarray(pulls, float)
    assert np.isfinite(values).all()
    assert abs(values.mean()) < 4.0 / np.sqrt(values.size)
    assert abs(values.std() - 1.0) < width
    assert np.abs(values).max() < 5.5


@pytest.mark.parametrize("radius", [4.5, 12.0])
def test_aperture_fluxes_agree(measured: list[Measured], radius: float) -> None:
    name = f"base_CircularApertureFlux_{radius:.1f}".replace(".", "_")
    differences = []
    for each in measured:
        flux, error = each.sources[f"{name}_instFlux"], each.sources[f"{name}_instFluxErr"]
        places = zip(
            each.sources["base_SdssCentroid_x"], each.sources["base_SdssCentroid_y"], strict=True
        )
        for row, (x, y) in enumerate(places):
            again, its_error = aperture(each, x, y, radius)
            assert np.isfinite(again) == np.isfinite(flux[row])
            assert each.sources[f"{name}_flag"][row] == (not np.isfinite(again))
            if np.isfinite(again):
                differences.append((flux[row] - again) / error[row])
                assert its_error == pytest.approx(error[row], rel=0.01)
    assert len(differences) > 1500
    assert np.abs(differences).max() < 0.05


def test_centroids_agree(measured: list[Measured]) -> None:
    differences = []
    for each in measured:
        for row in np.flatnonzero(~each.sources["base_SdssCentroid_flag"]):
            x, y = (float(each.sources[f"base_SdssCentroid_{axis}"][row]) for axis in "xy")
            again = centroid(each, x, y)
            for axis, here, there in zip("xy", (x, y), again, strict=True):
                error = float(each.sources[f"base_SdssCentroid_{axis}Err"][row])
                differences.append((here - there) / error)
    assert len(differences) > 3000
    assert np.abs(differences).max() < 0.05


def matched_stars(
    measured: list[Measured],
    true_stars: list[tuple[Floats, Floats, Floats, Floats]],
    pull: Callable[[Measured, int, tuple[float, float, float]], list[float]],
) -> list[float]:
    """Collect pulls of clean sources that lie on a star without neighbours."""
    pulls: list[float] = []
    for each, (x, y, counts, neighbours) in zip(measured, true_stars, strict=True):
        for row in np.flatnonzero(each.clean):
            distance = np.hypot(
                x - each.sources["base_SdssCentroid_x"][row],
                y - each.sources["base_SdssCentroid_y"][row],
            )
            star = int(distance.argmin())
            alone = neighbours[star] < 1e-3 * counts[star]
            if distance[star] < 1.0 and alone and counts[star] > 1500.0:
                pulls += pull(each, int(row), (x[star], y[star], counts[star]))
    return pulls


def test_positions_of_stars_are_true(
    measured: list[Measured], true_stars: list[tuple[Floats, Floats, Floats, Floats]]
) -> None:
    def pull(each: Measured, row: int, star: tuple[float, float, float]) -> list[float]:
        return [
            (each.sources[f"base_SdssCentroid_{axis}"][row] - place)
            / each.sources[f"base_SdssCentroid_{axis}Err"][row]
            for axis, place in zip("xy", star, strict=False)
        ]

    assert_like_a_normal(matched_stars(measured, true_stars, pull))


@pytest.mark.parametrize(
    "flux", ["base_PsfFlux", "base_CircularApertureFlux_6_0", "base_CircularApertureFlux_12_0"]
)
def test_fluxes_of_stars_are_true(
    measured: list[Measured],
    true_stars: list[tuple[Floats, Floats, Floats, Floats]],
    flux: str,
) -> None:
    def pull(each: Measured, row: int, star: tuple[float, float, float]) -> list[float]:
        radius = 6.0 if flux.endswith("_6_0") else np.inf
        outside = np.exp(-0.5 * (radius / each.image.psf_sigma) ** 2)
        expected = star[2] * (1.0 - outside)
        value = each.sources[f"{flux}_instFlux"][row]
        if not np.isfinite(value):
            return []
        return [(value - expected) / each.sources[f"{flux}_instFluxErr"][row]]

    pulls = matched_stars(measured, true_stars, pull)
    assert len(pulls) > 150
    assert_like_a_normal(pulls, width=0.15)


def test_moments_of_stars_are_the_psf(
    measured: list[Measured], true_stars: list[tuple[Floats, Floats, Floats, Floats]]
) -> None:
    def pull(each: Measured, row: int, star: tuple[float, float, float]) -> list[float]:
        if star[2] < 10_000.0:
            return []
        truth = {"xx": each.image.psf_sigma**2, "yy": each.image.psf_sigma**2, "xy": 0.0}
        return [
            (each.sources[f"base_SdssShape_{axes}"][row] - value)
            / each.sources[f"base_SdssShape_{axes}Err"][row]
            for axes, value in truth.items()
        ]

    assert_like_a_normal(matched_stars(measured, true_stars, pull), width=0.15)


def test_every_bright_star_is_found(
    measured: list[Measured], true_stars: list[tuple[Floats, Floats, Floats, Floats]]
) -> None:
    for each, (x, y, counts, neighbours) in zip(measured, true_stars, strict=True):
        height, width = each.image.image.shape
        inside = (x > 12) & (y > 12) & (x < width - 12) & (y < height - 12) & (counts > 3000.0)
        inside &= neighbours < counts
        for star in np.flatnonzero(inside):
            if each.image.has("NO_DATA", "CR")[round(y[star]), round(x[star])]:
                continue
            distance = np.hypot(
                each.sources["base_SdssCentroid_x"] - x[star],
                each.sources["base_SdssCentroid_y"] - y[star],
            )
            assert distance.min() < 6.0, (each.image.visit, each.image.detector, x[star], y[star])


def test_a_star_stands_at_one_place_in_all_visits(measured: list[Measured]) -> None:
    pulls = []
    for n, first in enumerate(measured):
        for second in measured[n + 1 :]:
            if first.image.visit != second.image.visit:
                pulls += sky_differences(first, second)
    assert len(pulls) > 200
    assert_like_a_normal(pulls, width=0.15)


def sky_differences(first: Measured, second: Measured) -> list[float]:
    """Differences of bright point sources that two images have in common, over their errors.

    A source's error on the sky is that in pixels times the pixel scale.
    """
    places, errors = [], []
    for each in (first, second):
        star = each.clean & (each.sources["base_ClassificationExtendedness_value"] == 0.0)
        star &= each.sources["base_PsfFlux_instFlux"] > 5000.0
        scale = np.sqrt(abs(np.linalg.det(each.image.wcs.pixel_scale_matrix))) * 3600.0
        coordinates = np.degrees([each.sources["coord_ra"], each.sources["coord_dec"]])
        places.append(coordinates[:, star] * 3600.0)
        both = [each.sources[f"base_SdssCentroid_{axis}Err"] for axis in "xy"]
        errors.append(np.mean(both, axis=0)[star] * scale)
    separation = np.hypot(
        places[0][0][:, None] - places[1][0], places[0][1][:, None] - places[1][1]
    )
    pulls: list[float] = []
    for one, other in zip(*np.nonzero(separation < 1.0), strict=True):
        error = np.hypot(errors[0][one], errors[1][other])
        pulls += [(places[0][axis][one] - places[1][axis][other]) / error for axis in (0, 1)]
    return pulls


def test_coordinates_come_through_the_wcs(measured: list[Measured]) -> None:
    for each in measured:
        ra, dec = each.image.wcs.all_pix2world(
            each.sources["base_SdssCentroid_x"], each.sources["base_SdssCentroid_y"], 0
        )
        assert np.degrees(each.sources["coord_ra"]) == pytest.approx(ra, abs=1e-9)
        assert np.degrees(each.sources["coord_dec"]) == pytest.approx(dec, abs=1e-9)


def test_full_size_has_its_894_sources() -> None:
    tables = recipe_module("tables")
    visit = next(visit for visit in tables.visits() if visit.id == 903334)
    place = next(
        each for each in tables.footprints() if (each.visit, each.detector) == (903334, 22)
    )
    size = recipe_module("camera").Format(1)
    made = recipe_module("exposure").process(visit, place, size)
    assert made.frame.image.shape == (4176, 2048)
    assert len(made.sources) == 894
