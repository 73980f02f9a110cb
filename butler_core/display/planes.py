"""Which colour and opacity each plane of a mask gets."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import ClassVar

from ..errors import DisplayValueError
from .colours import BLACK, IGNORE, MASK_PLANE_COLOURS, colour_cycle, rgb
from .mask_overlay import Plane

__all__ = ["PlaneStyle", "checked_colour", "checked_transparency"]


def checked_colour(colour: str | None) -> str | None:
    """Return the colour of a plane if there is such a colour.

    Parameters
    ----------
    colour : `str` or `None`
        A colour, ``"ignore"``, or `None` for the default.

    Returns
    -------
    colour : `str` or `None`
        The same.

    Raises
    ------
    DisplayValueError
        Raised if there is no such colour.
    """
    if colour is not None and str(colour).lower() != IGNORE:
        rgb(colour)
    return colour


def checked_transparency(percent: float) -> float:
    """Turn a transparency in percent into a fraction from 0 to 1.

    Parameters
    ----------
    percent : `float`
        From 0 to 100; what is outside is clipped, with a warning.

    Returns
    -------
    fraction : `float`
        From 0 to 1.

    Raises
    ------
    DisplayValueError
        Raised if it is not a number.
    """
    try:
        value = float(percent)
    except (TypeError, ValueError):
        value = math.nan
    if math.isnan(value):
        raise DisplayValueError(f"A transparency is a number of percents, not {percent!r}.")
    if not 0 <= value <= 100:
        warnings.warn(
            f"Mask transparency should be in the range [0, 100]; clipping {percent!r}.",
            stacklevel=4,
        )
    return 0.01 * min(max(value, 0.0), 100.0)


class PlaneStyle:
    """The colours and transparencies of mask planes, of one display.

    Parameters
    ----------
    transparencies : `~collections.abc.Mapping` [ `str` or `None`, `float` ]
        Transparencies from 0 to 1 by the names of planes.
    """

    #: Colours that every display starts with, and in which those that were
    #: given to unknown planes are kept.
    defaults: ClassVar[dict[str, str | None]] = dict(MASK_PLANE_COLOURS)

    def __init__(self, transparencies: Mapping[str | None, float]) -> None:
        self.colours = dict(self.defaults)
        self.transparencies = {None: 0.7, **transparencies}

    def colour(self, name: str) -> str | None:
        """Return the colour of a plane, `None` if it has none yet."""
        return self.colours.get(name) or self.defaults.get(name)

    def transparency(self, name: str | None) -> float:
        """Return the transparency of a plane, or of all that have none of their own."""
        return self.transparencies.get(name, self.transparencies[None])

    def planes(self, bits: Mapping[str, int]) -> tuple[Plane, ...]:
        """Decide how the planes of a mask are drawn.

        Planes without a colour get the next of the cycle in the order of their
        numbers, and keep it. Plane numbers may have gaps, at which afwDisplay
        raises a KeyError.

        Parameters
        ----------
        bits : `~collections.abc.Mapping` [ `str`, `int` ]
            The number of each plane.

        Returns
        -------
        planes : `tuple` [ `Plane` ]
            In the order of their numbers.
        """
        cycle = colour_cycle()
        drawn = []
        for name, bit in sorted(bits.items(), key=lambda item: item[1]):
            if self.colour(name) is None:
                self.defaults[name] = next(cycle)
            colour = self.colour(name) or BLACK
            hidden = colour.lower() in (IGNORE, BLACK)
            alpha = 0.0 if hidden else 1.0 - self.transparency(name)
            drawn.append(Plane(name, bit, BLACK if hidden else colour, alpha))
        return tuple(drawn)
