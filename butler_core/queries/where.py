"""What the results of a query must be: a data ID, an expression, and a Butler's defaults."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..dimensions import DimensionGroup
from ..errors import ArgumentError
from .expressions import Checked, Context, check, parse
from .expressions.checked import Constant
from .expressions.checking import NOTHING, Conjunct

__all__ = ["NOWHERE", "Where", "checked_where"]


@dataclasses.dataclass(frozen=True, slots=True)
class Where:
    """An expression, checked for a query.

    Parameters
    ----------
    text : `str`
        The expression.
    checked : `Checked`
        What it means.
    """

    text: str = ""
    checked: Checked = NOTHING

    def __bool__(self) -> bool:
        return bool(self.text)

    def beside(self, data_id: Mapping[str, Any]) -> tuple[dict[str, Any], Where]:
        """Return the values that it and a data ID ask for, and what else must be true.

        Nothing can be, if they ask for two values of one dimension.
        """
        equalities = self.checked.equalities
        for name, value in data_id.items():
            if name in equalities and equalities[name] != value:
                conjuncts = (*self.checked.conjuncts, _IMPOSSIBLE)
                both = dataclasses.replace(self.checked, conjuncts=conjuncts)
                return {**equalities, **data_id}, dataclasses.replace(self, checked=both)
        return {**equalities, **data_id}, self


_IMPOSSIBLE = Conjunct(Constant(False), frozenset())

NOWHERE = Where()
"""No expression."""


def checked_where(
    dimensions: DimensionGroup,
    where: str,
    bind: Mapping[str, Any] | None,
    *,
    dataset_type: str | None = None,
) -> Where:
    """Return an expression, checked for a query.

    Parameters
    ----------
    dimensions : `DimensionGroup`
        The dimensions of the query's results.
    where : `str`
        The expression.
    bind : `~collections.abc.Mapping` or `None`
        Values by name.
    dataset_type : `str`, optional
        The dataset type that the query is for.

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
    tree = parse(where)
    if tree is None:
        return NOWHERE
    return Where(where.strip(), check(where, tree, Context(dimensions, dataset_type, bind or {})))
