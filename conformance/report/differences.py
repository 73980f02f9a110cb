"""What implementations are known to do otherwise, gathered by kind, as the reports show it."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.deviations import KINDS, Deviation
from conformance.report.model import Report, Run

DEFECT = KINDS[0]


@dataclass(frozen=True, slots=True)
class Borne:
    """One known deviation, with the cases in which it was seen.

    Attributes
    ----------
    deviation
        What is known.
    cases
        The ids of the cases, in the order of the suite.
    """

    deviation: Deviation
    cases: tuple[str, ...]

    @property
    def requirements(self) -> list[str]:
        """The requirements of the cases, each once."""
        return list(dict.fromkeys(case.partition(".")[0] for case in self.cases))


@dataclass(frozen=True, slots=True)
class Deviating:
    """What one implementation is known to do otherwise.

    Attributes
    ----------
    name
        The implementation.
    kinds
        Each kind that occurs, with its deviations.
    """

    name: str
    kinds: tuple[tuple[str, tuple[Borne, ...]], ...]

    @property
    def cases(self) -> int:
        """How many cases deviate."""
        return sum(len(one.cases) for _, found in self.kinds for one in found)

    @property
    def requirements(self) -> int:
        """How many requirements those cases have."""
        return len({name for _, found in self.kinds for one in found for name in one.requirements})

    @property
    def counts(self) -> str:
        """How many deviations there are of each kind: ``9 defects, 4 by design``."""
        numbers = [(len(found), kind) for kind, found in self.kinds]
        return ", ".join(
            f"{many} {kind}{'s' if kind == DEFECT and many > 1 else ''}" for many, kind in numbers
        )


def deviating(report: Report) -> list[Deviating]:
    """Return what is known of each implementation that was seen to deviate."""
    return [found for run in report.runs if (found := of_run(run)).kinds]


def of_run(run: Run) -> Deviating:
    """Return what one implementation is known to do otherwise, by kind."""
    cases: dict[Deviation, list[str]] = {}
    for result in run.deviations:
        if result.outcome.deviation is not None:
            cases.setdefault(result.outcome.deviation, []).append(result.case.id)
    borne = [Borne(known, tuple(cases[known])) for known in sorted(cases, key=_in_file)]
    kinds = ((kind, tuple(one for one in borne if one.deviation.kind == kind)) for kind in KINDS)
    return Deviating(run.name, tuple((kind, found) for kind, found in kinds if found))


def _in_file(known: Deviation) -> tuple[str, int]:
    file, _, line = known.place.rpartition(":")
    return file, int(line)
