"""The SQL of queries for datasets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy

from ..collection import CollectionType
from ..dataset import DatasetRef
from ..dimensions import DataCoordinate
from ..registry.collections import CollectionRecord
from ..registry.database import CompiledStatement, Database
from ..registry.dataset_types import DatasetTypeRecord
from ..registry.schema import Schema
from .joins import DimensionJoins
from .order_by import order_terms

__all__ = ["DatasetQueries", "DatasetQuery"]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetQuery:
    """What datasets of one type are asked for.

    Parameters
    ----------
    record : `DatasetTypeRecord`
        Their type.
    collections : `tuple` [ `CollectionRecord` ]
        Where to look, in order; no chains.
    constraint : `dict` [ `str`, `object` ]
        Values of dimensions that they must have.
    find_first : `bool`
        Whether, of those with the same data ID, only the one in the first
        collection is wanted.
    order_by : `tuple` [ `str` ]
        Terms to order by.
    limit : `int` or `None`
        How many to return at most.
    """

    record: DatasetTypeRecord
    collections: tuple[CollectionRecord, ...]
    constraint: Mapping[str, Any]
    find_first: bool = False
    order_by: tuple[str, ...] = ()
    limit: int | None = None


class DatasetQueries:
    """Runs queries for datasets, each form compiled once.

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
        self._statements: dict[tuple[Any, ...], CompiledStatement] = {}

    def run(self, query: DatasetQuery, run_names: Mapping[int, str]) -> Iterator[DatasetRef]:
        """Yield what a query asks for, reading as it is iterated.

        Parameters
        ----------
        query : `DatasetQuery`
            What is asked for.
        run_names : `~collections.abc.Mapping` [ `int`, `str` ]
            Names of runs by id.
        """
        if not query.collections or query.limit == 0:
            return
        statement = self._statement(query)
        values: dict[str, Any] = {"dataset_type": query.record.key}
        for place, collection in enumerate(query.collections):
            values[f"collection_{place}"] = collection.key
        values.update({f"value_{name}": value for name, value in query.constraint.items()})
        values["limit"] = query.limit
        group = query.record.dataset_type.dimensions
        dataset_type = query.record.dataset_type
        make_data_id, make_ref = DataCoordinate.from_full_values, DatasetRef.from_row
        for row in self._database.query(statement, statement.bind(values)):
            yield make_ref(
                dataset_type, make_data_id(group, tuple(row[2:])), run_names[row[1]], row[0]
            )

    def _statement(self, query: DatasetQuery) -> CompiledStatement:
        key = (
            query.record.key,
            query.record.tags_table,
            tuple(collection.type for collection in query.collections),
            tuple(query.constraint),
            query.find_first,
            query.order_by,
            query.limit is None,
        )
        if key not in self._statements:
            self._statements[key] = self._database.compile(self._select(query))
        return self._statements[key]

    def _select(self, query: DatasetQuery) -> Any:
        group = query.record.dataset_type.dimensions
        members, searched = self._members(query)
        joins = DimensionJoins(
            self._schema, group, members, {name: members.c[name] for name in group.required}
        )
        dataset = self._schema.table("dataset")
        run: Any = members.c.collection_id
        extra: dict[str, Any] = {}
        needs_dataset = searched != {CollectionType.RUN} or any(
            term.endswith("ingest_date") for term in query.order_by
        )
        if needs_dataset:
            joins.clause = joins.clause.join(dataset, dataset.c.id == members.c.dataset_id)
            run = dataset.c.run_id
            extra = {
                "ingest_date": dataset.c.ingest_date,
                f"{query.record.dataset_type.name}.ingest_date": dataset.c.ingest_date,
            }
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        where = [
            joins.dimension(name) == sqlalchemy.bindparam(f"value_{name}")
            for name in query.constraint
        ]
        order = order_terms(joins, query.order_by, extra)
        statement = (
            sqlalchemy.select(members.c.dataset_id, run, *columns)
            .select_from(joins.clause)
            .where(*where)
            .order_by(*order)
        )
        if query.limit is not None:
            statement = statement.limit(sqlalchemy.bindparam("limit", type_=sqlalchemy.Integer))
        return statement

    def _members(self, query: DatasetQuery) -> tuple[Any, set[CollectionType]]:
        """Return a table of memberships, each dataset once, and the types of its collections."""
        kinds = {collection.type for collection in query.collections}
        several = len(query.collections) > 1
        parts = []
        tagged = [one for one in query.collections if one.type is not CollectionType.CALIBRATION]
        if tagged:
            parts.append(self._members_of(query, calibrations=False))
        if CollectionType.CALIBRATION in kinds and query.record.calibs_table is not None:
            parts.append(self._members_of(query, calibrations=True))
        if not parts:
            parts.append(self._members_of(query, calibrations=False).where(sqlalchemy.false()))
        if not several and kinds == {CollectionType.RUN}:
            return parts[0].subquery("members"), kinds
        together: Any = sqlalchemy.union_all(*parts) if len(parts) > 1 else parts[0]
        ranked: Any = together.subquery("ranked")
        names = query.record.dataset_type.dimensions.required
        partition = [ranked.c[name] for name in names] if query.find_first else []
        if not query.find_first:
            partition = [ranked.c.dataset_id]
        place = (
            sqlalchemy.func.row_number()
            .over(partition_by=partition or None, order_by=ranked.c.search_rank)
            .label("place")
        )
        columns = [ranked.c[name] for name in ("dataset_id", "collection_id", *names)]
        placed = sqlalchemy.select(*columns, place).subquery("placed")
        kept = [placed.c[name] for name in ("dataset_id", "collection_id", *names)]
        return sqlalchemy.select(*kept).where(placed.c.place == 1).subquery("members"), kinds

    def _members_of(self, query: DatasetQuery, *, calibrations: bool) -> Any:
        record = query.record
        dimensions = record.dataset_type.dimensions
        if calibrations:
            assert record.calibs_table is not None
            table = self._schema.calibs_table(record.calibs_table, dimensions)
        else:
            table = self._schema.tags_table(record.tags_table, dimensions)
        keys = [
            (place, sqlalchemy.bindparam(f"collection_{place}", type_=sqlalchemy.BigInteger))
            for place, collection in enumerate(query.collections)
            if (collection.type is CollectionType.CALIBRATION) is calibrations
        ]
        columns: list[Any] = [table.c.dataset_id, table.c.collection_id]
        columns += [table.c[name] for name in dimensions.required]
        if len(query.collections) > 1 or query.collections[0].type is not CollectionType.RUN:
            rank = sqlalchemy.case(
                *(
                    (table.c.collection_id == key, sqlalchemy.literal_column(str(place)))
                    for place, key in keys
                ),
                else_=sqlalchemy.literal_column(str(len(keys))),
            )
            columns.append(rank.label("search_rank"))
        constraint = [
            table.c[name] == sqlalchemy.bindparam(f"value_{name}")
            for name in query.constraint
            if name in dimensions.required
        ]
        return sqlalchemy.select(*columns).where(
            table.c.dataset_type_id == sqlalchemy.bindparam("dataset_type"),
            sqlalchemy.or_(*(table.c.collection_id == key for _, key in keys))
            if keys
            else sqlalchemy.false(),
            *constraint,
        )
