"""Signals: whatever is broken off leaves nothing half-made, and is never taken for a success."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from conformance.selftest.command_line import interrupted
from conformance.selftest.fakes import repository
from conformance.stopping import Stopped, check_stopped, stoppable, undisturbed

FAKES = "conformance.selftest.fakes"
SIGNALS = pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
WAITS = """
import time
from pathlib import Path
from conformance.selftest import fakes
from conformance.selftest.fakes import butlers

class Waiting(butlers.TodayButler):
    @classmethod
    def from_config(cls, *arguments, **keywords):
        Path("waits").touch()
        time.sleep(60)

def make():
    return fakes.fake("waiting", today=Waiting)
"""


class Dying:
    """Gets a signal while it is finalized, where Python drops what the handler raises."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1000):
            pass


def test_a_signal_that_python_drops_is_heard_later(capfd: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stoppable():
        check_stopped()
        dying = Dying()
        del dying
        with pytest.raises(Stopped, match="SIGTERM"):
            check_stopped()
    assert signal.getsignal(signal.SIGTERM) == before
    assert capfd.readouterr().err == ""
    with stoppable():
        check_stopped()


def test_a_folder_is_removed_before_a_signal_is_heard() -> None:
    done = False

    def work() -> None:
        nonlocal done
        with undisturbed():
            os.kill(os.getpid(), signal.SIGTERM)
            done = True

    with stoppable(), pytest.raises(Stopped):
        work()
    assert done
    check_stopped()


@SIGNALS
def test_make_repo_leaves_nothing(number: int, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = interrupted(
        *("make-repo", "ci_hsc", "new/folder/repo"),
        folder=tmp_path,
        number=number,
        when=lambda: any(tmp_path.rglob("ci_hsc_output.fits")),
        scratch=scratch,
    )
    assert done.returncode == 128 + number
    assert done.stderr.splitlines()[-1] == "Error: interrupted before the end."
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert {path.name for path in tmp_path.iterdir()} == {"scratch", "out.txt", "err.txt"}
    assert list(scratch.iterdir()) == []


def test_make_repo_leaves_an_empty_folder_empty(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    done = interrupted(
        *("make-repo", "ci_hsc", "there"),
        folder=tmp_path,
        number=signal.SIGINT,
        when=lambda: any(tmp_path.rglob("ci_hsc_output.fits")),
        scratch=tmp_path,
    )
    assert done.returncode == 130
    assert list((tmp_path / "there").iterdir()) == []


@SIGNALS
def test_run_while_its_repository_is_made(number: int, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "index.html").write_text("17/17 of an earlier run")
    done = interrupted(
        *("run", "--only", "NB-*", "--butler", f"{FAKES}:perfect"),
        folder=tmp_path,
        number=number,
        when=lambda: any(scratch.rglob("ci_hsc_output.fits")),
        scratch=scratch,
    )
    assert done.returncode == 128 + number
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(scratch.iterdir()) == []
    assert [path for path in (tmp_path / "report").rglob("*") if path.is_file()] == []


@SIGNALS
def test_run_while_cases_run(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = repository.make(tmp_path / "ci_hsc")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    (tmp_path / "waiting.py").write_text(WAITS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    done = interrupted(
        *("run", "--only", "NB-*", "--butler", "waiting:make", "--repo", str(repo)),
        folder=tmp_path,
        number=number,
        when=(tmp_path / "waits").exists,
        scratch=scratch,
    )
    assert done.returncode == 128 + number
    assert "Traceback" not in done.stderr
    assert "broken off" in done.stdout
    report = tmp_path / "report"
    data = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert not data["complete"]
    assert data["exit_status"] != 0
    assert "<title>broken off: " in (report / "index.html").read_text(encoding="utf-8")
    assert "**The run was broken off" in (report / "summary.md").read_text(encoding="utf-8")
    suites = ElementTree.parse(report / "junit.xml").getroot()
    assert suites.attrib["errors"] == "1"
    assert suites.find("testsuite/testcase/error") is not None
    assert not list(report.rglob("*.partial"))
