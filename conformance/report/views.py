"""What the page shows: families of requirements, a cell for each implementation, the cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from conformance.case import Case, Outcome
from conformance.deviations import Deviation
from conformance.report.model import Report, Run
from conformance.report.repros import placed
from conformance.report.totals import Result
from conformance.requirements import Requirement
from conformance.verdict import Verdict

WORST_FIRST = (
    Verdict.FAILED,
    Verdict.ERROR,
    Verdict.DEVIATES,
    Verdict.BLOCKED,
    Verdict.UNSUPPORTED,
    Verdict.NOT_RUN,
    Verdict.PASSED,
)
SETUP = "set-up"
UNSTATED = "no stated requirement"
FEW = 2


@dataclass(slots=True)
class Ending:
    """How a case ended, alike on one or several implementations.

    Attributes
    ----------
    outcome
        The outcome; where several ended alike, that of the first.
    runs
        The runs with their own results, and the subfolders of their files.
    offered
        Whether the dialect of the case is offered.
    """

    outcome: Outcome
    runs: list[tuple[Run, Result, str]]
    offered: bool

    @property
    def names(self) -> list[str]:
        """The names of the implementations."""
        return [run.name for run, _, _ in self.runs]

    @property
    def is_wrong(self) -> bool:
        """Whether the case failed, or the harness broke in it."""
        return self.runs[0][1].is_wrong

    @property
    def can_be_shown(self) -> bool:
        """Whether something is wrong, or deviates, that one may want to see again."""
        return self.is_wrong or self.outcome.verdict is Verdict.DEVIATES


@dataclass(slots=True)
class CaseView:
    """A case with its endings.

    Attributes
    ----------
    case
        The case as the first implementation has it.
    endings
        What became of it, those alike together.
    others
        For further implementations the lines of code that are another's: name to lines.
    """

    case: Case
    endings: list[Ending]
    others: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_wrong(self) -> bool:
        """Whether it failed somewhere."""
        return any(ending.is_wrong for ending in self.endings)

    @property
    def kinds(self) -> list[str]:
        """The kinds of its known deviations, each once."""
        known = (ending.outcome.deviation for ending in self.endings)
        return list(dict.fromkeys(one.kind for one in known if one is not None))

    @property
    def differs(self) -> bool:
        """Whether it ended otherwise on one implementation than on another that offers it."""
        return len(self.verdicts) > 1

    @property
    def verdicts(self) -> list[Verdict]:
        """Its verdicts, each once, the worst first; none where no dialect is offered."""
        found = {ending.outcome.verdict for ending in self.endings if ending.offered}
        return [verdict for verdict in WORST_FIRST if verdict in found]


@dataclass(slots=True)
class Cell:
    """What one implementation makes of a requirement.

    Attributes
    ----------
    name
        The implementation.
    verdict
        The worst of the verdicts of its cases; None where there are none.
    target
        The case that a link leads to.
    words
        The verdict in words, with how many cases have it where not all do.
    known
        The known deviations of its cases, each once.
    lacking
        Why its cases are unsupported, each reason once.
    """

    name: str
    verdict: Verdict | None
    target: str
    words: str
    known: list[Deviation] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A requirement, or a set-up step, with its cases."""

    id: str
    sentence: str
    requirement: Requirement | None
    cells: list[Cell]
    cases: list[CaseView]

    @property
    def is_wrong(self) -> bool:
        """Whether one of its cases failed."""
        return any(case.is_wrong for case in self.cases)

    @property
    def is_own_case(self) -> bool:
        """Whether the id is that of its only case, which then has the anchor."""
        return any(case.case.id == self.id for case in self.cases)

    def is_open(self, case: CaseView) -> bool:
        """Return whether a case shows all it has once its requirement does."""
        if case.is_wrong:
            return True
        return not self.is_wrong and len(self.cases) <= FEW


@dataclass(slots=True)
class Family:
    """Requirements of one subject."""

    name: str
    rows: list[Row]

    @property
    def cases(self) -> int:
        """How many cases they have."""
        return sum(len(row.cases) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A failure, or a break of the harness, alike on one or several implementations.

    Attributes
    ----------
    case
        The case.
    verdict, message
        What is wrong.
    names
        The implementations.
    blocks
        How many other cases it blocks.
    """

    case: Case
    verdict: Verdict
    message: str
    names: list[str]
    blocks: int


def wrong(found: list[Family]) -> list[Wrong]:
    """Return what is wrong, in the order of the families."""
    cases = [case for family in found for row in family.rows for case in row.cases]
    blocked = Counter(
        name for case in cases for name in {ending.outcome.blocked_by for ending in case.endings}
    )
    named: dict[tuple[str, Verdict, str], list[str]] = {}
    known = {case.case.id: case.case for case in cases}
    for case in cases:
        for ending in case.endings:
            if ending.is_wrong:
                key = (case.case.id, ending.outcome.verdict, ending.outcome.message)
                named.setdefault(key, []).extend(ending.names)
    return [
        Wrong(known[name], verdict, message, names, blocked[name])
        for (name, verdict, message), names in named.items()
    ]


def families(report: Report) -> list[Family]:
    """Return the requirements of a report by family, and the set-up steps at the end."""
    cases = _cases(report)
    found: dict[str, list[Row]] = {}
    for one in report.requirements.values():
        mine = [view for view in cases if view.case.judged and view.case.requirement == one.id]
        row = Row(one.id, one.sentence, one, _cells(report, mine), mine)
        found.setdefault(one.family, []).append(row)
    rest = [
        view
        for view in cases
        if not view.case.judged or view.case.requirement not in report.requirements
    ]
    for name, is_judged in ((UNSTATED, True), (SETUP, False)):
        rows = _rows_of_rest(report, [view for view in rest if view.case.judged is is_judged])
        if rows:
            found[name] = rows
    return [Family(name, rows) for name, rows in found.items()]


def _rows_of_rest(report: Report, cases: Iterable[CaseView]) -> list[Row]:
    rows: dict[str, list[CaseView]] = {}
    for view in cases:
        rows.setdefault(view.case.requirement or view.case.id, []).append(view)
    return [
        Row(name, views[0].case.title, None, _cells(report, views), views)
        for name, views in rows.items()
    ]


def _cases(report: Report) -> list[CaseView]:
    views: dict[str, CaseView] = {}
    for run, subfolder in placed(report):
        for result in run.results:
            case = result.case
            view = views.setdefault(case.id, CaseView(case, []))
            if case.code != view.case.code:
                known = set(view.case.code.splitlines())
                lines = [line for line in case.code.splitlines() if line not in known]
                view.others[run.name] = lines
            _add(view.endings, run, result, subfolder)
    return list(views.values())


def _add(endings: list[Ending], run: Run, result: Result, subfolder: str) -> None:
    offered = result.case.dialect in run.started.dialects
    for ending in endings:
        if ending.offered is offered and _is_alike(ending, result.outcome):
            ending.runs.append((run, result, subfolder))
            return
    endings.append(Ending(result.outcome, [(run, result, subfolder)], offered))


def _is_alike(ending: Ending, outcome: Outcome) -> bool:
    """Return whether an outcome can be shown together with others: one with pictures cannot."""
    if ending.is_wrong and outcome.comparisons:
        return False

    def bare(one: Outcome) -> Outcome:
        return replace(one, seconds=0.0, pictures=(), comparisons=(), repro="")

    return not ending.offered or bare(ending.outcome) == bare(outcome)


def _cells(report: Report, cases: list[CaseView]) -> list[Cell]:
    return [_cell(run, cases) for run in report.runs]


def _cell(run: Run, cases: list[CaseView]) -> Cell:
    mine = [
        ending
        for view in cases
        for ending in view.endings
        if any(one is run for one, _, _ in ending.runs)
    ]
    offered = [ending.outcome for ending in mine if ending.offered]
    if not offered:
        target = mine[0].outcome.case if mine else ""
        return Cell(run.name, None, target, "not offered" if mine else "no case")
    worst = min((outcome.verdict for outcome in offered), key=WORST_FIRST.index)
    named = [outcome for outcome in offered if outcome.verdict is worst]
    part = f" {len(named)} of {len(offered)}" if len(named) < len(offered) else ""
    known = dict.fromkeys(one.deviation for one in offered if one.deviation is not None)
    lacking = dict.fromkeys(one.message for one in offered if one.verdict is Verdict.UNSUPPORTED)
    target = named[0].case
    return Cell(run.name, worst, target, f"{worst}{part}", list(known), list(lacking))
