"""What a run says of a case, and the exit status that follows."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """What a run can say of a case; only the first is a pass."""

    PASSED = "passed"
    FAILED = "failed"
    DEVIATES = "deviates"
    ERROR = "error"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    NOT_RUN = "not run"

    @property
    def is_judgement(self) -> bool:
        """Whether the implementation was judged: it passed, it failed, or deviates as is known."""
        return self in (Verdict.PASSED, Verdict.FAILED, Verdict.DEVIATES)

    @property
    def predicate(self) -> str:
        """What a sentence says of a case: ``is blocked``, ``deviates``."""
        return self if self is Verdict.DEVIATES else f"is {self}"

    def counted(self, many: int) -> str:
        """Return how many cases have the verdict: ``2 failed``, ``2 deviate``, ``1 deviates``."""
        return f"{many} {'deviate' if self is Verdict.DEVIATES and many != 1 else self}"

    @property
    def meaning(self) -> str:
        """One sentence for the legend of a report."""
        return _MEANINGS[self]


_MEANINGS = {
    Verdict.PASSED: "Everything that had to be observed was observed.",
    Verdict.FAILED: "The implementation did something else than what is required.",
    Verdict.DEVIATES: "It failed, and is known to: a file says of which kind that is, and why.",
    Verdict.ERROR: "The harness itself broke; nothing is said about the implementation.",
    Verdict.UNSUPPORTED: "The implementation declares that it cannot, and refused as documented.",
    Verdict.BLOCKED: "An earlier step that this one builds on did not pass.",
    Verdict.NOT_RUN: "The case was not tried, or met too little to say anything.",
}


def exit_status(judged: Iterable[Verdict], setup: Iterable[Verdict] = ()) -> int:
    """Return the exit status of a run.

    Parameters
    ----------
    judged
        The verdicts of the judged cases.
    setup
        The verdicts of the set-up steps, which are not counted but must not fail.

    Returns
    -------
    status : `int`
        0 where each judged case passed (unsupported and unoffered ones and known deviations
        aside); 1 where a case or a set-up step failed or is blocked, or the harness broke in one;
        2 where nothing could be judged. What an unsupported or deviating step blocks is left out
        by who asks.
    """
    cases = list(judged)
    if not any(verdict.is_judgement for verdict in cases):
        return 2
    wrong = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)
    return int(any(verdict in wrong for verdict in (*cases, *setup)))
