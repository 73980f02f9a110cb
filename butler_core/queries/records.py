"""The SQL of queries for dimension records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
from ..errors import InvalidQueryError
from ..registry.database import Database
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from .joins import DimensionJoins
from .order_by import order_terms
from .related import constraint_conditions
from .restriction import Restriction, limited

__all__ = ["RecordQueries", "RecordQuery"]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordQuery(Restriction):
    """What records are asked for.

    Parameters
    ----------
    element : `DimensionElement`
        Of what.
    """

    element: DimensionElement


class RecordQueries:
    """Runs queries for dimension records, each form compiled once.

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
        self._statements = database.statements(schema, "record queries")

    def run(self, query: RecordQuery) -> Iterator[DimensionRecord]:
        """Yield records that match, reading as they are iterated.

        Raises
        ------
        InvalidQueryError
            If a key of ``constraint`` says nothing about the element, or its
            records are computed.
        """
        element = query.element
        if element.skypix is not None:
            raise InvalidQueryError(
                f"records of {element.name!r} are computed, not stored: they cannot be queried"
            )
        narrowed = query.narrowed(self._summaries)
        if narrowed is None:
            return
        key = (element.name, narrowed.shape)
        compiled = self._statements.get(key, lambda: self._select(narrowed))
        values = narrowed.values(self._database.encode_uuid)
        make = element.RecordClass.from_row
        for row in self._database.stream(compiled, compiled.bind(values)):
            yield make(row)

    def _select(self, query: RecordQuery) -> Any:
        element = query.element
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
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            query.where.conjuncts,
            memberships=query.memberships(self._schema),
        )
        order = order_terms(joins, query.order_by)
        statement = sqlalchemy.select(*selected).select_from(joins.clause).where(*where)
        return limited(statement.order_by(*order), query.limit)
