"""Angles and positions on the sky, with the accessors of ``lsst.geom``."""

from __future__ import annotations

import math
from collections.abc import Iterator

__all__ = ["Angle", "SpherePoint"]


class Angle(float):
    """An angle: a number of radians that can say itself in other units."""

    __slots__ = ()

    @classmethod
    def from_degrees(cls, degrees: float) -> Angle:
        """Make an angle from degrees."""
        return cls(math.radians(degrees))

    def asRadians(self) -> float:
        """Return the angle in radians."""
        return float(self)

    def asDegrees(self) -> float:
        """Return the angle in degrees."""
        return math.degrees(self)

    def asHours(self) -> float:
        """Return the angle in hours."""
        return math.degrees(self) / 15

    def asArcminutes(self) -> float:
        """Return the angle in minutes of arc."""
        return math.degrees(self) * 60

    def asArcseconds(self) -> float:
        """Return the angle in seconds of arc."""
        return math.degrees(self) * 3600

    def asMilliarcseconds(self) -> float:
        """Return the angle in thousandths of a second of arc."""
        return math.degrees(self) * 3_600_000

    def __str__(self) -> str:
        return f"{float(self)!r} rad"

    def __repr__(self) -> str:
        return f"Angle({float(self)!r}, radians)"


class SpherePoint:
    """A position on the sky.

    Parameters
    ----------
    longitude, latitude : `Angle` or `float`
        Right ascension and declination, in radians.
    """

    __slots__ = ("_latitude", "_longitude")

    def __init__(self, longitude: float, latitude: float) -> None:
        self._longitude = Angle(longitude)
        self._latitude = Angle(latitude)

    @classmethod
    def from_degrees(cls, longitude: float, latitude: float) -> SpherePoint:
        """Make a position from degrees."""
        return cls(math.radians(longitude), math.radians(latitude))

    def getLongitude(self) -> Angle:
        """Return the longitude."""
        return self._longitude

    def getLatitude(self) -> Angle:
        """Return the latitude."""
        return self._latitude

    def getRa(self) -> Angle:
        """Return the right ascension."""
        return self._longitude

    def getDec(self) -> Angle:
        """Return the declination."""
        return self._latitude

    def separation(self, other: SpherePoint) -> Angle:
        """Return the angle to another position.

        Notes
        -----
        The haversine formula, which keeps its precision at small angles.
        """
        half_latitude = (other._latitude - self._latitude) / 2
        half_longitude = (other._longitude - self._longitude) / 2
        chord = math.sin(half_latitude) ** 2 + (
            math.cos(self._latitude) * math.cos(other._latitude) * math.sin(half_longitude) ** 2
        )
        return Angle(2 * math.asin(min(1.0, math.sqrt(chord))))

    def __iter__(self) -> Iterator[Angle]:
        yield self._longitude
        yield self._latitude

    def __getitem__(self, index: int) -> Angle:
        return (self._longitude, self._latitude)[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpherePoint):
            return NotImplemented
        return tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __str__(self) -> str:
        return f"({self._longitude.asDegrees():.10f}, {self._latitude.asDegrees():+.10f})"

    def __repr__(self) -> str:
        longitude, latitude = self._longitude.asDegrees(), self._latitude.asDegrees()
        return f"SpherePoint({longitude:.10f}*degrees, {latitude:+.10f}*degrees)"
