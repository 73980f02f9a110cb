"""The SQL of queries for dimension records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
from ..errors import InvalidQueryError
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.statements import CompiledStatement
from .expressions.checking import NOTHING, Checked, Conjunct
from .joins import DimensionJoins
from .order_by import order_terms
from .related import constraint_conditions

__all__ = ["RecordQueries"]


class RecordQueries:
    """Runs queries for dimension records.

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

    def run(
        self,
        element: DimensionElement,
        constraint: Mapping[str, Any],
        order_by: tuple[str, ...] = (),
        limit: int | None = None,
        where: Checked = NOTHING,
    ) -> Iterator[DimensionRecord]:
        """Yield records that match, reading as they are iterated.

        Raises
        ------
        InvalidQueryError
            If a key of ``constraint`` says nothing about the element, or its
            records are computed.
        """
        if element.skypix is not None:
            raise InvalidQueryError(
                f"records of {element.name!r} are computed, not stored: they cannot be queried"
            )
        conjuncts = where.conjuncts
        key = (element.name, tuple(constraint), order_by, limit is None, conjuncts)
        if key not in self._statements:
            names = tuple(constraint)
            statement = self._select(element, names, order_by, limit is not None, conjuncts)
            self._statements[key] = self._database.compile(statement)
        compiled = self._statements[key]
        values = {f"value_{name}": value for name, value in constraint.items()}
        values.update(where.parameters(self._database.encode_uuid))
        rows = self._database.stream(compiled, compiled.bind({**values, "limit": limit}))
        make = element.RecordClass.from_row
        for row in rows:
            yield make(row)

    def _select(
        self,
        element: DimensionElement,
        names: tuple[str, ...],
        order_by: tuple[str, ...],
        limited: bool,
        conjuncts: Sequence[Conjunct],
    ) -> Any:
        group = element.dimensions
        if element.view_of is not None:
            source = self._schema.table(element.view_of)
            start: Any = (
                sqlalchemy.select(source.c[element.name].label(element.name))
                .distinct()
                .subquery(element.name)
            )
            columns = {element.name: start.c[element.name]}
            selected: list[Any] = [start.c[element.name]]
        else:
            start = self._schema.table(element.name)
            selected = list(start.columns)
            columns = dict(zip(element.required_names, selected, strict=False))
            offset = len(element.required_names)
            columns.update(zip(element.implied_names, selected[offset:], strict=False))
        joins = DimensionJoins(self._schema, group, start, columns, element)
        where = constraint_conditions(self._schema, joins, names, conjuncts)
        order = order_terms(joins, order_by)
        statement = sqlalchemy.select(*selected).select_from(joins.clause).where(*where)
        statement = statement.order_by(*order)
        if limited:
            statement = statement.limit(sqlalchemy.bindparam("limit", type_=sqlalchemy.Integer))
        return statement
