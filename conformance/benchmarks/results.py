"""What was measured, and what follows from it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from conformance.benchmarks.clock import Measurement

__all__ = ["LIMIT", "Contestant", "Results", "RowResult", "Timings"]

LIMIT = "raw"
"""The name under which the limit stands beside implementations."""
GOALS_AGAINST = "lsst_daf_butler"
"""The implementation than which others shall be faster."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """An implementation that is timed.

    Attributes
    ----------
    butler
        What it was asked for by.
    name, version
        What it calls itself.
    module
        The module that has its API.
    """

    butler: str
    name: str
    version: str
    module: str


@dataclass(slots=True)
class Timings:
    """The timings of a row on one implementation, or why it cannot do it."""

    measurements: list[Measurement] = field(default_factory=list)
    cannot: str = ""

    @property
    def cpu(self) -> float | None:
        """The median of CPU seconds of a call; `None` without a timing."""
        return self._median([one.cpu for one in self.measurements])

    @property
    def wall(self) -> float | None:
        """The median of seconds of a call; `None` without a timing."""
        return self._median([one.wall for one in self.measurements])

    @property
    def memory(self) -> int | None:
        """The median of the most memory that was held, in bytes; `None` where it is not known."""
        median = self._median([float(one.memory) for one in self.measurements])
        return int(median) if median else None

    def _median(self, values: Sequence[float]) -> float | None:
        return statistics.median(values) if values and not self.cannot else None


@dataclass(frozen=True, slots=True)
class RowResult:
    """What a row gave, by what implementations were asked for by, and `LIMIT`.

    Attributes
    ----------
    name, title, goal
        Those of the row.
    timings
        The timings of each.
    """

    name: str
    title: str
    goal: float
    timings: Mapping[str, Timings]

    def ratio(self, first: str, second: str) -> float | None:
        """Return how many times the CPU seconds of the first the second needs, if both could.

        The median of the ratios of each round, in which one was timed right
        after the other: the speed of a machine drifts by more than they differ.
        """
        one, other = self.timings[first], self.timings[second]
        if not one.cpu or not other.cpu:
            return None
        rounds = zip(one.measurements, other.measurements, strict=False)
        return statistics.median(
            theirs.cpu / ours.cpu if ours.cpu else math.inf for ours, theirs in rounds
        )


@dataclass(frozen=True, slots=True)
class Results:
    """A whole table.

    Attributes
    ----------
    when
        The time when it was begun, in UTC and ISO 8601.
    machine
        What it was measured on, in words.
    python
        The version of Python.
    size
        How many datasets there were.
    rounds
        How often a row was timed, at most.
    contestants
        The implementations, ours first.
    rows
        The rows.
    """

    when: str
    machine: str
    python: str
    size: int
    rounds: int
    contestants: Sequence[Contestant]
    rows: Sequence[RowResult]

    def ratio(self, row: RowResult) -> float | None:
        """Return how many times faster the first implementation is than the second, of two."""
        if len(self.contestants) != 2:
            return None
        first, second = self.contestants
        return row.ratio(first.butler, second.butler)

    def of_goal(self, row: RowResult) -> float | None:
        """Return which part of its goal a row has reached, 1 being all of it.

        `None` where the second implementation is not the one that goals are set against.
        """
        if self.contestants[-1].name != GOALS_AGAINST:
            return None
        ratio = self.ratio(row)
        return ratio / row.goal if ratio and row.goal else None
