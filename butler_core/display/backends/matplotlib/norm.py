"""A stretch as matplotlib's norm."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import Normalize

from ...stretches import Stretch

__all__ = ["StretchNorm"]


class StretchNorm(Normalize):
    """Brightness by a stretch; the ends of the colour bar as limits.

    The inverse maps 0 and 1 to these limits, where the colour bar ends, not to
    the pixel values that are black and white. Between them it follows the
    stretch, so that the bar has at each tick the grey of that pixel value; with
    matplotlib's linear inverse it would have another.

    Parameters
    ----------
    stretch : `~butler_core.display.stretches.Stretch`
        The stretch.
    """

    def __init__(self, stretch: Stretch) -> None:
        super().__init__(*stretch.colour_bar)
        self.stretch = stretch

    def __call__(self, value: Any, clip: bool | None = None) -> Any:
        """Return the brightness, NaN or masked where there is none.

        Parameters
        ----------
        value : array-like
            Pixel values.
        clip : `bool`, optional
            Not used: each stretch has its own upper end.

        Returns
        -------
        brightness : `numpy.ma.MaskedArray`
            In the shape of ``value``.
        """
        return np.ma.array(
            self.stretch(np.ma.getdata(value)),
            mask=np.ma.getmaskarray(np.ma.asanyarray(value)),
        )

    def inverse(self, value: Any) -> Any:
        """Return the pixel values at places along the colour bar.

        Parameters
        ----------
        value : array-like
            From 0 at the lower to 1 at the upper end.

        Returns
        -------
        pixels : `numpy.ndarray`
            In the shape of ``value``.
        """
        functions = self.stretch.bar_scale
        if functions is None:
            return super().inverse(value)
        place, pixel = functions
        lower, upper = place(np.array([self.vmin, self.vmax], dtype=np.float64))
        return pixel(lower + (upper - lower) * np.ma.getdata(np.ma.asanyarray(value)))
