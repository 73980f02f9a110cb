"""The colours of marks and mask planes, under the names of `lsst.afw.display`."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..errors import DisplayValueError, nearest

__all__ = [
    "BLACK",
    "BLUE",
    "CYAN",
    "GREEN",
    "IGNORE",
    "MAGENTA",
    "MASK_PLANE_COLOURS",
    "ORANGE",
    "RED",
    "WHITE",
    "YELLOW",
    "colour_cycle",
    "mark_colour",
    "rgb",
]

WHITE = "white"
BLACK = "black"
RED = "red"
GREEN = "green"
BLUE = "blue"
CYAN = "cyan"
MAGENTA = "magenta"
YELLOW = "yellow"
ORANGE = "orange"
IGNORE = "ignore"

MASK_PLANE_COLOURS = {
    "BAD": RED,
    "CR": MAGENTA,
    "EDGE": YELLOW,
    "INTERPOLATED": GREEN,
    "INTRP": GREEN,
    "SATURATED": GREEN,
    "SAT": GREEN,
    "DETECTED": BLUE,
    "DETECTED_NEGATIVE": CYAN,
    "SUSPECT": YELLOW,
    "NO_DATA": ORANGE,
}
"""The colours that planes have before anybody sets one (`dict` [`str`, `str`])."""

# The green of CSS (#008000) is too dark for a mark on a sky, so afwDisplay's
# matplotlib backend draws marks in the green of X11; planes keep the dark one.
_MARK_GREEN = "#00FF00"


def colour_cycle(omitBW: bool = True) -> Iterator[str]:
    """Yield the standard colours without end.

    Parameters
    ----------
    omitBW : `bool`, optional
        Leave out white and black.

    Yields
    ------
    colour : `str`
        The next colour: (white, black,) red, green, blue, cyan, magenta,
        yellow, orange, and again from the start.
    """
    colours = [RED, GREEN, BLUE, CYAN, MAGENTA, YELLOW, ORANGE]
    if not omitBW:
        colours = [WHITE, BLACK, *colours]
    while True:
        yield from colours


@lru_cache(maxsize=1024)
def mark_colour(ctype: Any) -> str:
    """Return the colour in which a mark is drawn.

    Parameters
    ----------
    ctype : `str`, `None`, or a tuple
        What the user asked for.

    Returns
    -------
    colour : `str`
        The same, a tuple as ``#rrggbb``; green, the default, as ``#00FF00``.

    Raises
    ------
    DisplayValueError
        Raised if there is no such colour.
    """
    if ctype is None or ctype == GREEN:
        return _MARK_GREEN
    red, green, blue = rgb(ctype)
    if isinstance(ctype, str):
        return ctype
    return "#" + "".join(f"{round(255 * part):02x}" for part in (red, green, blue))


def rgb(colour: Any) -> tuple[float, float, float]:
    """Return the red, green and blue of a colour.

    Parameters
    ----------
    colour : `str` or `tuple`
        A name of CSS or X11, ``#rrggbb``, or any other form that matplotlib
        understands.

    Returns
    -------
    red, green, blue : `float`
        From 0 to 1.

    Raises
    ------
    DisplayValueError
        Raised if there is no such colour.
    """
    from matplotlib import colors

    try:
        red, green, blue = colors.to_rgb(colour)
    except (ValueError, TypeError):
        raise DisplayValueError(
            f"{colour!r} is not a colour{nearest(str(colour), colors.CSS4_COLORS)} "
            "Write a name of CSS, such as 'orange', or '#rrggbb'."
        ) from None
    return float(red), float(green), float(blue)
