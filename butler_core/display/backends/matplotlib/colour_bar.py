"""The colour bar beside an image."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from mpl_toolkits.axes_grid1 import make_axes_locatable

from ....errors import DisplayValueError, nearest
from .norm import StretchNorm
from .sampled_image import PixelImage

__all__ = ["add_colour_bar"]

# The orientation of a bar at each place, and its distance in inches.
_PLACES = {
    "right": ("vertical", 0.1),
    "left": ("vertical", 0.1),
    "top": ("horizontal", 0.3),
    "bottom": ("horizontal", 0.3),
}


def add_colour_bar(
    image: PixelImage, where: str, axSize: float | str, axPad: float | None, **options: Any
) -> Axes:
    """Draw the colour bar of an image, which makes room for it.

    Parameters
    ----------
    image : `PixelImage`
        The image.
    where : `str`
        At its ``right``, ``left``, ``top`` or ``bottom``.
    axSize : `str` or `float`
        The width, as a percentage of the image's or in inches.
    axPad : `float` or `None`
        The distance in inches; `None` is 0.1 beside the image and 0.3 above
        and below it.
    **options
        Further arguments of `matplotlib.figure.Figure.colorbar`.

    Returns
    -------
    bar : `matplotlib.axes.Axes`
        The axes of the bar. Those of the image are the current ones.

    Raises
    ------
    DisplayValueError
        Raised if ``where`` is none of the four.
    """
    if where not in _PLACES:
        raise DisplayValueError(
            f"The colour bar goes to one of {', '.join(map(repr, _PLACES))}, "
            f"not to {where!r}{nearest(str(where), _PLACES)}"
        )
    orientation, pad = _PLACES[where]
    axes = image.axes
    figure = axes.figure
    bar: Axes = make_axes_locatable(axes).append_axes(
        where, size=axSize, pad=pad if axPad is None else axPad
    )
    figure.colorbar(image, cax=bar, orientation=orientation, **options)
    long_axis = "y" if orientation == "vertical" else "x"
    if isinstance(image.norm, StretchNorm):
        functions = image.norm.stretch.bar_scale
        scale = {"value": "function", "functions": functions} if functions else {"value": "linear"}
        getattr(bar, f"set_{long_axis}scale")(**scale)
    if where in ("left", "top"):
        getattr(bar, f"{long_axis}axis").set_ticks_position(where)
    # What the user does next to the current axes is meant for the image.
    figure.sca(axes)
    return bar
