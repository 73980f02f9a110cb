"""Results as words and cells, which the terminal and the report show alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.benchmarks import all_rows
from conformance.benchmarks.results import LIMIT, Results, RowResult, Timings

CANNOT = "cannot"
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """A row in words.

    Attributes
    ----------
    title
        What is done.
    cpu
        CPU time of a call on each implementation.
    memory
        The most memory on each implementation.
    limit
        CPU time at the limit.
    ratio, goal, of_goal
        How many times faster, how many it shall be, and which part of that it is.
    state
        "reached", "half", "short" or "".
    """

    title: str
    cpu: tuple[str, ...]
    memory: tuple[str, ...]
    limit: str
    ratio: str
    goal: str
    of_goal: str
    state: str


def duration(seconds: float | None) -> str:
    """Return a time span in the unit that suits it, with three figures."""
    if seconds is None:
        return NOTHING
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def size(count: int | None) -> str:
    """Return a number of bytes in megabytes."""
    return NOTHING if count is None else f"{count / 1e6:.0f} MB"


def times(factor: float | None) -> str:
    """Return a ratio with two figures."""
    if not factor:
        return NOTHING
    return f"{factor:.0f}×" if factor >= 9.95 else f"{factor:.2g}×"


def cells(results: Results, row: RowResult) -> Cells:
    """Return a row in words."""
    timings = [row.timings[one.butler] for one in results.contestants]
    limit = row.timings.get(LIMIT, Timings())
    part = results.of_goal(row)
    return Cells(
        title=row.title,
        cpu=tuple(CANNOT if one.cannot else duration(one.cpu) for one in timings),
        memory=tuple(size(one.memory) for one in timings),
        limit=duration(limit.cpu),
        ratio=times(results.ratio(row)),
        goal=times(row.goal),
        of_goal=NOTHING if part is None else f"{part:.0%}",
        state=_state(part),
    )


def _state(part: float | None) -> str:
    if part is None:
        return NOTHING
    return "reached" if part >= 1 else "half" if part >= 0.5 else "short"


def reasons(results: Results) -> Iterator[str]:
    """Yield why an implementation, or the limit, cannot do a row."""
    names = {one.butler: one.name for one in results.contestants}
    for row in results.rows:
        for butler, timings in row.timings.items():
            if timings.cannot:
                yield f"{row.title}: {names.get(butler, 'the limit')} cannot: {timings.cannot}"


def parts(results: Results) -> Iterator[str]:
    """Yield which part of the time of the whole each row takes that is a part of another."""
    found = {row.name: row for row in results.rows}
    for name, declared in all_rows().items():
        row, whole = found.get(name), found.get(declared.part_of)
        if row is None or whole is None:
            continue
        for one in results.contestants:
            taken, of = row.timings[one.butler].cpu, whole.timings[one.butler].cpu
            if taken is not None and of:
                yield (
                    f"{row.title}: {taken / of:.2g} of the time of the whole ({whole.title}) by"
                    f" {one.name}, {_judged(taken / of, declared.at_most)}"
                )


def _judged(part: float, at_most: float) -> str:
    return f"{'under' if part < at_most else 'OVER'} the {at_most:g} that are the goal"


def summary(results: Results) -> str:
    """Return in one sentence what was measured."""
    who = " and ".join(f"{one.name} {one.version}" for one in results.contestants)
    return (
        f"{who}, {results.size:,} datasets, Python {results.python}, {results.machine}: medians of"
        f" CPU time in up to {results.rounds} processes each, in turn, and of the turns' ratios;"
        " the limit is plain sqlite3 on the tables of the format"
    )
