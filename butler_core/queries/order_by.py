"""The terms that results are ordered by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..dimensions import DimensionElement
from ..errors import ArgumentError, InvalidQueryError, nearest
from ..iterating import is_iterable
from .joins import DimensionJoins

__all__ = ["checked_terms", "order_columns", "order_terms"]


def checked_terms(terms: Iterable[str]) -> tuple[str, ...]:
    """Return terms to order by, which must be strings.

    Raises
    ------
    ArgumentError
        If one is not.
    """
    if not is_iterable(terms):
        raise ArgumentError(f"order_by takes names such as 'visit' or '-visit', not {terms!r}")
    given = tuple(terms)
    for term in given:
        if not isinstance(term, str):
            raise ArgumentError(f"order_by takes names such as 'visit' or '-visit', not {term!r}")
    return given


def order_terms(
    joins: DimensionJoins,
    terms: Iterable[str] | str | None,
    extra: dict[str, Any] | None = None,
) -> list[Any]:
    """Return ORDER BY columns with their directions; see `order_columns`."""
    given = [terms] if isinstance(terms, str) else list(terms or ())
    columns = order_columns(joins, given, extra)
    return [
        column.desc() if term.startswith("-") else column
        for term, column in zip(given, columns, strict=True)
    ]


def order_columns(
    joins: DimensionJoins, terms: Iterable[str], extra: dict[str, Any] | None = None
) -> list[Any]:
    """Return the columns to order by, whichever the direction.

    Parameters
    ----------
    joins : `DimensionJoins`
        The query's FROM clause, which may grow.
    terms : `~collections.abc.Iterable` [ `str` ]
        A dimension (``visit``), a field of an element
        (``visit.exposure_time``, ``timespan.begin``), or a field that one
        element alone has; with ``-`` before it for descending order.
    extra : `dict` [ `str`, `object` ], optional
        Columns that are not of dimensions, such as ``ingest_date``.

    Raises
    ------
    InvalidQueryError
        If a term names nothing, or more than one thing.
    """
    columns = []
    for term in terms:
        if not term.lstrip("-"):
            raise InvalidQueryError(
                f"order_by takes names such as 'visit' or '-visit', not {term!r}"
            )
        columns.append(_column(joins, term.removeprefix("-"), extra or {}))
    return columns


def _column(joins: DimensionJoins, name: str, extra: dict[str, Any]) -> Any:
    if name in extra:
        return extra[name]
    universe, elements = joins.group.universe, joins.group.elements
    if name in joins.group.names:
        return joins.dimension(name)
    head, _, field = name.partition(".")
    if field and head in elements:
        return _ordered(joins, universe[head], field)
    if field and head != "timespan":
        raise InvalidQueryError(f"order_by {name!r}: {head!r} is not in this query, {joins.group}")
    if head == "timespan":
        owners = [element.name for element in joins.group.timespan_elements]
    else:
        owners = [
            other
            for other in elements
            if name in [column.name for column in universe[other].columns]
        ]
    if not owners:
        known = [
            *joins.group.names,
            *extra,
            *(column.name for other in elements for column in universe[other].columns),
        ]
        raise InvalidQueryError(f"order_by {name!r} is nothing in this query{nearest(name, known)}")
    if len(owners) > 1:
        choices = ", ".join(f"{owner}.{name}" for owner in owners)
        raise InvalidQueryError(f"order_by {name!r} could be any of {choices}: write which")
    return _ordered(joins, universe[owners[0]], name)


def _ordered(joins: DimensionJoins, element: DimensionElement, name: str) -> Any:
    if name == "region":
        raise InvalidQueryError(f"order_by {element.name}.region: regions of the sky have no order")
    return joins.field(element, name)
