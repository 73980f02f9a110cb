"""Values of dimensions: what a user gives for them, and what the registry can hold."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import ArgumentError, DataIdValueError, DimensionValueError, nearest

if TYPE_CHECKING:
    from .element import DimensionElement
    from .universe import DimensionUniverse

__all__ = ["DataIdValue", "check_is_data_id", "check_keys", "coerce_value", "fits"]

DataIdValue: TypeAlias = int | str
"""The value of a dimension."""

_INTEGERS = 2**63  # an integer column of the registry holds from minus this to less than this
_MOST_DIGITS = 100  # of a number in a string; Python reads none of some thousands


def coerce_value(dimension: DimensionElement, value: Any) -> DataIdValue:
    """Return a value as the dimension's type, where that is exact.

    Raises
    ------
    DataIdValueError
        If the value is of another type and does not stand for exactly one of
        the dimension's.
    """
    assert dimension.primary_key is not None
    if dimension.primary_key.type == "string":
        if isinstance(value, str):
            return str(value)
        kind = "a string"
    else:
        number = _exact_integer(value)
        if number is not None and -_INTEGERS <= number < _INTEGERS:
            return number
        kind = "an integer" if number is None else "an integer of 64 bits"
    raise DataIdValueError(
        f"the value of dimension {dimension.name!r} is {kind}, not {type(value).__name__} {value!r}"
    )


def check_is_data_id(given: object) -> None:
    """Raise `ArgumentError` if something is neither a mapping nor `None`."""
    if given is not None and not isinstance(given, Mapping):
        own = "; give its dataId" if hasattr(given, "dataId") else ""
        raise ArgumentError(
            "a data ID is a mapping from dimensions to values, such as {'instrument': 'HSC',"
            f" 'visit': 903334}}, not {given!r}{own}"
        )


def check_keys(universe: DimensionUniverse, data_id: Mapping[str, Any]) -> None:
    """Raise `DimensionValueError` if a key of a data ID is no dimension."""
    for name in data_id:
        if name not in universe or not universe[name].is_dimension:
            known = [element.name for element in universe.dimensions]
            raise DimensionValueError(
                f"{name!r} in data ID {dict(data_id)} is not a dimension{nearest(str(name), known)}"
            )


def fits(values: Iterable[Any]) -> bool:
    """Return whether strings and integers can be held by the registry's columns."""
    for value in values:  # a generator takes twice as long, and there are many data IDs
        if type(value) is not str and not -_INTEGERS <= value < _INTEGERS:
            return False
    return True


def _exact_integer(value: Any) -> int | None:
    """Return the integer that a value stands for, `None` if there is none."""
    if isinstance(value, str):
        digits = value[1:] if value[:1] == "-" else value
        if not (digits.isascii() and digits.isdigit()):
            return None
        return int(value) if len(digits) <= _MOST_DIGITS else _INTEGERS
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    try:
        return operator.index(value)
    except TypeError:
        return None
