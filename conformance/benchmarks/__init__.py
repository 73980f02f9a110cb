"""What Butlers are timed at: one entry for each row of the table, in the modules of ``rows``.

A row is a function that is given a `conformance.benchmarks.bench.Bench`, does what it needs
beforehand, and then what is timed within ``with bench.measured(calls=...)``. One more row is one
more function with the decorator `row`.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from conformance.benchmarks.bench import Bench
    from conformance.benchmarks.raw import RawBench

__all__ = ["BenchmarkError", "Limit", "Row", "Work", "all_rows", "chosen", "row"]

Work: TypeAlias = "Callable[[Bench], None]"
Limit: TypeAlias = "Callable[[RawBench], None]"


class BenchmarkError(Exception):
    """There is nothing to be timed as it was asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """Something that Butlers are timed at.

    Attributes
    ----------
    name
        What it is asked for by, such as ``find``.
    title
        What is done, in a few words.
    goal
        How many times faster than lsst-daf-butler it shall be; 0 where nothing is aimed at.
    starts_from
        The repository that it is done on: a name of `conformance.benchmarks.furnishing.STAGES`,
        or "" for none.
    writes
        Whether it changes the repository, and so must have one of its own.
    work
        Does it with a Butler.
    limit
        Does the same with plain sqlite3 and files in the same format, or None.
    part_of
        The row of the whole of which this is a part, or "".
    at_most
        Which part of the time of the whole it shall take, on each implementation.
    """

    name: str
    title: str
    goal: float
    starts_from: str
    writes: bool
    work: Work
    limit: Limit | None
    part_of: str = ""
    at_most: float = 0


_rows: dict[str, Row] = {}


def row(
    name: str,
    title: str,
    *,
    goal: float = 0,
    starts_from: str = "datasets",
    writes: bool = False,
    limit: Limit | None = None,
    part_of: str = "",
    at_most: float = 0,
) -> Callable[[Work], Work]:
    """Declare a row by the function that does it; parameters as the attributes of `Row`."""

    def declare(work: Work) -> Work:
        _rows[name] = Row(*(name, title, goal, starts_from, writes, work, limit), part_of, at_most)
        return work

    return declare


@cache
def all_rows() -> dict[str, Row]:
    """Return every row by its name, module by module and in the order of the files."""
    from conformance.benchmarks import rows

    for module in sorted(found.name for found in pkgutil.iter_modules(rows.__path__)):
        importlib.import_module(f"{rows.__name__}.{module}")
    return _rows


def chosen(names: Sequence[str]) -> list[Row]:
    """Return some rows, or all where none is named.

    Raises
    ------
    BenchmarkError
        Raised where a name is that of none.
    """
    known = all_rows()
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]}?" if close else "."
            raise BenchmarkError(
                f"--rows {name}: there is no row of that name{hint} Rows: {', '.join(known)}."
            )
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())
