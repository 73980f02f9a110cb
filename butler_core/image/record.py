"""A row of a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .geometry import Point2D
from .schema import Key, Schema
from .shape import Quadrupole
from .slots import SlotAccessors
from .sphere import SpherePoint

if TYPE_CHECKING:
    from .catalog import BaseCatalog

__all__ = ["SourceRecord"]


class SourceRecord(SlotAccessors):
    """A row of a catalogue.

    Parameters
    ----------
    catalog : `BaseCatalog`
        The catalogue.
    row : `int`
        The number of the row, from 0.

    Notes
    -----
    A record holds no values: to set one changes the catalogue.
    """

    __slots__ = ("_catalog", "_row")

    def __init__(self, catalog: BaseCatalog, row: int) -> None:
        self._catalog = catalog
        self._row = row

    @property
    def schema(self) -> Schema:
        """The fields (`Schema`)."""
        return self._catalog.schema

    def getSchema(self) -> Schema:
        """Return the fields."""
        return self._catalog.schema

    def get(self, key: str | Key) -> Any:
        """Return the value of a field.

        Parameters
        ----------
        key : `str` or `Key`
            The field, or an alias of it.

        Returns
        -------
        value : `bool`, `int`, `float`, `Angle`, `str` or `numpy.ndarray`
            An `Angle`, in radians, for a field of angles.

        Raises
        ------
        MissingFieldError
            There is no such field.
        """
        column, convert = self._catalog.reader(key)
        return convert(column, self._row)

    def set(self, key: str | Key, value: Any) -> None:
        """Set the value of a field.

        Raises
        ------
        MissingFieldError
            There is no such field.
        """
        self._catalog[key][self._row] = value

    def extract(self, *patterns: str) -> dict[str, Any]:
        """Return the values of the fields whose names match one of some shell patterns."""
        return {name: self.get(name) for name in self.schema.extract(*patterns)}

    def asDict(self) -> Mapping[str, Any]:
        """Return the values of all fields, in order."""
        return {name: self.get(name) for name in self.schema.fields}

    def getCentroid(self) -> Point2D:
        """Return the centroid, in pixels of the parent image."""
        return Point2D(self.getX(), self.getY())

    def getCentroidErr(self) -> npt.NDArray[np.float64]:
        """Return the covariance matrix of the centroid, in square pixels."""
        x, y = self.get("slot_Centroid_xErr"), self.get("slot_Centroid_yErr")
        return np.diag(np.square(np.array([x, y], dtype=np.float64)))

    def getShape(self) -> Quadrupole:
        """Return the second moments, in square pixels."""
        return Quadrupole(self.getIxx(), self.getIyy(), self.getIxy())

    def getCoord(self) -> SpherePoint:
        """Return the position on the sky."""
        return SpherePoint(self.getRa(), self.getDec())

    def getFootprint(self) -> Any:
        """Return the pixels of the source as the archive of the file holds them.

        Returns
        -------
        footprint : `ArchivedObject` or `None`
            Nothing if the catalogue was written without footprints.
        """
        return self._catalog.footprint(self._row)

    def __getitem__(self, key: str | Key) -> Any:
        return self.get(key)

    def __setitem__(self, key: str | Key, value: Any) -> None:
        self.set(key, value)

    def __str__(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self.asDict().items())

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._row} of {len(self._catalog)}>\n{self}"
