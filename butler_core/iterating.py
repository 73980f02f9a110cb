"""What can be iterated: an array without dimensions says so, and refuses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeGuard

__all__ = ["is_iterable", "is_list_of_values"]


def is_iterable(value: object) -> TypeGuard[Iterable[Any]]:
    """Return whether a value can be iterated; nothing of it is read."""
    try:
        iter(value)  # type: ignore[call-overload]
    except TypeError:
        return False
    return True


def is_list_of_values(value: object) -> TypeGuard[Iterable[Any]]:
    """Return whether a value can be iterated, and is no text, which is one value itself."""
    return not isinstance(value, str | bytes) and is_iterable(value)
