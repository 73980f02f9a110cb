"""The loader of the recipes, and that the sky of ci_hsc is a function of the place alone."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from conformance import recipes
from conformance.selftest.ci_hsc_files import recipe_module


def test_a_recipe_is_loaded_under_a_name_of_its_own() -> None:
    recipe = recipes.load("ci_hsc")
    assert callable(recipe.make)
    assert sys.modules["butler_fixtures.ci_hsc"] is recipe
    assert "fixtures" not in sys.modules


def test_an_unknown_recipe_is_named_with_those_there_are() -> None:
    with pytest.raises(LookupError, match=r"No recipe 'ci_hcs'; there are: .*ci_hsc"):
        recipes.load("ci_hcs")


def test_the_sky_does_not_depend_on_the_window() -> None:
    sky = recipe_module("sky").QUARTER_SKY
    wide = sky.within((320.6, 321.0), (-0.5, -0.1))
    small = sky.within((320.71, 320.83), (-0.33, -0.21))
    assert len(small) > 20
    same = np.isin(wide.id, small.id)
    np.testing.assert_array_equal(wide.id[same], small.id)
    np.testing.assert_array_equal(wide.mag_r[same], small.mag_r)
    assert len(np.unique(wide.id)) == len(wide)


def test_the_coarse_sky_is_a_part_of_the_full_one() -> None:
    module = recipe_module("sky")
    window = (320.7, 320.9), (-0.4, -0.2)
    coarse, full = module.QUARTER_SKY.within(*window), module.FULL_SKY.within(*window)
    common = np.isin(full.id, coarse.id)
    np.testing.assert_array_equal(full.id[common], coarse.id)
    np.testing.assert_array_equal(full.mag_i[common], coarse.mag_i)
    assert len(full) == pytest.approx(16 * len(coarse), rel=0.35)


def test_bleeding_keeps_the_charge() -> None:
    bleed = recipe_module("defects").bleed
    counts = np.zeros((60, 3))
    counts[30, 1] = 5000.0
    counts[31, 1] = 2500.0
    bleed(counts, 1000.0)
    assert counts.sum() == pytest.approx(7500.0)
    assert counts.max() == pytest.approx(1000.0)
    assert not counts[:, (0, 2)].any()
    assert np.flatnonzero(counts[:, 1]).tolist() == list(range(27, 35))


def test_regions_of_a_mask_are_told_apart() -> None:
    label = recipe_module("detect").label
    mask = np.array(
        [
            [1, 1, 0, 0, 1],
            [0, 0, 1, 0, 1],
            [0, 0, 0, 0, 0],
            [1, 0, 1, 1, 1],
            [1, 1, 1, 0, 1],
        ],
        bool,
    )
    expected = [
        [1, 1, 0, 0, 2],
        [0, 0, 1, 0, 2],
        [0, 0, 0, 0, 0],
        [3, 0, 3, 3, 3],
        [3, 3, 3, 0, 3],
    ]
    np.testing.assert_array_equal(label(mask), expected)


def test_the_area_of_a_circle_is_shared_out_exactly() -> None:
    overlap = recipe_module("apertures").circle_overlap
    grid = np.arange(-8.0, 9.0)
    dx, dy = np.meshgrid(grid - 0.3, grid + 0.45)
    for radius in (0.4, 1.0, 3.0, 6.5):
        share = overlap(dx, dy, radius)
        assert share.sum() == pytest.approx(np.pi * radius**2, rel=1e-12)
        assert share.min() >= 0.0
        assert share.max() <= 1.0
    assert overlap(np.array([0.5]), np.array([0.5]), 1.0)[0] == pytest.approx(np.pi / 4)


def test_a_galaxy_is_an_exponential_disc() -> None:
    profiles = recipe_module("profiles")
    jacobian = np.eye(2)
    image = np.zeros((401, 401))
    disc = profiles.galaxy(1e8, 20.0, 1.0, 0.0, 0.0, jacobian, 0.5)
    for flux, xx, xy, yy in zip(disc.flux, disc.xx, disc.xy, disc.yy, strict=True):
        profiles.add_gaussian(image, 200.0, 200.0, flux, xx, xy, yy)
    assert image.sum() == pytest.approx(1e8, rel=1e-4)
    radius = np.hypot(*np.meshgrid(np.arange(401) - 200, np.arange(401) - 200))
    assert image[radius < 20.0].sum() == pytest.approx(0.5e8, rel=0.02)
    scale = 20.0 / profiles.HALF_LIGHT
    for r in (10, 20, 40):
        expected = 1e8 / (2 * np.pi * scale**2) * np.exp(-r / scale)
        assert image[200, 200 + r] == pytest.approx(expected, rel=0.06)
