"""The types of values, which of them can be compared, and how they are called."""

from __future__ import annotations

import dataclasses
from typing import Any

from . import checked, tree

__all__ = ["Listed", "Null", "comparable", "described", "kind_of"]

_CALLED = {
    "int": "an integer",
    "float": "a number with a point",
    "string": "a string",
    "bool": "true or false",
    "datetime": "a time",
    "timespan": "a timespan",
    "region": "a region of the sky",
    "hash": "a hash",
    "uuid": "a UUID",
    "": "an empty list",
}

_NUMBERS = frozenset({"int", "float"})
_ORDERED = frozenset({"int", "float", "string", "datetime"})


_UNORDERED = {
    "timespan": ": compare timespan.begin, or write OVERLAPS",
    "region": ": write OVERLAPS",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Null:
    """What is not known."""


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """The values of a bound list, all of one type; that of an empty one is empty."""

    type: str
    values: tuple[Any, ...]


def kind_of(value: checked.Value | Listed | Null) -> str:
    """Return the type of a value, that of NULL is empty."""
    return "" if isinstance(value, Null) else value.type


def described(text: str, node: tree.Node, value: checked.Value | Listed | Null) -> str:
    """Return a clause that says what a part of an expression is."""
    shown = text[node.start : node.end]
    if isinstance(value, Null):
        return f"{shown} is no value"
    if isinstance(value, Listed):
        return f"{shown} is a list"
    return f"{shown} is {_CALLED[value.type]}"


def comparable(
    text: str,
    node: tree.Comparison,
    left: checked.Value | Listed,
    right: checked.Value | Listed,
) -> str | None:
    """Return why two values cannot be compared, `None` if they can.

    ``node.operator`` is ``IN`` for the member of a list and one of its values,
    or a bound list of them.
    """
    operator = node.operator
    if operator != "IN":
        for one, value in (node.left, left), (node.right, right):
            if isinstance(value, Listed):
                other = node.right if one is node.left else node.left
                member, name = text[other.start : other.end], text[one.start : one.end]
                return f"{name} is a list: write {member} IN ({name})"
    kinds = {left.type, right.type}
    if "bool" in kinds:
        name = text[node.left.start : node.left.end]
        return f"{name} is true or false by itself: write {name}, or NOT {name}"
    if operator == "OVERLAPS":
        if "timespan" in kinds and kinds <= {"timespan", "datetime"}:
            return None
        if kinds != {"region"}:
            what = "regions of the sky" if "region" in kinds else "timespans and times"
            return f"OVERLAPS is for {what}: {_both(text, node, left, right)}"
        if isinstance(left, checked.Parameter) and isinstance(right, checked.Parameter):
            return "one of two regions must be that of records, such as visit.region"
        return None
    same = left.type == right.type or (kinds <= _NUMBERS and not _is_list(right)) or "" in kinds
    if not same:
        hint = _instead(text, node, left, right)
        return f"{_both(text, node, left, right)}{hint}"
    if operator not in ("=", "!=", "IN") and left.type not in _ORDERED:
        hint = _UNORDERED.get(left.type, "")
        return f"{described(text, node.left, left)}, which has no order{hint}"
    return None


def _is_list(value: checked.Value | Listed) -> bool:
    return isinstance(value, Listed)


def _both(
    text: str, node: tree.Comparison, left: checked.Value | Listed, right: checked.Value | Listed
) -> str:
    second = described(text, node.right, right)
    if isinstance(right, Listed):
        second = f"{text[node.right.start : node.right.end]} has {_CALLED[right.type]} in it"
    return f"{described(text, node.left, left)}, {second}"


def _instead(
    text: str, node: tree.Comparison, left: checked.Value | Listed, right: checked.Value | Listed
) -> str:
    """Return what to write for the one of two values that is of the wrong type."""
    for value, other_node, other in (left, node.right, right), (right, node.left, left):
        shown = text[other_node.start : other_node.end]
        if value.type in _NUMBERS and other.type == "string" and isinstance(other_node, tree.Bind):
            return f": bind a number to {shown}, without quotes"
        if value.type in _NUMBERS and isinstance(other_node, tree.Text):
            number = other_node.value.strip().replace("-", "")  # day_obs = '2020-01-02'
            if number.isascii() and number.isdigit():
                return f": write {number}, without quotes"
        if value.type == "string" and isinstance(other_node, tree.Number):
            return f": write '{shown}', in quotes"
        if value.type == "datetime" and isinstance(other_node, tree.Text):
            return f": write T{shown}"
        if value.type == "timespan" and other.type == "datetime":
            return ": write OVERLAPS, or compare timespan.begin"
    return ""
