"""Outputs that cannot be written, and surroundings that are not as one would wish."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from conformance.report.folder import NAMES, ReportFolderError, check, clear, write
from conformance.selftest.command_line import CONFORMANCE, CORE, command
from conformance.selftest.fakes import repository

PERFECT = ("run", "--only", "NB-*", "--butler", "conformance.selftest.fakes:perfect")
BUFFERED = {"PYTHONUNBUFFERED": None}
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc")


def test_results_that_cannot_be_printed(repo: Path, tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = command(
            *(*PERFECT, "--repo", str(repo)),
            folder=tmp_path,
            environment=BUFFERED,
            stdout=full.fileno(),
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "Error: the output cannot be written: No space left on device."
    )
    assert "Traceback" not in done.stderr
    assert (tmp_path / "report" / "index.html").is_file()


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("file", "File exists"),
        ("/proc/nowhere", "No such file or directory"),
        ("/dev/full/x", "Not a directory"),
        ("taken", "index.html is a folder there"),
    ],
)
def test_a_report_folder_that_cannot_be_written(folder: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "taken" / "index.html").mkdir(parents=True)
    done = command(*PERFECT, "--report", folder, folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, "nothing was made for the run"
    assert done.stderr.startswith(f"Error: reports cannot be written to {tmp_path / folder}: ")
    assert words in done.stderr


def test_a_disk_that_fills_up(repo: Path, tmp_path: Path) -> None:
    done = command(*PERFECT, "--repo", str(repo), folder=tmp_path, largest_file=60_000)
    assert done.returncode == 2
    assert "Error: the reports could not be written to report: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.rglob("*.partial"))
    assert not (tmp_path / "report" / "index.html").exists()


def test_reports_are_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "index.html"
    write(path, "first \ud800 é")
    assert path.read_bytes() == "first \\ud800 é".encode()
    with path.open("rb") as reader:
        write(path, "another")
        assert reader.read() == "first \\ud800 é".encode()
    write(path, "first \ud800 é")
    path.with_name(f".index.html.{os.getpid()}.partial").mkdir()
    with pytest.raises(IsADirectoryError):
        write(path, "second")
    assert path.read_bytes() == "first \\ud800 é".encode()


def test_what_an_earlier_run_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    check(tmp_path)
    others = ["notes.txt", "pictures/figure-1.png", "pictures/NB-11.txt"]
    for name in (*NAMES, *others, "pictures/NB-11.current.png"):
        (tmp_path / name).touch()
    check(tmp_path)
    clear(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"pictures", *others}
    with pytest.raises(ReportFolderError, match="Not a directory"):
        check(tmp_path / "notes.txt" / "below")


@pytest.mark.parametrize("is_removed", [False, True])
def test_a_butler_that_leaves_the_current_folder(
    is_removed: bool, repo: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (tmp_path / "wanderer.py").write_text(
        "import os\n"
        "from conformance.selftest import fakes\n"
        "def make():\n"
        f"    os.chdir({str(away)!r})\n"
        f"    {is_removed} and os.rmdir({str(away)!r})\n"
        "    return fakes.perfect()\n",
        encoding="utf-8",
    )
    (tmp_path / "ci_hsc").symlink_to(repo)
    done = command(
        *(
            "run",
            "--only",
            "NB-*",
            "--butler",
            "wanderer:make",
            "--repo",
            "ci_hsc",
            "--report",
            "out",
        ),
        folder=tmp_path,
        modules=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "index.html").is_file()
    assert away.exists() is not is_removed
    assert is_removed or list(away.iterdir()) == []


@pytest.mark.parametrize(
    "environment",
    [
        ASCII,
        {"COLUMNS": "20"},
        {"COLUMNS": "0"},
        {"TERM": "dumb"},
        {"NO_COLOR": "1", "FORCE_COLOR": None},
        {"PYTHONWARNINGS": "error"},
        {"HOME": None, "MPLCONFIGDIR": None},
        {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "no_such_plugin"},
    ],
    ids=lambda environment: next(iter(environment)),
)
def test_surroundings(environment: dict[str, str | None], repo: Path, tmp_path: Path) -> None:
    folder = "a folder é"
    done = command(
        *(*PERFECT, "--repo", str(repo), "--report", folder),
        folder=tmp_path,
        environment=environment,
    )
    assert done.returncode == 0, done.stderr
    assert "notebook, January 2020   17/17\nnotebook, today          16/16\n" in done.stdout
    data = json.loads((tmp_path / folder / "report.json").read_text(encoding="utf-8"))
    assert data["runs"][0]["command"].endswith(f"--report '{folder}'")


def test_a_folder_with_a_name_that_is_no_text(repo: Path, tmp_path: Path) -> None:
    folder = os.fsdecode(b"caf\xe9")
    done = command(*PERFECT, "--repo", str(repo), "--report", folder, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / folder / "index.html").is_file()
    assert "report: caf\\udce9/index.html\n" in done.stdout


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    program = (
        f"import os; os.mkdir({str(gone)!r}); os.chdir({str(gone)!r}); os.rmdir({str(gone)!r})"
    )
    program += "\nfrom conformance.cli import main; main()"
    done = command(*PERFECT, folder=tmp_path, program=program)
    assert done.returncode == 2
    assert done.stderr == "Error: the current folder is gone: No such file or directory.\n"


def test_outputs_that_are_closed(repo: Path, tmp_path: Path) -> None:
    program = f"import os; os.closerange(1, 3); os.execv({sys.executable!r}, "
    program += f"[{sys.executable!r}, '-c', {CONFORMANCE!r}, *__import__('sys').argv[1:]])"
    done = command(*PERFECT, "--repo", str(repo), folder=tmp_path, program=program)
    assert done.returncode == 0
    data = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert data["exit_status"] == 0


def test_a_reader_that_stops_reading(tmp_path: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    done = command("--help", folder=tmp_path, stdout=written)
    os.close(written)
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.parametrize("module", ["conformance", "butler_core"])
def test_help_needs_little(module: str, tmp_path: Path) -> None:
    program = f"""
import sys
from {module}.cli import main
try:
    main()
finally:
    print(sorted(set({{"numpy", "astropy", "matplotlib", "sqlalchemy"}}) & set(sys.modules)))
"""
    done = command("--help", folder=tmp_path, program=program)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_butler_core_without_room(tmp_path: Path) -> None:
    made = "from butler_core import Butler; Butler.makeRepo('repo')"
    made += "; Butler('repo', writeable=True).collections.register('run')"
    assert command(folder=tmp_path, program=made).returncode == 0
    for arguments in (("query-collections", "repo"), ("--help",)):
        with Path("/dev/full").open("w") as full:
            done = command(
                *arguments,
                folder=tmp_path,
                program=CORE,
                environment=BUFFERED,
                stdout=full.fileno(),
            )
        assert done.returncode == 1
        assert done.stderr == "Error: the output cannot be written: No space left on device.\n"


def test_butler_core_on_a_terminal_without_letters(tmp_path: Path) -> None:
    made = "from butler_core import Butler; Butler.makeRepo('dépôt')"
    made += "; Butler('dépôt', writeable=True).collections.register('u/é')"
    assert command(folder=tmp_path, program=made).returncode == 0
    done = command("query-collections", "dépôt", folder=tmp_path, program=CORE, environment=ASCII)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2].split() == ["u/é", "RUN"]
