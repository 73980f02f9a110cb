"""The symbols that `Display.dot` draws.

Each module of this package holds one or more, as instances of `Strokes` or
`Outline` in its ``MARKERS``. A symbol is numbers only: where its lines run in
pixels of the image, their width in points and their order.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Marker", "Outline", "Strokes", "markers"]


@dataclass(frozen=True, slots=True)
class Marker:
    """A symbol whose size is measured in pixels of the image."""

    symbol: str
    """What `Display.dot` calls it."""

    unit: npt.NDArray[np.float64]
    """The shape at size 1 around the origin."""

    line_width: float
    """In points."""

    zorder: float
    """Marks of a higher order are drawn over those of a lower one."""

    def at(
        self, x: npt.NDArray[Any], y: npt.NDArray[Any], size: npt.NDArray[Any]
    ) -> npt.NDArray[np.float64]:
        """Place the symbol.

        Parameters
        ----------
        x, y : `numpy.ndarray`, shape (n,)
            Parent coordinates of the centres, in pixels.
        size : `numpy.ndarray`, shape (n,)
            Sizes in pixels.

        Returns
        -------
        points : `numpy.ndarray`, shape (n, ..., 2)
            The points of each symbol in parent coordinates.
        """
        extra = (1,) * (self.unit.ndim - 1)
        centres = np.stack([x, y], axis=-1).reshape(len(x), *extra, 2)
        points: npt.NDArray[np.float64] = centres + self.unit * size.reshape(len(x), *extra, 1)
        return points


class Strokes(Marker):
    """A symbol of straight strokes; ``unit`` has the shape (strokes, 2 ends, 2)."""

    __slots__ = ()


class Outline(Marker):
    """A closed, unfilled polygon; ``unit`` has the shape (corners, 2)."""

    __slots__ = ()


@cache
def markers() -> dict[str, Marker]:
    """Return the symbols by their names."""
    found: dict[str, Marker] = {}
    for name in (module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f".{name}", __name__)
        found.update({marker.symbol: marker for marker in module.MARKERS})
    return found
