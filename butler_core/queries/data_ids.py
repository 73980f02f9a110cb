"""The SQL of queries for data IDs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import sqlalchemy

from ..dimensions import DataCoordinate, DimensionGroup
from ..errors import InvalidQueryError
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from .joins import DimensionJoins
from .memberships import DatasetSearch, membership
from .order_by import order_terms
from .related import constraint_conditions
from .restriction import Restriction, limited

__all__ = ["DataIdQueries", "DataIdQuery"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DataIdQuery(Restriction):
    """What data IDs are asked for.

    Parameters
    ----------
    dimensions : `DimensionGroup`
        Their dimensions.
    """

    dimensions: DimensionGroup


class DataIdQueries:
    """Runs queries for data IDs, each form compiled once.

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
        self._statements = database.statements(schema, "data ID queries")

    def run(self, query: DataIdQuery) -> Iterator[DataCoordinate]:
        """Yield data IDs with implied values, reading as they are iterated.

        Raises
        ------
        InvalidQueryError
            If dimensions are related by regions of the sky alone, or an order
            means nothing.
        """
        group = query.dimensions
        narrowed = query.narrowed(self._summaries)
        if narrowed is None:
            return
        key = (group.names, narrowed.shape)
        compiled = self._statements.get(key, lambda: self._select(narrowed))
        values = narrowed.values(self._database.encode_uuid)
        make, count = DataCoordinate.from_full_values, len(group.data_coordinate_keys)
        for row in self._database.stream(compiled, compiled.bind(values)):
            yield make(group, row[:count])

    def _select(self, query: DataIdQuery) -> Any:
        group = query.dimensions
        joins, done = self._begun(query)
        joins.cover()
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            query.where.conjuncts,
            memberships=query.memberships(self._schema, done),
        )
        order = order_terms(joins, query.order_by)
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        statement = sqlalchemy.select(*columns or [sqlalchemy.literal_column("1")])
        if joins.clause is not None:
            statement = statement.select_from(joins.clause)
        return limited(statement.where(*where).order_by(*order), query.limit)

    def _begun(self, query: DataIdQuery) -> tuple[DimensionJoins, int | None]:
        """Return joins that begin with a table of datasets where that is what says most.

        Returns
        -------
        joins : `DimensionJoins`
            The joins.
        done : `int` or `None`
            The place of the datasets of which no more has to be asked.
        """
        group = query.dimensions
        _refuse_regions(group, query.datasets)
        for place, search in enumerate(query.datasets):
            names = [name for name in search.group.required if name in group]
            if names:
                found = membership(self._schema, search, place, query.constraint, within=group)
                columns = {name: found.table.columns[name] for name in names}
                joins = DimensionJoins(self._schema, group, found.table, columns)
                # Calibrations must be valid as well, which is asked of each by itself.
                whole = search.group.issubset(group) and search.record.calibs_table is None
                return joins, place if whole else None
        return DimensionJoins(self._schema, group, None, {}), None


def _refuse_regions(group: DimensionGroup, datasets: tuple[DatasetSearch, ...]) -> None:
    universe = group.universe
    computed = [name for name in group.names if universe[name].skypix is not None]
    if computed:
        raise InvalidQueryError(
            f"{', '.join(computed)}: pixels of the sky are computed, not stored: they cannot be"
            " queried"
        )
    families = len(group.region_elements)
    related = [len(search.group.region_elements) for search in datasets]
    if families > max([1, *related]):
        elements = " and ".join(element.name for element in group.region_elements)
        raise InvalidQueryError(
            f"{elements} have to do with each other by regions of the sky, which this version does"
            " not compare"
        )
