"""zscale against numbers worked out by hand, and against the steps taken one by one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from butler_core.display.zscale import grid_sample, zscale
from butler_core.errors import DisplayError, DisplayValueError


def row(values: Any, dtype: Any = np.float32) -> np.ndarray[Any, Any]:
    return np.array([values], dtype=dtype)


@pytest.mark.parametrize(
    ("values", "contrast", "expected"),
    [
        # 0..10: slope 1 by place, median 5 at place 5 of 11.
        (range(11), 2.0, (5 - 5 * 0.5, 5 + 5 * 0.5)),
        # The same, wider than the data: cut at the smallest and the largest.
        (range(11), 0.25, (0, 10)),
        # 0..9: of an even number the median is the mean of places 5 and 6, 5.5,
        # with five steps below it and four above.
        (range(10), 2.0, (5.5 - 5 * 0.5, 5.5 + 4 * 0.5)),
        # The order of the pixels makes no difference.
        ([9, 3, 1, 0, 7, 8, 2, 6, 5, 4], 2.0, (3.0, 7.5)),
        # Fewer than five points are never fitted.
        ([4, 1, 8, 2], 2.0, (1, 8)),
        ([7], 0.25, (7, 7)),
        # NaN and infinities are not there.
        ([*range(11), math.nan, math.inf, -math.inf], 2.0, (2.5, 7.5)),
    ],
)
def test_by_hand(values: Any, contrast: float, expected: tuple[float, float]) -> None:
    assert zscale(row(values), contrast=contrast) == pytest.approx(expected, rel=1e-12)


def test_outlier_is_rejected_by_hand() -> None:
    # 0..18 and 1000: the line through all would be steep; the outlier is more
    # than 2.5 sigma off and goes. The rest has slope 1, the median is the mean
    # of places 10 and 11 of the whole sample.
    values = [*range(19), 1000]
    assert zscale(row(values), contrast=2.0) == pytest.approx((10.5 - 5, 10.5 + 4.5), rel=1e-12)


def test_rejected_points_take_those_after_them() -> None:
    # 300 points, nGrow 3: low outliers take the points after them, high ones
    # have none, so the two slopes differ where the sample is curved.
    curve = np.linspace(0, 100, 290) + 10 * np.sin(np.arange(290) / 6)
    low = np.concatenate([np.full(10, -1e4), curve])
    high = np.concatenate([curve, np.full(10, 1e4)])
    for values in (low, high):
        limits = zscale(row(values, float), contrast=2.0)
        assert limits == pytest.approx(by_steps(values, 2.0), rel=1e-9)
        assert limits[0] > -1e4
        assert limits[1] < 1e4


def test_too_many_rejected_gives_the_range() -> None:
    # A ramp with seven plateaus that stand out: with the four points after each
    # rejected one, over half of the 400 go, though not two thirds.
    values = np.arange(400.0)
    for plateau in range(7):
        start = int((plateau + 0.5) * 400 / 7)
        values[start : start + 8] = start + 8
    assert by_steps(values, 1.0) == (0, 399)
    assert zscale(row(values, float), contrast=1.0) == (0, 399)


def test_the_grid_starts_at_the_first_pixel() -> None:
    pixels = np.arange(4176 * 2048, dtype=np.float64).reshape(4176, 2048)
    sample = grid_sample(pixels, 1000)
    # sqrt(2048 x 4176 / 1000) = 92.5: 23 columns and 46 rows, more than 1000.
    assert len(sample) == 23 * 46
    assert sample.tolist() == [2048 * y + x for y in range(0, 4176, 92) for x in range(0, 2048, 92)]


def test_the_grid_becomes_finer_where_pixels_are_missing() -> None:
    pixels = np.arange(10000, dtype=np.float64).reshape(100, 100)
    pixels[::3, ::3] = np.nan
    # Stride 3 (100 x 100 / 1000) meets only NaN; stride 2 gives 2500 less the
    # 17 x 17 of the even multiples of three.
    assert len(grid_sample(pixels, 1000)) == 2500 - 17 * 17


def test_exactly_80_percent_are_too_few() -> None:
    pixels = np.ones((20, 50))
    pixels[:4] = np.nan
    assert len(grid_sample(pixels, 1000)) == 800
    pixels = np.ones((40, 100))
    pixels[:8:2, ::2] = np.nan
    # Stride 2 leaves 800 of 1000, not more than 80 %: stride 1, 3800 pixels.
    assert len(grid_sample(pixels, 1000)) == 3800


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.int64, np.float32, np.float64, ">f4"])
def test_every_real_dtype(dtype: Any) -> None:
    assert zscale(row(range(11), dtype), contrast=2.0) == pytest.approx((2.5, 7.5))


def test_integers_have_an_integer_median() -> None:
    assert zscale(row(range(10), np.uint16), contrast=2.0) == pytest.approx((5 - 2.5, 5 + 2.0))
    values = [*range(65526, 65536)]  # the sum of two does not fit
    assert zscale(row(values, np.uint16), contrast=2.0) == pytest.approx((65528.5, 65533))


def test_an_image_of_one_value_has_equal_limits() -> None:
    for shape in ((5, 5), (30, 30), (37, 41)):
        for value in (0.0, 3.0, 0.1, -1e7 / 3, 7.7):
            lower, upper = zscale(np.full(shape, value))
            assert lower == upper == value


def test_no_finite_pixel() -> None:
    with pytest.raises(DisplayError, match="No pixel in image is finite"):
        zscale(row([math.nan, math.inf]))


@pytest.mark.parametrize("options", [{"nSamples": 0}, {"contrast": 0}, {"contrast": math.nan}])
def test_options_without_sense(options: dict[str, float]) -> None:
    with pytest.raises(DisplayValueError):
        zscale(row(range(11)), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(12))
def test_step_by_step(seed: int) -> None:
    random = np.random.default_rng(seed)
    count = int(random.integers(5, 400))
    values = random.normal(100, 10, count)
    outliers = random.integers(0, count, count // 20)
    values[outliers] += random.choice([-1, 1]) * random.exponential(500, len(outliers))
    contrast = float(random.uniform(0.2, 3))
    found = zscale(row(values, float), contrast=contrast)
    assert found == pytest.approx(by_steps(values, contrast), rel=1e-9)


def by_steps(values: Any, contrast: float) -> tuple[float, float]:
    """Take the steps of the description one at a time, with plain lists."""
    ordered = sorted(float(value) for value in values)
    n = len(ordered)
    smallest_number = max(5, n // 2)
    growth = max(1, n // 100)
    x = [-1 + 2 * i / (n - 1) for i in range(n)]
    good = set(range(n))
    gradient = 0.0
    for _ in range(5):
        if len(good) < smallest_number:
            break
        mean_x = math.fsum(x[i] for i in good) / len(good)
        mean_y = math.fsum(ordered[i] for i in good) / len(good)
        spread = math.fsum((x[i] - mean_x) ** 2 for i in good)
        gradient = math.fsum((x[i] - mean_x) * (ordered[i] - mean_y) for i in good) / spread
        off = [ordered[i] - mean_y - gradient * (x[i] - mean_x) for i in range(n)]
        sigma = math.sqrt(math.fsum(off[i] ** 2 for i in good) / (len(good) - 1))
        bad = {i for i in range(n) if i not in good or abs(off[i]) > 2.5 * sigma}
        kept = set()
        for i in range(n):
            looked_at = range(i + 1) if i <= growth else range(i - growth + 1, i + 1)
            if not bad.intersection(looked_at):
                kept.add(i)
        if len(kept) == len(good):
            break
        good = kept
    if len(good) < smallest_number:
        return ordered[0], ordered[-1]
    middle = n // 2
    median = ordered[middle] if n % 2 else (ordered[middle] + ordered[middle + 1]) / 2
    step = gradient * 2 / (n - 1) / contrast
    lower = max(ordered[0], median - middle * step)
    return lower, min(ordered[-1], median + (n - middle - 1) * step)


@pytest.mark.parametrize("power", [-1000, 300, 1000])
@pytest.mark.filterwarnings("error")
def test_limits_follow_the_scale_of_the_pixels_exactly(power: int) -> None:
    pixels = np.random.default_rng(5).normal(100.0, 10.0, (60, 50))
    factor = 2.0**power
    low, high = zscale(pixels, contrast=2.0)
    assert pixels.min() < low < high < pixels.max()
    assert zscale(pixels * factor, contrast=2.0) == (low * factor, high * factor)
