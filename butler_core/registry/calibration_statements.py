"""The SQL on the tables of validity ranges, each form compiled once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import bindparam

from .database import Database
from .dataset_types import DatasetTypeRecord
from .schema import Schema
from .statements import CompiledStatement

__all__ = ["CalibrationStatements"]


class CalibrationStatements:
    """Statements on the tables of validity ranges; parameters are positional.

    The rows that overlap a range are named by dataset type, collection, the
    required values where ``one_by_one``, and the end and begin of the range.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    """

    def __init__(self, database: Database, schema: Schema) -> None:
        self._schema = schema
        self._statements = database.statements(schema, "calibration statements")

    def _table(self, record: DatasetTypeRecord) -> sqlalchemy.Table:
        assert record.calibs_table is not None
        return self._schema.calibs_table(record.calibs_table, record.dataset_type.dimensions)

    def overlapping(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Select dataset, begin and end of the rows with a data ID that overlap a range."""
        table = self._table(record)
        return self._statements.get(
            ("overlapping", table),
            lambda: sqlalchemy.select(
                table.c.dataset_id, table.c.timespan_begin, table.c.timespan_end
            ).where(*_overlap(table, record, one_by_one=True)),
        )

    def insert_if_free(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Add a row, unless one with its data ID overlaps its range.

        Parameters are the columns of the row, and those of `overlapping`.
        """
        table = self._table(record)
        columns = [column for column in table.columns if column.name != "id"]

        def construct() -> Any:
            other = table.alias("other")
            taken = sqlalchemy.exists().where(*_overlap(other, record, one_by_one=True))
            values = [bindparam(f"new_{column.name}", type_=column.type) for column in columns]
            return table.insert().from_select(columns, sqlalchemy.select(*values).where(~taken))

        return self._statements.get(("insert", table), construct)

    def copy_before(self, record: DatasetTypeRecord, *, one_by_one: bool) -> CompiledStatement:
        """Add what begins before a range, with the begin of it for its end.

        Parameters are the new end, those of an overlap, and the begin again.
        """
        return self._copy(record, "timespan_end", one_by_one=one_by_one)

    def copy_after(self, record: DatasetTypeRecord, *, one_by_one: bool) -> CompiledStatement:
        """Add what ends after a range, with the end of it for its begin.

        Parameters are the new begin, those of an overlap, and the end again.
        """
        return self._copy(record, "timespan_begin", one_by_one=one_by_one)

    def _copy(
        self, record: DatasetTypeRecord, moved: str, *, one_by_one: bool
    ) -> CompiledStatement:
        table = self._table(record)
        columns = [column for column in table.columns if column.name != "id"]
        bound = bindparam("bound", type_=sqlalchemy.BigInteger)
        limit = bindparam("limit", type_=sqlalchemy.BigInteger)
        reaches_out = (
            table.c.timespan_begin < limit
            if moved == "timespan_end"
            else table.c.timespan_end > limit
        )

        def construct() -> Any:
            values = [column for column in columns if column.name != moved]
            names = [column.name for column in columns if column.name != moved]
            rows = sqlalchemy.select(bound, *values).where(
                *_overlap(table, record, one_by_one=one_by_one), reaches_out
            )
            return table.insert().from_select([moved, *names], rows)

        return self._statements.get((moved, table, one_by_one), construct)

    def delete_overlapping(
        self, record: DatasetTypeRecord, *, one_by_one: bool
    ) -> CompiledStatement:
        """Remove the rows that overlap a range."""
        table = self._table(record)
        return self._statements.get(
            ("delete", table, one_by_one),
            lambda: table.delete().where(*_overlap(table, record, one_by_one=one_by_one)),
        )


def _overlap(table: Any, record: DatasetTypeRecord, *, one_by_one: bool) -> Sequence[Any]:
    names = record.dataset_type.dimensions.required if one_by_one else ()
    return [
        table.c.dataset_type_id == bindparam("dataset_type"),
        table.c.collection_id == bindparam("collection"),
        *(table.c[name] == bindparam(f"key_{name}") for name in names),
        table.c.timespan_begin < bindparam("end"),
        table.c.timespan_end > bindparam("begin"),
    ]
