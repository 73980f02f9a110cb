"""From the arguments of `Display.dot` to a mark of the scene."""

from __future__ import annotations

import math
from typing import Any

from ..errors import DisplayTypeError, DisplayValueError
from .colours import mark_colour
from .markers import markers
from .scene import Mark

__all__ = ["mark"]

# matplotlib's own orders and width: patches lie below lines, texts above.
_ELLIPSE_WIDTH, _ELLIPSE_ZORDER = 1.0, 1
_TEXT_ZORDER = 3


def mark(symb: Any, x: float, y: float, size: float, ctype: Any) -> Mark:
    """Make the record of one symbol.

    Parameters
    ----------
    symb : `str`, `int` or an ellipse
        A symbol (``+``, ``x``, ``*``, ``o``), ``@:Mxx,Mxy,Myy``, an object with
        ``getA``, ``getB``, ``getTheta`` or with ``getIxx``, ``getIyy``,
        ``getIxy``, or a text.
    x, y : `float`
        Parent coordinates of the centre, in pixels.
    size : `float`
        Radius or length of an arm in pixels; ellipses and texts have none.
    ctype : `str` or `None`
        The colour.

    Returns
    -------
    mark : `Mark`
        The record.

    Raises
    ------
    DisplayTypeError
        Raised if ``symb`` is nothing that can be drawn.
    DisplayValueError
        Raised if the moments make no ellipse, or there is no such colour.
    """
    colour = mark_colour(ctype)
    if isinstance(symb, str):
        marker = markers().get(symb)
        if marker is not None:
            return Mark(
                symb, float(x), float(y), float(size), colour, marker.line_width, marker.zorder
            )
        if not symb.startswith("@:"):
            return Mark(symb, float(x), float(y), float(size), colour, 0.0, _TEXT_ZORDER)
    elif isinstance(symb, int):
        return Mark(str(symb), float(x), float(y), float(size), colour, 0.0, _TEXT_ZORDER)
    return Mark(
        "@",
        float(x),
        float(y),
        float(size),
        colour,
        _ELLIPSE_WIDTH,
        _ELLIPSE_ZORDER,
        _ellipse(symb),
    )


def _ellipse(symb: Any) -> tuple[float, float, float]:
    """Return the semi-axes in pixels and the angle in radians."""
    if hasattr(symb, "getTheta"):
        return float(symb.getA()), float(symb.getB()), float(symb.getTheta())
    if hasattr(symb, "getIxx"):
        return _axes(symb.getIxx(), symb.getIxy(), symb.getIyy(), symb)
    if not isinstance(symb, str):
        raise DisplayTypeError(
            f"dot() draws a symbol, a text or an ellipse, not a {type(symb).__name__}."
        )
    try:
        xx, xy, yy = (float(moment) for moment in symb[2:].split(","))
    except ValueError:
        raise DisplayValueError(
            f"{symb!r} is no ellipse. Write '@:Mxx,Mxy,Myy' with three numbers."
        ) from None
    return _axes(xx, xy, yy, symb)


def _axes(xx: float, xy: float, yy: float, symb: Any) -> tuple[float, float, float]:
    mean, half = (xx + yy) / 2, math.hypot((xx - yy) / 2, xy)
    if not 0 <= half <= mean:
        raise DisplayValueError(f"The moments of {symb!r} are those of no ellipse.")
    theta = 0.5 * math.atan2(2 * xy, xx - yy)
    return math.sqrt(mean + half), math.sqrt(mean - half), theta
