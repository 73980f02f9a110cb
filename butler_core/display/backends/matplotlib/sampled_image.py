"""Images of which only the pixels that reach the screen are coloured.

matplotlib stretches and colours a whole image before it picks the pixels that
fall on the screen. With nearest-pixel sampling the order does not matter, so
these images pick first. Which pixels those are, matplotlib says itself: it is
asked to draw a ramp of column numbers and one of row numbers in the place of
the image, so the picture is the same to the last pixel in each release.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage

from ...mask_overlay import overlay
from ...scene import ImageLayer, MaskLayer

__all__ = ["MaskImage", "PixelImage"]


class _Recorder(Normalize):
    """Keeps the values that matplotlib is about to colour."""

    def __init__(self) -> None:
        super().__init__(0, 1)
        self.seen: npt.NDArray[Any] = np.zeros((0, 0))

    def __call__(self, value: Any, clip: bool | None = None) -> Any:
        self.seen = np.ma.getdata(value)
        return np.ma.zeros(self.seen.shape)


class _SampledImage(AxesImage, ABC):
    """An image that colours what `make_image` picks."""

    def set_data(self, A: Any) -> None:
        """Take the pixels as they are.

        Parameters
        ----------
        A : `numpy.ndarray`
            The pixels; not copied.
        """
        self._A = A
        self._imcache = None
        self.stale = True

    @abstractmethod
    def colour(self, pixels: npt.NDArray[Any]) -> npt.NDArray[np.floating[Any]]:
        """Return the straight-alpha RGBA of pixels, from 0 to 1."""

    def make_image(
        self, renderer: Any, magnification: float = 1.0, unsampled: bool = False
    ) -> tuple[Any, float, float, Any]:
        """Sample and colour the image.

        Parameters
        ----------
        renderer
            What draws.
        magnification : `float`, optional
            Of the device over the screen.
        unsampled : `bool`, optional
            Not used: these images are never handed on whole.

        Returns
        -------
        rgba : `numpy.ndarray` of ``uint8``, shape (height, width, 4)
            The pixels of the device, `None` if the image is not on it.
        x, y : `float`
            Where they start.
        transform
            From the image to the device.
        """
        height, width = self._A.shape
        column, (rgba, x, y, transform) = self._picked((1, width), renderer, magnification)
        if rgba is None:
            return None, x, y, transform
        row, (_, _, _, row_transform) = self._picked((height, 1), renderer, magnification)
        if _has_ties(transform, 0, column.shape[1]) or _has_ties(row_transform, 1, row.shape[0]):
            # Between two pixels matplotlib's choice hangs on rounding, which a
            # ramp of one row does not repeat: take ramps as large as the image.
            column, _ = self._picked((height, width), renderer, magnification, axis=1)
            row, _ = self._picked((height, width), renderer, magnification, axis=0)
        else:
            # Every row of the first and every column of the second is the same,
            # and 0 where the image does not reach.
            column, row = column.max(axis=0), row.max(axis=1)[:, None]
        drawn = self._bytes(self.colour(self._A[row, column]))
        coverage = rgba[..., 3]
        if coverage.min() < 255:
            drawn[..., 3] = (drawn[..., 3] * (coverage / 255.0)).astype(np.uint8)
        return drawn, x, y, transform

    def _picked(
        self,
        shape: tuple[int, int],
        renderer: Any,
        magnification: float,
        axis: int | None = None,
    ) -> tuple[npt.NDArray[np.intp], tuple[Any, float, float, Any]]:
        """Draw a ramp of row or column numbers where this image lies."""
        recorder = _Recorder()
        ramp = AxesImage(
            self.axes,
            norm=recorder,
            origin=self.origin,
            extent=self.get_extent(),
            interpolation="nearest",
            interpolation_stage="data",
        )
        along = int(np.argmax(shape)) if axis is None else axis
        numbers = np.arange(shape[along], dtype=np.float32)
        ramp.set_data(np.broadcast_to(numbers[:, None] if along == 0 else numbers, shape))
        ramp.set_figure(self.axes.figure)
        ramp.set_transform(self.get_transform())
        ramp.set_clip_box(self.get_clip_box())
        ramp.set_clip_on(self.get_clip_on())
        drawn = ramp.make_image(renderer, magnification)
        return np.rint(recorder.seen).astype(np.intp), drawn

    def _check_unsampled_image(self) -> bool:
        """Have renderers that scale images themselves take the sampled one."""
        return False

    def _bytes(self, rgba: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        alpha = self.get_alpha()
        if alpha is not None:
            rgba = rgba * np.array([1, 1, 1, alpha])
        drawn: npt.NDArray[np.uint8] = self.to_rgba(rgba, bytes=True, norm=False)
        return drawn


def _has_ties(transform: Any, axis: int, count: int) -> bool:
    """Tell whether the centre of a device pixel lies between two pixels of an image.

    Parameters
    ----------
    transform : `matplotlib.transforms.Transform`
        From the image to the device.
    axis : `int`
        0 for columns, 1 for rows.
    count : `int`
        How many device pixels there are along the axis.
    """
    if not transform.is_affine:
        return True
    matrix = transform.get_matrix()
    if matrix[axis, 1 - axis] != 0:
        return True
    places = (np.arange(count) + 0.5 - matrix[axis, 2]) / matrix[axis, axis]
    return bool((np.abs(places - np.rint(places)) < 1e-6).any())


class PixelImage(_SampledImage):
    """The image of a scene.

    Parameters
    ----------
    axes : `matplotlib.axes.Axes`
        Where it is drawn.
    layer : `~butler_core.display.scene.ImageLayer`
        The pixels, their place and their stretch.
    norm : `matplotlib.colors.Normalize`
        The stretch as matplotlib's norm.
    """

    def __init__(self, axes: Any, layer: ImageLayer, norm: Normalize) -> None:
        super().__init__(
            axes,
            cmap=layer.colour_map,
            norm=norm,
            origin="lower",
            interpolation="nearest",
            extent=layer.extent,
        )
        self.set_data(layer.pixels)

    def colour(self, pixels: npt.NDArray[Any]) -> npt.NDArray[np.floating[Any]]:
        """Stretch and colour pixels; those without a value are transparent."""
        return np.asarray(self.cmap(self.norm(np.ma.masked_invalid(pixels))))


class MaskImage(_SampledImage):
    """The mask of a scene.

    Parameters
    ----------
    axes : `matplotlib.axes.Axes`
        Where it is drawn.
    layer : `~butler_core.display.scene.MaskLayer`
        The bits, their place and their planes.
    """

    def __init__(self, axes: Any, layer: MaskLayer) -> None:
        super().__init__(axes, origin="lower", interpolation="nearest", extent=layer.extent)
        self.set_data(layer.pixels)
        self.planes = layer.planes

    def colour(self, pixels: npt.NDArray[Any]) -> npt.NDArray[np.floating[Any]]:
        """Lay the planes over each other."""
        return overlay(pixels, self.planes)

    def get_cursor_data(self, event: Any) -> None:
        """Leave the value under the cursor to the image."""
