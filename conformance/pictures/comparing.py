"""Holding pixels against pixels, exactly: how many differ, where, and how that looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AMPLIFIED = 10
Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two pictures differ.

    Attributes
    ----------
    sizes
        Width and height of the expected and of the actual picture.
    count, total
        How many pixels differ, of how many; all, where the sizes differ.
    first
        The first that differs, by rows from the top: (column, row).
    box
        The smallest box that holds all that differ: (left, top, right, bottom), the last two
        exclusive.
    colours
        Red, green and blue of the first that differs, expected and actual.
    """

    sizes: tuple[tuple[int, int], tuple[int, int]]
    count: int
    total: int
    first: tuple[int, int] | None = None
    box: tuple[int, int, int, int] | None = None
    colours: tuple[tuple[int, ...], tuple[int, ...]] | None = None

    def words(self, describe: Callable[[int, int], str] | None = None) -> str:
        """Return the difference in a sentence or two; "" where there is none.

        Parameters
        ----------
        describe
            Says what lies at a column and row of the canvas.
        """
        if not self.count:
            return ""
        if self.first is None or self.box is None or self.colours is None:
            expected, actual = (f"{width} × {height}" for width, height in self.sizes)
            return f"the picture has {actual} pixels, and not {expected}"
        left, top, right, bottom = self.box
        column, row = self.first
        expected_rgb, actual_rgb = self.colours
        number = "1 pixel differs" if self.count == 1 else f"{self.count} pixels differ"
        text = (
            f"{number} of {self.total}, in columns {left} to {right - 1} and rows {top} to "
            f"{bottom - 1} from the top; the first is at column {column}, row {row}: red, green, "
            f"blue {actual_rgb}, expected {expected_rgb}"
        )
        seen = describe(column, row) if describe is not None else ""
        return f"{text}; {seen}" if seen else text


def difference(expected: Pixels, actual: Pixels) -> Difference:
    """Compare two pictures of shape (height, width, 3)."""
    sizes = (_size(expected), _size(actual))
    total = expected.shape[0] * expected.shape[1]
    if expected.shape != actual.shape:
        return Difference(sizes, total, total)
    differs = (expected != actual).any(axis=2)
    if not differs.any():
        return Difference(sizes, 0, total)
    rows, columns = np.nonzero(differs)
    first = int(columns[0]), int(rows[0])
    box = (
        int(columns.min()),
        int(rows.min()),
        int(columns.max()) + 1,
        int(rows.max()) + 1,
    )
    colours = tuple(tuple(int(c) for c in one[first[1], first[0]]) for one in (expected, actual))
    return Difference(sizes, len(rows), total, first, box, (colours[0], colours[1]))


def amplified(expected: Pixels, actual: Pixels) -> Pixels | None:
    """Return the absolute difference of each channel, times ten; None where the sizes differ."""
    if expected.shape != actual.shape:
        return None
    apart = np.abs(expected.astype(int) - actual.astype(int))
    found: Pixels = np.minimum(AMPLIFIED * apart, 255).astype(np.uint8)
    return found


def _size(pixels: Pixels) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]
