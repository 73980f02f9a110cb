"""What an expression means in a query: columns, parameters, and conditions on them.

The nodes hold no values and no places in the text, so that equal ones have the
same SQL.
"""

from __future__ import annotations

import dataclasses
from typing import TypeAlias

__all__ = [
    "Arithmetic",
    "Bound",
    "Compare",
    "Condition",
    "Constant",
    "DatasetField",
    "DimensionKey",
    "Every",
    "Field",
    "Glob",
    "InList",
    "InLongList",
    "InRange",
    "IsNull",
    "Negative",
    "Not",
    "Overlap",
    "Parameter",
    "SkyOverlap",
    "Some",
    "Truth",
    "Value",
]


@dataclasses.dataclass(frozen=True, slots=True)
class DimensionKey:
    """The value of a dimension."""

    name: str
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """A field of an element's records; of type ``timespan``, two columns."""

    element: str
    name: str
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetField:
    """A field of datasets that a query is about, such as ``ingest_date``."""

    dataset_type: str
    name: str
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the expression by its number.

    Of type ``timespan``, two of them; of type ``region``, the region and the
    pixels that it covers, as JSON.
    """

    place: int
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class Negative:
    """A number with the other sign."""

    operand: Value
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+``, ``-``, ``*``, ``/`` or ``%`` of two numbers of one type."""

    operator: str
    left: Value
    right: Value
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class Bound:
    """The begin or end of a timespan."""

    operand: Value
    name: str
    type: str = "datetime"


Value: TypeAlias = DimensionKey | Field | DatasetField | Parameter | Negative | Arithmetic | Bound
"""What has a type."""


@dataclasses.dataclass(frozen=True, slots=True)
class Compare:
    """Two values and ``=``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    operator: str
    left: Value
    right: Value


@dataclasses.dataclass(frozen=True, slots=True)
class Overlap:
    """Two timespans with some time in both, or a timespan and a time in it."""

    left: Value
    right: Value


@dataclasses.dataclass(frozen=True, slots=True)
class SkyOverlap:
    """Two regions of the sky with some place in both, one of them a field."""

    left: Value
    right: Value


@dataclasses.dataclass(frozen=True, slots=True)
class IsNull:
    """A value that is not known."""

    operand: Value


@dataclasses.dataclass(frozen=True, slots=True)
class InList:
    """A value that is one of some parameters, from a first."""

    member: Value
    first: int
    count: int
    type: str


@dataclasses.dataclass(frozen=True, slots=True)
class InLongList:
    """A value that is one of a list, which is one parameter, as JSON."""

    member: Value
    place: int


@dataclasses.dataclass(frozen=True, slots=True)
class InRange:
    """An integer between two parameters, by the stride that is the third."""

    member: Value
    first: int
    strided: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Glob:
    """A string with ``*`` and ``?`` for any others."""

    operand: Value
    pattern: Parameter


@dataclasses.dataclass(frozen=True, slots=True)
class Truth:
    """A field that is true or false."""

    operand: Value


@dataclasses.dataclass(frozen=True, slots=True)
class Constant:
    """What is always true, or never."""

    value: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Not:
    """What its operand is not."""

    operand: Condition


@dataclasses.dataclass(frozen=True, slots=True)
class Every:
    """All operands."""

    operands: tuple[Condition, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Some:
    """One of the operands."""

    operands: tuple[Condition, ...]


Condition: TypeAlias = (
    Compare
    | Overlap
    | SkyOverlap
    | IsNull
    | InList
    | InLongList
    | InRange
    | Glob
    | Truth
    | Constant
    | Not
    | Every
    | Some
)
"""What is true, false, or not known."""
