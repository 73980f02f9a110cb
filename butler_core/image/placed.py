"""What all pixels have that lie somewhere in a parent image."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from .box import Box2I
from .geometry import Extent2I, Point2I
from .indexing import LOCAL, PARENT, ImageOrigin, pixels_of

__all__ = ["Placed"]


class Placed(ABC):
    """Pixels with their place in a parent image."""

    @property
    @abstractmethod
    def xy0(self) -> Point2I:
        """Where the lower left pixel lies in the parent image (`Point2I`)."""

    @abstractmethod
    def getDimensions(self) -> Extent2I:
        """Return width and height."""

    @abstractmethod
    def subset(self, bbox: Box2I, origin: ImageOrigin = PARENT) -> Self:
        """Return the part in a box; the pixels are shared."""

    @abstractmethod
    def _pixel(self, point: Point2I) -> Any:
        """Return the value at a pixel that is there."""

    @abstractmethod
    def _fill(self, value: Any) -> None:
        """Set all pixels."""

    @property
    def bbox(self) -> Box2I:
        """The pixels that there are, in parent coordinates (`Box2I`)."""
        return Box2I(self.xy0, self.getDimensions())

    @property
    def width(self) -> int:
        """The number of columns (`int`)."""
        return self.getDimensions().x

    @property
    def height(self) -> int:
        """The number of rows (`int`)."""
        return self.getDimensions().y

    def getXY0(self) -> Point2I:
        """Return where the lower left pixel lies in the parent image."""
        return self.xy0

    def getX0(self) -> int:
        """Return the column of the lower left pixel in the parent image."""
        return self.xy0.x

    def getY0(self) -> int:
        """Return the row of the lower left pixel in the parent image."""
        return self.xy0.y

    def getBBox(self, origin: ImageOrigin = PARENT) -> Box2I:
        """Return the pixels that there are.

        Parameters
        ----------
        origin : `ImageOrigin`
            In parent coordinates, or from the corner of the image.
        """
        return Box2I(Point2I(0, 0), self.getDimensions()) if origin is LOCAL else self.bbox

    def getWidth(self) -> int:
        """Return the number of columns."""
        return self.width

    def getHeight(self) -> int:
        """Return the number of rows."""
        return self.height

    def __getitem__(self, index: Any) -> Any:
        """Return the value of a pixel, or a part that shares its pixels; see `pixels_of`."""
        pixels = pixels_of(index, self.bbox, type(self).__name__)
        return self._pixel(pixels) if isinstance(pixels, Point2I) else self.subset(pixels)

    def __setitem__(self, index: Any, value: Any) -> None:
        """Set a pixel or a part; see `pixels_of`."""
        pixels = pixels_of(index, self.bbox, type(self).__name__)
        box = Box2I(pixels, Extent2I(1, 1)) if isinstance(pixels, Point2I) else pixels
        self.subset(box)._fill(value)

    # An index that is no pixel raises TypeError, which would end the protocol of sequences oddly.
    __iter__ = None
