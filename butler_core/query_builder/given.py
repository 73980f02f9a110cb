"""Arguments as they were given, checked for what they shall be."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError
from ..iterating import is_list_of_values

__all__ = ["checked_flag", "listed_names"]


def checked_flag(name: str, value: Any) -> bool:
    """Return what is true or false.

    Raises
    ------
    ArgumentError
        If it is neither.
    """
    # A truth value of numpy is an array without dimensions, and no bool.
    if isinstance(value, int) or (str(getattr(value, "dtype", "")) == "bool" and not value.ndim):
        return bool(value)
    raise ArgumentError(f"{name}= takes True or False, not {value!r}")


def listed_names(name: str, value: Any) -> list[str]:
    """Return names that are given in a list or other iterable.

    Raises
    ------
    ArgumentError
        If they are not.
    """
    if is_list_of_values(value):
        names = list(value)
        if all(isinstance(one, str) for one in names):
            return names
        value = names
    raise ArgumentError(f"{name}= takes names in a list, not {value!r}")
