"""Scripts as a source of cases: each is run as it stands, but for the import."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from conformance.case import Case, Outcome
from conformance.cases import case_files
from conformance.cases.repositories import CI_HSC
from conformance.cases.source import copied
from conformance.cases.steady import Steady
from conformance.execution import Execution, execute
from conformance.folders import shown_place
from conformance.implementations import Implementation
from conformance.observation import Observation
from conformance.outcomes import executed, probed
from conformance.scripted.listed import SCRIPTS, Script
from conformance.scripted.repro import repro
from conformance.verdict import Verdict
from conformance.workplace import Workplace


class Scripts:
    """The scripts on one implementation.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    """

    def __init__(self, implementation: Implementation) -> None:
        self.implementation = implementation
        self._steps = case_files.known().repositories
        self._scripts = {script.id: script for script in SCRIPTS}
        self.cases: Mapping[str, Case] = {id: self._case(one) for id, one in self._scripts.items()}

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Run a script on a fresh copy of its repository, and compare what it prints."""
        script = self._scripts[case.id]
        missing = script.missing_package()
        if missing:
            text = f"it needs {missing}, which is not installed"
            return Outcome(case=case.id, verdict=Verdict.NOT_RUN, message=text)
        with copied(place, script.id, script.repository) as root:
            execution = self._executed(case, script, root)
            steady = Steady({root: "<root>", place.scratch: "<scratch>"})
            return steady.outcome(self._judged(case, script, execution))

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Run a script that the implementation declares it cannot do: it must be refused."""
        script = self._scripts[case.id]
        with copied(place, script.id, script.repository) as root:
            execution = self._executed(case, script, root)
            steady = Steady({root: "<root>", place.scratch: "<scratch>"})
            reason = self.implementation.unsupported[lacking]
            return steady.outcome(probed(case, execution, lacking, reason))

    @property
    def _module(self) -> str:
        dialect = self.implementation.dialects.get("current")
        return dialect.butler if dialect is not None else ""

    def _case(self, script: Script) -> Case:
        reads_ci_hsc = script.repository == CI_HSC
        return Case(
            id=script.id,
            requirement=script.requirement,
            title=script.title,
            kind="script",
            code=script.text_with(self._module) if self._module else "",
            place=shown_place(script.path),
            needs=() if reads_ci_hsc else (f"REPO.{script.repository}",),
            capabilities=script.capabilities,
        )

    def _executed(self, case: Case, script: Script, root: Path) -> Execution:
        with _as_a_process([script.path.name, str(root)]):
            execution = execute(case.code, {"__file__": script.path.name}, case.id)
        butler = getattr(sys.modules.get(self._module), "Butler", ())
        for value in execution.names.values():
            if isinstance(value, butler) and hasattr(value, "close"):
                value.close()
        return execution

    def _judged(self, case: Case, script: Script, execution: Execution) -> Outcome:
        observations = tuple(_observations(script.expected, execution))
        failures = [seen for seen in observations if not seen.passed]
        if not failures:
            return executed(case, execution, Verdict.PASSED, "", observations)
        steps = None if script.repository == CI_HSC else self._steps[script.repository].steps
        outcome = executed(
            case,
            execution,
            Verdict.FAILED,
            "; ".join(f"{seen.what}: {seen.detail or seen.observed}" for seen in failures),
            observations,
            repro=repro(case.code, script.path.name, script.expected, self._module, steps),
        )
        difference = _difference(script.expected, execution.output)
        texts = {**outcome.texts, "the difference": difference} if difference else outcome.texts
        return replace(outcome, texts=texts)


@contextmanager
def _as_a_process(arguments: list[str]) -> Iterator[None]:
    """Let a script find its arguments, and leave those of this process and its environment."""
    before, environment = sys.argv[:], dict(os.environ)
    sys.argv[:] = arguments
    try:
        yield
    finally:
        sys.argv[:] = before
        os.environ.clear()
        os.environ.update(environment)


def _observations(expected: str, execution: Execution) -> Iterator[Observation]:
    """Yield what was expected and observed: that it ran to its end, and what it printed."""
    error = execution.error
    if error is not None:
        raised = f"raised {type(error).__name__}: {error}"
        yield Observation("the script", "runs to its end", raised, False)
    wanted, seen = expected.splitlines(), execution.output.splitlines()
    first = _first_difference(wanted, seen)
    yield Observation("what it prints", wanted, seen, not first, first)


def _first_difference(wanted: list[str], seen: list[str]) -> str:
    """Return in words where two texts begin to differ; "" where they do not."""
    for number, (one, other) in enumerate(zip(wanted, seen, strict=False), start=1):
        if one != other:
            return f"line {number} is {other!r}, not {one!r}"
    if len(wanted) > len(seen):
        return f"line {len(seen) + 1} is missing: {wanted[len(seen)]!r}"
    if len(seen) > len(wanted):
        return f"line {len(wanted) + 1} is too much: {seen[len(wanted)]!r}"
    return ""


def _difference(wanted: str, seen: str) -> str:
    lines = difflib.unified_diff(
        wanted.splitlines(), seen.splitlines(), "expected", "observed", lineterm=""
    )
    return "\n".join(lines)
