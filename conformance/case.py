"""A case, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.observation import Observation
from conformance.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that a run tries on an implementation.

    Attributes
    ----------
    id
        Stable name, such as ``NB-10.w_2020_03``.
    requirement
        The requirement that the case belongs to, such as ``NB-10``.
    title
        A few words, shown beside the id.
    dialect
        The dialect of the API that the code is written in.
    step
        The cell of the notebook.
    code
        The very code that is run, and that reports show.
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
    dialect: str
    step: int
    code: str
    needs: tuple[str, ...] = ()
    capabilities: frozenset[str] = frozenset()
    judged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one case.

    Attributes
    ----------
    case
        The case's id.
    verdict
        One of the six verdicts.
    message
        Why, in a sentence; empty for a pass.
    blocked_by
        For a blocked case the id of the step that did not pass.
    observations
        What was expected and observed, in the order of looking.
    output
        What the code printed.
    warnings
        The warnings that the code caused.
    traceback
        Where the code or the harness raised.
    pictures
        Names of the picture files below the folder of the report.
    seconds
        The time that the code took, without the judging.
    """

    case: str
    verdict: Verdict
    message: str = ""
    blocked_by: str = ""
    observations: tuple[Observation, ...] = ()
    output: str = ""
    warnings: tuple[str, ...] = ()
    traceback: str = ""
    pictures: tuple[str, ...] = ()
    seconds: float = 0.0
