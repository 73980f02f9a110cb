"""What an expression says, as its text is read: nothing is known of the names in it."""

from __future__ import annotations

import dataclasses

__all__ = [
    "And",
    "Arithmetic",
    "Bind",
    "Call",
    "Comparison",
    "In",
    "Name",
    "Node",
    "Not",
    "Number",
    "Or",
    "Pair",
    "Range",
    "Sign",
    "Text",
    "Time",
]


@dataclasses.dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression.

    Parameters
    ----------
    start, end : `int`
        Its characters in the text.
    """

    start: int
    end: int


@dataclasses.dataclass(frozen=True, slots=True)
class Name(Node):
    """A dimension, a field, NULL, or the name of a bound value without a colon."""

    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Bind(Node):
    """A bound value, by its name after a colon."""

    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Number(Node):
    """A number; an integer if it has neither a point nor an exponent."""

    value: int | float


@dataclasses.dataclass(frozen=True, slots=True)
class Text(Node):
    """A string."""

    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Time(Node):
    """A time, ``T'2020-01-01'``."""

    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class Range(Node):
    """Integers from a first to a last, which is one of them, by a stride."""

    first: int
    last: int
    stride: int


@dataclasses.dataclass(frozen=True, slots=True)
class Pair(Node):
    """Two values in parentheses: the bounds of a timespan."""

    first: Node
    second: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of some values, such as ``GLOB(visit.name, 'HSC*')``."""

    function: str
    arguments: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Sign(Node):
    """A plus or minus before a number."""

    sign: str
    operand: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """A sum, difference, product, quotient or remainder."""

    operator: str
    left: Node
    right: Node


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two values and ``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=`` or ``OVERLAPS``."""

    operator: str
    left: Node
    right: Node


@dataclasses.dataclass(frozen=True, slots=True)
class In(Node):
    """A value, and those that it is one of or, negated, is not."""

    member: Node
    values: tuple[Node, ...]
    negated: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Not(Node):
    """What is true where its operand is false."""

    operand: Node


@dataclasses.dataclass(frozen=True, slots=True)
class And(Node):
    """What is true where all operands are."""

    operands: tuple[Node, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Or(Node):
    """What is true where one of the operands is."""

    operands: tuple[Node, ...]
