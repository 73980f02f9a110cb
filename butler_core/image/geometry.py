"""Points and extents of pixels, with the accessors of ``lsst.geom``.

Coordinates are PARENT coordinates: the centre of a pixel is an integer, and
the lower left pixel of an image lies at its ``xy0``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Extent2I", "Point2D", "Point2I"]


@dataclass(frozen=True, slots=True)
class Extent2I:
    """A size or an offset in whole pixels.

    Parameters
    ----------
    x, y : `int`
        Pixels along the row and along the column.
    """

    x: int
    y: int

    def getX(self) -> int:
        """Return the extent along x, in pixels."""
        return self.x

    def getY(self) -> int:
        """Return the extent along y, in pixels."""
        return self.y

    def __iter__(self) -> Iterator[int]:
        yield self.x
        yield self.y

    def __getitem__(self, index: int) -> int:
        return (self.x, self.y)[index]

    def __len__(self) -> int:
        return 2

    def __add__(self, other: Extent2I) -> Extent2I:
        return Extent2I(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Extent2I) -> Extent2I:
        return Extent2I(self.x - other.x, self.y - other.y)

    def __neg__(self) -> Extent2I:
        return Extent2I(-self.x, -self.y)

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"

    def __repr__(self) -> str:
        return f"Extent2I({self.x}, {self.y})"


@dataclass(frozen=True, slots=True)
class Point2I:
    """The position of a pixel.

    Parameters
    ----------
    x, y : `int`
        Column and row, in PARENT coordinates.
    """

    x: int
    y: int

    def getX(self) -> int:
        """Return the column."""
        return self.x

    def getY(self) -> int:
        """Return the row."""
        return self.y

    def __iter__(self) -> Iterator[int]:
        yield self.x
        yield self.y

    def __getitem__(self, index: int) -> int:
        return (self.x, self.y)[index]

    def __len__(self) -> int:
        return 2

    def __add__(self, other: Extent2I) -> Point2I:
        return Point2I(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Point2I) -> Extent2I:
        return Extent2I(self.x - other.x, self.y - other.y)

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"

    def __repr__(self) -> str:
        return f"Point2I({self.x}, {self.y})"


@dataclass(frozen=True, slots=True)
class Point2D:
    """A position between the pixels.

    Parameters
    ----------
    x, y : `float`
        Column and row, in PARENT coordinates.
    """

    x: float
    y: float

    def getX(self) -> float:
        """Return the column."""
        return self.x

    def getY(self) -> float:
        """Return the row."""
        return self.y

    def __iter__(self) -> Iterator[float]:
        yield self.x
        yield self.y

    def __getitem__(self, index: int) -> float:
        return (self.x, self.y)[index]

    def __len__(self) -> int:
        return 2

    def __str__(self) -> str:
        return f"({self.x}, {self.y})"

    def __repr__(self) -> str:
        return f"Point2D({self.x}, {self.y})"
