"""Forms of columns that lead a database to the best index."""

from __future__ import annotations

import itertools
from typing import Any

import sqlalchemy
from sqlalchemy.sql import operators
from sqlalchemy.sql.expression import UnaryExpression

from ..dimensions import DimensionGroup

__all__ = ["led_to_index", "masked"]


def masked(column: Any) -> Any:
    """Return an expression equal to a column, which has no index."""
    if isinstance(column.type, sqlalchemy.Integer):
        return column + sqlalchemy.literal_column("0")
    return column.op("||")(sqlalchemy.literal_column("''"))


def led_to_index(
    table: sqlalchemy.Table, dimensions: DimensionGroup, constrained: set[str]
) -> tuple[Any, Any]:
    """Return the columns of type and collection, in a form that leads to the best index.

    The format's unique index has type, collection and the dimensions in their
    order, detector before visit. Where a constraint passes over one of them,
    the index of the reference to the later dimension finds fewer rows; a
    unary plus keeps SQLite from preferring the unique one.
    """
    columns: tuple[Any, Any] = (table.c.dataset_type_id, table.c.collection_id)
    leading = set(itertools.takewhile(constrained.__contains__, dimensions.required))
    for name in constrained - leading:
        element = dimensions.universe[name]
        if element.has_own_table and constrained.issuperset(element.required_names):
            plus: Any = operators.custom_op("+")
            type_id, collection_id = (
                UnaryExpression(column, operator=plus, type_=column.type) for column in columns
            )
            return type_id, collection_id
    return columns
