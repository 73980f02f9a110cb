"""What is left when Ctrl-C, or a kill, comes in the middle of a removal."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .core_world import CHAIN, RUN_A, RUN_B, World
from .stored_datasets import PURGE, UNSTORE, Stored
from .test_core_interruption import Connection, Cursor, Signal

CALLS: dict[str, Callable[[Stored], None]] = {
    "purge": lambda stored: stored.butler.pruneDatasets(stored.refs, **PURGE),
    "unstore": lambda stored: stored.butler.pruneDatasets(stored.refs, **UNSTORE),
    "removeRuns": lambda stored: stored.butler.removeRuns([RUN_A], unlink_from_chains=True),
}


@pytest.fixture
def stored(world: World, monkeypatch: pytest.MonkeyPatch) -> Stored:
    connect = sqlite3.connect
    monkeypatch.setattr(
        "butler_core.registry.sqlite.sqlite3.connect",
        lambda *arguments, **keywords: connect(*arguments, **{"factory": Connection, **keywords}),
    )
    return Stored(world)


def is_removed(stored: Stored) -> bool:
    """Return whether all files are gone from the registry's sight; fail if some are."""
    known = [stored.butler.stored(ref) for ref in stored.refs]
    assert known in ([True] * 3, [False] * 3)
    if known[0]:
        assert [stored.butler.get(ref) for ref in stored.refs] == [{"n": 0}, {"n": 1}, {"n": 2}]
        assert stored.trash() == []
    assert stored.world.rows("PRAGMA foreign_key_check") == []
    return not known[0]


def is_emptied(stored: Stored) -> bool:
    """Return whether neither files nor traces of them are left."""
    return not stored.files() and not stored.trash()


def put_again(stored: Stored) -> None:
    stored.butler.collections.register(RUN_A)
    stored.butler.collections.redefine_chain(CHAIN, [RUN_B, RUN_A])
    for number, ref in enumerate(stored.refs):
        stored.butler.put({"n": number}, ref)


@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_after_each_statement(stored: Stored, name: str) -> None:
    after, removed = 0, []
    while True:
        Cursor.signal = signal = Signal(after)
        try:
            CALLS[name](stored)
        except KeyboardInterrupt:
            pass
        finally:
            Cursor.signal = None
        if not signal.has_come:
            break
        removed.append(is_removed(stored))
        if removed[-1]:
            stored.butler.datastore.emptyTrash()
            assert is_emptied(stored)
            put_again(stored)
        after += 1
    assert is_emptied(stored)
    assert removed == sorted(removed), "once the rows are gone, no later signal brings them back"
    assert removed.count(False) > 4
    assert removed.count(True) > 4


@pytest.mark.parametrize("after", range(3))
@pytest.mark.parametrize("step", ["unlink", "rmdir"])
def test_ctrl_c_after_each_step_of_files(
    stored: Stored, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    call = getattr(Path, step)
    signal = Signal(after)

    def interrupted(*arguments: Any, **keywords: Any) -> None:
        call(*arguments, **keywords)
        signal()

    monkeypatch.setattr(Path, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        CALLS["purge"](stored)
    assert is_removed(stored)
    stored.butler.datastore.emptyTrash()
    assert is_emptied(stored)


CHILD = """
import os, signal, sys
from pathlib import Path
from butler_core import Butler

butler = Butler(sys.argv[1], writeable=True)
refs = butler.query_datasets("summary", collections="HSC/runs/a")
transactions = butler.registry._repository.database.transactions
run, unlink = transactions._run, Path.unlink
moments = {}

def die_at(moment):
    moments[moment] = moments.get(moment, 0) + 1
    if f"{moment} {moments[moment]}" == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

def statement(text):
    die_at(f"before {text}")
    run(text)
    die_at(f"after {text}")

def remove(path, missing_ok=False):
    unlink(path, missing_ok)
    die_at("unlink")

transactions._run, Path.unlink = statement, remove
butler.pruneDatasets(refs, purge=True, unstore=True)
"""


@pytest.mark.parametrize(
    ("moment", "rows", "files"),
    [
        ("after BEGIN IMMEDIATE 1", 3, 3),
        ("before COMMIT 1", 3, 3),
        ("after COMMIT 1", 0, 3),
        ("unlink 1", 0, 2),
        ("unlink 3", 0, 0),
        ("before COMMIT 2", 0, 0),
        ("after COMMIT 2", 0, 0),
    ],
)
def test_a_kill_leaves_what_the_next_removal_ends(
    world: World, moment: str, rows: int, files: int
) -> None:
    stored = Stored(world)
    command = [sys.executable, "-c", CHILD, str(world.root), moment]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(stored.butler.query_datasets("summary", explain=False)) == rows
    assert len(stored.files()) == files
    assert is_removed(stored) == (rows == 0)
    CALLS["purge"](stored)
    if rows == 0:
        stored.butler.datastore.emptyTrash()
    assert is_emptied(stored)
    assert not (world.root / "HSC").exists()
