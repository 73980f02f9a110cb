"""The SQL of queries for data IDs."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy

from ..dimensions import DataCoordinate, DimensionGroup
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from .joins import DimensionJoins
from .memberships import GivenDataIds, Search, membership
from .order_by import order_terms
from .related import constraint_conditions
from .restriction import Restriction, limited
from .sky import Pixels, SkyPair, refuse_pixels, region_condition, sky_pair

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

    @property
    def every_dimension(self) -> DimensionGroup:
        """The dimensions of the results, and of all that they are related to."""
        names = {name for one in self.where.conjuncts for name in one.dimensions}
        names.update(self.constraint, *(one.group.names for one in self.datasets))
        return self.dimensions.universe.conform({*self.dimensions.names, *names})

    def sky_pair(self) -> SkyPair | None:
        """Return the elements of the results that are to be related by their regions.

        Raises
        ------
        InvalidQueryError
            If it is not clear which are meant.
        """
        group = self.dimensions
        pair = sky_pair(
            self.every_dimension, [one.group for one in self.datasets], self.where.conjuncts
        )
        if pair is not None and not all(element.name in group.elements for element in pair):
            return None  # which is asked of what is related to the results
        return pair


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
            If it is not clear which regions of the sky shall overlap, or an
            order means nothing.
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
        joins, done, pair = self.begun(query)
        joins.cover()
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            query.where.conjuncts,
            memberships=query.memberships(self._schema, done),
        )
        if pair is not None:
            where += region_condition(pair, joins.field)
        order = order_terms(joins, query.order_by)
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        statement = sqlalchemy.select(*columns or [sqlalchemy.literal_column("1")])
        if joins.clause is not None:
            statement = statement.select_from(joins.clause)
        return limited(statement.where(*where).order_by(*order), query.limit)

    def begun(self, query: DataIdQuery) -> tuple[DimensionJoins, Collection[int], SkyPair | None]:
        """Return joins that begin with the table that says most.

        That is one of datasets, or of what overlaps on the sky.

        Returns
        -------
        joins : `DimensionJoins`
            The joins.
        done : `~collections.abc.Collection` [ `int` ]
            The places of the datasets of which no more has to be asked.
        pair : `SkyPair` or `None`
            The elements whose regions must overlap.
        """
        group = query.dimensions
        pair = query.sky_pair()
        if pair is not None:
            table = Pixels(self._schema, *pair).pairs("pixels_shared")
            columns = {column.name: column for column in table.columns}
            return DimensionJoins(self._schema, group, table, columns), (), pair
        pixels = {name for name in group.names if group.universe[name].skypix is not None}
        # What has values of pixels is first: no records have them.
        searches = sorted(
            enumerate(query.datasets), key=lambda one: not pixels.issubset(one[1].group.names)
        )
        for place, search in searches:
            names = [name for name in search.group.required if name in group]
            if names:
                refuse_pixels(group, names)
                found = membership(self._schema, search, place, query.constraint, within=group)
                columns = {name: found.table.columns[name] for name in names}
                joins = DimensionJoins(self._schema, group, found.table, columns)
                return joins, [place] if _says_all(query, search) else (), None
        refuse_pixels(group)
        return DimensionJoins(self._schema, group, None, {}), (), None


def _says_all(query: DataIdQuery, search: Search) -> bool:
    """Return whether a search asks for no more than that a data ID be among those it finds."""
    if isinstance(search, GivenDataIds):
        return search.group.issubset(query.dimensions)
    # Calibrations must be valid as well, which is asked of each by itself.
    whole = search.group.issubset(query.dimensions) and search.record.calibs_table is None
    own = search.record.dataset_type.name
    return whole and not any(one.is_about(own) for one in query.where.conjuncts)
