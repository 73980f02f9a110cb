"""Stretches: how a pixel value becomes a brightness from 0, black, to 1, white.

Each module of this package holds one, and is found by its name: the algorithm
``"asinh"`` of ``Display.scale`` is the class ``STRETCH`` of ``asinh.py``.
"""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Self

import numpy.typing as npt

from ...errors import DisplayValueError, nearest
from ..limits import Limits

__all__ = ["ArrayFunction", "Stretch", "algorithms", "stretch_class"]

ArrayFunction = Callable[[npt.ArrayLike], npt.NDArray[Any]]


class Stretch(ABC):
    """A function from pixel values to brightness, with its limits."""

    __slots__ = ()

    name: ClassVar[str]
    """The algorithm's name in ``Display.scale``."""

    options: ClassVar[frozenset[str]]
    """The keywords of ``Display.scale`` that this stretch takes."""

    zscale_options: ClassVar[frozenset[str]]
    """The keywords of ``Display.scale`` that reach zscale under this stretch."""

    @classmethod
    @abstractmethod
    def from_limits(cls, limits: Limits, **options: Any) -> Self:
        """Make the stretch between given limits.

        Parameters
        ----------
        limits : `Limits`
            The limits, and where they come from.
        **options
            Those of `options` that the user gave.

        Returns
        -------
        stretch : `Stretch`
            The stretch.

        Raises
        ------
        DisplayValueError
            Raised if the limits or an option make no stretch.
        """

    @abstractmethod
    def __call__(self, pixels: npt.ArrayLike) -> npt.NDArray[Any]:
        """Return the brightness of pixels.

        Parameters
        ----------
        pixels : array-like
            Pixel values.

        Returns
        -------
        brightness : `numpy.ndarray` of ``float64``
            In the shape of ``pixels``. Below 0 does not occur; above 1 is
            drawn white. NaN where the pixel is NaN or infinite.
        """

    @property
    @abstractmethod
    def colour_bar(self) -> tuple[float, float]:
        """The pixel values at the two ends of the colour bar."""

    @property
    @abstractmethod
    def bar_scale(self) -> tuple[ArrayFunction, ArrayFunction] | None:
        """The place of pixel values along the colour bar, and its inverse.

        Strictly increasing and without limits, as a brightness is not: a
        function that is 0 for all pixels below the minimum puts the tick of
        each of them at the foot of the bar. `None` is a linear scale.
        """

    @abstractmethod
    def record(self) -> dict[str, Any]:
        """Return the name and the numbers of this stretch, for reports."""


@cache
def algorithms() -> tuple[str, ...]:
    """Return the names of the stretches, in order of the alphabet."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def stretch_class(algorithm: str) -> type[Stretch]:
    """Find a stretch by the name of its algorithm.

    Parameters
    ----------
    algorithm : `str`
        For example ``"asinh"``.

    Returns
    -------
    stretch : `type` [ `Stretch` ]
        Its class.

    Raises
    ------
    DisplayValueError
        Raised if there is no such stretch.
    """
    if algorithm not in algorithms():
        raise DisplayValueError(
            f'Unsupported stretch algorithm "{algorithm}"; there are '
            f"{', '.join(map(repr, algorithms()))}, and None for a linear stretch over the "
            f"whole range of the data{nearest(str(algorithm), algorithms())}"
        )
    found: type[Stretch] = importlib.import_module(f".{algorithm}", __name__).STRETCH
    return found
