"""What a run says of a case, and the exit status that follows."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The six things a run can say of a case; only the first is a pass."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    UNSUPPORTED = "unsupported"
    BLOCKED = "blocked"
    NOT_RUN = "not run"

    @property
    def is_judgement(self) -> bool:
        """Whether the implementation was judged: it passed, or it failed."""
        return self in (Verdict.PASSED, Verdict.FAILED)

    @property
    def meaning(self) -> str:
        """One sentence for the legend of a report."""
        return _MEANINGS[self]


_MEANINGS = {
    Verdict.PASSED: "Everything that had to be observed was observed.",
    Verdict.FAILED: "The implementation did something else than what is required.",
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
        0 where each judged case passed (unsupported and unoffered ones aside); 1 where a case
        or a set-up step failed or is blocked, or the harness broke in one; 2 where nothing could
        be judged. What an unsupported step blocks is left out by who asks.
    """
    cases = list(judged)
    if not any(verdict.is_judgement for verdict in cases):
        return 2
    wrong = (Verdict.FAILED, Verdict.ERROR, Verdict.BLOCKED)
    return int(any(verdict in wrong for verdict in (*cases, *setup)))
