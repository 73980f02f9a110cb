"""Conditions by dimensions that a query's results do not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionGroup
from ..registry.schema import Schema
from .expressions import Conjunct
from .expressions.sql import ConditionWriter, DatasetColumns, joined
from .joins import DimensionJoins
from .memberships import Membership, Span
from .sky import Pixels, refuse_pixels, region_condition, sky_pair

__all__ = ["constraint_conditions"]


def constraint_conditions(
    schema: Schema,
    joins: DimensionJoins,
    names: Iterable[str],
    conjuncts: Sequence[Conjunct] = (),
    dataset_columns: DatasetColumns | None = None,
    memberships: Sequence[Membership] = (),
    spans: Sequence[Span] = (),
) -> list[Any]:
    """Return the WHERE conditions of a constraint, whose values are ``:value_<name>``.

    A dimension that the query has must have its value. Of the others there
    must be records that have their values and agree with the result on what
    they share: ``visit=903334`` chooses the filter of that visit.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    joins : `DimensionJoins`
        The query's FROM clause, which may grow.
    names : `~collections.abc.Iterable` [ `str` ]
        The dimensions of the constraint.
    conjuncts : `~collections.abc.Sequence` [ `Conjunct` ], optional
        What an expression says besides.
    dataset_columns : `DatasetColumns`, optional
        The columns of the query's datasets.
    memberships : `~collections.abc.Sequence` [ `Membership` ], optional
        Data IDs of datasets, to each of which the result, or what is related
        to it, must belong.
    spans : `~collections.abc.Sequence` [ `Span` ], optional
        Timespans that those of related records overlap.

    Raises
    ------
    InvalidQueryError
        If it is not clear which regions of the sky shall overlap.
    """
    given = list(names)
    group, universe = joins.group, joins.group.universe
    conditions = [joins.dimension(name) == _value(name) for name in given if name in group]
    values = [name for name in given if name not in group]
    # What one value is given of is found by an index, not what lies in some range.
    found = any(name in group.required and not universe[name].is_governor for name in given)
    writer = ConditionWriter(schema, joins, dataset_columns, found=found)
    outside = []
    own = {name for name, _ in dataset_columns or ()}
    for one in conjuncts:
        if group.issuperset(one.dimensions) and all(name in own for name, _ in one.dataset_fields):
            conditions.append(writer.condition(one.condition))
        else:
            outside.append(one)
    beyond = {*values, *(name for one in outside for name in one.dimensions if name not in group)}
    for one_type in memberships:
        beyond.update(name for name in one_type.group.names if name not in group)
    if beyond or memberships:
        related = _Related(schema, joins, sorted(beyond), memberships, outside)
        theirs = {key: column for one in memberships for key, column in one.fields.items()}
        writer = ConditionWriter(schema, related, {**theirs, **(dataset_columns or {})})
        inner = [related.dimension(name) == _value(name) for name in values]
        inner += [writer.condition(one.condition) for one in outside]
        for span in spans:
            inner += related.valid(span)
        conditions.append(related.exists(_grouped(inner)))
    return _grouped(conditions)


def _grouped(conditions: list[Any]) -> list[Any]:
    """Return the same conditions, many of them in groups."""
    return [joined(sqlalchemy.and_, conditions)] if conditions else []


def _value(name: str) -> Any:
    return sqlalchemy.bindparam(f"value_{name}")


class _Related:
    """Records of dimensions beyond a query's, which agree with it on what they share.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    joins : `DimensionJoins`
        The query that they shall agree with.
    beyond : `list` [ `str` ]
        The dimensions.
    memberships : `~collections.abc.Sequence` [ `Membership` ]
        Data IDs of datasets that there must be.
    conjuncts : `~collections.abc.Sequence` [ `Conjunct` ]
        What an expression says of the records.
    """

    def __init__(
        self,
        schema: Schema,
        joins: DimensionJoins,
        beyond: list[str],
        memberships: Sequence[Membership],
        conjuncts: Sequence[Conjunct],
    ) -> None:
        self._joins = joins
        group, universe = joins.group, joins.group.universe
        whole = self._whole = universe.conform({*group.names, *beyond})
        # Datasets relate their dimensions, and so do the rows of the query.
        pair = sky_pair(whole, [group, *(one.group for one in memberships)], conjuncts)
        self._tables: dict[str, Any] = {}
        self._outer = {name: joins.dimension(name) for name in whole.names if name in group}
        self._columns: dict[str, list[Any]] = {name: [] for name in whole.names}
        # Data IDs that are given have no index: they are looked through once, not for each row.
        self._once = any(one.given for one in memberships)
        needed = {name for one in conjuncts for name in one.elements}
        needed.update(element.name for element in pair or ())
        for element in _elements(group, whole, needed):
            table = schema.table(element.name).alias(f"{element.name}_related")
            keys = (*element.required_names, *element.implied_names)
            self._add(element.name, table, dict(zip(keys, table.columns, strict=False)))
        for name in whole.names:
            source = universe[name].view_of
            if source is not None and name not in self._outer and not self._columns[name]:
                table = schema.table(source).alias(f"{name}_related")
                self._add(name, table, {name: table.columns[name]})
        for place, one in enumerate(memberships):
            columns = {name: one.table.columns[name] for name in one.group.required}
            self._add(f" {place}", one.table, columns)
        timed = [one.span for one in memberships if one.span is not None]
        self._conditions = [condition for span in timed for condition in self.valid(span)]
        if pair is not None:
            pixels = Pixels(schema, *pair)
            for name, table in pixels.tables.items():
                self._tables[f" {name}"] = table
            for name, same in pixels.columns.items():
                self._columns[name] += same
            self._conditions += [*pixels.conditions(), *region_condition(pair, self.field)]
        refuse_pixels(
            whole, [name for name in whole.names if name in self._outer or self._columns[name]]
        )

    def _add(self, name: str, table: Any, columns: Mapping[str, Any]) -> None:
        self._tables[name] = table
        for dimension, column in columns.items():
            self._columns[dimension].append(column)

    def dimension(self, name: str) -> Any:
        """Return a column with the values of a dimension."""
        if name in self._outer and not (self._once and self._columns[name]):
            return self._outer[name]
        return self._columns[name][0]

    def field(self, element: DimensionElement, name: str) -> Any:
        """Return the column of a field of an element's records."""
        table = self._tables.get(element.name)
        if table is None or not element.has_own_table:
            return self._joins.field(element, name)
        return table.columns[name.replace(".", "_")]

    def valid(self, span: Span) -> Iterator[Any]:
        """Yield the conditions that a timespan overlaps those of the records."""
        for element in self._whole.timespan_elements:
            bounds = (self.field(element, f"timespan.{bound}") for bound in ("begin", "end"))
            yield span.overlaps(*bounds)

    def exists(self, conditions: list[Any]) -> Any:
        """Return the condition that there are such records."""
        equal = [column == same[0] for same in self._columns.values() for column in same[1:]]
        tables = list(self._tables.values())
        shared = [name for name in self._outer if self._columns[name]]
        outer = [self._outer[name] for name in shared]
        inner = [self._columns[name][0] for name in shared]
        if self._once and shared:
            return sqlalchemy.tuple_(*outer).in_(
                sqlalchemy.select(*inner)
                .select_from(*tables)
                .where(*equal, *self._conditions, *conditions)
                .correlate_except(*tables)
            )
        equal += [mine == theirs for mine, theirs in zip(outer, inner, strict=True)]
        return (
            sqlalchemy.select(sqlalchemy.literal_column("1"))
            .select_from(*tables)
            .where(*equal, *self._conditions, *conditions)
            .correlate_except(*tables)
            .exists()
        )


def _elements(
    group: DimensionGroup, whole: DimensionGroup, needed: Set[str]
) -> list[DimensionElement]:
    """Return the elements beyond a group whose tables relate it to them, or are needed."""
    elements = (whole.universe[name] for name in whole.elements if name not in group.elements)
    return [
        element
        for element in elements
        if element.has_own_table
        and (element.is_dimension or element.always_join or element.name in needed)
    ]
