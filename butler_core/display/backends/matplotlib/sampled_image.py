"""Images of which only the pixels that reach the screen are coloured.

matplotlib stretches and colours a whole image before it picks the pixels that
fall on the screen. With nearest-pixel sampling the order makes no difference to
the picture, so these images pick first.
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
from .picking import Picker

__all__ = ["MaskImage", "PixelImage"]


class _SampledImage(AxesImage, ABC):
    """An image that colours what `make_image` picks."""

    picker: Picker
    """What says which pixels these are."""

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
        pick = self.picker.pick(self, self._A.shape, renderer, magnification)
        if pick is None:
            return None, 0, 0, None
        drawn = self._bytes(self.colour(self._A[pick.row, pick.column]))
        if pick.coverage.min() < 255:
            drawn[..., 3] = (drawn[..., 3] * (pick.coverage / 255.0)).astype(np.uint8)
        return drawn, pick.x, pick.y, pick.transform

    def _check_unsampled_image(self) -> bool:
        """Have renderers that scale images themselves take the sampled one."""
        return False

    def _bytes(self, rgba: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        alpha = self.get_alpha()
        if alpha is not None:
            rgba = rgba * np.array([1, 1, 1, alpha])
        drawn: npt.NDArray[np.uint8] = self.to_rgba(rgba, bytes=True, norm=False)
        return drawn


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
        self.picker = Picker()

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
    picker : `Picker`
        That of the image, which lies in the same place.
    """

    def __init__(self, axes: Any, layer: MaskLayer, picker: Picker) -> None:
        super().__init__(axes, origin="lower", interpolation="nearest", extent=layer.extent)
        self.set_data(layer.pixels)
        self.planes = layer.planes
        self.picker = picker

    def colour(self, pixels: npt.NDArray[Any]) -> npt.NDArray[np.floating[Any]]:
        """Lay the planes over each other."""
        return overlay(pixels, self.planes)

    def get_cursor_data(self, event: Any) -> None:
        """Leave the value under the cursor to the image."""
