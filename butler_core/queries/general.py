"""The SQL of queries for rows of dimensions, fields of records and fields of datasets."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy

from ..dimensions.record import decode_value
from ..errors import CalibrationLookupError
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from .data_ids import DataIdQueries, DataIdQuery
from .expressions.names import DATASET_FIELDS
from .joins import DimensionJoins
from .memberships import DatasetSearch, Membership, Span, membership
from .order_by import order_columns
from .related import constraint_conditions
from .restriction import limited
from .sky import Pixels, SkyPair, refuse_pixels, region_condition

__all__ = ["GeneralQueries", "GeneralQuery"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class GeneralQuery(DataIdQuery):
    """What rows are asked for, whose dimensions are those of all fields and others.

    Parameters
    ----------
    fields : `tuple` [ `tuple` [ `str`, `str` ] ]
        Fields of records: the element, and the field.
    dataset_fields : `tuple` [ `tuple` [ `str`, `str` ] ]
        Fields of datasets: the type, which is searched for, and the field.
    find_first : `bool`
        Whether, of datasets with the same data ID, only the one in the first
        collection is in a row; they are of one type then.
    """

    fields: tuple[tuple[str, str], ...]
    dataset_fields: tuple[tuple[str, str], ...]
    find_first: bool

    def in_rows(self) -> list[tuple[int, DatasetSearch]]:
        """Return the searches whose datasets have fields in the rows, and their places."""
        types = {name for name, _ in self.dataset_fields}
        return [
            (place, one)
            for place, one in enumerate(self.datasets)
            if isinstance(one, DatasetSearch) and one.record.dataset_type.name in types
        ]


class GeneralQueries:
    """Runs queries for rows, each form compiled once.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    summaries : `CollectionSummaries`
        What collections may hold.
    """

    def __init__(self, database: Database, schema: Schema, summaries: CollectionSummaries) -> None:
        self._database = database
        self._schema = schema
        self._summaries = summaries
        self._data_ids = DataIdQueries(database, schema, summaries)
        self._statements = database.statements(schema, "general queries")

    def run(self, query: GeneralQuery) -> Iterator[dict[str, Any]]:
        """Yield rows by the names of their columns, reading as they are iterated.

        Raises
        ------
        CalibrationLookupError
            If several calibrations of one collection have the same data ID,
            and only the first is wanted.
        InvalidQueryError
            If it is not clear which regions of the sky shall overlap, or an
            order means nothing.
        """
        narrowed = query.narrowed(self._summaries)
        if narrowed is None:
            return
        key = (query.dimensions.names, query.fields, query.dataset_fields, query.find_first)
        compiled = self._statements.get((key, narrowed.shape), lambda: self._select(narrowed))
        values = narrowed.values(self._database.encode_uuid)
        keys = [*query.dimensions.data_coordinate_keys]
        kinds = [*self._kinds(query)]
        for several, *row in self._database.stream(compiled, compiled.bind(values)):
            if several > 1:
                raise CalibrationLookupError(
                    f"{several} datasets of type {query.dataset_fields[0][0]!r} belong to"
                    f" {dict(zip(keys, row, strict=False))} in one calibration collection: there is"
                    " no first one; ask for find_first=False, or for rows of exposures or visits"
                )
            found = dict(zip(keys, row, strict=False))
            place = len(keys)
            for name, kind in kinds:
                size = 2 if kind == "timespan" else 1
                found[name] = decode_value(kind, *row[place : place + size])
                place += size
            yield found

    def _kinds(self, query: GeneralQuery) -> Iterator[tuple[str, str]]:
        """Yield the names of the columns beside dimensions, and their types."""
        for element, name in query.fields:
            yield f"{element}.{name}", query.dimensions.universe[element].column(name).type
        for dataset_type, name in query.dataset_fields:
            yield f"{dataset_type}.{name}", DATASET_FIELDS[name]

    def _select(self, query: GeneralQuery) -> Any:
        group, universe = query.dimensions, query.dimensions.universe
        joined = self._with_datasets(query)
        joins, pair, done = joined.joins, joined.pair, joined.done
        joins.cover()
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            query.where.conjuncts,
            joined.columns,
            query.memberships(self._schema, done),
            joined.spans,
        )
        if pair is not None:
            where += region_condition(pair, joins.field)
        for span in joined.spans:
            for element in query.every_dimension.timespan_elements:
                if element.name not in group.elements:
                    continue  # which is asked of what is related to the rows
                begin, end = (
                    joins.field(element, f"timespan.{bound}") for bound in ("begin", "end")
                )
                where.append(span.overlaps(begin, end))
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        for element_name, name in query.fields:
            kind = universe[element_name].column(name).type
            columns += [joins.field(universe[element_name], one) for one in _columns(name, kind)]
        for dataset_type, name in query.dataset_fields:
            kind = DATASET_FIELDS[name]
            columns += [joined.columns[dataset_type, one] for one in _columns(name, kind)]
        offered = {f"{kind}.{name}": one for (kind, name), one in joined.columns.items()}
        order = order_columns(joins, query.order_by, offered)
        statement: Any
        if joined.rank is not None:
            statement, order = _first(
                columns, order, joined, where, len(group.data_coordinate_keys)
            )
        else:
            statement = sqlalchemy.select(_ONE, *columns).where(*where)
            if joins.clause is not None:
                statement = statement.select_from(joins.clause)
            if joined.columns:
                statement = statement.distinct()  # a dataset may be in several of the collections
        ordered = [
            column.desc() if term.startswith("-") else column
            for term, column in zip(query.order_by, order, strict=True)
        ]
        return limited(statement.order_by(*ordered), query.limit)

    def _with_datasets(self, query: GeneralQuery) -> _Joined:
        """Return joins that begin with the datasets which are in the rows, if any are."""
        searches = query.in_rows()
        if not searches:
            joins, done, pair = self._data_ids.begun(query)
            return _Joined(joins, done, pair)
        fields = {key for one in query.where.conjuncts for key in one.dataset_fields}
        fields.update(query.dataset_fields)
        if query.find_first:
            fields.update((name, "dataset_id") for name, _ in query.dataset_fields)
        offered: dict[tuple[str, str], Any] = {}
        found: list[Membership] = []
        begun: DimensionJoins | None = None
        for place, search in searches:
            one = membership(
                self._schema,
                search,
                place,
                query.constraint,
                timed=True,
                fields=fields,
                ranked=query.find_first,
            )
            found.append(one)
            offered.update(one.fields)
            keys = {name: one.table.c[name] for name in search.group.required}
            if begun is None:
                begun = DimensionJoins(self._schema, query.dimensions, one.table, keys)
            else:
                begun.join(one.table, keys)
        assert begun is not None
        known = {name for _, search in searches for name in search.group.required}
        pair = query.sky_pair()
        if pair is not None:
            table = Pixels(self._schema, *pair).pairs("pixels_shared")
            begun.join(table, {column.name: column for column in table.columns})
            known.update(column.name for column in table.columns)
        self._add_pixels(query, begun, known)
        spans = [one.span for one in found if one.span is not None]
        done = [place for place, _ in searches]
        if not query.find_first:
            return _Joined(begun, done, pair, offered, spans)
        ((_, search),) = searches
        dataset_id = offered[search.record.dataset_type.name, "dataset_id"]
        rank = found[0].table.c.search_rank
        return _Joined(begun, done, pair, offered, spans, rank, dataset_id)

    def _add_pixels(self, query: GeneralQuery, joins: DimensionJoins, known: set[str]) -> None:
        """Join what has values of the pixels in the rows that nothing has given values yet."""
        group = query.dimensions
        for place, search in enumerate(query.datasets):
            names = [name for name in search.group.required if name in group]
            if any(group.universe[name].skypix is not None for name in {*names} - known):
                one = membership(self._schema, search, place, query.constraint, within=group)
                joins.join(one.table, {name: one.table.c[name] for name in names})
                known.update(names)
        refuse_pixels(group, known)


@dataclasses.dataclass(frozen=True, slots=True)
class _Joined:
    """Joins that a query for rows begins with, and what they have.

    Parameters
    ----------
    joins, done, pair
        As of `DataIdQueries.begun`.
    columns : `dict` [ `tuple` [ `str`, `str` ], `sqlalchemy.ColumnElement` ]
        Fields of datasets.
    spans : `list` [ `Span` ]
        The validity ranges of each dataset type that has some.
    rank, dataset_id : `sqlalchemy.ColumnElement` or `None`
        The places of collections, and the ids of datasets, if only datasets of
        the first are wanted.
    """

    joins: DimensionJoins
    done: Collection[int]
    pair: SkyPair | None
    columns: dict[tuple[str, str], Any] = dataclasses.field(default_factory=dict)
    spans: Sequence[Span] = ()
    rank: Any = None
    dataset_id: Any = None


def _columns(name: str, kind: str) -> tuple[str, ...]:
    """Return the names of the columns that a field of some type has."""
    return (f"{name}.begin", f"{name}.end") if kind == "timespan" else (name,)


def _first(
    columns: list[Any], order: list[Any], joined: _Joined, where: list[Any], size: int
) -> tuple[Any, list[Any]]:
    """Return a statement for those rows whose dataset is in the first collection.

    Parameters
    ----------
    columns, order : `list` [ `sqlalchemy.ColumnElement` ]
        What is selected, and what the rows are ordered by.
    joined : `_Joined`
        What it is selected from.
    where : `list` [ `sqlalchemy.ColumnElement` ]
        What is true of the rows before one hides another.
    size : `int`
        How many of the columns are dimensions.

    Returns
    -------
    statement : `sqlalchemy.Select`
        How many rows claim to be the first, and the columns.
    order : `list` [ `sqlalchemy.ColumnElement` ]
        The columns of the statement to order by.
    """
    named = [column.label(f"column_{number}") for number, column in enumerate(columns)]
    ordered = [column.label(f"order_{number}") for number, column in enumerate(order)]
    # A dataset may be certified for several times, and claims to be the first once.
    every = (
        sqlalchemy.select(joined.rank, joined.dataset_id.label("own_id"), *named, *ordered)
        .select_from(joined.joins.clause)
        .where(*where)
        .distinct()
        .subquery("every_row")
    )
    data_id = [every.c[column.name] for column in named[:size]]
    rank = every.c.search_rank
    place = sqlalchemy.func.rank().over(partition_by=data_id, order_by=rank)
    claims = sqlalchemy.func.count().over(partition_by=[*data_id, rank])
    rows = sqlalchemy.select(
        place.label("place"),
        claims.label("claims"),
        *(every.c[column.name] for column in (*named, *ordered)),
    ).subquery("rows_by_place")
    kept = [rows.c[column.name] for column in named]
    statement = sqlalchemy.select(rows.c.claims, *kept).where(rows.c.place == _ONE)
    return statement, [rows.c[column.name] for column in ordered]


_ONE: Any = sqlalchemy.literal_column("1")
