"""The ``where`` and ``bind`` of a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dimensions import DimensionGroup
from ..errors import ArgumentError
from .expressions import NOTHING, Checked

__all__ = ["checked_where"]


def checked_where(
    dimensions: DimensionGroup,
    where: str,
    bind: Mapping[str, Any] | None,
    *,
    dataset_types: tuple[str, ...] = (),
    before: Checked = NOTHING,
) -> Checked:
    """Return an expression, checked for a query.

    Parameters
    ----------
    dimensions : `DimensionGroup`
        The dimensions of the query's results.
    where : `str`
        The expression.
    bind : `~collections.abc.Mapping` or `None`
        Values by name.
    dataset_types : `tuple` [ `str` ], optional
        The dataset types that the query is for, or is about.
    before : `Checked`, optional
        What must be true as well.

    Raises
    ------
    ArgumentError
        If the arguments are of other types.
    UserExpressionError
        If the expression is wrong.
    """
    if not isinstance(where, str):
        raise ArgumentError(f"where= takes an expression in a string, not {where!r}")
    if not isinstance(bind, Mapping | None):
        raise ArgumentError(f"bind= takes a mapping from names to values, not {bind!r}")
    if not where and not bind:
        return before
    from .expressions import Context, check, parse

    return check(where, parse(where), Context(dimensions, dataset_types, bind or {}), before)
