"""Joins of dimension tables that give the values a query is about."""

from __future__ import annotations

from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionGroup
from ..errors import InvalidQueryError, nearest
from ..registry.schema import Schema

__all__ = ["DimensionJoins"]


class DimensionJoins:
    """A FROM clause that begins with one table and grows as columns are asked for.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    group : `DimensionGroup`
        The dimensions of the query.
    start : `sqlalchemy.Table`
        The table that has the values of required dimensions.
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
            source = next(
                element
                for element in (self.group.universe[other] for other in self.group.names)
                if name in element.implied_names
            )
            column = self.table(source).columns[name]
            self._columns[name] = column
        return column

    def table(self, element: DimensionElement) -> Any:
        """Return an element's table, joined on the dimensions that it requires."""
        table = self._tables.get(element.name)
        if table is None:
            keys = [self.dimension(name) for name in element.required_names]
            table = self._schema.table(element.name).alias(f"{element.name}_element")
            targets = list(table.columns)[: len(keys)]
            on = sqlalchemy.and_(
                *(key == target for key, target in zip(keys, targets, strict=True))
            )
            # A join element such as visit_detector_region may lack a row.
            self.clause = self.clause.join(table, on, isouter=not element.is_dimension)
            self._tables[element.name] = table
        return table

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
