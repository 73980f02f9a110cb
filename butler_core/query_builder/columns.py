"""Columns, values made of them, and conditions on them, as objects with operators."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Iterable
from typing import Any, NoReturn, Protocol

from ..errors import ArgumentError, InvalidQueryError
from ..iterating import is_list_of_values
from .written import BoundValue, Written

__all__ = [
    "Column",
    "Expression",
    "Order",
    "Predicate",
    "SkyRegion",
    "Span",
    "Value",
    "combined",
    "order_terms_of",
]


class ValueSource(Protocol):
    """A query, of which the values of a column can be asked."""

    def values_of(self, column: Value) -> list[Any]:
        """Return the values that a column has in its rows."""


class Predicate:
    """A condition; `Query.where` takes it.

    Parameters
    ----------
    written : `Written`
        Its text.
    word : `str`, optional
        ``AND`` or ``OR``, if it is made of others with that between them.
    operands : `tuple` [ `Written` ], optional
        The others.
    """

    __slots__ = ("operands", "word", "written")

    def __init__(
        self, written: Written, word: str = "", operands: tuple[Written, ...] = ()
    ) -> None:
        self.written = written
        self.word = word
        self.operands = operands

    def logical_and(self, *args: Predicate) -> Predicate:
        """Return what is true where this and the others are."""
        return combined("AND", (self, *args))

    def logical_or(self, *args: Predicate) -> Predicate:
        """Return what is true where this or one of the others is."""
        return combined("OR", (self, *args))

    def logical_not(self) -> Predicate:
        """Return what is true where this is false."""
        return Predicate(Written.join("NOT ({})", self.written))

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"{self} is a condition on rows, neither true nor false by itself: combine conditions"
            " with x.all(...), x.any(...) and x.not_(...), not with and, or, not"
        )

    def __repr__(self) -> str:
        return str(self.written)


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """A term to order by, downwards.

    Parameters
    ----------
    term : `str`
        A column with a minus before it.
    """

    term: str


def combined(word: str, predicates: Iterable[Predicate]) -> Predicate:
    """Return conditions with AND or OR between them.

    Raises
    ------
    InvalidQueryError
        If one is no condition.
    """
    given = list(predicates)
    for one in given:
        if not isinstance(one, Predicate):
            raise InvalidQueryError(f"{one!r} is no condition: compare it with something")
    if len(given) == 1:
        return given[0]
    # What grows by one condition at a time is one long list, not one within the other.
    operands: list[Written] = []
    for one in given:
        operands += one.operands if one.word == word else [one.written]
    template = f" {word} ".join(["({})"] * len(operands))
    return Predicate(Written.join(template, *operands), word, tuple(operands))


class Expression:
    """What has a value in each row of a query.

    Parameters
    ----------
    written : `Written`
        Its text.
    """

    __slots__ = ("_written",)

    # A number of numpy leaves it to the column what np.float64(30) < column is.
    __array_ufunc__ = None

    def __init__(self, written: Written) -> None:
        self._written = written

    @property
    def is_null(self) -> Predicate:
        """True where there is no value."""
        return Predicate(Written.join("{} = NULL", self._written))

    @property
    def column(self) -> str:
        """The name of the column, to order by.

        Raises
        ------
        InvalidQueryError
            If it is none.
        """
        raise InvalidQueryError(f"order_by takes columns such as x.visit, not {self!r}")

    def __repr__(self) -> str:
        return str(self._written)

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{self!r} is a column of rows, neither true nor false by itself")


class Value(Expression):
    """A number, a string, a time, a UUID or a truth value."""

    __slots__ = ()

    @property
    def desc(self) -> Order:
        """The order of it, downwards."""
        return Order(f"-{self.column}")

    def as_boolean(self) -> Predicate:
        """Return the condition that a column of truth values is true."""
        return Predicate(self._written)

    def in_range(self, start: int = 0, stop: int | None = None, step: int = 1) -> Predicate:
        """Return the condition that it is one of the numbers of `range`.

        Parameters
        ----------
        start : `int`, optional
            The first number.
        stop : `int`, optional
            The first that is too large; there is no end if not given.
        step : `int`, optional
            From one number to the next.

        Raises
        ------
        ArgumentError
            If one is no integer.
        InvalidQueryError
            If ``step`` is not positive.
        """
        try:
            start, step = operator.index(start), operator.index(step)
            stop = None if stop is None else operator.index(stop)
        except TypeError:
            raise ArgumentError(
                f"in_range takes integers, not {start!r}, {stop!r} and {step!r}"
            ) from None
        if step < 1:
            raise InvalidQueryError(f"in_range takes a step of 1 or more, not {step}")
        if stop is not None:
            numbers_in = range(start, stop, step)
            if not numbers_in:
                return self.in_iterable(())
            text = f"{{}} IN ({start}..{numbers_in[-1]}:{step})"
        else:
            text = f"{{}} >= ({start})"
            if step > 1:
                text += f" AND ({{}} - ({start})) % {step} = 0"
                return Predicate(Written.join(text, self._written, self._written))
        return Predicate(Written.join(text, self._written))

    def in_iterable(self, others: Iterable[Any]) -> Predicate:
        """Return the condition that it is one of some values or other columns.

        Raises
        ------
        ArgumentError
            If they are not in a list or other iterable.
        """
        if not is_list_of_values(others):
            raise ArgumentError(f"in_iterable takes several values, not {others!r}: give a list")
        given = list(others)
        plain = [one for one in given if not isinstance(one, Value)]
        columns = [one._written for one in given if isinstance(one, Value)]
        if not columns:
            return Predicate(Written.join("{} IN ({})", self._written, _bound(plain)))
        listed = [*columns, *([_bound(plain)] if plain else [])]
        template = f"{{}} IN ({', '.join(['{}'] * len(listed))})"
        return Predicate(Written.join(template, self._written, *listed))

    def in_query(self, column: Value, query: ValueSource) -> Predicate:
        """Return the condition that it is one of a column's values in another query.

        The other query runs at once.

        Raises
        ------
        ArgumentError
            If it is none.
        """
        if not hasattr(query, "values_of"):
            raise ArgumentError(
                f"in_query takes a column and a query that butler.query() made, not {query!r}"
            )
        return self.in_iterable(query.values_of(column))

    def glob(self, pattern: str) -> Predicate:
        """Return the condition that it matches a pattern with ``*`` and ``?``."""
        return Predicate(Written.join("GLOB({}, {})", self._written, Written.value(pattern)))

    def __eq__(self, other: object) -> Predicate:  # type: ignore[override]
        return self._compared("=", other)

    def __ne__(self, other: object) -> Predicate:  # type: ignore[override]
        return self._compared("!=", other)

    def __lt__(self, other: object) -> Predicate:
        return self._compared("<", other)

    def __le__(self, other: object) -> Predicate:
        return self._compared("<=", other)

    def __gt__(self, other: object) -> Predicate:
        return self._compared(">", other)

    def __ge__(self, other: object) -> Predicate:
        return self._compared(">=", other)

    __hash__ = Expression.__hash__

    def _compared(self, operator: str, other: object) -> Predicate:
        if other is None:
            raise InvalidQueryError(
                f"{self!r} {operator} None: write x.{self!r}.is_null, or x.not_(x.{self!r}.is_null)"
            )
        return Predicate(Written.join(f"{{}} {operator} {{}}", self._written, _written(other)))

    def __neg__(self) -> Value:
        return Value(Written.join("(-{})", self._written))

    def __add__(self, other: object) -> Value:
        return _arithmetic(self, "+", other)

    def __radd__(self, other: object) -> Value:
        return _arithmetic(other, "+", self)

    def __sub__(self, other: object) -> Value:
        return _arithmetic(self, "-", other)

    def __rsub__(self, other: object) -> Value:
        return _arithmetic(other, "-", self)

    def __mul__(self, other: object) -> Value:
        return _arithmetic(self, "*", other)

    def __rmul__(self, other: object) -> Value:
        return _arithmetic(other, "*", self)

    def __truediv__(self, other: object) -> Value:
        return _arithmetic(self, "/", other)

    def __rtruediv__(self, other: object) -> Value:
        return _arithmetic(other, "/", self)

    def __mod__(self, other: object) -> Value:
        return _arithmetic(self, "%", other)

    def __rmod__(self, other: object) -> Value:
        return _arithmetic(other, "%", self)


class Column(Value):
    """A value that has a column of its own, by which rows can be ordered."""

    __slots__ = ()

    @property
    def column(self) -> str:
        """The name of the column."""
        return str(self._written)


class Span(Expression):
    """A timespan."""

    __slots__ = ()

    @property
    def begin(self) -> Column:
        """Its begin."""
        return Column(Written.join("{}.begin", self._written))

    @property
    def end(self) -> Column:
        """Its end."""
        return Column(Written.join("{}.end", self._written))

    def overlaps(self, other: object) -> Predicate:
        """Return the condition that it has some time in common with a timespan or a time."""
        return Predicate(Written.join("{} OVERLAPS {}", self._written, _written(other)))


class SkyRegion(Expression):
    """A region of the sky."""

    __slots__ = ()

    def overlaps(self, other: object) -> Predicate:
        """Return the condition that it has some place in common with a region or a place."""
        return Predicate(Written.join("{} OVERLAPS {}", self._written, _written(other)))


def _arithmetic(left: object, operator: str, right: object) -> Value:
    return Value(Written.join(f"({{}} {operator} {{}})", _written(left), _written(right)))


def _written(value: object) -> Written:
    return value._written if isinstance(value, Expression) else Written.value(value)


def _bound(values: list[Any]) -> Written:
    return Written((BoundValue(values),))


def order_terms_of(args: Iterable[str | Order | Expression]) -> list[str]:
    """Return terms to order by as they are written in a string."""
    terms = []
    for one in args:
        if isinstance(one, Expression):
            terms.append(one.column)
        else:
            terms.append(one.term if isinstance(one, Order) else one)
    return terms
