"""Outcomes of cases whose code was executed."""

from __future__ import annotations

from typing import Any

from conformance.case import Case, Outcome
from conformance.execution import Execution
from conformance.implementations.capabilities import CAPABILITIES
from conformance.observation import Observation
from conformance.verdict import Verdict


def executed(
    case: Case,
    execution: Execution,
    verdict: Verdict,
    message: str,
    observations: tuple[Observation, ...],
    *,
    pictures: tuple[str, ...] = (),
    trace: str = "",
    repro: str = "",
) -> Outcome:
    """Return the outcome of a case whose code ran, with what it printed, warned and took."""
    errors = execution.errors if verdict is not Verdict.PASSED else ""
    return Outcome(
        case=case.id,
        verdict=verdict,
        message=message,
        observations=observations,
        texts={"the standard error": errors} if errors else {},
        output=execution.output,
        warnings=execution.warnings,
        traceback=trace or execution.traceback,
        pictures=pictures,
        repro=repro,
        seconds=execution.seconds,
    )


def probed(case: Case, execution: Execution, lacking: str, reason: str) -> Outcome:
    """Return the outcome of a case that needs a missing capability: it must have been refused.

    Parameters
    ----------
    case
        The case.
    execution
        What running its code gave.
    lacking
        The capability.
    reason
        Why the implementation declares it as missing.
    """
    capability = CAPABILITIES[lacking]
    refused = isinstance(execution.error, capability.refusal)
    observed = (
        f"raised {type(execution.error).__name__}: {execution.error}"
        if execution.error is not None
        else "ran to its end"
    )
    what = f"the refusal of the missing capability {lacking!r}"
    seen = Observation(what, f"raises {capability.refusal_in_words}", observed, refused)
    if refused:
        return executed(case, execution, Verdict.UNSUPPORTED, reason, (seen,))
    message = f"declared without {lacking} ({reason}), but it {observed}"
    return executed(case, execution, Verdict.FAILED, message, (seen,))


def summary(failures: list[Observation]) -> str:
    """Return the first of some failed observations in a sentence; "" where there are none."""
    if not failures:
        return ""
    first = failures[0]
    more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    found = first.detail or first.observed
    return f"{first.what}: expected {_short(first.expected)}, observed {_short(found)}{more}"


def _short(value: Any) -> str:
    is_plain = isinstance(value, str) and value.strip() == value != ""
    text = value if is_plain else repr(value)
    return text if len(text) <= 160 else f"{text[:159]}…"
