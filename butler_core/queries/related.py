"""Conditions by dimensions that a query's results do not have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionGroup
from ..errors import InvalidQueryError
from ..registry.schema import Schema
from .joins import DimensionJoins

__all__ = ["constraint_conditions"]


def constraint_conditions(schema: Schema, joins: DimensionJoins, names: Iterable[str]) -> list[Any]:
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

    Raises
    ------
    InvalidQueryError
        If a dimension has to do with the query by regions of the sky alone.
    """
    given = list(names)
    within = [name for name in given if name in joins.group]
    conditions = [joins.dimension(name) == _value(name) for name in within]
    beyond = [name for name in given if name not in joins.group]
    if beyond:
        conditions.append(_records_exist(schema, joins, beyond))
    return conditions


def _value(name: str) -> Any:
    return sqlalchemy.bindparam(f"value_{name}")


def _records_exist(schema: Schema, joins: DimensionJoins, beyond: list[str]) -> Any:
    universe, group = joins.group.universe, joins.group
    whole = universe.conform({*group.names, *beyond})
    _refuse_regions(group, whole, beyond)
    columns: dict[str, list[Any]] = {}
    for name in whole.names:
        if name in group:
            columns[name] = [joins.dimension(name)]
        else:
            columns[name] = [_value(name)] if name in beyond else []
    tables = []
    for element in _elements(group, whole):
        table = schema.table(element.name).alias(f"{element.name}_related")
        tables.append(table)
        keys = (*element.required_names, *element.implied_names)
        for name, column in zip(keys, table.columns, strict=False):
            columns[name].append(column)
    for name in beyond:
        source = universe[name].view_of
        if source is not None and len(columns[name]) == 1:
            table = schema.table(source).alias(f"{name}_related")
            tables.append(table)
            columns[name].append(table.columns[name])
    equal = [column == same[0] for name, same in columns.items() for column in same[1:]]
    return (
        sqlalchemy.select(sqlalchemy.literal_column("1"))
        .select_from(*tables)
        .where(*equal)
        .correlate_except(*tables)
        .exists()
    )


def _elements(group: DimensionGroup, whole: DimensionGroup) -> list[DimensionElement]:
    """Return the elements whose tables relate dimensions beyond a group to it."""
    elements = (whole.universe[name] for name in whole.elements if name not in group.elements)
    return [
        element
        for element in elements
        if element.has_own_table and (element.is_dimension or element.always_join)
    ]


def _refuse_regions(group: DimensionGroup, whole: DimensionGroup, beyond: list[str]) -> None:
    elements = whole.region_elements
    if len(elements) > max(1, len(group.region_elements)) or any(
        whole.universe[name].skypix is not None for name in beyond
    ):
        raise InvalidQueryError(
            f"a query over {group} has to do with {', '.join(map(repr, beyond))} by regions of the"
            " sky, which this version does not compare"
        )
