"""A case, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from conformance.deviations import Deviation
from conformance.observation import Observation
from conformance.verdict import Verdict

KINDS = ("step", "data", "function", "property", "interop", "picture", "script", "repository")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that a run tries on an implementation.

    Attributes
    ----------
    id
        Stable name: the id of the requirement, a full stop, and words, such as
        ``NB-10.w_2020_03`` or ``COL-03.children-in-order``.
    requirement
        The requirement that the case belongs to, such as ``NB-10``.
    title
        A few words, shown beside the id.
    kind
        What it is made of: one of `KINDS`. A ``repository`` is a set-up step.
    dialect
        The dialect of the API that the code is written in.
    code
        The very code that is run, and that reports show.
    place
        Where it is written: a file of the suite and a line, such as
        ``cases/collections.yaml:12``.
    step
        The cell of the notebook, where it is one.
    needs
        Ids of the cases that must have passed before.
    capabilities
        What an implementation must be able to do for this case.
    judged
        False for a set-up step, which is counted apart.
    """

    id: str
    requirement: str
    title: str
    kind: str = "step"
    dialect: str = "current"
    code: str = ""
    place: str = ""
    step: int | None = None
    needs: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    judged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureComparison:
    """A picture held against its approved one, pixel by pixel.

    Attributes
    ----------
    name
        The name of the approved picture, such as ``cell-11-pixels``.
    expected, actual, difference
        Names of the picture files below the folder of the report; empty where there is none.
        The difference is the absolute one of each channel, times ten.
    count, total
        How many pixels differ, of how many.
    first
        The first that differs, by rows from the top: (column, row); None where none does.
    box
        The smallest box that holds all that differ: (left, top, right, bottom), the last two
        exclusive; None where none does.
    """

    name: str
    expected: str = ""
    actual: str = ""
    difference: str = ""
    count: int = 0
    total: int = 0
    first: tuple[int, int] | None = None
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case.

    Attributes
    ----------
    case
        The case's id.
    verdict
        One of the verdicts.
    message
        Why, in a sentence; empty for a pass.
    deviation
        What is known of the implementation in this case, where the verdict is that it deviates;
        and where it does not any more.
    blocked_by
        For a blocked case the id of the step that did not pass.
    observations
        What was expected and observed, in the order of looking.
    texts
        Longer texts under a heading each, such as the shortest program that fails and a drawing
        of the collections.
    output
        What the code printed.
    warnings
        The warnings that the code caused.
    traceback
        Where the code or the harness raised.
    pictures
        Names of the picture files below the folder of the report.
    comparisons
        Pictures held against approved ones.
    repro
        For a failure, a script that shows it with the implementation alone.
    seconds
        The time that the code took, without the judging.
    """

    case: str
    verdict: Verdict
    message: str = ""
    deviation: Deviation | None = None
    blocked_by: str = ""
    observations: tuple[Observation, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    output: str = ""
    warnings: tuple[str, ...] = ()
    traceback: str = ""
    pictures: tuple[str, ...] = ()
    comparisons: tuple[PictureComparison, ...] = ()
    repro: str = ""
    seconds: float = 0.0

    @property
    def has_vanished(self) -> bool:
        """Whether a deviation is known in this case, and was not seen."""
        return self.deviation is not None and self.verdict is not Verdict.DEVIATES


def is_meant(case: str, name: str) -> bool:
    """Return whether a name stands for a case: its id, the beginning of it, or a pattern."""
    return fnmatchcase(case, name) or fnmatchcase(case, f"{name}.*")
