"""Conditions on the records of detectors: texts for ``where``, and what they say in Python."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hypothesis import strategies as st

Fields: TypeAlias = "Mapping[str, Any]"
Truth: TypeAlias = "bool | None"

RAFTS = ("A", "B", None)
"""The rafts that a detector may have; `None` is not known."""

COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a detector.

    Attributes
    ----------
    text
        What is written after ``where=``.
    holds
        Whether it holds for the fields of a record; `None` where that is not known.
    level
        How tightly its outermost operator binds: 1 for OR, 2 for AND, 3 for NOT, 4 for the rest.
    bind
        What must be bound, by name.
    """

    text: str
    holds: Callable[[Fields], Truth]
    level: int = 4
    bind: Mapping[str, Any] = field(default_factory=dict)

    def within(self, level: int) -> str:
        """Return the text, in parentheses if it binds less tightly than what is around it."""
        return self.text if self.level >= level else f"({self.text})"


def conditions(*, unknown: bool = True) -> st.SearchStrategy[Condition]:
    """Return a strategy for conditions on detectors, up to three in one.

    The time that lsst-daf-butler takes grows beyond all bounds with what a NOT within a NOT is of.

    Parameters
    ----------
    unknown
        Whether they may be about the raft, which is not known of some detectors.
    """
    simple = st.one_of(_numbers(), _names(), *([_rafts()] if unknown else []))
    some = st.one_of(simple, simple.map(negated))
    two = st.one_of(st.builds(both, some, some), st.builds(either, some, some))
    three = st.one_of(
        *(st.builds(join, *pair) for join in (both, either) for pair in ((two, some), (some, two)))
    )
    return st.one_of(some, two, two.map(negated), three)


def negated(one: Condition) -> Condition:
    """Return NOT of a condition."""

    def holds(fields: Fields) -> Truth:
        known = one.holds(fields)
        return None if known is None else not known

    return Condition(f"NOT {one.within(3)}", holds, 3, one.bind)


def both(one: Condition, other: Condition) -> Condition:
    """Return two conditions, joined by AND."""

    def holds(fields: Fields) -> Truth:
        known = {one.holds(fields), other.holds(fields)}
        return False if False in known else None if None in known else True

    text = f"{one.within(2)} AND {other.within(2)}"
    return Condition(text, holds, 2, {**one.bind, **other.bind})


def either(one: Condition, other: Condition) -> Condition:
    """Return two conditions, joined by OR."""

    def holds(fields: Fields) -> Truth:
        known = {one.holds(fields), other.holds(fields)}
        return True if True in known else None if None in known else False

    text = f"{one.within(1)} OR {other.within(1)}"
    return Condition(text, holds, 1, {**one.bind, **other.bind})


def _compared(column: str, written: str, sign: str, value: Any, bind: Fields) -> Condition:
    def holds(fields: Fields) -> Truth:
        there = fields[column]
        return None if there is None else COMPARISONS[sign](there, value)

    name = "detector" if column == "id" else f"detector.{column}"
    return Condition(f"{name} {sign} {written}", holds, bind=bind)


def _among(column: str, written: str, values: Any, bind: Fields, *, outside: bool) -> Condition:
    def holds(fields: Fields) -> Truth:
        there = fields[column]
        return None if there is None else (there in values) is not outside

    name = "detector" if column == "id" else f"detector.{column}"
    return Condition(f"{name} {'NOT ' if outside else ''}IN ({written})", holds, bind=bind)


def _numbers() -> st.SearchStrategy[Condition]:
    number, signs = st.integers(0, 8), st.sampled_from(sorted(COMPARISONS))
    compared = st.builds(
        lambda sign, value, bound: _compared(
            "id", f":n{value}" if bound else f"{value}", sign, value, {f"n{value}": value}
        ),
        signs,
        number,
        st.booleans(),
    )
    ranges = st.builds(
        lambda first, more, stride, outside: _among(
            "id",
            f"{first}..{first + more}:{stride}",
            range(first, first + more + 1, stride),
            {},
            outside=outside,
        ),
        number,
        st.integers(0, 5),
        st.integers(1, 3),
        st.booleans(),
    )
    remainders = st.builds(
        lambda rest: Condition(f"detector % 3 = {rest}", lambda fields: fields["id"] % 3 == rest),
        st.integers(0, 2),
    )
    return st.one_of(compared, ranges, remainders)


def _names() -> st.SearchStrategy[Condition]:
    name = st.sampled_from([f"chip {number}" for number in range(1, 8)])
    compared = st.builds(
        lambda sign, value: _compared("full_name", f"'{value}'", sign, value, {}),
        st.sampled_from(sorted(COMPARISONS)),
        name,
    )
    lists = st.builds(
        lambda values, outside: _among(
            "full_name",
            f":l{''.join(value[-1] for value in values)}",
            values,
            {f"l{''.join(value[-1] for value in values)}": values},
            outside=outside,
        ),
        st.lists(name, max_size=4, unique=True),
        st.booleans(),
    )
    return st.one_of(compared, lists)


def _rafts() -> st.SearchStrategy[Condition]:
    raft = st.sampled_from([one for one in RAFTS if one is not None])
    compared = st.builds(
        lambda sign, value: _compared("raft", f"'{value}'", sign, value, {}),
        st.sampled_from(["=", "!=", "<"]),
        raft,
    )
    null = Condition("detector.raft = NULL", lambda fields: fields["raft"] is None)
    return st.one_of(compared, st.just(null))
