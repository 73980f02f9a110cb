"""Pixels of the sky that the regions of records cover."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
from ..dimensions.record import decode_region
from ..dimensions.skypix import pixelization
from .database import Database
from .schema import Schema
from .statements import CompiledStatement

__all__ = ["OverlapWriter"]


class OverlapWriter:
    """Writes the ``*_skypix_overlap`` tables, by which regions are joined.

    For each record with a region, one row for each pixel of the common skypix
    dimension that the region's envelope holds (``Pixelization.envelope``).

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    """

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self._schema = schema
        self._statements = database.statements(schema, "overlaps")

    def add(self, element: DimensionElement, records: Iterable[DimensionRecord]) -> None:
        """Write the pixels of new records."""
        if element.spatial is None:
            return
        rows: list[tuple[Any, ...]] = []
        system, level = self._common()
        pixels = pixelization(system, level)
        count = len(element.required_names)
        place = _place_of_region(element)
        known: dict[str, list[int]] = {}  # visits that are repeated have the same regions
        for record in records:
            region = record.row[place]
            if region is None:
                continue
            indexes = known.get(region)
            if indexes is None:
                ranges = pixels.envelope(decode_region(region)).ranges()
                indexes = known[region] = [one for pair in ranges for one in range(*pair)]
            head = (system, level, *record.row[:count])
            rows += [(*head, index) for index in indexes]
        self._database.insert(self._insert(f"{element.name}_skypix_overlap"), rows)

    def remove(self, element: DimensionElement, records: Iterable[DimensionRecord]) -> None:
        """Remove the pixels of records that are to be replaced."""
        if element.spatial is None:
            return
        count = len(element.required_names)
        self._database.execute(
            self._statements.get(("delete", element.name), lambda: self._delete(element)),
            [record.row[:count] for record in records],
        )

    def _delete(self, element: DimensionElement) -> Any:
        table = self._schema.table(f"{element.name}_skypix_overlap")
        return table.delete().where(
            *(
                table.columns[name] == sqlalchemy.bindparam(f"key_{name}")
                for name in element.required_names
            )
        )

    def cover(self, governor: DimensionElement, records: Iterable[DimensionRecord]) -> None:
        """Mark new values of a governor as those whose regions have their pixels."""
        rows = [(*self._common(), record.row[0]) for record in records]
        for element in governor.universe.elements:
            if element.spatial is not None and element.dimensions.governors == (governor.name,):
                self._database.execute(self._insert(f"{element.name}_skypix_overlap_summary"), rows)

    def _common(self) -> tuple[str, int]:
        skypix = self._schema.universe.common_skypix.skypix
        assert skypix is not None
        return skypix

    def _insert(self, name: str) -> CompiledStatement:
        return self._statements.get(name, lambda: self._schema.table(name).insert())


def _place_of_region(element: DimensionElement) -> int:
    """Return where in a record's row its region is; a timespan before it takes two places."""
    types = [column.type for column in element.columns]
    before = types[: types.index("region")]
    return len(before) + before.count("timespan")
