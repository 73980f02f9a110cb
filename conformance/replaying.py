"""What is said of a case that was tried alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.case import Outcome
from conformance.deviations import Deviation
from conformance.suite import Suite
from conformance.verdict import Verdict

INDENT = "  "
LONGEST = 400


def lines(suite: Suite, outcome: Outcome) -> Iterator[str]:
    """Yield what a person wants to see of an outcome; a pass takes one line."""
    case = suite.cases[outcome.case]
    yield f"{case.id} {outcome.verdict}: {outcome.message or case.title}"
    if outcome.verdict is Verdict.PASSED:
        return
    if outcome.deviation is not None:
        yield f"{INDENT}{_known(outcome.deviation)}"
    requirement = suite.requirements.get(case.requirement)
    if requirement is not None:
        yield f"{INDENT}{requirement.id} ({requirement.level}): {requirement.sentence}"
        yield f"{INDENT}from {requirement.source}; the case is in {case.place}"
    yield from _part("code", case.code)
    for seen in outcome.observations:
        if not seen.passed:
            yield f"{INDENT}{seen.what}"
            yield f"{INDENT * 2}expected {_short(seen.expected)}"
            yield f"{INDENT * 2}observed {_short(seen.observed)}"
            if seen.detail and seen.detail != seen.observed:
                yield f"{INDENT * 2}{_short(seen.detail)}"
    for heading, text in outcome.texts.items():
        yield from _part(heading, text)
    if outcome.traceback:
        yield from _part("traceback", outcome.traceback)


def status(outcomes: Sequence[Outcome]) -> int:
    """Return 0 where all passed or deviate as is known, 1 where something is wrong, else 2."""
    verdicts = {outcome.verdict for outcome in outcomes}
    if verdicts & {Verdict.FAILED, Verdict.ERROR} or any(one.has_vanished for one in outcomes):
        return 1
    return 0 if verdicts <= {Verdict.PASSED, Verdict.DEVIATES} else 2


def _known(deviation: Deviation) -> str:
    link = f" See {deviation.link}" if deviation.link else ""
    return f"known, {deviation.kind}: {deviation.reason}{link} ({deviation.place})"


def _part(heading: str, text: str) -> Iterator[str]:
    yield f"{INDENT}{heading}:"
    yield textwrap.indent(text.strip("\n"), INDENT * 2)


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
