"""A mask: named planes, each a bit of an integer for every pixel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from ..errors import MaskPlaneError, nearest
from .geometry import Point2I
from .image import ImageBase

__all__ = ["Mask"]

_MAX_PLANES = 32


class Mask(ImageBase):
    """A mask.

    Parameters
    ----------
    array : `numpy.ndarray`
        The bits of each pixel, of shape (height, width); kept as int32.
    planes : `~collections.abc.Mapping` [ `str`, `int` ], optional
        The bit of each plane.  The numbers need not be contiguous.  Default is
        `DEFAULT_PLANES`.
    xy0 : `Point2I` or a pair of `int`
        Where the lower left pixel lies in the parent image.

    Raises
    ------
    TypeError
        The array is not one of integers.
    MaskPlaneError
        A bit is not between 0 and 31, or is given to two planes.
    """

    fits_kind = "mask"

    DEFAULT_PLANES: ClassVar[Mapping[str, int]] = {
        "BAD": 0,
        "SAT": 1,
        "INTRP": 2,
        "CR": 3,
        "EDGE": 4,
        "DETECTED": 5,
        "DETECTED_NEGATIVE": 6,
        "SUSPECT": 7,
        "NO_DATA": 8,
        "VIGNETTED": 9,
        "STREAK": 10,
    }

    def __init__(
        self,
        array: npt.ArrayLike,
        planes: Mapping[str, int] | None = None,
        xy0: Point2I | Sequence[int] = (0, 0),
    ) -> None:
        pixels = np.asarray(array)
        if pixels.dtype.kind not in "iub":
            raise TypeError(f"a Mask is made of integers, not of {pixels.dtype.name}")
        if pixels.dtype != np.dtype(np.int32):
            pixels = pixels.astype(np.int32)
        super().__init__(pixels, xy0)
        self._planes: dict[str, int] = {}
        for name, bit in (self.DEFAULT_PLANES if planes is None else planes).items():
            self._insert(name, int(bit))

    def _insert(self, name: str, bit: int) -> None:
        if not 0 <= bit < _MAX_PLANES:
            raise MaskPlaneError(f"mask plane {name!r} has bit {bit}; a bit is between 0 and 31")
        for other, taken in self._planes.items():
            if taken == bit and other != name:
                raise MaskPlaneError(f"mask planes {other!r} and {name!r} both have bit {bit}")
        self._planes[name] = bit

    def _like(self, array: npt.NDArray[Any]) -> Self:
        twin = super()._like(array)
        twin._planes = dict(self._planes)
        return twin

    def getMaskPlaneDict(self) -> dict[str, int]:
        """Return the bit of each plane."""
        return dict(self._planes)

    def getMaskPlane(self, name: str) -> int:
        """Return the bit of a plane.

        Raises
        ------
        MaskPlaneError
            There is no plane of this name.
        """
        try:
            return self._planes[name]
        except KeyError:
            raise MaskPlaneError(
                f"this mask has no plane {name!r}{nearest(name, self._planes)}; "
                f"it has {', '.join(self._planes)}"
            ) from None

    def getPlaneBitMask(self, names: str | Iterable[str]) -> int:
        """Return the number with the bits of some planes set.

        Parameters
        ----------
        names : `str` or `~collections.abc.Iterable` [ `str` ]
            The planes.

        Raises
        ------
        MaskPlaneError
            There is no plane of one of these names.
        """
        bits = 0
        for name in [names] if isinstance(names, str) else names:
            bits |= 1 << self.getMaskPlane(name)
        return bits

    def addMaskPlane(self, name: str) -> int:
        """Add a plane, unless it is there, and return its bit.

        Raises
        ------
        MaskPlaneError
            All 32 bits are taken.
        """
        if name in self._planes:
            return self._planes[name]
        taken = set(self._planes.values())
        for bit in range(_MAX_PLANES):
            if bit not in taken:
                self._planes[name] = bit
                return bit
        raise MaskPlaneError(f"no bit is left for mask plane {name!r}: all 32 are taken")

    def removeAndClearMaskPlane(self, name: str) -> None:
        """Remove a plane and set its bit to 0 in every pixel.

        Raises
        ------
        MaskPlaneError
            There is no plane of this name.
        """
        self.clearMaskPlane(name)
        del self._planes[name]

    def clearMaskPlane(self, name: str) -> None:
        """Set the bit of a plane to 0 in every pixel.

        Raises
        ------
        MaskPlaneError
            There is no plane of this name.
        """
        self._array &= np.int32(~np.array(self.getPlaneBitMask(name)).astype(np.int32))

    def getNumPlanesUsed(self) -> int:
        """Return the number of planes."""
        return len(self._planes)

    def interpret(self, value: int) -> str:
        """Return the names of the planes that are set in a pixel, joined with commas."""
        bits = int(value) & 0xFFFFFFFF
        in_order = sorted(self._planes.items(), key=lambda plane: plane[1])
        return ",".join(name for name, bit in in_order if bits >> bit & 1)

    def isSet(self, names: str | Iterable[str]) -> npt.NDArray[np.bool_]:
        """Return where any of some planes is set.

        Parameters
        ----------
        names : `str` or `~collections.abc.Iterable` [ `str` ]
            The planes.

        Returns
        -------
        where : `numpy.ndarray` of `bool`, shape (height, width)
            True where a bit is set.

        Raises
        ------
        MaskPlaneError
            There is no plane of one of these names.
        """
        bits = np.uint32(self.getPlaneBitMask(names))
        return np.asarray((self._array.view(np.uint32) & bits) != 0)
