"""Trying a property, and what is said of it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from pathlib import Path

from conformance.case import Case, Outcome
from conformance.observation import Observation
from conformance.properties.bench import Bench, fast_folder
from conformance.properties.drawing import drawing
from conformance.properties.effort import EFFORTS
from conformance.properties.trial import Found, Property, Trial
from conformance.verdict import Verdict
from conformance.workplace import Workplace


def tried(
    one: Property, case: Case, place: Workplace, bench_in: Callable[[Path], Bench]
) -> Outcome:
    """Try a property on as many examples as the profile says.

    Parameters
    ----------
    one
        The property.
    case
        Its case.
    place
        Where it is tried.
    bench_in
        Makes what gives the repositories, in an empty folder.
    """
    from conformance.properties.chance import quiet

    effort, begin = EFFORTS[place.profile], time.perf_counter()
    broken: Exception | None = None
    shortest: Found | None = None
    with fast_folder(place.scratch) as folder, quiet(folder / "hypothesis"):
        bench = bench_in(folder)
        trial = Trial(bench, one.reaches)
        try:
            one.explore(trial, effort, f"{place.seed} {case.id}")
        except Exception as error:
            broken = error
        examples, calls = bench.examples, bench.calls
        if trial.found is not None:
            shortest = _shortest(one, bench, trial.found)
    seconds = time.perf_counter() - begin
    if trial.found is not None:
        return _failed(case, trial, shortest, seconds)
    if broken is not None:
        return _error(case, broken, seconds)
    return _concluded(case, trial, examples, calls, seconds)


def _failed(case: Case, trial: Trial, shortest: Found | None, seconds: float) -> Outcome:
    found = shortest or trial.found
    assert found is not None
    wrong, program = found.disagreement, found.program
    # A call that went wrong is the last of the program, which the check makes itself.
    by_check = wrong.kind in ("refusal", "error", "answer") and not program.lines
    is_last = bool(program.operations) and program.operations[-1].text == wrong.call
    before_last = by_check and is_last
    after = f"after {' '.join(program.lines[-1].split())}, " if program.lines else ""
    message = f"{case.requirement}: {after}{wrong.sentence}"
    if shortest is None:
        message += " (once: it did not happen again, so the program was not made shorter)"
    calls = trial.bench.texts(program, before_last=before_last)
    comment = f"# expected {wrong.expected}\n# observed {wrong.observed}"
    return Outcome(
        case=case.id,
        verdict=Verdict.FAILED,
        message=message,
        observations=(
            Observation(f"{wrong.what}: {wrong.text}", wrong.expected, wrong.observed, False),
        ),
        texts={
            "the shortest program": "\n".join([*calls, wrong.text, comment]),
            "the collections before the failing call": drawing(
                program.model(before_last=not program.lines and wrong.kind != "law")
            ),
        },
        repro=trial.bench.script(program, wrong, before_last=before_last),
        seconds=seconds,
    )


def _shortest(tried: Property, bench: Bench, found: Found) -> Found | None:
    from conformance.properties.shrinking import Shrinking

    return Shrinking(tried, bench).shortest(found)


def _error(case: Case, broken: BaseException, seconds: float) -> Outcome:
    return Outcome(
        case=case.id,
        verdict=Verdict.ERROR,
        message=f"the harness raised {type(broken).__name__}: {broken}",
        traceback="".join(traceback.format_exception(broken)),
        seconds=seconds,
    )


def _concluded(case: Case, trial: Trial, examples: int, calls: int, seconds: float) -> Outcome:
    """Return a pass, or that it was not run where it did not reach what it declares."""
    missing = trial.reached.missing
    seen = [
        Observation("examples that were tried", "at least 1", examples, examples > 0),
        Observation("calls that were made", "at least 1", calls, calls > 0),
        *(
            Observation(f"reached: {name}", "at least once", count, count > 0)
            for name in trial.reached.wanted
            for count in [trial.reached.counts[name]]
        ),
    ]
    return Outcome(
        case=case.id,
        verdict=Verdict.NOT_RUN if missing else Verdict.PASSED,
        message=f"{examples} examples did not reach {', '.join(missing)}" if missing else "",
        observations=tuple(seen),
        seconds=seconds,
    )
