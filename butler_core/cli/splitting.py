"""Values of options that hold several: ``a,b`` and ``key=value``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

__all__ = ["key_values", "split_commas"]


def split_commas(
    context: click.Context, parameter: click.Parameter, values: str | Iterable[str] | None
) -> tuple[str, ...]:
    """Return the values of an option or argument, taken apart at commas outside of brackets.

    ``HSC/[ab],LATISS/*`` are two, and so is ``visit.id[1,2],band``: within ``[]`` a comma is
    part of a glob.
    """
    given = [values] if isinstance(values, str) else values or ()
    return tuple(part for value in given for part in _parts(value) if part)


def _parts(value: str) -> Iterator[str]:
    start = depth = 0
    for place, letter in enumerate(value):
        if letter == "[":
            depth = 1
        elif letter == "]":
            depth = 0
        elif letter == "," and not depth:
            yield value[start:place]
            start = place + 1
    yield value[start:]


def key_values(
    context: click.Context, parameter: click.Parameter, values: Iterable[str] | None
) -> dict[str, str]:
    """Return the values of an option such as ``visit=1,detector=2`` by their keys.

    Raises
    ------
    click.BadParameter
        If one of them has no key.
    """
    found = {}
    for entry in split_commas(context, parameter, values):
        key, separator, value = entry.partition("=")
        if not (key and separator):
            raise click.BadParameter(f"{entry!r} is not of the form KEY=VALUE.")
        found[key.strip()] = value.strip()
    return found
