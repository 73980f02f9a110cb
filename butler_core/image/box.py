"""Boxes of whole pixels, with the accessors of ``lsst.geom``."""

from __future__ import annotations

from .geometry import Extent2I, Point2D, Point2I

__all__ = ["Box2I"]


class Box2I:
    """A rectangle of whole pixels; it does not change once it is made.

    Parameters
    ----------
    minimum : `Point2I`
        The lower left pixel.
    dimensions : `Extent2I` or `Point2I`
        Width and height, or the upper right pixel, which belongs to the box.

    Notes
    -----
    A box without arguments, or with a width or height below one, is empty.
    """

    __slots__ = ("_dimensions", "_minimum")

    def __init__(
        self,
        minimum: Point2I | None = None,
        dimensions: Extent2I | Point2I | None = None,
    ) -> None:
        if minimum is None or dimensions is None:
            if minimum is not None or dimensions is not None:
                raise TypeError("Box2I takes a minimum and dimensions, or nothing for an empty box")
            minimum, dimensions = Point2I(0, 0), Extent2I(0, 0)
        if isinstance(dimensions, Point2I):
            corner = dimensions - minimum
            dimensions = Extent2I(corner.x + 1, corner.y + 1)
        if dimensions.x <= 0 or dimensions.y <= 0:
            minimum, dimensions = Point2I(0, 0), Extent2I(0, 0)
        self._minimum = Point2I(int(minimum.x), int(minimum.y))
        self._dimensions = Extent2I(int(dimensions.x), int(dimensions.y))

    @property
    def minX(self) -> int:
        """The first column (`int`)."""
        return self._minimum.x

    @property
    def minY(self) -> int:
        """The first row (`int`)."""
        return self._minimum.y

    @property
    def maxX(self) -> int:
        """The last column (`int`)."""
        return self.endX - 1

    @property
    def maxY(self) -> int:
        """The last row (`int`)."""
        return self.endY - 1

    @property
    def beginX(self) -> int:
        """The first column (`int`)."""
        return self._minimum.x

    @property
    def beginY(self) -> int:
        """The first row (`int`)."""
        return self._minimum.y

    @property
    def endX(self) -> int:
        """The column after the last (`int`)."""
        return self._minimum.x + self._dimensions.x

    @property
    def endY(self) -> int:
        """The row after the last (`int`)."""
        return self._minimum.y + self._dimensions.y

    @property
    def width(self) -> int:
        """The number of columns (`int`)."""
        return self._dimensions.x

    @property
    def height(self) -> int:
        """The number of rows (`int`)."""
        return self._dimensions.y

    @property
    def area(self) -> int:
        """The number of pixels (`int`)."""
        return self.width * self.height

    @property
    def dimensions(self) -> Extent2I:
        """Width and height (`Extent2I`)."""
        return self._dimensions

    @property
    def min(self) -> Point2I:
        """The lower left pixel (`Point2I`)."""
        return self._minimum

    @property
    def max(self) -> Point2I:
        """The upper right pixel (`Point2I`)."""
        return Point2I(self.maxX, self.maxY)

    def getMin(self) -> Point2I:
        """Return the lower left pixel."""
        return self.min

    def getMax(self) -> Point2I:
        """Return the upper right pixel."""
        return self.max

    def getMinX(self) -> int:
        """Return the first column."""
        return self.minX

    def getMinY(self) -> int:
        """Return the first row."""
        return self.minY

    def getMaxX(self) -> int:
        """Return the last column."""
        return self.maxX

    def getMaxY(self) -> int:
        """Return the last row."""
        return self.maxY

    def getBegin(self) -> Point2I:
        """Return the lower left pixel."""
        return self.min

    def getBeginX(self) -> int:
        """Return the first column."""
        return self.beginX

    def getBeginY(self) -> int:
        """Return the first row."""
        return self.beginY

    def getEnd(self) -> Point2I:
        """Return the pixel beyond the upper right one."""
        return Point2I(self.endX, self.endY)

    def getEndX(self) -> int:
        """Return the column after the last."""
        return self.endX

    def getEndY(self) -> int:
        """Return the row after the last."""
        return self.endY

    def getWidth(self) -> int:
        """Return the number of columns."""
        return self.width

    def getHeight(self) -> int:
        """Return the number of rows."""
        return self.height

    def getDimensions(self) -> Extent2I:
        """Return width and height."""
        return self._dimensions

    def getArea(self) -> int:
        """Return the number of pixels."""
        return self.area

    def getCenter(self) -> Point2D:
        """Return the middle of the box."""
        return Point2D((self.minX + self.maxX) / 2, (self.minY + self.maxY) / 2)

    def getCenterX(self) -> float:
        """Return the column of the middle of the box."""
        return self.getCenter().x

    def getCenterY(self) -> float:
        """Return the row of the middle of the box."""
        return self.getCenter().y

    def getCorners(self) -> list[Point2I]:
        """Return the four corner pixels, counterclockwise from the minimum."""
        return [
            self.min,
            Point2I(self.maxX, self.minY),
            self.max,
            Point2I(self.minX, self.maxY),
        ]

    def getSlices(self) -> tuple[slice, slice]:
        """Return the slices of rows and of columns, for an array that starts at (0, 0)."""
        return slice(self.beginY, self.endY), slice(self.beginX, self.endX)

    def isEmpty(self) -> bool:
        """Return whether the box holds no pixel."""
        return self.area == 0

    def contains(self, other: Point2I | Point2D | Box2I) -> bool:
        """Return whether a point or a whole box lies in this box.

        Parameters
        ----------
        other : `Point2I`, `Point2D` or `Box2I`
            An empty box lies in every box.
        """
        if isinstance(other, Box2I):
            return other.isEmpty() or (
                self.minX <= other.minX
                and other.maxX <= self.maxX
                and self.minY <= other.minY
                and other.maxY <= self.maxY
            )
        return (
            self.minX - 0.5 <= other.x < self.endX - 0.5
            and self.minY - 0.5 <= other.y < self.endY - 0.5
        )

    def __contains__(self, other: Point2I | Point2D | Box2I) -> bool:
        return self.contains(other)

    def overlaps(self, other: Box2I) -> bool:
        """Return whether the two boxes share a pixel."""
        return not self.clippedTo(other).isEmpty()

    def clippedTo(self, other: Box2I) -> Box2I:
        """Return the pixels that both boxes hold."""
        if self.isEmpty() or other.isEmpty():
            return Box2I()
        begin = Point2I(max(self.minX, other.minX), max(self.minY, other.minY))
        return Box2I(
            begin,
            Extent2I(min(self.endX, other.endX) - begin.x, min(self.endY, other.endY) - begin.y),
        )

    def dilatedBy(self, amount: int) -> Box2I:
        """Return the box with ``amount`` pixels more on each side."""
        if self.isEmpty():
            return self
        return Box2I(
            Point2I(self.minX - amount, self.minY - amount),
            Extent2I(self.width + 2 * amount, self.height + 2 * amount),
        )

    def erodedBy(self, amount: int) -> Box2I:
        """Return the box with ``amount`` pixels fewer on each side."""
        return self.dilatedBy(-amount)

    def shiftedBy(self, offset: Extent2I) -> Box2I:
        """Return the box moved by an offset."""
        return self if self.isEmpty() else Box2I(self.min + offset, self.dimensions)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Box2I):
            return NotImplemented
        return self.min == other.min and self.dimensions == other.dimensions

    def __hash__(self) -> int:
        return hash((self._minimum, self._dimensions))

    def __str__(self) -> str:
        return f"(minimum={self.min}, maximum={self.max})"

    def __repr__(self) -> str:
        return f"Box2I({self.min!r}, {self.dimensions!r})"
