"""The errors of ci_hsc's sources: each measurement against the same one without noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from conformance.selftest.ci_hsc_files import recipe_module

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pair:
    """Sources of an image, and the same sources measured on its light alone.

    Attributes
    ----------
    noisy, true
        Columns by name, row by row the same sources.
    clean
        Rows that no defect and no neighbour spoils, shape (n,).
    pulls
        Noise of the pixels of all footprints in units of what the variance plane says.
    """

    noisy: dict[str, NDArray[Any]]
    true: dict[str, NDArray[Any]]
    clean: Bools
    pulls: Floats

    @property
    def significance(self) -> Floats:
        """PSF flux over its error."""
        return np.asarray(
            self.noisy["base_PsfFlux_instFlux"] / self.noisy["base_PsfFlux_instFluxErr"]
        )


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    """Every third image, at quarter size."""
    tables = recipe_module("tables")
    visits = {visit.id: visit for visit in tables.visits()}
    return [measure(visits[place.visit], place) for place in tables.footprints()[::3]]


def measure(visit: Any, footprint: Any) -> Pair:
    """Measure an image twice."""
    camera = recipe_module("camera")
    made = recipe_module("exposure").process(visit, footprint, camera.Format(4))
    frame, sigma = made.frame, visit.psf_sigma
    light = recipe_module("pixels").light(
        frame.objects, frame.x, frame.y, frame.counts, frame.plate, sigma, frame.image.shape
    )
    light[np.isnan(frame.image)] = np.nan
    found = recipe_module("detect").detect(frame.image, frame.variance, frame.mask, sigma)
    true = recipe_module("catalogue").measure_sources(
        light, frame.variance, made.mask, found, frame.plate, sigma, 1
    )
    noisy = made.sources.columns
    spoilt = noisy["deblend_skipped"] | noisy["base_SdssShape_flag"]
    spoilt = spoilt | true.columns["base_SdssShape_flag"]
    for name in ("edge", "saturated", "cr", "bad"):
        spoilt = spoilt | noisy[f"base_PixelFlags_flag_{name}"]
    untouched = (made.mask & ~(1 << camera.PLANES["DETECTED"])) == 0
    lit = untouched & ((made.mask & (1 << camera.PLANES["DETECTED"])) != 0)
    pulls = (frame.image - light)[lit] / np.sqrt(
        camera.sky_variance(visit) + light[lit] / camera.GAIN
    )
    return Pair(noisy, true.columns, np.asarray(~spoilt), pulls)


def pulls_of(pairs: list[Pair], value: str, error: str, above: float) -> Floats:
    """Return differences over errors of the clean sources above some significance."""
    found = [
        ((each.noisy[value] - each.true[value]) / each.noisy[error])[rows]
        for each in pairs
        for rows in [each.clean & (each.significance > above)]
    ]
    pulls = np.concatenate(found)
    return np.asarray(pulls[np.isfinite(pulls)])


@pytest.mark.parametrize(
    "flux",
    [
        "base_GaussianFlux",
        "base_SdssShape",
        "base_PsfFlux",
        "base_CircularApertureFlux_6_0",
        "base_CircularApertureFlux_4_5",
    ],
)
def test_fluxes_scatter_by_their_errors(pairs: list[Pair], flux: str) -> None:
    pulls = pulls_of(pairs, f"{flux}_instFlux", f"{flux}_instFluxErr", 8.0)
    assert len(pulls) > 300
    assert abs(pulls.mean()) < 0.25
    assert pulls.std() == pytest.approx(1.0, abs=0.1)
    assert np.abs(pulls).max() < 5.5


@pytest.mark.parametrize("axes", ["xx", "yy", "xy"])
def test_moments_scatter_by_their_errors(pairs: list[Pair], axes: str) -> None:
    name = f"base_SdssShape_{axes}"
    pulls = pulls_of(pairs, name, f"{name}Err", 20.0)
    assert len(pulls) > 150
    assert abs(pulls.mean()) < 0.25
    assert pulls.std() == pytest.approx(1.0, abs=0.15)
    assert np.abs(pulls).max() < 5.5


@pytest.mark.parametrize("axis", ["x", "y"])
def test_centroids_scatter_by_their_errors(pairs: list[Pair], axis: str) -> None:
    name = f"base_SdssCentroid_{axis}"
    pulls = pulls_of(pairs, name, f"{name}Err", 8.0)
    assert abs(pulls.mean()) < 0.2
    assert pulls.std() == pytest.approx(1.0, abs=0.1)


@pytest.mark.parametrize("axes", ["xx", "yy"])
def test_flux_and_moments_vary_together(pairs: list[Pair], axes: str) -> None:
    flux, moment = "base_SdssShape_instFlux", f"base_SdssShape_{axes}"
    products = []
    for each in pairs:
        rows = each.clean & (each.significance > 20.0)
        shifts = (each.noisy[flux] - each.true[flux]) * (each.noisy[moment] - each.true[moment])
        products.append((shifts / each.noisy[f"{flux}_{axes}_Cov"])[rows])
    ratio = np.concatenate(products)
    assert abs(ratio.mean() - 1.0) < 4.0 * ratio.std() / np.sqrt(len(ratio))
    assert ratio.mean() > 0.5


def test_noise_of_lit_pixels_is_that_of_their_photons(pairs: list[Pair]) -> None:
    """By quantiles: where a bleed trail ends, a pixel holds charge that is not its light."""
    low, middle, high = np.quantile(
        np.concatenate([each.pulls for each in pairs]), [0.25, 0.5, 0.75]
    )
    assert abs(middle) < 0.05
    assert (high - low) / 1.3489795 == pytest.approx(1.0, abs=0.02)
