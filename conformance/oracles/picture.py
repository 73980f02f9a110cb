"""Reading a drawn matplotlib figure back: where the image lies, and what colour is where.

Nothing here asks a display what it did; only the pixels of the canvas and the axes count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.zscale import asinh_stretch

MASK_ALPHA = 0.3
COLOURS = {
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 128 / 255, 0.0),  # matplotlib's; only markers are drawn in #00FF00
    "blue": (0.0, 0.0, 1.0),
    "cyan": (0.0, 1.0, 1.0),
    "magenta": (1.0, 0.0, 1.0),
    "yellow": (1.0, 1.0, 0.0),
    "orange": (1.0, 165 / 255, 0.0),
}
PLANE_COLOURS = {
    "BAD": "red",
    "CR": "magenta",
    "EDGE": "yellow",
    "INTRP": "green",
    "SAT": "green",
    "DETECTED": "blue",
    "DETECTED_NEGATIVE": "cyan",
    "SUSPECT": "yellow",
    "NO_DATA": "orange",
}
BLOCK = 16
FEWEST = 20


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure.

    Attributes
    ----------
    rgb
        The canvas, shape (height, width, 3), 0 to 255, the first row lowest.
    axes
        The axes that hold the image.
    others
        The other axes of the figure.
    """

    rgb: NDArray[np.uint8]
    axes: Any
    others: Sequence[Any]

    @classmethod
    def of(cls, figure: Any) -> Picture:
        """Draw a figure and read it.

        Raises
        ------
        ValueError
            Raised where not exactly one of its axes is switched off, as the step asks for the
            one with the image.
        """
        figure.canvas.draw()
        off = [axes for axes in figure.axes if not axes.axison]
        if len(off) != 1:
            raise ValueError(f"{len(off)} of {len(figure.axes)} axes are off, not exactly one")
        canvas = np.asarray(figure.canvas.buffer_rgba())[::-1, :, :3]
        others = [axes for axes in figure.axes if axes is not off[0]]
        return cls(np.array(canvas), off[0], others)

    def view(self) -> list[float]:
        """Return the limits of the axes: left, right, bottom, top in pixels of the image."""
        return [float(limit) for limit in (*self.axes.get_xlim(), *self.axes.get_ylim())]

    def colour_bars(self) -> list[list[float]]:
        """Return the values at the ends of each scale right of the image."""
        right = self.axes.get_window_extent().x1
        return [
            [float(end) for end in axes.get_ylim()]
            for axes in self.others
            if axes.axison and axes.get_window_extent().x0 >= right
        ]

    def _canvas(self, x: Any, y: Any) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return rows and columns of the canvas where pixels of the image lie."""
        points = self.axes.transData.transform(np.column_stack([x, y]))
        columns, rows = np.floor(points).astype(np.intp).T
        return rows, columns

    def crosses(self, places: Iterable[tuple[float, float]]) -> int:
        """Return at how many of the places, or beside them, the canvas is red as a cross is.

        An arm of two pixels of the image may be a third of a pixel of the canvas, so the red may
        be mixed with what lies under it; the red of a mask plane is fainter than half of it.
        """
        x, y = _columns(places)
        rows, columns = self._canvas(x, y)
        inside = self._inside(rows, columns)
        rgb = self.rgb.astype(int)
        red = _beside(rgb[:, :, 0] - rgb[:, :, 1:].max(axis=2) > 100)
        return int(np.count_nonzero(red[rows[inside], columns[inside]]))

    def circles(self, places: Iterable[tuple[float, float]], radius: float) -> int:
        """Return round how many of the places most of a circle is orange.

        Parts of a circle beyond the image are not drawn and not asked for.
        """
        orange = _beside(np.abs(self.rgb.astype(int) - [255, 165, 0]).max(axis=2) < 90)
        angles = np.linspace(0.0, 2.0 * np.pi, 40, endpoint=False)
        found = 0
        for x, y in places:
            around_x, around_y = x + radius * np.cos(angles), y + radius * np.sin(angles)
            left, right, bottom, top = self.view()
            shown = (around_x > left) & (around_x < right) & (around_y > bottom) & (around_y < top)
            rows, columns = self._canvas(around_x[shown], around_y[shown])
            inside = self._inside(rows, columns)
            hits = orange[rows[inside], columns[inside]]
            found += bool(len(hits) and np.mean(hits) >= 0.6)
        return found

    def _inside(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> NDArray[np.bool_]:
        height, width = self.rgb.shape[:2]
        return np.asarray((rows >= 0) & (rows < height) & (columns >= 0) & (columns < width))

    def against(
        self,
        expected: NDArray[np.float64],
        spare: Iterable[tuple[float, float]] = (),
        reach: float = 0,
    ) -> Comparison:
        """Hold the picture against the colours that the image should have.

        Parameters
        ----------
        expected
            Colours of each pixel of the image, shape (height, width, 3), from 0 to 1.
        spare, reach
            Places in the image round which markers cover it, and how far.
        """
        box = self.axes.get_window_extent()
        first, last = int(np.ceil(box.x0)) + 1, int(np.floor(box.x1)) - 1
        low, high = int(np.ceil(box.y0)) + 1, int(np.floor(box.y1)) - 1
        grid = np.meshgrid(np.arange(first, last), np.arange(low, high))
        columns, rows = (axis.ravel() for axis in grid)
        centres = np.column_stack([columns + 0.5, rows + 0.5])
        x, y = self.axes.transData.inverted().transform(centres).T
        keep = np.ones(len(x), dtype=bool)
        for centre_x, centre_y in spare:
            keep &= np.maximum(np.abs(x - centre_x), np.abs(y - centre_y)) > reach
        height, width = expected.shape[:2]
        x_pixel = np.clip(np.rint(x[keep]).astype(int), 0, width - 1)
        y_pixel = np.clip(np.rint(y[keep]).astype(int), 0, height - 1)
        drawn = self.rgb[rows[keep], columns[keep]].astype(float)
        across = (last - first) // BLOCK + 1
        return Comparison(
            drawn - 255.0 * expected[y_pixel, x_pixel],
            y_pixel,
            x_pixel,
            (rows[keep] - low) // BLOCK * across + (columns[keep] - first) // BLOCK,
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """The picture minus what is expected, for each pixel of the canvas inside the image.

    A display may take a neighbour of the pixel nearest to the centre, so single differences say
    little; their means over many pixels say much.

    Attributes
    ----------
    apart
        Differences in red, green and blue on the scale from 0 to 255, shape (n, 3).
    rows, columns
        The pixel of the image under each.
    block
        The number of the block of 16 by 16 that each belongs to.
    """

    apart: NDArray[np.float64]
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    block: NDArray[np.intp]

    def by_blocks(self) -> list[float]:
        """Return the mean, over blocks, of the absolute mean difference: red, green, blue."""
        count = np.bincount(self.block)
        filled = count >= BLOCK * BLOCK // 2
        sums = [np.bincount(self.block, weights=band) for band in self.apart.T]
        return [float(np.mean(np.abs(total[filled] / count[filled]))) for total in sums]

    def by_planes(self, mask: NDArray[Any], planes: Mapping[str, int]) -> dict[str, float]:
        """Return the largest mean difference of red, green or blue where each plane is set.

        A display may show a neighbour of the pixel that lies nearest, so only pixels count whose
        neighbours have the plane as well.

        Parameters
        ----------
        mask
            Bits of each pixel of the image, shape (height, width).
        planes
            Name of a plane to its bit; planes seen in fewer than 20 pixels are left out, and
            ``no plane`` stands for the pixels that none is set in.
        """
        planes_set = {name: mask & (1 << bit) != 0 for name, bit in sorted(planes.items())}
        planes_set["no plane"] = mask == 0
        groups = {
            name: ~_beside(~there)[self.rows, self.columns] for name, there in planes_set.items()
        }
        return {
            name: float(np.abs(self.apart[there].mean(axis=0)).max())
            for name, there in groups.items()
            if np.count_nonzero(there) >= FEWEST
        }


def expected_colours(
    image: NDArray[Any],
    mask: NDArray[Any],
    planes: Mapping[str, int],
    limits: tuple[float, float],
) -> NDArray[np.float64]:
    """Return the colours that LSST's display gives an exposure under the asinh stretch.

    Grey by `asinh_stretch`, then each mask plane of known colour over it with opacity 0.3, the
    highest bit first, so that the lowest ends on top. A pixel that is not finite shows the white
    of the page.

    Returns
    -------
    colours
        Shape (height, width, 3), from 0 to 1.
    """
    shown = np.where(np.isfinite(image), asinh_stretch(image, *limits), 1.0)
    colours = np.repeat(shown[:, :, np.newaxis], 3, axis=2)
    for name, bit in sorted(planes.items(), key=lambda item: -item[1]):
        marked = (mask & (1 << bit)) != 0
        if name in PLANE_COLOURS and marked.any():
            colour = np.array(COLOURS[PLANE_COLOURS[name]])
            colours[marked] = (1 - MASK_ALPHA) * colours[marked] + MASK_ALPHA * colour
    return colours


def _beside(there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a pixel or one of its eight neighbours is set; there is nothing beyond."""
    padded = np.pad(there, 1)
    height, width = there.shape
    shifted = [padded[y : y + height, x : x + width] for y in range(3) for x in range(3)]
    return np.asarray(np.logical_or.reduce(shifted))


def _columns(places: Iterable[tuple[float, float]]) -> tuple[NDArray[Any], NDArray[Any]]:
    points = np.asarray(list(places), dtype=float).reshape(-1, 2)
    return points[:, 0], points[:, 1]
