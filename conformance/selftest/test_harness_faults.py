"""Each judged case can fail: for each there is a fault that turns it, and no other, red."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conformance.notebook import steps
from conformance.repository import CaseRepository, locate
from conformance.selftest import fakes
from conformance.selftest.fakes import (
    faulty_butlers,
    faulty_catalogues,
    faulty_displays,
    faulty_exposures,
    faulty_files,
    faulty_registry,
    repository,
)
from conformance.selftest.fakes.butlers import FakeExposure, TodayButler
from conformance.selftest.fakes.faulty import FAULTS, FILE_FAULTS
from conformance.selftest.suites import notebook_suite
from conformance.verdict import Verdict

DECLARED_IN = (
    faulty_butlers,
    faulty_catalogues,
    faulty_displays,
    faulty_exposures,
    faulty_files,
    faulty_registry,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CaseRepository:
    return locate(repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc"))


def failed(fake: fakes.Fake, files: CaseRepository, *, drawing: bool = False) -> set[str]:
    suite = notebook_suite(fake, files)
    outcomes = [
        suite.outcome(case.id)
        for case in suite.cases.values()
        if drawing or "display" not in case.capabilities
    ]
    assert all(outcome.verdict is not Verdict.ERROR for outcome in outcomes)
    return {outcome.case for outcome in outcomes if outcome.verdict is Verdict.FAILED}


@pytest.mark.parametrize("name", FAULTS)
def test_fault_turns_its_cases_red_and_no_others(name: str, files: CaseRepository) -> None:
    make, red = FAULTS[name]
    drawing = any("NB-11" in case or "NB-22" in case for case in red)
    assert failed(make(), files, drawing=drawing) == red


@pytest.mark.parametrize(
    ("name", "case", "words"),
    [
        (
            "one_flag_is_the_other_way_round",
            "NB-21",
            "values are .*'base_SdssCentroid_flag: 56 of",
        ),
        ("fluxes_are_of_double_precision", "NB-21", "type is .*'base_PsfFlux_instFlux: float64"),
        ("one_unit_is_lost", "NB-21", "unit is .*'base_SdssCentroid_x: none, pixel in the file'"),
        ("one_column_is_lost", "NB-21", "the table lacks: .*'base_PsfFlux_instFlux'"),
        ("the_rows_are_backwards", "NB-21", r"rows whose id .* observed \[0, 1, .* 'and 44 more'"),
        ("rows_lie_a_pixel_beside_the_table", "NB-21", r"getX\(\), getY\(\) are unlike"),
        ("rows_wander_when_they_are_read_again", "NB-22", "without both markers at their very"),
        ("one_pixel_is_off_by_a_hair", "NB-10", r"observed '?1 of \d+, the first at x 7, y 5: "),
        ("one_mask_plane_is_shifted_by_a_pixel", "NB-10", "observed {'BAD': 2088}"),
        ("two_mask_planes_have_changed_places", "NB-10", "observed {'BAD': 39760, 'EDGE': 39760}"),
        ("the_mask_has_a_plane_too_many", "NB-10", "the mask planes: .* unexpected: DREAMT"),
        ("xy0_is_off_by_one", "NB-10", r"getXY0\(\), .* expected \[0, 0\], observed \[1, 0\]"),
        ("the_wcs_is_shifted_by_a_pixel", "NB-10", r"WCS .*'\(0, 0\)': 0.6623"),
        ("one_card_is_dropped", "NB-10", "cards .* observed GAIN is missing, not 2.27"),
    ],
)
def test_messages_lead_to_the_place(
    name: str, case: str, words: str, files: CaseRepository
) -> None:
    make, _ = FAULTS[name]
    assert re.search(words, notebook_suite(make(), files).outcome(f"{case}.current").message)


def test_a_mask_may_give_the_planes_other_bits_than_the_file(files: CaseRepository) -> None:
    """As LSST's does where a process knows planes of the same names."""

    class Butler(TodayButler):
        def get(self, name: str, *arguments: Any, **keywords: Any) -> Any:
            found = super().get(name, *arguments, **keywords)
            if isinstance(found, FakeExposure):
                mask, planes = found.mask.array, found.mask.planes
                array = np.zeros_like(mask)
                for plane, bit in planes.items():
                    array |= ((mask >> bit) & 1) << (bit + 3)
                    planes[plane] = bit + 3
                found.mask.array = array
            return found

    suite = notebook_suite(fakes.fake("renumbering", today=Butler), files)
    assert suite.outcome("NB-10.current").message == ""
    assert suite.outcome("NB-10.current").verdict is Verdict.PASSED


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_wrong_files_turn_their_cases_red(name: str, files: CaseRepository, tmp_path: Path) -> None:
    change, red = FILE_FAULTS[name]
    shutil.copytree(files.folder, tmp_path / "copy")
    change(tmp_path / "copy" / "DATA")
    assert failed(fakes.perfect(), locate(tmp_path / "copy")) == red


def test_each_judged_case_has_a_fault_that_it_catches() -> None:
    caught = {case for _, red in (*FAULTS.values(), *FILE_FAULTS.values()) for case in red}
    judged = {case.id for case in steps.cases(fakes.perfect()) if case.judged}
    assert judged == caught
