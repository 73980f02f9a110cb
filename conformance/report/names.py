"""The names that public code uses, with the verdicts of the cases that use them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from conformance.report.model import Report, Run
from conformance.report.views import WORST_FIRST
from conformance.usage import CountedName, counted_names
from conformance.usage.calls import names_in
from conformance.verdict import Verdict

__all__ = ["NameRow", "Tried", "names"]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the cases that use a name, on one implementation.

    Attributes
    ----------
    verdict
        The worst of their verdicts; None where there are none.
    counts
        How many have each verdict, the passed ones first.
    """

    verdict: Verdict | None
    counts: tuple[tuple[Verdict, int], ...]


@dataclass(frozen=True, slots=True)
class NameRow:
    """A counted name, with what became of its cases on each implementation."""

    counted: CountedName
    tried: tuple[Tried, ...]

    @property
    def cases(self) -> int:
        """How many cases use it, on the implementation that has most."""
        return max((sum(many for _, many in one.counts) for one in self.tried), default=0)


def names(report: Report) -> list[NameRow]:
    """Return the counted names, those that most files use first."""
    known = counted_names()
    by_code: dict[str, frozenset[str]] = {}
    columns = [_tried(run, by_code) for run in report.runs]
    nothing = Tried(None, ())
    return [
        NameRow(counted, tuple(column.get(name, nothing) for column in columns))
        for name, counted in known.items()
    ]


def _tried(run: Run, by_code: dict[str, frozenset[str]]) -> dict[str, Tried]:
    known = counted_names().keys()
    counts: dict[str, Counter[Verdict]] = {}
    for result in run.results:
        if not result.case.judged or result.outcome.verdict is Verdict.NOT_RUN:
            continue
        code = result.case.code
        if code not in by_code:
            by_code[code] = names_in(code, known)
        for name in by_code[code]:
            counts.setdefault(name, Counter())[result.outcome.verdict] += 1
    return {name: _summed(found) for name, found in counts.items()}


def _summed(found: Counter[Verdict]) -> Tried:
    order = [one for one in WORST_FIRST if found[one]]
    return Tried(order[0], tuple((one, found[one]) for one in reversed(order)))
