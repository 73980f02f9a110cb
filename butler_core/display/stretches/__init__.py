"""Stretches: how a pixel value becomes a brightness from 0, black, to 1, white.

Each module of this package that offers ``STRETCH``, a subclass of `Stretch`,
adds one, found by the name of its file: the algorithm ``"asinh"`` of
``Display.scale`` is the ``STRETCH`` of ``asinh.py``. Its options are those that
the class names in ``options`` and ``zscale_options``; there is no other list.
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

    options: ClassVar[frozenset[str]] = frozenset()
    """The keywords of ``Display.scale`` that this stretch takes."""

    zscale_options: ClassVar[frozenset[str]] = frozenset()
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
    return tuple(name for name in _modules() if _offered(name) is not None)


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
        Raised if there is no such stretch, or its module offers none.
    """
    in_package = algorithm in _modules()
    found = _offered(algorithm) if in_package else None
    if found is None:
        why = f" ({__name__}.{algorithm} has no STRETCH)" if in_package else ""
        raise DisplayValueError(
            f'Unsupported stretch algorithm "{algorithm}"{why}; there are '
            f"{', '.join(map(repr, algorithms()))}, and None for a linear stretch over the "
            f"whole range of the data{nearest(str(algorithm), algorithms())}"
        )
    return found


@cache
def _modules() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def _offered(module: str) -> type[Stretch] | None:
    # Only the module that is asked for is imported: a broken one leaves the others usable.
    offered = getattr(importlib.import_module(f".{module}", __name__), "STRETCH", None)
    if offered is not None and not (isinstance(offered, type) and issubclass(offered, Stretch)):
        raise DisplayValueError(
            f"{__name__}.{module}: STRETCH is a subclass of {__name__}.Stretch, not {offered!r}"
        )
    return offered
