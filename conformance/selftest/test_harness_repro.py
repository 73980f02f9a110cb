"""Scripts that show a failure alone, and trying one case again."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from conformance.case import Outcome
from conformance.commands.replay import chosen
from conformance.console import NothingJudgedError
from conformance.implementations.loading import load
from conformance.repository import CaseRepository, locate
from conformance.repro import distribution_of
from conformance.selftest import fakes
from conformance.selftest.command_line import command
from conformance.selftest.fakes import faulty_exposures, repository
from conformance.selftest.fakes.faulty import FAULTS
from conformance.selftest.suites import notebook_suite
from conformance.suite import Suite
from conformance.verdict import Verdict

FAKES = "conformance.selftest.fakes"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CaseRepository:
    return locate(repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc"))


def run(script: str, files: CaseRepository, before: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, in which the modules of a fake exist."""
    return subprocess.run(
        [sys.executable, "-c", f"{before}\n{script}", str(files.folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def failure(fake: fakes.Fake, case: str, files: CaseRepository) -> Outcome:
    outcome = notebook_suite(fake, files).outcome(case)
    assert outcome.verdict is Verdict.FAILED
    return outcome


def test_a_failed_step_leaves_a_script_that_fails_alike(files: CaseRepository) -> None:
    script = failure(fakes.wrong_message(), "NB-13.w_2020_03", files).repro
    assert "conformance." not in script
    wrong = run(script, files, f"from {FAKES} import wrong_message; wrong_message()")
    assert wrong.returncode == 1
    assert "observed 'No collection given.\\n'" in wrong.stderr
    right = script.replace("fake_wrong_message", "fake_perfect")
    assert run(right, files, f"from {FAKES} import perfect; perfect()").returncode == 0


def test_code_that_raises_raises_in_the_script(files: CaseRepository) -> None:
    script = failure(fakes.crashes_on_open(), "NB-06.current", files).repro
    done = run(script, files, f"from {FAKES} import crashes_on_open; crashes_on_open()")
    assert done.returncode == 1
    assert done.stderr.endswith("RuntimeError: the database is on fire\n")


def test_what_a_judge_alone_can_see_is_said_and_not_asserted(files: CaseRepository) -> None:
    make, _ = FAULTS[faulty_exposures.one_pixel_is_off_by_a_hair.__name__]
    script = failure(make(), "NB-10.current", files).repro
    before = f"from {FAKES}.faulty_exposures import *\nfrom {FAKES}.faulty import FAULTS\n"
    done = run(script, files, f"{before}FAULTS['one_pixel_is_off_by_a_hair'][0]()")
    assert done.returncode == 2, done.stderr
    assert "the first at x 7, y 5" in done.stdout


def test_a_script_says_what_it_needs_and_takes_a_folder(files: CaseRepository) -> None:
    script = failure(fakes.wrong_message(), "NB-13.w_2020_03", files).repro
    assert script.startswith("# /// script\n# requires-python = ")
    assert "# NB-13.w_2020_03: Open a Butler without a collection." in script
    bare = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert bare.returncode == 1
    assert "butler-conformance make-repo ci_hsc FOLDER" in bare.stderr


def test_the_distribution_of_a_module() -> None:
    assert distribution_of("yaml") == f"PyYAML=={metadata.version('PyYAML')}"
    assert distribution_of("lsst.sphgeom") == f"lsst-sphgeom=={metadata.version('lsst-sphgeom')}"
    assert distribution_of("nowhere.at_all") == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NB-07.current", ["NB-07.current"]),
        ("NB-07", ["NB-07.w_2020_03", "NB-07.current"]),
        ("NB-0[78].current", ["NB-07.current", "NB-08.current"]),
        ("NB-04", ["NB-04.w_2020_03"]),
    ],
)
def test_cases_by_name_requirement_and_pattern(name: str, expected: list[str]) -> None:
    assert chosen(Suite(load("butler_core")), name) == expected


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(NothingJudgedError, match="did you mean 'NB-13'"):
        chosen(Suite(load("butler_core")), "NB-133")


def test_replay(files: CaseRepository, tmp_path: Path) -> None:
    arguments = ("replay", "NB-13", "--repo", str(files.folder), "--script", "one.py")
    failed = command(*arguments, "--butler", f"{FAKES}:wrong_message", folder=tmp_path)
    assert failed.returncode == 1, failed.stderr
    assert "NB-13.w_2020_03 failed: the text of the ValueError" in failed.stdout
    assert "    observed No collection given." in failed.stdout
    assert "NB-13.current passed" in failed.stdout
    assert (tmp_path / "one.py").read_text(encoding="utf-8").startswith("# /// script")
    passed = command(*arguments, "--butler", f"{FAKES}:perfect", folder=tmp_path)
    assert (passed.returncode, passed.stdout.count(" passed: ")) == (0, 2)
    unknown = command("replay", "nothing", folder=tmp_path)
    assert unknown.returncode == 2
    assert "no case has the id" in unknown.stderr
