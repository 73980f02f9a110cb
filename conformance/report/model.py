"""What the runs of a suite found, collected from their events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from conformance.case import Case, Outcome
from conformance.events import (
    CaseFinished,
    CasePlanned,
    Event,
    RequirementStated,
    RunFinished,
    RunStarted,
)
from conformance.report.totals import (
    BORNE,
    Coverage,
    Result,
    Tally,
    coverage,
    setup_tally,
    tallies,
)
from conformance.requirements import Requirement
from conformance.verdict import Verdict, exit_status


@dataclass(frozen=True, slots=True)
class Run:
    """The suite on one implementation, from the first event to the last.

    Attributes
    ----------
    name
        The name of the implementation, with a number where several are named alike.
    started, finished
        The events at both ends; a run that was cut off has no second.
    requirements
        The requirements of the suite, those without a case too.
    results
        Each planned case in the order of the suite.
    """

    name: str
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
    def wrong(self) -> list[Result]:
        """What is wrong, set-up steps too: see `Result.is_wrong`."""
        return [result for result in self.results if result.is_wrong]

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return self.finished is not None and self.finished.complete

    @property
    def exit_status(self) -> int:
        """The exit status that the verdicts demand; never 0 for a run that was broken off.

        What is blocked by a step that is unsupported, and so refused as it should, or deviates as
        is known, is not held against the implementation either. A deviation that is not there any
        more is.
        """
        borne = {result.case.id for result in self.results if result.verdict in BORNE}
        judged, setup = (
            [result.verdict for result in results if result.outcome.blocked_by not in borne]
            for results in (self.judged, self.setup)
        )
        status = exit_status(judged, setup)
        is_whole = self.complete and not any(one.outcome.has_vanished for one in self.results)
        return status if is_whole else max(status, 1)

    @property
    def deviations(self) -> list[Result]:
        """The results of cases that deviate, as is known."""
        return [result for result in self.judged if result.verdict is Verdict.DEVIATES]

    @property
    def tallies(self) -> list[Tally]:
        """The counts of each group of judged cases."""
        return tallies(self.results, self.started.dialects, self.name)

    @property
    def total(self) -> Tally:
        """The counts of all judged cases in the dialects that the implementation offers."""
        offered = self.started.dialects
        found = Counter(one.verdict for one in self.judged if one.case.dialect in offered)
        return Tally("all", found)

    @property
    def setup_tally(self) -> Tally:
        """The counts of the set-up steps."""
        return setup_tally(self.results, self.started.dialects)

    @property
    def coverage(self) -> Coverage:
        """Which requirements the implementation was seen to meet."""
        return coverage(self.requirements, self.results, self.started.dialects)

    @property
    def title(self) -> str:
        """The implementation, its version and the database."""
        return f"{self.name} {self.started.version} on {self.started.registry}"

    @property
    def counts(self) -> list[tuple[str, str, str]]:
        """Label, text and state of each count that a short report shows."""
        setup, met = self.setup_tally, self.coverage
        rows = [(tally.title, tally.text, tally.state) for tally in self.tallies]
        if setup.total:
            rows.append((setup.title, setup.text, "plain" if setup.state == "passed" else "failed"))
        return [*rows, ("requirements", met.text, met.state)]


@dataclass(frozen=True, slots=True)
class Report:
    """One run for each implementation, of one suite.

    Attributes
    ----------
    runs
        In the order of running.
    """

    runs: tuple[Run, ...]

    @property
    def requirements(self) -> dict[str, Requirement]:
        """The requirements of the suite by id, those without a case too."""
        return {one.id: one for run in self.runs for one in run.requirements}

    @property
    def complete(self) -> bool:
        """Whether each run came to its end."""
        return all(run.complete for run in self.runs)

    @property
    def exit_status(self) -> int:
        """1 where a run demands it, else 2 where one does, else 0."""
        found = {run.exit_status for run in self.runs}
        return next(status for status in (1, 2, 0) if status in found)

    def summary(self) -> list[str]:
        """Return the counts in lines of text, and each case that is not a pass."""
        return [line for run in self.runs for line in _summary(run)]


def _summary(run: Run) -> list[str]:
    lines = [run.title, *(f"  {label:<24}{text}" for label, text, _ in run.counts)]
    if not run.complete:
        lines.append("  the run was broken off before its end")
    shown = (Verdict.FAILED, Verdict.ERROR, Verdict.UNSUPPORTED)
    lines += [
        f"  {result.case.id} {result.verdict}: {result.outcome.message}"
        for result in run.results
        if result.verdict in shown or result.outcome.has_vanished
    ]
    lines += [
        f"  {result.case.id} deviates, {known.kind}: {known.reason}"
        for result in run.deviations
        if (known := result.outcome.deviation) is not None
    ]
    return lines


@dataclass(slots=True)
class _Stream:
    started: RunStarted
    finished: RunFinished | None = None
    known: dict[str, Requirement] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        match event:
            case RequirementStated(requirement=stated):
                self.known[stated.id] = stated
            case CasePlanned(case=planned):
                self.cases.append(planned)
            case CaseFinished(outcome=outcome):
                self.outcomes[outcome.case] = outcome
            case RunFinished():
                self.finished = event

    def run(self, name: str) -> Run:
        results = tuple(
            Result(one, self.outcomes.get(one.id, _not_run(one)), self.known.get(one.requirement))
            for one in self.cases
        )
        return Run(name, self.started, tuple(self.known.values()), results, self.finished)


def collect(events: Iterable[Event]) -> Report:
    """Return the report of the streams of events of one or several runs, one after another.

    A case that was planned and has no outcome was not run.

    Raises
    ------
    ValueError
        Raised where the events do not begin with `RunStarted`.
    """
    streams: list[_Stream] = []
    for event in events:
        if isinstance(event, RunStarted):
            streams.append(_Stream(event))
        elif streams:
            streams[-1].hear(event)
        else:
            break
    if not streams:
        raise ValueError("the stream of events does not begin with RunStarted")
    names = distinct([stream.started.implementation for stream in streams])
    return Report(tuple(one.run(name) for one, name in zip(streams, names, strict=True)))


def distinct(names: list[str]) -> list[str]:
    """Return names with a number behind those that stood earlier."""
    return [
        f"{name} ({names[:place].count(name) + 1})" if name in names[:place] else name
        for place, name in enumerate(names)
    ]


def _not_run(case: Case) -> Outcome:
    return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message="the run did not reach the case")
