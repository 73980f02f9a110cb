"""Scripts as users write them: how they are run and judged, and that nothing of them is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.implementations.loading import load
from conformance.repository import CaseRepository
from conformance.scripted import listed
from conformance.scripted.listed import SCRIPTS, Script
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace


def _no_ci_hsc() -> CaseRepository:
    raise AssertionError("no case here reads ci_hsc")


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    return Workplace(find_ci_hsc=_no_ci_hsc, scratch=tmp_path)


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Let a script of the folder be another, and what it must print."""
    folder = tmp_path / "scripts"
    (folder / "expected").mkdir(parents=True)
    monkeypatch.setattr(listed, "FOLDER", folder)
    for script in SCRIPTS:
        (folder / f"{script.name}.py").write_text("")

    def write(text: str, expected: str) -> str:
        script = SCRIPTS[0]
        (folder / f"{script.name}.py").write_text(text)
        (folder / "expected" / f"{script.name}.txt").write_text(expected)
        return script.id

    return write


def test_each_script_stands_in_the_table_with_what_it_prints() -> None:
    names = {script.name for script in SCRIPTS}
    assert names == {path.stem for path in listed.FOLDER.glob("[!_]*.py")}
    assert names == {path.stem for path in (listed.FOLDER / "expected").glob("*.txt")}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_nothing_but_the_import_is_changed(script: Script) -> None:
    theirs, ours = script.text.splitlines(), script.text_with("butler_core").splitlines()
    changed = [pair for pair in zip(theirs, ours, strict=True) if pair[0] != pair[1]]
    assert changed
    assert all("import" in one and "lsst.daf.butler" in one for one, _ in changed)
    assert "lsst.daf.butler" not in "\n".join(ours)
    assert "butler_core" not in script.text


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = tmp_path_factory.mktemp("archive")
    place = Workplace(find_ci_hsc=_no_ci_hsc, scratch=scratch)
    assert Suite(load("butler_core"), place=place).outcome("REPO.archive").verdict is Verdict.PASSED
    return scratch / "REPO.archive" / "repository"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_it_runs_as_it_is_under_the_names_of_the_stack(
    script: Script, archive: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if script.missing_package():
        pytest.skip(f"{script.missing_package()} is not installed")
    if script.repository == "ci_hsc":
        root = request.getfixturevalue("conformance_repository").root
    else:
        root = shutil.copytree(archive, tmp_path / "repository")
    done = subprocess.run(
        [sys.executable, "-m", "butler_core.stack", str(script.path), str(root)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == script.expected


def test_a_script_finds_its_argument_and_leaves_the_environment(
    place: Workplace, scripts: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE", "as before")
    before = sys.argv[:]
    case = scripts(
        "import os, sys\nos.environ['MINE'] = 'changed'\nos.environ['NEW'] = '1'\n"
        "from lsst.daf.butler import Butler\n"
        "print(len(sys.argv), Butler(sys.argv[1]).isWriteable(), __name__)\n",
        "2 False __main__\n",
    )
    outcome = Suite(load("butler_core"), place=place).outcome(case)
    assert outcome.verdict is Verdict.PASSED, outcome.message
    assert (os.environ["MINE"], "NEW" in os.environ, sys.argv) == ("as before", False, before)


@pytest.mark.parametrize(
    ("text", "expected", "message"),
    [
        ("print(1)\nprint(2)\n", "1\n3\n", "line 2 is '2', not '3'"),
        ("print(1)\n", "1\n3\n", "line 2 is missing: '3'"),
        ("print(1)\nprint(2)\n", "1\n", "line 2 is too much: '2'"),
        ("print(1)\nraise KeyError('x')\n", "1\n", "raised KeyError: 'x'"),
    ],
)
def test_another_output_is_shown_where_it_differs_and_by_a_program(
    place: Workplace,
    scripts: Callable[[str, str], str],
    tmp_path: Path,
    text: str,
    expected: str,
    message: str,
) -> None:
    case = scripts(text, expected)
    outcome = Suite(load("butler_core"), place=place).outcome(case)
    assert outcome.verdict is Verdict.FAILED
    assert message in outcome.message
    program = tmp_path / "repro.py"
    program.write_text(outcome.repro, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 1
    assert ("AssertionError: what the script prints" in done.stderr) is ("raise" not in text)


def test_a_program_of_what_is_right_ends_well(tmp_path: Path) -> None:
    from conformance.scripted.repro import repro

    program = tmp_path / "repro.py"
    shown = "Butler(sys.argv[1]).run, '\\\\', '''a'''"
    code = f"import sys\nfrom butler_core import Butler\nprint({shown})\n"
    program.write_text(repro(code, "x.py", "None \\ a\n", "butler_core", ()), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(program)], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
