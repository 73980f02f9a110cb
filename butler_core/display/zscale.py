"""The display limits of an image by the zscale algorithm, as LSST computes them.

The algorithm is IRAF's, in the form of ``getZScale`` of `lsst.afw.display.rgb`.
That form differs from `astropy.visualization.ZScaleInterval` in the sample, in
the growth of rejected points, in the median and in the limits: each difference
is small on the screen and real in the numbers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DisplayError, DisplayValueError

__all__ = ["grid_sample", "zscale"]

_SIGMAS = 2.5
_ITERATIONS = 5
_FEWEST_GOOD = 5


def zscale(
    pixels: npt.NDArray[Any], nSamples: int = 1000, contrast: float = 0.25
) -> tuple[float, float]:
    """Compute the limits between which an image shows its background and faint sources.

    Parameters
    ----------
    pixels : `numpy.ndarray`, shape (height, width)
        Of any real dtype. LSST has the algorithm for ``float32`` and ``uint16``
        alone; the others follow the same steps in their own type.
    nSamples : `int`, optional
        About how many pixels to look at.
    contrast : `float`, optional
        The slope of the sorted sample is divided by this.

    Returns
    -------
    z1, z2 : `float`
        In the units of the pixels, ``z1 <= z2``.

    Raises
    ------
    DisplayError
        Raised if no pixel is finite.
    DisplayValueError
        Raised if ``nSamples`` or ``contrast`` is not positive.
    """
    if nSamples < 1:
        raise DisplayValueError(f"zscale needs at least one sample, not nSamples={nSamples!r}.")
    if not contrast > 0:
        raise DisplayValueError(f"zscale needs a contrast above 0, not {contrast!r}.")
    sample = np.sort(grid_sample(pixels, nSamples))
    count = len(sample)
    if count == 0:
        raise DisplayError(
            "ZScale: No pixel in image is finite. Give the limits: scale(algorithm, min, max)."
        )
    lowest, highest = float(sample[0]), float(sample[-1])
    fewest = max(_FEWEST_GOOD, count // 2)
    # By a power of 2 to about 1, which is exact: squares of huge pixels would overflow.
    size = math.frexp(max(abs(lowest), abs(highest)))[1]
    good, slope = _fit(np.ldexp(sample.astype(np.float64), -size), fewest)
    if good < fewest:
        return lowest, highest
    # Sorted values cannot fall; rounding makes the slope of equal ones negative.
    slope = _times_power_of_two(max(slope, 0.0), size) / contrast
    centre = count // 2
    median = _median(sample)
    return (
        max(lowest, median - centre * slope),
        min(highest, median + (count - centre - 1) * slope),
    )


def grid_sample(pixels: npt.NDArray[Any], nSamples: int) -> npt.NDArray[Any]:
    """Take about ``nSamples`` finite pixels from a square grid that starts at the origin.

    Parameters
    ----------
    pixels : `numpy.ndarray`, shape (height, width)
        Of any real dtype.
    nSamples : `int`
        How many to aim for; there may be more. The grid becomes finer until
        more than 80 % of them are finite.

    Returns
    -------
    sample : `numpy.ndarray`
        One-dimensional, in the dtype of the pixels.
    """
    height, width = pixels.shape
    stride = max(1, int(math.sqrt(height * width / nSamples)))
    sample = pixels[:0, 0]
    while stride:
        grid = pixels[::stride, ::stride]
        sample = grid[np.isfinite(grid)]
        if 5 * len(sample) > 4 * nSamples:
            break
        stride -= 1
    return sample


def _times_power_of_two(value: float, power: int) -> float:
    """Return ``value * 2**power``, infinite where that is too large for a number."""
    with np.errstate(over="ignore"):
        return float(np.ldexp(value, power))


def _median(ordered: npt.NDArray[Any]) -> float:
    """Return the median of five or more sorted values as LSST takes it.

    Of an even number it averages the two values above the middle, not the two
    around it, in the arithmetic of the pixels.
    """
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return float(ordered[middle])
    if ordered.dtype.kind in "iu":
        total = int(ordered[middle]) + int(ordered[middle + 1])
        return float(abs(total) // 2 * (1 if total >= 0 else -1))  # C++ truncates
    return float((ordered[middle] + ordered[middle + 1]) / 2)


def _fit(ordered: npt.NDArray[np.float64], fewest: int) -> tuple[int, float]:
    """Fit a line to the sorted values, with rejection.

    Parameters
    ----------
    ordered : `numpy.ndarray`
        The sorted sample.
    fewest : `int`
        With fewer good points than this the fit is given up.

    Returns
    -------
    good : `int`
        How many points were left.
    slope : `float`
        Of the last line, in pixel value by place in the sample.
    """
    count = len(ordered)
    growth = max(1, count // 100)
    good = count
    if good < fewest:
        return good, 0.0
    place = np.arange(count) * (2.0 / (count - 1)) - 1.0
    bad = np.zeros(count, dtype=bool)
    slope = 0.0
    good_before = count + 1
    for _ in range(_ITERATIONS):
        if good < fewest or good >= good_before:
            break
        x, y = place[~bad], ordered[~bad]
        sum_x, sum_y = x.sum(), y.sum()
        sum_xx, sum_xy = (x * x).sum(), (x * y).sum()
        determinant = good * sum_xx - sum_x * sum_x
        intercept = (sum_xx * sum_y - sum_x * sum_xy) / determinant
        slope = float((good * sum_xy - sum_x * sum_y) / determinant)
        residual = ordered - (place * slope + intercept)
        cut = _SIGMAS * residual[~bad].std(ddof=1) if good > 1 else 0.0
        bad = _grown(bad | (np.abs(residual) > cut), growth)
        good_before, good = good, int(count - np.count_nonzero(bad))
    return good, slope * 2.0 / (count - 1)


def _grown(bad: npt.NDArray[np.bool_], growth: int) -> npt.NDArray[np.bool_]:
    """Spread each bad point over the ``growth - 1`` points after it.

    The first ``growth + 1`` points look back to the very first, so there the
    spread is one point longer.
    """
    count = len(bad)
    bad_up_to = np.concatenate(([0], np.cumsum(bad)))
    last = np.arange(count) + 1
    first = np.where(last - 1 > growth, last - growth, 0)
    return np.asarray(bad_up_to[last] > bad_up_to[first])
