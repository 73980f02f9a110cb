"""A polygon of pixels, such as that of the valid part of an exposure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .geometry import Point2D

__all__ = ["Polygon"]


@dataclass(frozen=True)
class Polygon:
    """A polygon.

    Parameters
    ----------
    vertices : `tuple` [ `Point2D` ]
        Its corners in parent coordinates, in order; the first is not repeated.
    """

    vertices: tuple[Point2D, ...]

    @classmethod
    def of(cls, corners: Iterable[tuple[float, float]]) -> Polygon:
        """Make a polygon from pairs of x and y."""
        return cls(tuple(Point2D(float(x), float(y)) for x, y in corners))

    def getVertices(self) -> list[Point2D]:
        """Return the corners."""
        return list(self.vertices)

    def contains(self, point: Point2D) -> bool:
        """Return whether a point lies inside.

        Notes
        -----
        A ray to the right crosses the border of a polygon an odd number of
        times from inside.
        """
        inside = False
        for begin, end in zip(self.vertices, self.vertices[1:] + self.vertices[:1], strict=True):
            if (begin.y > point.y) != (end.y > point.y):
                crossing = begin.x + (point.y - begin.y) / (end.y - begin.y) * (end.x - begin.x)
                inside ^= point.x < crossing
        return inside

    def __len__(self) -> int:
        return len(self.vertices)
