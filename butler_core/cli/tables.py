"""Tables in the form in which astropy, and so LSST's command, prints them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

__all__ = ["print_table", "table_lines"]

_TOGETHER = 2000  # lines that are written at once
_NARROWEST = 3  # columns of astropy are as wide as three dashes


def table_lines(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, align: str = ">"
) -> Iterator[str]:
    """Yield the lines of a table.

    Columns are as wide as their widest value, with one space between; the
    header is in the middle of its column, above dashes.

    Parameters
    ----------
    header : `~collections.abc.Sequence` [ `str` ]
        Names of the columns.
    rows : `~collections.abc.Iterable` of `~collections.abc.Sequence`
        Their values.
    align : `str`, optional
        ``<`` for values at the left of their column, ``>`` for those at its
        right; a sign for each column, or one for all.
    """
    columns = [[_shown(value) for value in column] for column in zip(*rows, strict=True)]
    columns = columns or [[] for _ in header]
    widths = [
        max(_NARROWEST, len(name), *map(len, column))
        for name, column in zip(header, columns, strict=True)
    ]
    yield " ".join(name.center(width) for name, width in zip(header, widths, strict=True))
    yield " ".join("-" * width for width in widths)
    signs = align * len(widths) if len(align) == 1 else align
    form = " ".join(map("{{:{}{}}}".format, signs, widths)).format
    yield from map(form, *columns)


def print_table(header: Sequence[str], rows: Iterable[Sequence[Any]], *, align: str = ">") -> None:
    """Print a table; parameters are those of `table_lines`."""
    lines: list[str] = []
    for line in table_lines(header, rows, align=align):
        lines.append(line)
        if len(lines) == _TOGETHER:
            click.echo("\n".join(lines))
            lines.clear()
    if lines:
        click.echo("\n".join(lines))


def _shown(value: Any) -> str:
    return str(value).replace("\t", "\\t").replace("\n", "\\n")
