"""Which pixels of an image reach the screen.

matplotlib says itself: it is asked to draw a ramp of column numbers and one of
row numbers in the place of the image, so that nearest-pixel sampling is the
same to the last pixel in each of its releases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage

__all__ = ["Pick", "Picker"]


# Three points tell all about an affine transform.
_CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """The pixels of an image that reach the screen."""

    row: npt.NDArray[np.intp]
    """Their rows, of shape (height, 1) or (height, width) of the device."""

    column: npt.NDArray[np.intp]
    """Their columns, of shape (1, width) or (height, width) of the device."""

    coverage: npt.NDArray[np.uint8]
    """How far the image covers a pixel of the device: 255 but at its edges."""

    x: float
    """Where the pixels start on the device."""

    y: float
    """Where the pixels start on the device."""

    transform: Any
    """From the image to the device."""


class Picker:
    """Picks pixels for the images that lie in one place, and remembers the last pick."""

    def __init__(self) -> None:
        self._key: Any = None
        self._last: Pick | None = None

    def pick(
        self, image: AxesImage, shape: tuple[int, int], renderer: Any, magnification: float
    ) -> Pick | None:
        """Find the pixels of an image that reach the screen.

        Parameters
        ----------
        image : `matplotlib.image.AxesImage`
            Whose place it is.
        shape : `tuple` [ `int` ]
            Height and width of the image, in its own pixels.
        renderer
            What draws; handed on to matplotlib.
        magnification : `float`
            Of the device over the screen.

        Returns
        -------
        pick : `Pick` or `None`
            The pixels; `None` if the image is not on the screen.
        """
        place = image.get_transform()
        if not place.is_affine:
            return _pick(image, shape, renderer, magnification)
        clip = image.get_clip_box() or image.axes.bbox
        key = (
            shape,
            magnification,
            image.origin,
            tuple(image.get_extent()),
            place.transform(_CORNERS).tobytes(),
            tuple(clip.extents),
        )
        if key != self._key:
            self._key, self._last = key, _pick(image, shape, renderer, magnification)
        return self._last


class _Recorder(Normalize):
    """Keeps the values that matplotlib is about to colour."""

    def __init__(self) -> None:
        super().__init__(0, 1)
        self.seen: npt.NDArray[Any] = np.zeros((0, 0))

    def __call__(self, value: Any, clip: bool | None = None) -> Any:
        self.seen = np.ma.getdata(value)
        return np.ma.zeros(self.seen.shape)


class _Ramp(AxesImage):
    """Numbers in the place of an image."""

    def set_data(self, A: Any) -> None:
        """Take the numbers as they are, without the copy and the search for NaN."""
        self._A = np.ma.array(A, copy=False)


def _pick(
    image: AxesImage, shape: tuple[int, int], renderer: Any, magnification: float
) -> Pick | None:
    height, width = shape
    columns = np.arange(width, dtype=np.float32)[None, :]
    rows = np.arange(height, dtype=np.float32)[:, None]
    column, (rgba, x, y, transform) = _drawn(image, columns, renderer, magnification)
    if rgba is None:
        return None
    row, (_, _, _, row_transform) = _drawn(image, rows, renderer, magnification)
    if not _is_upright(transform):
        column, _ = _drawn(image, np.broadcast_to(columns, shape), renderer, magnification)
        row, _ = _drawn(image, np.broadcast_to(rows, shape), renderer, magnification)
    else:
        # Every row of the first and every column of the second is the same, and
        # 0 where the image does not reach.
        column = column.max(axis=0, keepdims=True)
        row = row.max(axis=1, keepdims=True)
        if _has_ties(row_transform, len(row)):
            # Where a row of the screen lies between two rows of the image, what
            # matplotlib 3.11 takes in the last column hangs on rounding.
            row, _ = _drawn(image, np.broadcast_to(rows, shape), renderer, magnification)
    return Pick(row, column, rgba[..., 3], x, y, transform)


def _drawn(
    image: AxesImage, numbers: npt.NDArray[np.float32], renderer: Any, magnification: float
) -> tuple[npt.NDArray[np.intp], tuple[Any, float, float, Any]]:
    """Draw numbers in the place of an image; return those that were picked, and the drawing."""
    recorder = _Recorder()
    ramp = _Ramp(
        image.axes,
        norm=recorder,
        origin=image.origin,
        extent=image.get_extent(),
        interpolation="nearest",
        interpolation_stage="data",
    )
    ramp.set_data(numbers)
    ramp.set_figure(image.axes.figure)
    ramp.set_transform(image.get_transform())
    ramp.set_clip_box(image.get_clip_box())
    ramp.set_clip_on(image.get_clip_on())
    drawing = ramp.make_image(renderer, magnification)
    return np.rint(recorder.seen).astype(np.intp), drawing


def _is_upright(transform: Any) -> bool:
    """Tell whether rows of the image are rows of the device."""
    if not transform.is_affine:
        return False
    matrix = transform.get_matrix()
    return bool(matrix[0, 1] == 0 and matrix[1, 0] == 0)


def _has_ties(transform: Any, count: int) -> bool:
    """Tell whether one of the rows of the device lies between two rows of the image."""
    matrix = transform.get_matrix()
    places = (np.arange(count) + 0.5 - matrix[1, 2]) / matrix[1, 1]
    return bool((np.abs(places - np.rint(places)) < 1e-6).any())
