"""What the README has a reader write and type, written and typed in an empty folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from conformance.repository import CaseRepository
from conformance.selftest.documented import example

EXTENSIONS = (
    "Add a requirement and a case",
    "Add a case in Python",
    "Add a property",
    "Add an interop case",
    "Add a fault",
    "Write down a known deviation",
    "Add a picture",
)
STARTS_ANEW = {"Add a fault", "Add a case in Python"}


def write(folder: Path, heading: str) -> list[str]:
    """Write the files of a section below a folder, and return its commands."""
    found = example(heading)
    for name, text in found.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return found.commands


def type_in(
    folder: Path, command: str, repository: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Type a command into a shell that finds the commands of this environment."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(folder / "installed")}
    if repository is not None:  # so that ci_hsc is not built again by each command
        environment["BUTLER_CONFORMANCE_REPO"] = str(repository)
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def install(source: Path, place: Path) -> None:
    """Put a package and its entry points where Python finds them, without a network."""
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(source / project["name"], place / project["name"])
    facts = place / f"{project['name']}-{project['version']}.dist-info"
    facts.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (facts / "METADATA").write_text(metadata, encoding="utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (facts / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.parametrize("heading", EXTENSIONS)
def test_an_extension_runs_as_it_stands(
    heading: str, tmp_path: Path, conformance_repository: CaseRepository
) -> None:
    if heading in STARTS_ANEW:
        write(tmp_path, EXTENSIONS[0])
    commands = write(tmp_path, heading)
    assert commands
    for command in commands:
        done = type_in(tmp_path, command, conformance_repository.folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_an_implementation_of_ones_own_by_address_and_by_name(tmp_path: Path) -> None:
    for command in write(tmp_path, "Add an implementation"):
        if command == "pip install ./mybutler":
            install(tmp_path / "mybutler", tmp_path / "installed")
            continue
        done = type_in(tmp_path, command)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert " passed: " in done.stdout


def test_an_extension_that_is_wrong_fails(tmp_path: Path) -> None:
    """A case of one's own can fail, and leaves a script that fails without the suite."""
    write(tmp_path, EXTENSIONS[0])
    path = tmp_path / "mysuite" / "cases" / "archive.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: first", "value: last"))
    done = type_in(tmp_path, "butler-conformance replay ARC-01 --suite mysuite --script why.py")
    assert done.returncode == 1
    assert "expected last light" in done.stdout
    assert "observed first light" in done.stdout
    alone = type_in(tmp_path, f"{sys.executable} why.py")
    assert alone.returncode == 1
    assert "last light" in alone.stderr


def test_a_report_says_how_to_try_a_case_of_ones_own_again(
    tmp_path: Path, conformance_repository: CaseRepository
) -> None:
    write(tmp_path, EXTENSIONS[0])
    path = tmp_path / "mysuite" / "cases" / "archive.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: first", "value: last"))
    run = "butler-conformance run --suite mysuite --only ARC-01"
    done = type_in(tmp_path, run, conformance_repository.folder)
    assert done.returncode == 1
    again = done.stdout.partition("to try one again: ")[2].splitlines()[0]
    assert again == (
        "butler-conformance replay ARC-01.first-light --butler butler_core --suite mysuite"
    )
    assert "expected last light" in type_in(tmp_path, again).stdout
    script = tmp_path / "report" / "repro" / "ARC-01.first-light.py"
    assert type_in(tmp_path, f"{sys.executable} {script}").returncode == 1
