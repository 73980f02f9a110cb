"""The second moments of a source or of a point-spread function."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Quadrupole"]


@dataclass(frozen=True, slots=True)
class Quadrupole:
    """The second moments of a light distribution.

    Parameters
    ----------
    ixx, iyy, ixy : `float`
        The moments, in square pixels.
    """

    ixx: float
    iyy: float
    ixy: float

    def getIxx(self) -> float:
        """Return the moment along x, in square pixels."""
        return self.ixx

    def getIyy(self) -> float:
        """Return the moment along y, in square pixels."""
        return self.iyy

    def getIxy(self) -> float:
        """Return the mixed moment, in square pixels."""
        return self.ixy

    def getDeterminantRadius(self) -> float:
        """Return the fourth root of the determinant, in pixels: sigma for a round Gaussian."""
        return math.sqrt(math.sqrt(self.ixx * self.iyy - self.ixy**2))

    def getTraceRadius(self) -> float:
        """Return the square root of half the trace, in pixels: sigma for a round Gaussian."""
        return math.sqrt((self.ixx + self.iyy) / 2)

    def getArea(self) -> float:
        """Return the area of the one-sigma ellipse, in square pixels."""
        return math.pi * self.getDeterminantRadius() ** 2
