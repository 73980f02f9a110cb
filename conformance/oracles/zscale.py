"""The display limits that LSST's zscale finds, straight from its definition.

This is the slow and plain form that displays are judged by. It follows the steps of afw's
``rgb/_scaling.cc``; astropy's ``ZScaleInterval`` takes other pixels and grows rejections to
both sides, and so finds other limits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

ITERATIONS = 5
REJECTION_SIGMA = 2.5


def zscale_limits(
    image: NDArray[Any], samples: int = 1000, contrast: float = 0.25
) -> tuple[float, float]:
    """Return the limits between which an image is shown.

    Parameters
    ----------
    image
        Pixels of shape (height, width), in any unit.
    samples
        How many pixels to look at, about.
    contrast
        The slope of the sorted sample is divided by it.

    Returns
    -------
    lower, upper : `float`
        Limits in the unit of the image.

    Raises
    ------
    ValueError
        Raised where no pixel is finite.
    """
    sample = np.sort(_sample(image, samples))
    n = len(sample)
    if n == 0:
        raise ValueError("no pixel of the image is finite")
    lowest, highest = float(sample[0]), float(sample[-1])
    slope = _slope(sample)
    if slope is None:
        return lowest, highest
    slope /= contrast
    middle = float(sample[n // 2])
    if n % 2 == 0:
        middle = (middle + float(sample[n // 2 + 1])) / 2
    return (
        max(lowest, middle - (n // 2) * slope),
        min(highest, middle + (n - n // 2 - 1) * slope),
    )


def _sample(image: NDArray[Any], samples: int) -> NDArray[np.float64]:
    height, width = image.shape
    stride = max(1, int(math.sqrt(width * height / samples)))
    while True:
        grid = np.asarray(image[::stride, ::stride], dtype=np.float64)
        finite = grid[np.isfinite(grid)]
        if 5 * len(finite) > 4 * samples or stride == 1:
            return finite
        stride -= 1


def _slope(sample: NDArray[np.float64]) -> float | None:
    """Return the slope of value against place in the sorted sample, or None if too few are left."""
    n = len(sample)
    fewest = max(5, n // 2)
    grow = max(1, n // 100)
    place = 2.0 * np.arange(n) / max(n - 1, 1) - 1.0
    rejected = np.zeros(n, dtype=bool)
    kept, slope = n, 0.0
    for _ in range(ITERATIONS):
        if kept < fewest:
            return None
        intercept, slope = _line(place[~rejected], sample[~rejected])
        residual = sample - (intercept + slope * place)
        good = residual[~rejected]
        sigma = float(np.std(good, ddof=1)) if len(good) > 1 else 0.0
        rejected |= np.abs(residual) > REJECTION_SIGMA * sigma
        rejected = _grown(rejected, grow)
        left = int(n - rejected.sum())
        if left == kept:
            break
        kept = left
    if kept < fewest:
        return None
    return slope * 2.0 / (n - 1)


def _grown(rejected: NDArray[np.bool_], grow: int) -> NDArray[np.bool_]:
    """Reject each entry that has a rejected one among the `grow` entries that end with it."""
    grown = rejected.copy()
    for index in range(len(rejected)):
        first = max(0, index - grow + 1) if index > grow else 0
        grown[index] = bool(rejected[first : index + 1].any())
    return grown


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    mean_x, mean_y = float(x.mean()), float(y.mean())
    spread = float(((x - mean_x) ** 2).sum())
    slope = float(((x - mean_x) * (y - mean_y)).sum()) / spread
    return mean_y - slope * mean_x, slope


def asinh_stretch(
    image: NDArray[Any], lower: float, upper: float, softening: float = 8.0
) -> NDArray[np.float64]:
    """Return LSST's asinh stretch, 0 below the lower limit and 1 for white.

    The value a tenth of the way from `lower` to `upper` is shown at 0.1, whatever the
    softening (afw's ``AsinhMapping``, Lupton et al. 2004, with Q as `softening`).
    """
    x = (np.asarray(image, dtype=np.float64) - lower) / (upper - lower)
    shown = 0.1 * np.arcsinh(softening * x) / math.asinh(0.1 * softening)
    return np.clip(shown, 0.0, 1.0)
