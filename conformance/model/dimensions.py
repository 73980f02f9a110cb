"""The part of dimension universe 8 that properties use: what requires and implies what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of universe 8.

    Attributes
    ----------
    name
        Its name, such as ``detector``.
    key
        The field of its records that a data ID holds: ``id``, a number, or ``name``, a text.
    requires
        Dimensions whose values identify its records together with its own.
    implies
        Dimensions whose values its records hold.
    has_records
        Whether it has records of its own; a band is known from the physical filters alone.
    """

    name: str
    key: str
    requires: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    has_records: bool = True


DIMENSIONS: Mapping[str, Dimension] = {
    one.name: one
    for one in (
        Dimension("instrument", "name"),
        Dimension("band", "name", has_records=False),
        Dimension("detector", "id", ("instrument",)),
        Dimension("physical_filter", "name", ("instrument",), ("band",)),
        Dimension("day_obs", "id", ("instrument",)),
        Dimension("visit", "id", ("instrument",), ("physical_filter", "day_obs")),
    )
}
"""The dimensions by name, each after those it requires and implies."""


def required(dimensions: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions that a data ID of some dimensions must have, in the order above.

    Raises
    ------
    KeyError
        Raised for a name that is no dimension.
    """
    names = _closure(dimensions)
    given = {other for name in names for other in DIMENSIONS[name].implies}
    return tuple(name for name in DIMENSIONS if name in names and name not in given)


def implied(dimensions: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions whose values follow from those that are required."""
    names = _closure(dimensions)
    needed = required(names)
    return tuple(name for name in DIMENSIONS if name in names and name not in needed)


def _closure(dimensions: Iterable[str]) -> set[str]:
    names: set[str] = set()
    pending = list(dimensions)
    while pending:
        one = DIMENSIONS[pending.pop()]
        if one.name not in names:
            names.add(one.name)
            pending += [*one.requires, *one.implies]
    return names
