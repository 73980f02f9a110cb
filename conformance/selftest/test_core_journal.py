"""The rollback journal: kept while a Butler writes, gone when it does not."""

from __future__ import annotations

import gc
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from butler_core import Butler
from butler_core.registry.sqlite import SqliteDatabase

from .core_world import RUN_A, World

WRITE = """
import os, sys
from butler_core import Butler
from butler_core.registry.sqlite import SqliteDatabase
butler = Butler(sys.argv[1], writeable=True)
butler.collections.register("by a process")
assert os.path.exists(sys.argv[1] + "/gen3.sqlite3-journal")
"""


def journal(world: World) -> Path:
    """Return the place of the journal."""
    return world.root / "gen3.sqlite3-journal"


def test_it_is_void_between_transactions_and_gone_in_the_end(world: World) -> None:
    butler = world.butler(writeable=True)
    assert butler.collections.query(RUN_A) == [RUN_A]
    assert not journal(world).exists(), "nothing was written"
    for name in ("one", "two"):
        butler.collections.register(name)
        assert journal(world).read_bytes()[:28] == bytes(28), "it could be played back"
    butler.close()
    assert not journal(world).exists()


def test_it_goes_with_the_butler(world: World) -> None:
    butler = Butler(world.root, writeable=True)
    butler.collections.register("one")
    assert journal(world).exists()
    del butler
    gc.collect()
    assert not journal(world).exists()


@pytest.mark.parametrize(
    ("end", "is_left"),
    [("", False), ("raise SystemExit(0)", False), ("os._exit(0)", True)],
    ids=["end", "exit", "killed"],
)
def test_it_goes_with_the_process(end: str, is_left: bool, world: World) -> None:
    subprocess.run([sys.executable, "-c", WRITE + end, str(world.root)], check=True)
    assert journal(world).exists() is is_left
    # What a killed one leaves is in nobody's way, and goes with the next.
    with closing(sqlite3.connect(f"file:{world.database}?mode=ro", uri=True)) as reader:
        names = reader.execute("SELECT name FROM collection").fetchall()
    assert ("by a process",) in names
    butler = world.butler(writeable=True)
    butler.collections.register("next")
    butler.close()
    assert not journal(world).exists()


def test_what_others_may_write_is_left_as_it_is(world: World) -> None:
    world.database.chmod(world.database.stat().st_mode | stat.S_IWGRP)
    butler = world.butler(writeable=True)
    butler.collections.register("one")
    assert not journal(world).exists()
    butler.close()


def test_another_mode_stays(world: World) -> None:
    with closing(sqlite3.connect(world.database)) as connection:
        assert connection.execute("PRAGMA journal_mode=WAL").fetchone() == ("wal",)
    butler = world.butler(writeable=True)
    butler.collections.register("one")
    butler.close()
    with closing(sqlite3.connect(world.database)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ("one",) in connection.execute("SELECT name FROM collection").fetchall()


def test_a_fork_leaves_it_alone(world: World) -> None:
    butler = world.butler(writeable=True)
    butler.collections.register("one")
    child = os.fork()
    if not child:
        try:
            database = butler._repository.database
            assert isinstance(database, SqliteDatabase)
            database.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert journal(world).exists()
    butler.close()
    assert not journal(world).exists()


def test_closing_waits_for_nobody(world: World) -> None:
    butler = world.butler(writeable=True, timeout=60)
    butler.collections.register("one")
    with closing(sqlite3.connect(world.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO collection (name, type) VALUES ('theirs', 1)")
        butler.close()  # would take a minute
        other.execute("COMMIT")
    again = world.butler()
    assert again.collections.query(["one", "theirs"]) == ["one", "theirs"]


def test_butlers_beside_each_other(world: World) -> None:
    first, second = world.butler(writeable=True), world.butler(writeable=True)
    for number in range(3):
        first.collections.register(f"first {number}")
        second.collections.register(f"second {number}")
    second.close()
    first.collections.register("after the other was closed")
    assert len(world.butler().collections.query(["first *", "second *", "after *"])) == 7
    first.close()
    assert not journal(world).exists()
