"""The deadline of cases: whatever does not end, the run goes on."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from conformance import deadline as deadlines
from conformance.deadline import OverdueError, deadline
from conformance.execution import execute
from conformance.properties.disagreement import DisagreementError
from conformance.properties.world import World
from conformance.selftest import case_world
from conformance.verdict import Verdict

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timer here")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let deadlines come soon, and see that none is left behind."""
    monkeypatch.setattr(deadlines, "SECONDS", 0.1)
    monkeypatch.setattr(deadlines, "AGAIN", 0.05)
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",
        "import time\ntime.sleep(20)",
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "while True:\n    try:\n        while True: pass\n    except Exception: pass",
        "import time\ntry:\n    time.sleep(20)\nexcept BaseException:\n    time.sleep(20)",
    ],
)
def test_what_does_not_end_is_ended(code: str) -> None:
    begin = time.monotonic()
    execution = execute(code, {}, "case")
    assert isinstance(execution.error, OverdueError)
    assert str(execution.error) == "it did not end within 0.1 s"
    assert time.monotonic() - begin < 5


def test_a_case_that_hangs_fails_with_the_line_where_it_hung(tmp_path: Path) -> None:
    case = """
        steps: [import time]
        ask: time.sleep(20)
        value: 1
    """
    found = case_world.outcome(tmp_path, case)
    assert found.verdict is Verdict.FAILED
    assert found.message.endswith("observed raised OverdueError: it did not end within 0.1 s")
    assert "time.sleep(20)" in found.traceback


def test_a_call_of_a_property_that_hangs_is_a_disagreement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("CollectionType", "DatasetType", "DatasetRef", "Timespan")
    module = ModuleType("fake_for_deadlines")
    vars(module).update(dict.fromkeys(names), Butler=case_world.Butler, time=time)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr("conformance.properties.world.API_NAMES", ("Butler", "time"))
    case_world.Butler.makeRepo(tmp_path / "root")
    world = World(tmp_path / "root", module.__name__)
    with pytest.raises(DisagreementError, match=r"raised TimeoutError: it did not end within"):
        world.tried("time.sleep(20)")


def test_what_ends_in_time_is_left_alone_and_its_own_alarms_too() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda number, frame: rung.append(number))
    try:
        with deadline(30):
            pass
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with deadline(0.01):  # somebody else's timer runs: it stays theirs
            time.sleep(0.1)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert rung == [signal.SIGALRM]


def test_other_threads_have_none() -> None:
    ended: list[bool] = []

    def work() -> None:
        with deadline(0.01):
            time.sleep(0.05)
        ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [True]
