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
from .dataset_members import DatasetMembers
from .dataset_query import DatasetQuery
from .expressions import Conjunct
from .expressions.names import DATASET_FIELDS
from .joins import DimensionJoins
from .memberships import DatasetSearch, dataset_fields, membership
from .order_by import order_terms
from .related import constraint_conditions
from .restriction import limited
from .sky import Pixels, SkyPair, region_condition

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

    def first_of(self, search: DatasetSearch) -> DatasetQuery:
        """Return the query for the first datasets of the type that is in the rows."""
        others = tuple(one for one in self.datasets if one is not search)
        return DatasetQuery(
            search.record,
            search.collections,
            self.constraint,
            find_first=True,
            where=self.where,
            others=others,
        )

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
        self._members = DatasetMembers(schema)
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
        for _, search in narrowed.in_rows() if query.find_first else ():
            values["dataset_type"] = search.record.key
            for number, one in enumerate(search.collections):
                values[f"collection_{number}"] = one.key
        keys = [*query.dimensions.data_coordinate_keys]
        kinds = [*self._kinds(query)]
        for several, *row in self._database.stream(compiled, compiled.bind(values)):
            if several > 1:
                raise CalibrationLookupError(
                    f"{several} datasets of type {query.dataset_fields[0][0]!r} with data ID"
                    f" {dict(zip(keys, row, strict=False))} are in one calibration collection:"
                    " there is no first one; ask for find_first=False"
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
        several: Any = sqlalchemy.literal_column("1")
        offered: dict[tuple[str, str], Any] = {}
        conjuncts: Sequence[Conjunct] = query.where.conjuncts
        if query.dataset_fields:
            joins, done, pair, several, offered = self._with_datasets(query)
            if query.find_first:
                own = query.dataset_fields[0][0]
                conjuncts = [one for one in conjuncts if not one.is_about(own)]
        else:
            joins, done, pair = self._data_ids.begun(query)
        joins.cover()
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            conjuncts,
            offered,
            query.memberships(self._schema, done),
        )
        if pair is not None:
            where += region_condition(pair, joins.field)
        order = order_terms(
            joins, query.order_by, {f"{kind}.{name}": one for (kind, name), one in offered.items()}
        )
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        for element, name in query.fields:
            kind = universe[element].column(name).type
            bounds = (f"{name}.begin", f"{name}.end") if kind == "timespan" else (name,)
            columns += [joins.field(universe[element], one) for one in bounds]
        for dataset_type, name in query.dataset_fields:
            bounds = (f"{name}.begin", f"{name}.end") if name == "timespan" else (name,)
            columns += [offered[dataset_type, one] for one in bounds]
        statement = sqlalchemy.select(several, *columns).where(*where).order_by(*order)
        if joins.clause is not None:
            statement = statement.select_from(joins.clause)
        return limited(
            statement.distinct() if offered and not query.find_first else statement, query.limit
        )

    def _with_datasets(
        self, query: GeneralQuery
    ) -> tuple[DimensionJoins, Collection[int], SkyPair | None, Any, dict[tuple[str, str], Any]]:
        """Return joins that begin with the datasets which are in the rows.

        Returns
        -------
        joins, done, pair
            As of `DataIdQueries.begun`.
        several : `sqlalchemy.ColumnElement`
            How many datasets claim to be the first.
        columns : `dict` [ `tuple` [ `str`, `str` ], `sqlalchemy.ColumnElement` ]
            The fields of the datasets.
        """
        several: Any = sqlalchemy.literal_column("1")
        offered: dict[tuple[str, str], Any] = {}
        joins: DimensionJoins | None = None
        fields = {key for one in query.where.conjuncts for key in one.dataset_fields}
        fields.update(query.dataset_fields)
        for place, search in query.in_rows():
            own = search.record.dataset_type.name
            if query.find_first:
                table, several = self._members.table(query.first_of(search))
            else:
                found = membership(
                    self._schema, search, place, query.constraint, timed=True, fields=fields
                )
                table = found.table
                offered.update(found.fields)
            keys = {name: table.c[name] for name in search.group.required}
            if joins is None:
                joins = DimensionJoins(self._schema, query.dimensions, table, keys)
            else:
                joins.join(table, keys)
            if query.find_first:
                wanted = {name for kind, name in query.dataset_fields if kind == own}
                joins.clause, columns = dataset_fields(
                    self._schema, joins.clause, table.c.dataset_id, table.c.collection_id, wanted
                )
                offered.update({(own, name): column for name, column in columns.items()})
        assert joins is not None
        pair = query.sky_pair()
        if pair is not None:
            table = Pixels(self._schema, *pair).pairs("pixels_shared")
            joins.join(table, {column.name: column for column in table.columns})
        return joins, [place for place, _ in query.in_rows()], pair, several, offered
