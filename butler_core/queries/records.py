"""The SQL of queries for dimension records."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
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

__all__ = ["RecordQueries", "RecordQuery"]


@dataclasses.dataclass(frozen=True, slots=True)
class RecordQuery:
    """What records are asked for.

    Parameters
    ----------
    element : `DimensionElement`
        Of what.
    constraint : `~collections.abc.Mapping` [ `str`, `object` ]
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

    element: DimensionElement
    constraint: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    where: Checked = NOTHING
    datasets: tuple[DatasetSearch, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None


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
        self._statements = StatementCache(database.compile)

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
        held = tuple(one.narrowed(self._summaries) for one in query.datasets)
        if not all(one.collections for one in held):
            return
        query = dataclasses.replace(query, datasets=held)
        key = (
            element.name,
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
        memberships = [
            membership(self._schema, search, place, query.constraint, timed=True)
            for place, search in enumerate(query.datasets)
        ]
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            query.where.conjuncts,
            memberships=memberships,
        )
        order = order_terms(joins, query.order_by)
        statement = sqlalchemy.select(*selected).select_from(joins.clause).where(*where)
        statement = statement.order_by(*order)
        if query.limit is not None:
            statement = statement.limit(sqlalchemy.bindparam("limit", type_=sqlalchemy.Integer))
        return statement
