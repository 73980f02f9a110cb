"""What a run found, collected from its events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from conformance.case import Case, Outcome
from conformance.events import (
    CaseFinished,
    CasePlanned,
    Event,
    RequirementStated,
    RunFinished,
    RunStarted,
)
from conformance.requirements import Requirement
from conformance.verdict import Verdict, exit_status


@dataclass(frozen=True, slots=True)
class Result:
    """A case with its outcome and its requirement; a set-up step has none."""

    case: Case
    outcome: Outcome
    requirement: Requirement | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cases of one kind ended.

    Attributes
    ----------
    name
        What was counted, such as a dialect.
    verdicts
        How many cases have each verdict.
    not_offered_by
        The implementation that does not offer the dialect, where that is so.
    """

    name: str
    verdicts: Counter[Verdict]
    not_offered_by: str = ""

    @property
    def total(self) -> int:
        """How many cases there are."""
        return self.verdicts.total()

    @property
    def passed(self) -> int:
        """How many passed."""
        return self.verdicts[Verdict.PASSED]

    @property
    def state(self) -> str:
        """One word for the whole.

        ``passed`` where all did, ``failed`` where something went wrong, ``absent`` where the
        dialect is not offered, else ``partial``.
        """
        if self.not_offered_by:
            return "absent"
        if self.passed == self.total:
            return "passed"
        wrong = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)
        return "failed" if any(self.verdicts[verdict] for verdict in wrong) else "partial"

    @property
    def text(self) -> str:
        """The count in full: ``17/17``, ``14/17 (1 failed, 2 blocked)``, ``not offered by it``."""
        if self.not_offered_by:
            return f"not offered by {self.not_offered_by}"
        rest = ", ".join(
            f"{self.verdicts[verdict]} {verdict}"
            for verdict in Verdict
            if verdict is not Verdict.PASSED and self.verdicts[verdict]
        )
        return f"{self.passed}/{self.total}" + (f" ({rest})" if rest else "")


@dataclass(frozen=True, slots=True)
class Report:
    """A run, from its first event to its last.

    Attributes
    ----------
    started, finished
        The events at both ends; a run that was cut off has no second.
    requirements
        The requirements of the suite, those without a case too.
    results
        Each planned case in the order of the suite.
    """

    started: RunStarted
    requirements: tuple[Requirement, ...]
    results: tuple[Result, ...]
    finished: RunFinished | None

    @property
    def judged(self) -> list[Result]:
        """The results of the judged cases."""
        return [result for result in self.results if result.case.judged]

    @property
    def setup(self) -> list[Result]:
        """The results of the set-up steps."""
        return [result for result in self.results if not result.case.judged]

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return self.finished is not None and self.finished.complete

    @property
    def exit_status(self) -> int:
        """The exit status that the verdicts demand; never 0 for a run that was broken off.

        What is blocked by a step that is unsupported, and so refused as it should, is not held
        against the implementation either.
        """
        refused = {
            result.case.id
            for result in self.results
            if result.outcome.verdict is Verdict.UNSUPPORTED
        }
        judged, setup = (
            [
                result.outcome.verdict
                for result in results
                if result.outcome.blocked_by not in refused
            ]
            for results in (self.judged, self.setup)
        )
        status = exit_status(judged, setup)
        return status if self.complete else max(status, 1)

    def tallies(self, *, judged: bool = True) -> list[Tally]:
        """Return the counts of each dialect."""
        results = self.judged if judged else self.setup
        dialects = dict.fromkeys(result.case.dialect for result in results)
        return [
            Tally(
                dialect,
                Counter(
                    result.outcome.verdict for result in results if result.case.dialect == dialect
                ),
                "" if dialect in self.started.dialects else self.started.implementation,
            )
            for dialect in dialects
        ]

    def summary(self) -> list[str]:
        """Return the counts in lines of text, and each case that is not a pass."""
        started = self.started
        lines = [f"{started.implementation} {started.version} on {started.registry}"]
        setup = {tally.name: tally for tally in self.tallies(judged=False)}
        lines += [
            f"  {tally.name:<10} {tally.text}"
            + ("" if tally.not_offered_by else f"; set-up {setup[tally.name].text}")
            for tally in self.tallies()
        ]
        if not self.complete:
            lines.append("  the run was broken off before its end")
        lines += [
            f"  {result.case.id} {result.outcome.verdict}: {result.outcome.message}"
            for result in self.results
            if result.outcome.verdict in (Verdict.FAILED, Verdict.ERROR, Verdict.UNSUPPORTED)
        ]
        return lines


def collect(events: Iterable[Event]) -> Report:
    """Return the report of a stream of events.

    A case that was planned and has no outcome was not run.

    Raises
    ------
    ValueError
        Raised where the stream does not begin with `RunStarted`.
    """
    started: RunStarted | None = None
    finished: RunFinished | None = None
    known: dict[str, Requirement] = {}
    cases: list[Case] = []
    outcomes: dict[str, Outcome] = {}
    for event in events:
        match event:
            case RunStarted():
                started = event
            case RequirementStated(requirement=stated):
                known[stated.id] = stated
            case CasePlanned(case=planned):
                cases.append(planned)
            case CaseFinished(outcome=outcome):
                outcomes[outcome.case] = outcome
            case RunFinished():
                finished = event
    if started is None:
        raise ValueError("the stream of events has no RunStarted")
    results = tuple(
        Result(one, outcomes.get(one.id, _not_run(one)), known.get(one.requirement))
        for one in cases
    )
    return Report(started, tuple(known.values()), results, finished)


def _not_run(case: Case) -> Outcome:
    return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message="the run did not reach the case")
