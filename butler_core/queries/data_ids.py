"""The SQL of queries for data IDs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy

from ..dimensions import DataCoordinate, DimensionGroup
from ..errors import InvalidQueryError
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.statements import StatementCache
from ..registry.summaries import CollectionSummaries
from .expressions import NOTHING, Checked
from .joins import DimensionJoins
from .memberships import DatasetSearch, membership
from .order_by import order_terms
from .related import constraint_conditions

__all__ = ["DataIdQueries", "DataIdQuery"]


@dataclasses.dataclass(frozen=True, slots=True)
class DataIdQuery:
    """What data IDs are asked for.

    Parameters
    ----------
    dimensions : `DimensionGroup`
        Their dimensions.
    constraint : `dict` [ `str`, `object` ]
        Values of dimensions that they must have, or be related to.
    where : `Checked`
        What they must be besides.
    datasets : `tuple` [ `DatasetSearch` ]
        Datasets that there must be.
    order_by : `tuple` [ `str` ]
        Terms to order by.
    limit : `int` or `None`
        How many to return at most.
    """

    dimensions: DimensionGroup
    constraint: Mapping[str, Any]
    where: Checked = NOTHING
    datasets: tuple[DatasetSearch, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None


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
        self._statements = StatementCache(database.compile)

    def run(self, query: DataIdQuery) -> Iterator[DataCoordinate]:
        """Yield data IDs with implied values, reading as they are iterated.

        Raises
        ------
        InvalidQueryError
            If dimensions are related by regions of the sky alone, or an order
            means nothing.
        """
        group = query.dimensions
        held = tuple(one.narrowed(self._summaries) for one in query.datasets)
        if not all(one.collections for one in held):
            return
        query = dataclasses.replace(query, datasets=held)
        key = (
            group.names,
            tuple(query.constraint),
            query.where.conjuncts,
            tuple(one.shape for one in held),
            query.order_by,
            query.limit is None,
        )
        compiled = self._statements.get(key, lambda: self._select(query))
        values = {f"value_{name}": value for name, value in query.constraint.items()}
        values.update(query.where.parameters(self._database.encode_uuid))
        for place, search in enumerate(held):
            values.update(search.values(place))
        values["limit"] = query.limit
        make, count = DataCoordinate.from_full_values, len(group.data_coordinate_keys)
        for row in self._database.stream(compiled, compiled.bind(values)):
            yield make(group, row[:count])

    def _select(self, query: DataIdQuery) -> Any:
        group = query.dimensions
        joins, done = self._begun(query)
        joins.cover()
        memberships = [
            membership(self._schema, search, place, query.constraint, timed=True)
            for place, search in enumerate(query.datasets)
            if place != done
        ]
        conjuncts = query.where.conjuncts
        where = constraint_conditions(
            self._schema, joins, query.constraint, conjuncts, memberships=memberships
        )
        order = order_terms(joins, query.order_by)
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        statement = sqlalchemy.select(*columns or [sqlalchemy.literal_column("1")])
        if joins.clause is not None:
            statement = statement.select_from(joins.clause)
        statement = statement.where(*where).order_by(*order)
        if query.limit is not None:
            statement = statement.limit(sqlalchemy.bindparam("limit", type_=sqlalchemy.Integer))
        return statement

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
