"""Which datasets tagged and calibration collections hold, read as a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import bindparam

from ..timespan import Timespan
from .collections import CollectionRecord
from .database import Database
from .dataset_types import DatasetTypeRecord
from .schema import Schema

__all__ = ["MembershipReader"]


class MembershipReader:
    """Reads all members of one dataset type, in an order that depends on nothing else.

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
        self._statements = database.statements(schema, "memberships")

    def tagged(self, record: DatasetTypeRecord, collection: CollectionRecord) -> Iterator[str]:
        """Yield the ids of datasets in a tagged collection, as hex digits, by data ID."""
        table = self._schema.tags_table(record.tags_table, record.dataset_type.dimensions)
        for (id,) in self._stream(record, collection, table, [table.c.dataset_id], []):
            yield _hex(id)

    def calibrations(
        self, record: DatasetTypeRecord, collection: CollectionRecord
    ) -> Iterator[tuple[int, int, str]]:
        """Yield begin, end and id of datasets in a calibration collection, in that order."""
        assert record.calibs_table is not None
        table = self._schema.calibs_table(record.calibs_table, record.dataset_type.dimensions)
        bounds = [table.c.timespan_begin, table.c.timespan_end]
        columns = [*bounds, table.c.dataset_id]
        for begin, end, id in self._stream(record, collection, table, columns, bounds):
            yield begin, end, _hex(id)

    def certified(
        self,
        record: DatasetTypeRecord,
        collection: CollectionRecord,
        timespan: Timespan,
        dataset_ids: Iterable[UUID],
    ) -> set[UUID]:
        """Return those of some datasets that a collection holds with just this validity range."""
        assert record.calibs_table is not None
        table = self._schema.calibs_table(record.calibs_table, record.dataset_type.dimensions)
        statement = self._statements.get(
            ("certified", table),
            lambda: sqlalchemy.select(table.c.id).where(
                table.c.collection_id == bindparam("collection"),
                table.c.dataset_id == bindparam("dataset"),
                table.c.timespan_begin == bindparam("begin"),
                table.c.timespan_end == bindparam("end"),
            ),
        )
        return {
            id
            for id in dataset_ids
            if self._database.query(
                statement,
                (collection.key, self._database.encode_uuid(id), *timespan.nsec),
            )
        }

    def _stream(
        self,
        record: DatasetTypeRecord,
        collection: CollectionRecord,
        table: sqlalchemy.Table,
        columns: list[Any],
        order: list[Any],
    ) -> Iterator[tuple[Any, ...]]:
        names = record.dataset_type.dimensions.required
        statement = self._statements.get(
            ("all", table),  # of a table all readers ask for the same columns
            lambda: (
                sqlalchemy.select(*columns)
                .where(
                    table.c.dataset_type_id == bindparam("dataset_type"),
                    table.c.collection_id == bindparam("collection"),
                )
                .order_by(*order, *(table.c[name] for name in names), table.c.dataset_id)
            ),
        )
        return self._database.stream(statement, (record.key, collection.key))


def _hex(id: Any) -> str:
    """Return 32 digits of what a driver returns for an id."""
    return str(id).replace("-", "")
