"""Each judged case can fail: for each there is a fault that turns it, and no other, red."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conformance.notebook import suite
from conformance.notebook.runner import Notebook
from conformance.repository import CaseRepository, locate
from conformance.selftest import fakes
from conformance.selftest.fakes import faulty_data, faulty_files, faulty_registry, repository
from conformance.selftest.fakes.faulty import FAULTS, FILE_FAULTS
from conformance.verdict import Verdict

DECLARED_IN = (faulty_data, faulty_files, faulty_registry)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CaseRepository:
    return locate(repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc"))


def failed(fake: fakes.Fake, files: CaseRepository, *, drawing: bool = False) -> set[str]:
    notebook = Notebook(fake, files)
    outcomes = [
        notebook.outcome(case.id)
        for case in notebook.cases.values()
        if drawing or "display" not in case.capabilities
    ]
    assert all(outcome.verdict is not Verdict.ERROR for outcome in outcomes)
    return {outcome.case for outcome in outcomes if outcome.verdict is Verdict.FAILED}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_turns_its_cases_red_and_no_others(name: str, files: CaseRepository) -> None:
    make, red = FAULTS[name]
    drawing = any("NB-11" in case or "NB-22" in case for case in red)
    assert failed(make(), files, drawing=drawing) == red


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_wrong_files_turn_their_cases_red(name: str, files: CaseRepository, tmp_path: Path) -> None:
    change, red = FILE_FAULTS[name]
    shutil.copytree(files.folder, tmp_path / "copy")
    change(tmp_path / "copy" / "DATA")
    assert failed(fakes.perfect(), locate(tmp_path / "copy")) == red


def test_each_judged_case_has_a_fault_that_it_catches() -> None:
    caught = {case for _, red in (*FAULTS.values(), *FILE_FAULTS.values()) for case in red}
    judged = {case.id for case in suite.cases(fakes.perfect()) if case.judged}
    assert judged == caught
