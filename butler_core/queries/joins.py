"""Joins of dimension tables that give the values a query is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionGroup
from ..errors import InvalidQueryError, nearest
from ..registry.schema import Schema

__all__ = ["DimensionJoins"]


class DimensionJoins:
    """A FROM clause that grows as columns are asked for.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    group : `DimensionGroup`
        The dimensions of the query.
    start : `sqlalchemy.Table` or `None`
        The table to begin with, which has the values of some dimensions.
    columns : `dict` [ `str`, `sqlalchemy.Column` ]
        Columns of that table, by the dimension whose values they hold.
    joined : `DimensionElement`, optional
        The element whose table ``start`` is.
    """

    def __init__(
        self,
        schema: Schema,
        group: DimensionGroup,
        start: Any,
        columns: dict[str, Any],
        joined: DimensionElement | None = None,
    ) -> None:
        self._schema = schema
        self.group = group
        self.clause: Any = start
        """What rows are selected from; `None` as long as there is no table."""
        self._columns = dict(columns)
        self._tables: dict[str, Any] = {} if joined is None else {joined.name: start}

    def dimension(self, name: str) -> Any:
        """Return the column with a dimension's values, joining what implies them.

        Raises
        ------
        InvalidQueryError
            If the query does not have the dimension.
        """
        column = self._columns.get(name)
        if column is None:
            if name not in self.group:
                raise InvalidQueryError(
                    f"dimension {name!r} has no part in this query, whose dimensions are"
                    f" {self.group}{nearest(name, self.group.names)}"
                )
            source = self._implying(name)
            if source is None:
                self.table(self.group.universe[name])
                return self._columns[name]
            column = self._columns[name] = self.table(source).columns[name]
        return column

    def _implying(self, name: str) -> DimensionElement | None:
        """Return the dimension whose records give the values of another, if there is one."""
        elements = (self.group.universe[other] for other in self.group.names)
        return next((element for element in elements if name in element.implied_names), None)

    def table(self, element: DimensionElement) -> Any:
        """Return an element's table, joined on the dimensions that it requires."""
        if element.name not in self._tables:
            # A join element such as visit_detector_region may lack a row.
            self._add(element, element.required_names, isouter=not element.is_dimension)
        return self._tables[element.name]

    def cover(self) -> None:
        """Join what has values of all dimensions, and all records that relate them."""
        for element in self.group.resolution_order:
            relates = element.implied_names if element.is_dimension else element.always_join
            if element.has_own_table and relates and element.name not in self._tables:
                self._add(element, (*element.required_names, *element.implied_names))
        for name in self.group.names:
            self.dimension(name)

    def _add(
        self, element: DimensionElement, names: Iterable[str], *, isouter: bool = False
    ) -> None:
        """Join an element's table on those of some of its dimensions that are there."""
        table = self._source(element)
        columns = dict(zip(names, table.columns, strict=False))
        own = element.name
        if element.is_dimension and own not in self._columns and self._implying(own) is None:
            self._columns[own] = columns.pop(own)
        for name in element.required_names:
            self.dimension(name)
        equal = [self._columns[name] == columns[name] for name in columns if name in self._columns]
        self._columns = {**columns, **self._columns}
        self._tables[element.name] = table
        if self.clause is None:
            self.clause = table
        else:
            on = sqlalchemy.and_(*equal) if equal else sqlalchemy.literal_column("1") == _ONE
            self.clause = self.clause.join(table, on, isouter=isouter)

    def join(self, table: Any, columns: dict[str, Any]) -> None:
        """Join a table that has the values of some dimensions, on those that are there."""
        known = [self._columns[name] == columns[name] for name in columns if name in self._columns]
        self._columns = {**columns, **self._columns}
        on = sqlalchemy.and_(*known) if known else sqlalchemy.literal_column("1") == _ONE
        self.clause = self.clause.join(table, on)

    def _source(self, element: DimensionElement) -> Any:
        if element.view_of is None:
            return self._schema.table(element.name).alias(f"{element.name}_element")
        column = self._schema.table(element.view_of).columns[element.name]
        return sqlalchemy.select(column).distinct().subquery(f"{element.name}_element")

    def field(self, element: DimensionElement, name: str) -> Any:
        """Return the column of a field of an element; ``timespan`` is its begin.

        Raises
        ------
        InvalidQueryError
            If the element has no such field.
        """
        if name in element.required_names or name == element.name:
            return self.dimension(name)
        if element.primary_key is not None and name == element.primary_key.name:
            return self.dimension(element.name)
        part = {"timespan": "timespan_begin", "timespan.begin": "timespan_begin"}.get(name, name)
        part = "timespan_end" if part == "timespan.end" else part
        if element.has_own_table:
            columns = self._schema.table(element.name).columns
            if part in columns:
                return self.table(element).columns[part]
        known = [column.name for column in element.columns]
        raise InvalidQueryError(f"{element.name!r} has no field {name!r}{nearest(name, known)}")


_ONE: Any = sqlalchemy.literal_column("1")
