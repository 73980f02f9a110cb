"""Cases as data, as a source of cases: making their repositories, running and judging them."""

from __future__ import annotations

import shutil
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance.case import Case, Outcome
from conformance.cases import case_files, program
from conformance.cases.attempt import Attempt, tried
from conformance.cases.data_case import DataCase
from conformance.cases.repositories import CI_HSC, RepositorySteps
from conformance.cases.script import script
from conformance.cases.steady import Steady
from conformance.execution import execute
from conformance.implementations import Implementation
from conformance.observation import Observation
from conformance.outcomes import executed, probed, summary
from conformance.verdict import Verdict
from conformance.workplace import Workplace

FOLDER = "repository"
"""The last part of each root: what follows a full stop there some Butlers take for a suffix."""


class DataCases:
    """The cases of files on one implementation, and the repositories that they need.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    folders
        Folders with cases of others beside the suite's own.

    Raises
    ------
    conformance.cases.mistakes.CaseFileError
        Raised with all that is wrong in the files.
    """

    def __init__(self, implementation: Implementation, folders: Sequence[Path] = ()) -> None:
        self.implementation = implementation
        known = case_files.known(folders)
        self._repositories = {made.case_id: made for made in known.repositories.values()}
        self._cases = case_files.read_all(folders, known)
        self.cases = {
            **{made.case_id: self._making(made) for made in self._repositories.values()},
            **{case.id: case.case(implementation) for case in self._cases.values()},
        }

    def run(self, case: Case, place: Workplace) -> Outcome:
        """Run a case on a fresh copy of its repository, and judge it; or make a repository."""
        if case.id in self._repositories:
            return self._make(case, place)
        found = self._cases[case.id]
        with copied(place, found.id, found.repository) as root:
            attempt = tried(found, self.implementation, root)
            try:
                outcome = self._judged(case, found, attempt)
            finally:
                attempt.close()
            return self._steady(root, place).outcome(outcome)

    def probe(self, case: Case, place: Workplace, lacking: str) -> Outcome:
        """Try a case that the implementation declares it cannot do: it must refuse."""
        found = self._cases[case.id]
        with copied(place, found.id, found.repository) as root:
            attempt = tried(found, self.implementation, root)
            reason = self.implementation.unsupported[lacking]
            try:
                outcome = probed(case, attempt.execution, lacking, reason)
            finally:
                attempt.close()
            return self._steady(root, place).outcome(outcome)

    def program(self, case: Case) -> str:
        """Return a script that shows a case with the implementation alone, and Python.

        It ends with status 0 where the case passes, and with an `AssertionError` that shows the
        expected and the observed where it does not. On ci_hsc it takes the root as its argument.
        """
        found = self._cases[case.id]
        repository = self._repositories.get(f"REPO.{found.repository}")
        return script(found, repository, self.implementation)

    def _judged(self, case: Case, found: DataCase, attempt: Attempt) -> Outcome:
        try:
            observations = attempt.observations()
        except Exception as broken:
            trace = "".join(traceback.format_exception(broken))
            message = f"the harness raised {type(broken).__name__}: {broken}"
            return executed(case, attempt.execution, Verdict.ERROR, message, (), trace=trace)
        failures = [seen for seen in observations if not seen.passed]
        if failures:
            message, repro = summary(failures), self.program(case)
            return executed(
                case, attempt.execution, Verdict.FAILED, message, observations, repro=repro
            )
        as_wanted = replace(attempt.execution, traceback="")  # a refusal that is expected has one
        return executed(case, as_wanted, Verdict.PASSED, "", observations)

    def _making(self, made: RepositorySteps) -> Case:
        return Case(
            id=made.case_id,
            requirement="",
            title=made.about,
            kind="repository",
            place=made.place,
            code=self._making_code(made),
            judged=False,
        )

    def _making_code(self, made: RepositorySteps) -> str:
        dialect = self.implementation.dialects.get("current")
        if dialect is None or not made.steps:
            return ""
        lines = [*program.imports(dialect.butler, made.steps), *made.steps]
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def _make(self, case: Case, place: Workplace) -> Outcome:
        root = template(place, case.id)
        butler: Any = None
        try:
            self.implementation.make_repository(root)
            butler = self.implementation.open(root, writeable=True)
        except Exception as error:
            return self._steady(root, place).outcome(_not_made(case, error))
        try:
            execution = execute(case.code, {"butler": butler, "root": root}, case.id)
        finally:
            if hasattr(butler, "close"):
                butler.close()
        text = f"{type(execution.error).__name__}: {execution.error}" if execution.error else ""
        verdict = Verdict.FAILED if text else Verdict.PASSED
        outcome = executed(case, execution, verdict, text, _ran(text))
        return self._steady(root, place).outcome(outcome)

    def _steady(self, root: Path, place: Workplace) -> Steady:
        return Steady({root: "<root>", place.scratch: "<scratch>"})


@contextmanager
def copied(place: Workplace, case_id: str, repository: str) -> Iterator[Path]:
    """Give a case a fresh copy of its repository, which goes afterwards; ci_hsc it only reads."""
    if repository == CI_HSC:
        yield place.ci_hsc.root
        return
    root = place.scratch / case_id / FOLDER
    shutil.copytree(template(place, f"REPO.{repository}"), root)
    try:
        yield root
    finally:
        shutil.rmtree(root.parent, ignore_errors=True)


def template(place: Workplace, name: str) -> Path:
    """Return the root of the repository that a set-up case makes, and that others copy."""
    return place.scratch / name / FOLDER


def _not_made(case: Case, error: Exception) -> Outcome:
    text = f"{type(error).__name__}: {error}"
    seen = Observation("an empty repository", "is made and opened", f"raised {text}", False)
    return Outcome(
        case=case.id,
        verdict=Verdict.FAILED,
        message=text,
        observations=(seen,),
        traceback="".join(traceback.format_exception(error)),
    )


def _ran(text: str) -> tuple[Observation, ...]:
    if not text:
        return ()
    return (
        Observation("the steps of the repository", "run to their end", f"raised {text}", False),
    )
