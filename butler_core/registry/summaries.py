"""What each collection may hold: dataset types, and values of governors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

from ..dimensions import DataCoordinate, DimensionGroup
from .collections import CollectionRecord
from .database import Database
from .schema import Schema

__all__ = ["CollectionSummaries"]

_TYPES = "dataset_type"


class CollectionSummaries:
    """The collection_summary tables, to which memberships refer.

    A row stays when the datasets go: a summary says what a collection may
    hold, not what it does. The tables are small, and are kept in memory while
    no other process writes.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    """

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self._governors = [governor.name for governor in schema.universe.governor_dimensions]
        self._token: object = None
        self._pairs: dict[str, set[tuple[int, Any]]] = {}

    def _current(self) -> dict[str, set[tuple[int, Any]]]:
        with self._database.lock:
            token = self._database.change_token()
            if token != self._token:
                self._pairs = {name: self._read(name) for name in (_TYPES, *self._governors)}
                self._token = token
            return self._pairs

    def _read(self, name: str) -> set[tuple[int, Any]]:
        table, column = self._table(name)
        rows = self._database.query(f"SELECT collection_id, {column} FROM {table}")
        return {(collection, value) for collection, value in rows}

    @staticmethod
    def _table(name: str) -> tuple[str, str]:
        return f"collection_summary_{name}", "dataset_type_id" if name == _TYPES else name

    def forget(self) -> None:
        """Read the tables anew: a collection was removed."""
        self._token = None

    def ensure(
        self,
        collection: int,
        dataset_type: int,
        dimensions: DimensionGroup,
        data_ids: Sequence[DataCoordinate],
    ) -> None:
        """Make sure that a collection's summary covers some datasets."""
        pairs = self._current()
        self._add(pairs, _TYPES, {(collection, dataset_type)})
        for governor in dimensions.governors:
            place = dimensions.key_index[governor]
            values = {data_id.known_values[place] for data_id in data_ids}
            self._add(pairs, governor, {(collection, value) for value in values})

    def _add(
        self, pairs: dict[str, set[tuple[int, Any]]], name: str, wanted: set[tuple[int, Any]]
    ) -> None:
        missing = wanted - pairs[name]
        if missing:
            table, column = self._table(name)
            self._database.execute(
                f"INSERT INTO {table} (collection_id, {column})"
                " VALUES (:collection, :value) ON CONFLICT DO NOTHING",
                sorted(missing, key=str),
            )
            pairs[name] = pairs[name] | missing  # others may be reading the old set

    def narrowed(
        self, dataset_type: int, collections: Sequence[CollectionRecord]
    ) -> tuple[CollectionRecord, ...]:
        """Return, of some collections, those that may hold datasets of a type."""
        pairs = self._current()[_TYPES]
        return tuple([one for one in collections if (one.key, dataset_type) in pairs])

    def dataset_types(self, collections: Iterable[int]) -> set[int]:
        """Return the ids of the dataset types that collections may hold."""
        wanted = set(collections)
        return {value for collection, value in self._current()[_TYPES] if collection in wanted}

    def governor(self, name: str, collections: Set[int]) -> set[str]:
        """Return the values of one governor dimension that collections may hold."""
        return {value for collection, value in self._current()[name] if collection in collections}

    def governors(self, collections: Iterable[int]) -> dict[str, set[str]]:
        """Return the values of each governor dimension that collections may hold."""
        wanted = set(collections)
        pairs = self._current()
        return {
            name: {value for collection, value in pairs[name] if collection in wanted}
            for name in self._governors
        }
