"""The SQL by which datasets are inserted, found and tagged, each form compiled once."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import bindparam

from ..dimensions import DimensionGroup
from .database import Database
from .dataset_types import DatasetTypeRecord
from .schema import Schema
from .statements import CompiledStatement

__all__ = ["DatasetStatements"]


class DatasetStatements:
    """Statements on the tables of memberships, of which each dataset type has its own.

    Parameters are positional, in the order that each method names.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    """

    def __init__(self, database: Database, schema: Schema) -> None:
        self._schema = schema
        self._statements = database.statements(schema, "dataset statements")

    def _tags(self, record: DatasetTypeRecord) -> sqlalchemy.Table:
        return self._schema.tags_table(record.tags_table, record.dataset_type.dimensions)

    def insert(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Add a member: dataset type, dataset, collection, required values."""
        tags = self._tags(record)
        return self._statements.get(("insert", tags), tags.insert)

    def insert_missing(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Add a member as `insert` does, unless the dataset is one already."""
        insert = self.insert(record)
        text = f"{insert.text} ON CONFLICT (dataset_id, collection_id) DO NOTHING"
        return CompiledStatement(text, insert.parameters, insert.literals)

    def delete_membership(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Take a member out: dataset, collection."""
        tags = self._tags(record)
        return self._statements.get(
            ("delete", tags),
            lambda: tags.delete().where(
                tags.c.dataset_id == bindparam("id"),
                tags.c.collection_id == bindparam("collection"),
            ),
        )

    def values(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Select the required values of a member: dataset, collection."""
        tags = self._tags(record)
        names = record.dataset_type.dimensions.required or ("dataset_id",)
        return self._statements.get(
            ("values", tags),
            lambda: sqlalchemy.select(*(tags.c[name] for name in names)).where(
                tags.c.dataset_id == bindparam("id"),
                tags.c.collection_id == bindparam("collection"),
            ),
        )

    def described(self, record: DatasetTypeRecord, count: int) -> CompiledStatement:
        """Select dataset, type, run and required values, NULL for those of other types: ids."""
        tags, dataset = self._tags(record), self._schema.table("dataset")
        names = record.dataset_type.dimensions.required
        here = sqlalchemy.and_(
            tags.c.dataset_id == dataset.c.id, tags.c.collection_id == dataset.c.run_id
        )
        return self._statements.get(
            ("described", tags, count),
            lambda: (
                sqlalchemy.select(
                    dataset.c.id,
                    dataset.c.dataset_type_id,
                    dataset.c.run_id,
                    *(tags.c[name] for name in names),
                )
                .select_from(dataset.outerjoin(tags, here))
                .where(dataset.c.id.in_([bindparam(f"id_{place}") for place in range(count)]))
            ),
        )

    def find(self, record: DatasetTypeRecord, count: int) -> CompiledStatement:
        """Select collection, dataset and run: dataset type, collections, required values."""
        tags, dataset = self._tags(record), self._schema.table("dataset")
        return self._statements.get(
            ("find", tags, count),
            lambda: (
                sqlalchemy.select(tags.c.collection_id, tags.c.dataset_id, dataset.c.run_id)
                .join_from(tags, dataset, dataset.c.id == tags.c.dataset_id)
                .where(
                    tags.c.dataset_type_id == bindparam("dataset_type"),
                    tags.c.collection_id.in_(_places(count)),
                    *_same_data_id(tags, record.dataset_type.dimensions),
                )
            ),
        )

    def find_calibration(self, record: DatasetTypeRecord) -> CompiledStatement:
        """Select dataset and run: dataset type, collection, required values, end, begin."""
        assert record.calibs_table is not None
        calibs = self._schema.calibs_table(record.calibs_table, record.dataset_type.dimensions)
        dataset = self._schema.table("dataset")
        return self._statements.get(
            ("calibration", calibs),
            lambda: (
                sqlalchemy.select(calibs.c.dataset_id, dataset.c.run_id)
                .join_from(calibs, dataset, dataset.c.id == calibs.c.dataset_id)
                .where(
                    calibs.c.dataset_type_id == bindparam("dataset_type"),
                    calibs.c.collection_id == bindparam("collection"),
                    *_same_data_id(calibs, record.dataset_type.dimensions),
                    calibs.c.timespan_begin < bindparam("end"),
                    calibs.c.timespan_end > bindparam("begin"),
                )
            ),
        )


def _same_data_id(table: sqlalchemy.Table, dimensions: DimensionGroup) -> list[Any]:
    return [table.c[name] == bindparam(f"key_{name}") for name in dimensions.required]


def _places(count: int) -> list[Any]:
    return [bindparam(f"collection_{place}") for place in range(count)]
