"""The SQL of queries for datasets."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy

from ..collection import CollectionType
from ..dataset import DatasetRef
from ..dimensions import DataCoordinate
from ..errors import CalibrationLookupError
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.statements import CompiledStatement
from ..registry.summaries import CollectionSummaries
from .dataset_members import DatasetMembers
from .dataset_query import DatasetQuery
from .joins import DimensionJoins
from .order_by import order_terms
from .related import constraint_conditions
from .restriction import limited

__all__ = ["DatasetQueries", "DatasetQuery"]


class DatasetQueries:
    """Runs queries for datasets, each form compiled once.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    """

    def __init__(self, database: Database, schema: Schema, summaries: CollectionSummaries) -> None:
        self._database = database
        self._schema = schema
        self._summaries = summaries
        self._members = DatasetMembers(schema)
        self._statements = database.statements(schema, "dataset queries")

    def run(
        self, query: DatasetQuery, run_names: Callable[[], Mapping[int, str]]
    ) -> Iterator[DatasetRef]:
        """Yield what a query asks for, reading as it is iterated.

        Parameters
        ----------
        query : `DatasetQuery`
            What is asked for.
        run_names : `~collections.abc.Callable`
            Returns the names of runs by id, when the rows are fixed: another
            process may have added some just before.

        Raises
        ------
        CalibrationLookupError
            If several calibrations of one collection have the same data ID,
            and only the first is wanted.
        """
        if query.order_by:
            self._check_order(query)
        query = self._narrowed(query)
        if not query.collections or query.limit == 0 or not all(query.others):
            return
        statement = self._statement(query)
        values: dict[str, Any] = {"dataset_type": query.record.key}
        for place, collection in enumerate(query.collections):
            values[f"collection_{place}"] = collection.key
        values.update({f"value_{name}": value for name, value in query.constraint.items()})
        values["limit"] = query.limit
        if query.timespan is not None:
            values["timespan_begin"], values["timespan_end"] = query.timespan.nsec
        for place, one in enumerate(query.others):
            values.update(one.values(place))
        if query.where.conjuncts:
            values.update(query.where.parameters(self._database.encode_uuid))
        dataset_type = query.record.dataset_type
        group = dataset_type.dimensions
        make_data_id, make_ref = DataCoordinate.from_full_values, DatasetRef.from_row
        rows = self._database.stream(statement, statement.bind(values))
        names = run_names()
        for row in rows:
            data_id = make_data_id(group, row[3:])
            if row[2] > 1:
                raise CalibrationLookupError(
                    f"{row[2]} datasets of type {dataset_type.name!r} with data ID {data_id} are in"
                    " one calibration collection: there is no first one; ask for find_first=False,"
                    " or for one data ID and a timespan with find_dataset"
                )
            yield make_ref(dataset_type, data_id, names[row[1]], row[0])

    def _check_order(self, query: DatasetQuery) -> None:
        """Raise `InvalidQueryError` for a term that means nothing, though there be no results."""
        dataset_type = query.record.dataset_type
        names = dataset_type.dimensions.required
        start = sqlalchemy.table("members", *(sqlalchemy.column(name) for name in names))
        joins = DimensionJoins(
            self._schema, dataset_type.dimensions, start, {name: start.c[name] for name in names}
        )
        extra: dict[str, Any] = {
            f"{prefix}{name}": sqlalchemy.column(name)
            for prefix in ("", f"{dataset_type.name}.")
            for name in ("ingest_date", "run", "collection")
        }
        order_terms(joins, query.order_by, extra)

    def _narrowed(self, query: DatasetQuery) -> DatasetQuery:
        """Return a query with the same results that has less to look at."""
        held = self._summaries.narrowed(query.record.key, query.collections)
        constraint = dict(query.constraint)
        if constraint:
            governors = self._summaries.governors([one.key for one in held])
            for name in query.record.dataset_type.dimensions.governors:
                if name not in constraint and len(governors[name]) == 1:
                    (constraint[name],) = governors[name]
        others = tuple(one.narrowed(self._summaries) for one in query.others)
        return dataclasses.replace(query, collections=held, constraint=constraint, others=others)

    def _statement(self, query: DatasetQuery) -> CompiledStatement:
        key = (
            query.record,
            tuple(collection.type for collection in query.collections),
            tuple(query.constraint),
            query.find_first,
            query.order_by,
            query.limit is None,
            query.timespan is None,
            query.where.conjuncts,
            tuple(one.shape for one in query.others),
        )
        return self._statements.get(key, lambda: self._select(query))

    def _select(self, query: DatasetQuery) -> Any:
        dataset_type = query.record.dataset_type
        group = dataset_type.dimensions
        members, several = self._members.table(query)
        joins = DimensionJoins(
            self._schema, group, members, {name: members.c[name] for name in group.required}
        )
        run: Any = members.c.collection_id
        needed = {
            str(term).removeprefix("-").removeprefix(f"{dataset_type.name}.")
            for term in query.order_by
        }
        all_runs = all(one.type is CollectionType.RUN for one in query.collections)
        extra: dict[str, Any] = {}
        if not all_runs or "ingest_date" in needed:
            dataset = self._schema.table("dataset")
            joins.clause = joins.clause.join(dataset, dataset.c.id == members.c.dataset_id)
            run = dataset.c.run_id
            extra["ingest_date"] = dataset.c.ingest_date
        for name, key in (("run", run), ("collection", members.c.collection_id)):
            if name in needed:
                table = self._schema.table("collection").alias(f"{name}_name")
                joins.clause = joins.clause.join(table, table.c.collection_id == key)
                extra[name] = table.c.name
        extra.update({f"{dataset_type.name}.{name}": column for name, column in extra.items()})
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        own = dataset_type.name
        conjuncts = [one for one in query.where.conjuncts if not one.is_about(own)]
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            conjuncts,
            memberships=query.memberships(self._schema),
        )
        order = order_terms(joins, query.order_by, extra)
        statement = (
            sqlalchemy.select(members.c.dataset_id, run, several, *columns)
            .select_from(joins.clause)
            .where(*where)
            .order_by(*order)
        )
        return limited(statement, query.limit)
