"""The counts of a run: how the cases of each group ended, and which requirements were met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.case import Case, Outcome
from conformance.requirements import Requirement
from conformance.verdict import Verdict

GROUPS = {
    "notebook.w_2020_03": "notebook, January 2020",
    "notebook.current": "notebook, today",
    "registry": "registry cases",
    "properties": "properties",
    "interop": "interop",
    "pictures": "pictures",
    "scripts": "scripts",
}
SETUP = "set-up"
WRONG = (Verdict.FAILED, Verdict.ERROR)
BORNE = (Verdict.UNSUPPORTED, Verdict.DEVIATES)
"""What is not held against an implementation, nor is what it blocks."""


@dataclass(frozen=True, slots=True)
class Result:
    """A case with its outcome and its requirement; a set-up step has none."""

    case: Case
    outcome: Outcome
    requirement: Requirement | None

    @property
    def verdict(self) -> Verdict:
        """What the run says of the case."""
        return self.outcome.verdict

    @property
    def is_wrong(self) -> bool:
        """Whether the case failed, does not deviate any more, or the harness broke in it."""
        return self.verdict in WRONG or self.outcome.has_vanished


def group_of(case: Case) -> str:
    """Return the key of the group that a case is counted in: one of `GROUPS`, or `SETUP`."""
    if not case.judged:
        return SETUP
    match case.kind:
        case "step":
            return f"notebook.{case.dialect}"
        case "property":
            return "properties"
        case "interop":
            return "interop"
        case "picture":
            return "pictures"
        case "script":
            return "scripts"
    return "registry"


@dataclass(frozen=True, slots=True)
class Tally:
    """How the cases of one group ended.

    Attributes
    ----------
    name
        The key of the group.
    verdicts
        How many cases have each verdict.
    not_offered_by
        The implementation that offers none of the dialects of the group, where that is so.
    is_blamed
        Whether a case that is blocked is so by one that went wrong, not by one that is unsupported
        or deviates as is known.
    """

    name: str
    verdicts: Counter[Verdict]
    not_offered_by: str = ""
    is_blamed: bool = True

    @property
    def title(self) -> str:
        """What a reader calls the group."""
        return GROUPS.get(self.name, self.name)

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
        wrong = (*WRONG, Verdict.BLOCKED) if self.is_blamed else WRONG
        return "failed" if any(self.verdicts[one] for one in wrong) else "partial"

    @property
    def fraction(self) -> str:
        """How many passed: ``14/17``; empty where the group is not offered."""
        return "" if self.not_offered_by else f"{self.passed}/{self.total}"

    @property
    def rest(self) -> str:
        """What did not pass: ``1 failed, 2 blocked``; empty where all did."""
        return ", ".join(
            verdict.counted(self.verdicts[verdict])
            for verdict in Verdict
            if verdict is not Verdict.PASSED and self.verdicts[verdict]
        )

    @property
    def text(self) -> str:
        """The count in full: ``17/17``, ``14/17 (1 failed, 2 blocked)``, ``not offered by it``."""
        if self.not_offered_by:
            return f"not offered by {self.not_offered_by}"
        return self.fraction + (f" ({self.rest})" if self.rest else "")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which requirements an implementation was seen to meet.

    Attributes
    ----------
    met
        Requirements whose judged cases, in the dialects that the implementation offers, all
        passed.
    tried
        Requirements with such a case that was run.
    not_run
        Requirements whose cases were all not run.
    not_offered
        Requirements whose cases are all in dialects that it does not offer.
    without
        Requirements without a case.
    """

    met: int
    tried: int
    not_run: int
    not_offered: int
    without: int

    @property
    def state(self) -> str:
        """``passed`` where each that was tried is met, else ``partial``."""
        return "passed" if self.met == self.tried else "partial"

    @property
    def fraction(self) -> str:
        """How many of those tried are met: ``17/17``."""
        return f"{self.met}/{self.tried}"

    @property
    def rest(self) -> str:
        """What the fraction leaves out: ``64 without a case``."""
        parts = {
            "without a case": self.without,
            "not run": self.not_run,
            "only in a dialect that is not offered": self.not_offered,
        }
        return ", ".join(f"{many} {words}" for words, many in parts.items() if many)

    @property
    def text(self) -> str:
        """The coverage in full, never a percentage: ``17/17 (64 without a case)``."""
        return self.fraction + (f" ({self.rest})" if self.rest else "")


def tallies(results: Sequence[Result], dialects: Sequence[str], name: str) -> list[Tally]:
    """Return the counts of each group of judged cases, in the order of `GROUPS`.

    Cases in a dialect that is not offered are left out, where the group has others.

    Parameters
    ----------
    results
        The results of one implementation.
    dialects
        The dialects that it offers.
    name
        Its name.
    """
    judged = [result for result in results if result.case.judged]
    borne = {result.case.id for result in results if result.verdict in BORNE}
    found = {group_of(result.case) for result in judged}
    counts = []
    for key in [*(one for one in GROUPS if one in found), *sorted(found - set(GROUPS))]:
        mine = [result for result in judged if group_of(result.case) == key]
        offered = [result for result in mine if result.case.dialect in dialects]
        blockers = {result.outcome.blocked_by for result in offered} - {"", *borne}
        verdicts = _verdicts(offered or mine)
        counts.append(Tally(key, verdicts, "" if offered else name, bool(blockers)))
    return counts


def setup_tally(results: Iterable[Result], dialects: Sequence[str]) -> Tally:
    """Return the counts of the set-up steps, which are not judged, in the dialects offered."""
    setup = (result for result in results if not result.case.judged)
    return Tally(SETUP, _verdicts(result for result in setup if result.case.dialect in dialects))


def coverage(
    requirements: Iterable[Requirement], results: Sequence[Result], dialects: Sequence[str]
) -> Coverage:
    """Return how many requirements an implementation was seen to meet."""
    verdicts: dict[str, list[Verdict]] = {one.id: [] for one in requirements}
    elsewhere: set[str] = set()
    for result in results:
        name = result.case.requirement
        if not result.case.judged or name not in verdicts:
            continue
        if result.case.dialect in dialects:
            verdicts[name].append(result.verdict)
        else:
            elsewhere.add(name)
    kinds = [set(found) for found in verdicts.values() if found]
    not_run = kinds.count({Verdict.NOT_RUN})
    not_offered = sum(not verdicts[name] for name in elsewhere)
    return Coverage(
        met=kinds.count({Verdict.PASSED}),
        tried=len(kinds) - not_run,
        not_run=not_run,
        not_offered=not_offered,
        without=len(verdicts) - len(kinds) - not_offered,
    )


def _verdicts(results: Iterable[Result]) -> Counter[Verdict]:
    return Counter(result.verdict for result in results)
