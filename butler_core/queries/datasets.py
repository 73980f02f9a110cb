"""The SQL of queries for datasets."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy
from sqlalchemy.sql import operators
from sqlalchemy.sql.expression import UnaryExpression

from ..collection import CollectionType
from ..dataset import DatasetRef
from ..dimensions import DataCoordinate, DimensionGroup
from ..errors import CalibrationLookupError
from ..registry.collections import CollectionRecord
from ..registry.database import Database
from ..registry.dataset_types import DatasetTypeRecord
from ..registry.schema import Schema
from ..registry.statements import CompiledStatement
from ..registry.summaries import CollectionSummaries
from ..timespan import Timespan
from .expressions import NOTHING, Checked
from .joins import DimensionJoins
from .order_by import order_terms
from .related import constraint_conditions

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
    timespan : `Timespan` or `None`
        What the validity ranges of calibrations must overlap.
    where : `Checked`
        What they must be besides.
    """

    record: DatasetTypeRecord
    collections: tuple[CollectionRecord, ...]
    constraint: Mapping[str, Any]
    find_first: bool = False
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    timespan: Timespan | None = None
    where: Checked = NOTHING


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
        self._statements: dict[tuple[Any, ...], CompiledStatement] = {}

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
        if not query.collections or query.limit == 0:
            return
        statement = self._statement(query)
        values: dict[str, Any] = {"dataset_type": query.record.key}
        for place, collection in enumerate(query.collections):
            values[f"collection_{place}"] = collection.key
        values.update({f"value_{name}": value for name, value in query.constraint.items()})
        values["limit"] = query.limit
        if query.timespan is not None:
            values["timespan_begin"], values["timespan_end"] = query.timespan.nsec
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
        return dataclasses.replace(query, collections=held, constraint=constraint)

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
        )
        if key not in self._statements:
            self._statements[key] = self._database.compile(self._select(query))
        return self._statements[key]

    def _select(self, query: DatasetQuery) -> Any:
        dataset_type = query.record.dataset_type
        group = dataset_type.dimensions
        members, several = self._members(query)
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
        conjuncts = [one for one in query.where.conjuncts if not one.dataset_fields]
        where = constraint_conditions(self._schema, joins, query.constraint, conjuncts)
        order = order_terms(joins, query.order_by, extra)
        statement = (
            sqlalchemy.select(members.c.dataset_id, run, several, *columns)
            .select_from(joins.clause)
            .where(*where)
            .order_by(*order)
        )
        if query.limit is not None:
            statement = statement.limit(sqlalchemy.bindparam("limit", type_=sqlalchemy.Integer))
        return statement

    def _members(self, query: DatasetQuery) -> tuple[Any, Any]:
        """Return a table of memberships, and the column that counts those with equal claims.

        Each dataset is in it once, or each data ID if the first is wanted.
        """
        kinds = {collection.type for collection in query.collections}
        one: Any = sqlalchemy.literal_column("1")
        parts = []
        if kinds != {CollectionType.CALIBRATION}:
            parts.append(self._members_of(query, calibrations=False))
        if CollectionType.CALIBRATION in kinds:
            parts.append(self._members_of(query, calibrations=True).distinct())
        if any(one.dataset_fields for one in query.where.conjuncts):
            parts = [self._satisfying(query, one.subquery()) for one in parts]
        alone = len(query.collections) == 1 or (
            kinds == {CollectionType.RUN} and not query.find_first
        )
        if alone and CollectionType.CALIBRATION not in kinds:
            return parts[0].subquery("members"), one
        together: Any = parts[0]
        if len(parts) > 1:
            together = sqlalchemy.union_all(*parts)
        ranked = together.subquery("ranked")
        names = ["dataset_id", "collection_id", *query.record.dataset_type.dimensions.required]
        columns = [ranked.c[name] for name in names]
        claims: Any = one
        if query.find_first:
            data_id = columns[2:]
            place = _over(sqlalchemy.func.rank(), data_id, ranked.c.search_rank)
            if CollectionType.CALIBRATION in kinds:
                claims = _over(sqlalchemy.func.count(), [*data_id, ranked.c.search_rank])
        else:
            place = _over(sqlalchemy.func.row_number(), columns[:1], ranked.c.search_rank)
        placed = sqlalchemy.select(*columns, place.label("place"), claims.label("claims")).subquery(
            "placed"
        )
        kept = [placed.c[name] for name in (*names, "claims")]
        members: Any = sqlalchemy.select(*kept).where(placed.c.place == 1).subquery("members")
        return members, members.c.claims

    def _satisfying(self, query: DatasetQuery, members: Any) -> Any:
        """Return those memberships of which is true what the query says of datasets.

        It is said of them before one hides another.
        """
        conjuncts = [one for one in query.where.conjuncts if one.dataset_fields]
        fields = {name for one in conjuncts for name in one.dataset_fields}
        group = query.record.dataset_type.dimensions
        start = {name: members.c[name] for name in group.required}
        joins = DimensionJoins(self._schema, group, members, start)
        dataset = self._schema.table("dataset")
        joins.clause = joins.clause.join(dataset, dataset.c.id == members.c.dataset_id)
        columns: dict[str, Any] = {"dataset_id": dataset.c.id, "ingest_date": dataset.c.ingest_date}
        keys = {"run": dataset.c.run_id, "collection": members.c.collection_id}
        for name in fields.intersection(keys):
            table = self._schema.table("collection").alias(f"{name}_of_dataset")
            joins.clause = joins.clause.join(table, table.c.collection_id == keys[name])
            columns[name] = table.c.name
        where = constraint_conditions(self._schema, joins, (), conjuncts, columns)
        return sqlalchemy.select(*members.columns).select_from(joins.clause).where(*where)

    def _members_of(self, query: DatasetQuery, *, calibrations: bool) -> Any:
        record = query.record
        dimensions = record.dataset_type.dimensions
        if calibrations:
            assert record.calibs_table is not None
            table = self._schema.calibs_table(record.calibs_table, dimensions)
        else:
            table = self._schema.tags_table(record.tags_table, dimensions)
        keys = {
            place: sqlalchemy.bindparam(f"collection_{place}", type_=sqlalchemy.BigInteger)
            for place, collection in enumerate(query.collections)
            if (collection.type is CollectionType.CALIBRATION) is calibrations
        }
        columns: list[Any] = [table.c.dataset_id, table.c.collection_id]
        columns += [table.c[name] for name in dimensions.required]
        rank: list[Any] = [
            (table.c.collection_id == key, sqlalchemy.literal_column(str(place)))
            for place, key in keys.items()
        ]
        columns.append(sqlalchemy.case(*rank).label("search_rank"))
        constraint = {
            name: table.c[name] == sqlalchemy.bindparam(f"value_{name}")
            for name in query.constraint
            if name in dimensions.required
        }
        valid: list[Any] = []
        if calibrations and query.timespan is not None:
            begin, end = (
                sqlalchemy.bindparam(name, type_=sqlalchemy.BigInteger)
                for name in ("timespan_begin", "timespan_end")
            )
            valid = [table.c.timespan_begin < end, table.c.timespan_end > begin]
        type_id, collection_id = _led_to_index(table, dimensions, set(constraint))
        return sqlalchemy.select(*columns).where(
            type_id == sqlalchemy.bindparam("dataset_type"),
            collection_id.in_(list(keys.values())),
            *constraint.values(),
            *valid,
        )


def _over(function: Any, partition: list[Any], order: Any = None) -> Any:
    """Return a window function, whose partition no index is chosen for."""
    masked = [_masked(column) for column in partition[:1]]
    return function.over(partition_by=[*masked, *partition[1:]] or None, order_by=order)


def _masked(column: Any) -> Any:
    """Return an expression equal to a column, which has no index."""
    if isinstance(column.type, sqlalchemy.Integer):
        return column + sqlalchemy.literal_column("0")
    return column.op("||")(sqlalchemy.literal_column("''"))


def _led_to_index(
    table: sqlalchemy.Table, dimensions: DimensionGroup, constrained: set[str]
) -> tuple[Any, Any]:
    """Return the columns of type and collection, in a form that leads to the best index.

    The format's unique index has type, collection and the dimensions in their
    order, detector before visit. Where a constraint passes over one of them,
    the index of the reference to the later dimension finds fewer rows; a
    unary plus keeps SQLite from preferring the unique one.
    """
    columns: tuple[Any, Any] = (table.c.dataset_type_id, table.c.collection_id)
    leading = set(itertools.takewhile(constrained.__contains__, dimensions.required))
    for name in constrained - leading:
        element = dimensions.universe[name]
        if element.has_own_table and constrained.issuperset(element.required_names):
            plus: Any = operators.custom_op("+")
            type_id, collection_id = (
                UnaryExpression(column, operator=plus, type_=column.type) for column in columns
            )
            return type_id, collection_id
    return columns
