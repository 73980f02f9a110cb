"""The part of a query for datasets that says which are in the collections."""

from __future__ import annotations

from typing import Any

import sqlalchemy

from ..collection import CollectionType
from ..dataset import DatasetType
from ..registry.schema import Schema
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS
from .dataset_query import DatasetQuery
from .expressions import Conjunct
from .joins import DimensionJoins
from .memberships import Span, dataset_fields, search_rank
from .planning import led_to_index, masked
from .related import constraint_conditions

__all__ = ["DatasetMembers"]


class DatasetMembers:
    """Writes the table of memberships that a query is about.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    """

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def table(self, query: DatasetQuery) -> tuple[Any, Any]:
        """Return a table of memberships, and the column that counts those with equal claims.

        Each dataset is in it once, or each data ID if the first is wanted.
        """
        kinds = {collection.type for collection in query.collections}
        one: Any = sqlalchemy.literal_column("1")
        parts = []
        if kinds != {CollectionType.CALIBRATION}:
            parts.append(self._members_of(query, calibrations=False))
        if CollectionType.CALIBRATION in kinds:
            parts.append(self._members_of(query, calibrations=True))
        alone = len(query.collections) == 1 or (
            kinds == {CollectionType.RUN} and not query.find_first
        )
        if alone and CollectionType.CALIBRATION not in kinds:
            return parts[0].subquery("members"), one
        together: Any = parts[0]
        if len(parts) > 1:
            together = sqlalchemy.union_all(*parts)
        ranked = together.subquery("ranked")
        names = ["dataset_id", "collection_id", *query.record.dataset_type.dimensions.required]
        columns = [ranked.c[name] for name in names]
        claims: Any = one
        if query.find_first:
            data_id = columns[2:]
            place = _over(sqlalchemy.func.rank(), data_id, ranked.c.search_rank)
            if CollectionType.CALIBRATION in kinds:
                claims = _over(sqlalchemy.func.count(), [*data_id, ranked.c.search_rank])
        else:
            place = _over(sqlalchemy.func.row_number(), columns[:1], ranked.c.search_rank)
        placed = sqlalchemy.select(*columns, place.label("place"), claims.label("claims")).subquery(
            "placed"
        )
        kept = [placed.c[name] for name in (*names, "claims")]
        members: Any = sqlalchemy.select(*kept).where(placed.c.place == 1).subquery("members")
        return members, members.c.claims

    def _satisfying(
        self, query: DatasetQuery, members: Any, conjuncts: list[Conjunct], calibrations: bool
    ) -> Any:
        """Return those memberships of which is true what the query says of datasets.

        It is said of them before one hides another.
        """
        own = query.record.dataset_type.name
        fields = {name for one in conjuncts for kind, name in one.dataset_fields if kind == own}
        group = query.record.dataset_type.dimensions
        start = {name: members.c[name] for name in group.required}
        joins = DimensionJoins(self._schema, group, members, start)
        span = Span(members.c.timespan_begin, members.c.timespan_end)
        columns: dict[str, Any] = {
            "dataset_id": members.c.dataset_id,
            "timespan.begin": span.begin,
            "timespan.end": span.end,
        }
        joins.clause, found = dataset_fields(
            self._schema, joins.clause, members.c.dataset_id, members.c.collection_id, fields
        )
        columns.update(found)
        others = _are_timed(query) or not all(one.only_of(own) for one in conjuncts)
        where = constraint_conditions(
            self._schema,
            joins,
            query.constraint,
            conjuncts,
            {(own, name): column for name, column in columns.items()},
            query.memberships(self._schema) if others else [],
            [span] if calibrations else (),
        )
        kept = [column for column in members.columns if column.name not in _SPAN]
        return sqlalchemy.select(*kept).select_from(joins.clause).where(*where).distinct()

    def _members_of(self, query: DatasetQuery, *, calibrations: bool) -> Any:
        record = query.record
        dimensions = record.dataset_type.dimensions
        if calibrations:
            assert record.calibs_table is not None
            table = self._schema.calibs_table(record.calibs_table, dimensions)
        else:
            table = self._schema.tags_table(record.tags_table, dimensions)
        keys = {
            place: sqlalchemy.bindparam(f"collection_{place}", type_=sqlalchemy.BigInteger)
            for place, collection in enumerate(query.collections)
            if (collection.type is CollectionType.CALIBRATION) is calibrations
        }
        columns: list[Any] = [table.c.dataset_id, table.c.collection_id]
        columns += [table.c[name] for name in dimensions.required]
        columns.append(search_rank(table.c.collection_id, keys))
        constraint = {
            name: table.c[name] == sqlalchemy.bindparam(f"value_{name}")
            for name in query.constraint
            if name in dimensions.required
        }
        valid: list[Any] = []
        if calibrations and query.timespan is not None:
            begin, end = (
                sqlalchemy.bindparam(name, type_=sqlalchemy.BigInteger)
                for name in ("timespan_begin", "timespan_end")
            )
            valid = [table.c.timespan_begin < end, table.c.timespan_end > begin]
        type_id, collection_id = led_to_index(table, dimensions, set(constraint))
        conjuncts = [
            one
            for one in query.where.conjuncts
            if _is_about(one, record.dataset_type, calibrations)
        ]
        timed = calibrations and _are_timed(query)
        if conjuncts or timed:
            columns += _bounds(table) if calibrations else _bounds(None)
        members = sqlalchemy.select(*columns).where(
            type_id == sqlalchemy.bindparam("dataset_type"),
            collection_id.in_(list(keys.values())),
            *constraint.values(),
            *valid,
        )
        if conjuncts or timed:
            return self._satisfying(query, members.subquery(), conjuncts, calibrations)
        return members.distinct() if calibrations else members


_SPAN = ("timespan_begin", "timespan_end")


def _are_timed(query: DatasetQuery) -> bool:
    """Return whether calibrations must be valid when something else was taken that is joined."""
    return any(one.group.timespan_elements for one in query.others)


def _is_about(conjunct: Conjunct, dataset_type: DatasetType, calibrations: bool) -> bool:
    """Return whether a condition is one on memberships, and not only on data IDs.

    Those of calibrations are valid at some time: that of the visits, say, of
    which the condition is.
    """
    if conjunct.is_about(dataset_type.name):
        return True
    dimensions = dataset_type.dimensions
    if not calibrations or dimensions.issuperset(conjunct.dimensions):
        return False
    whole = dimensions.universe.conform({*dimensions.names, *conjunct.dimensions})
    return bool(whole.timespan_elements)


def _bounds(table: Any) -> list[Any]:
    """Return the columns of validity ranges; what has none is always valid."""
    if table is not None:
        return [table.c[name] for name in _SPAN]
    always = zip(_SPAN, (MIN_NANOSECONDS, MAX_NANOSECONDS), strict=True)
    return [sqlalchemy.literal_column(str(bound)).label(name) for name, bound in always]


def _over(function: Any, partition: list[Any], order: Any = None) -> Any:
    """Return a window function, whose partition no index is chosen for."""
    first = [masked(column) for column in partition[:1]]
    return function.over(partition_by=[*first, *partition[1:]] or None, order_by=order)
