"""Properties as a source of cases."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from conformance.case import Case, Outcome
from conformance.implementations import Implementation
from conformance.observation import Observation
from conformance.properties.bench import Bench, fast_folder
from conformance.properties.drawing import drawing
from conformance.properties.effort import EFFORTS
from conformance.properties.law_trial import LawProperty
from conformance.properties.loading import laws
from conformance.properties.lock_step import LockStep
from conformance.properties.trial import Found, Property, Trial
from conformance.verdict import Verdict
from conformance.workplace import Workplace


class Properties:
    """The machine and the laws on one implementation: a source of cases.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    folders
        Folders with properties of others beside the suite's own.
    """

    def __init__(self, implementation: Implementation, folders: Sequence[Path] = ()) -> None:
        self.implementation = implementation
        self._properties = {one.id: one for one in _all(folders)}
        self.cases = {id: _case(one) for id, one in self._properties.items()}

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Try a property on as many examples as the profile says."""
        from conformance.properties.chance import quiet

        tried, effort = self._properties[case.id], EFFORTS[place.profile]
        begin = time.perf_counter()
        broken: Exception | None = None
        shortest: Found | None = None
        with fast_folder(place.scratch) as folder, quiet(folder / "hypothesis"):
            bench = Bench(self.implementation, folder)
            trial = Trial(bench, tried.reaches)
            try:
                tried.explore(trial, effort, f"{place.seed} {case.id}")
            except Exception as error:
                broken = error
            examples, calls = bench.examples, bench.calls
            if trial.found is not None:
                shortest = _shortest(tried, bench, trial.found)
        seconds = time.perf_counter() - begin
        if trial.found is not None:
            return self._failed(case, trial, shortest, seconds)
        if broken is not None:
            return _error(case, broken, seconds)
        return _concluded(case, trial, examples, calls, seconds)

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Refuse: properties need no capability."""
        raise NotImplementedError(f"{case.id} needs no capability, and so not {lacking}")

    def _failed(self, case: Case, trial: Trial, shortest: Found | None, seconds: float) -> Outcome:
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
        calls = program.texts(before_last=before_last)
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
            repro=program.script(trial.bench.module, wrong.check, before_last=before_last),
            seconds=seconds,
        )


def case_ids(folders: Sequence[Path] = ()) -> list[str]:
    """Return the ids of all properties."""
    return [one.id for one in _all(folders)]


def _all(folders: Sequence[Path]) -> list[Property]:
    return [LockStep(), *(LawProperty(one) for one in laws(folders))]


def _shortest(tried: Property, bench: Bench, found: Found) -> Found | None:
    from conformance.properties.shrinking import Shrinking

    return Shrinking(tried, bench).shortest(found)


def _case(one: Property) -> Case:
    return Case(
        id=one.id,
        requirement=one.id.partition(".")[0],
        title=one.title,
        kind="property",
        code=one.code,
        place=one.place,
    )


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
