"""The data ID that a query's results must match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..dimensions import DimensionUniverse
from ..dimensions.values import check_keys, coerce_value

__all__ = ["checked_constraint"]


def checked_constraint(universe: DimensionUniverse, data_id: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a data ID, checked by type.

    Raises
    ------
    DimensionValueError
        If a key is no dimension.
    DataIdValueError
        If a value is not of the dimension's type.
    """
    check_keys(universe, data_id)
    return {name: coerce_value(universe[name], value) for name, value in data_id.items()}
