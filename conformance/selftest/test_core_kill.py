"""A process that is killed while it puts: nothing half-written is visible, nothing is lost."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys

import pytest

from butler_core import Butler

from .core_world import RUN_A, World

VISITS = (903334, 903342, 904014)

CHILD = """
import os, signal, sys
from pathlib import Path
from butler_core import Butler

def die(*arguments, **keywords):
    os.kill(os.getpid(), signal.SIGKILL)

def patched(owner, name, after):
    original = getattr(owner, name)
    def wrapper(*arguments, **keywords):
        if not after:
            die()
        original(*arguments, **keywords)
        die()
    setattr(owner, name, wrapper)

from butler_core.datastore import atomic_write, file_datastore
from butler_core.registry.file_records import DatabaseFileRecords

butler = Butler(sys.argv[1], run="HSC/runs/a")
butler.put({"n": 1}, "summary", instrument="HSC", visit=903334)
transactions = butler.registry._repository.database.transactions
run = transactions._run
def statement(text):
    if text == sys.argv[3]:
        if sys.argv[4] == "before":
            die()
        run(text)
        die()
    run(text)
moment = sys.argv[2]
if moment == "write":
    Path.write_bytes = Path.write_text = die
    os.fsync = die
elif moment == "fsync":
    os.fsync = die
elif moment == "replace":
    patched(Path, "replace", False)
    os.replace = os.rename = die
elif moment == "records":
    patched(DatabaseFileRecords, "insert", True)
elif moment == "statement":
    transactions._run = statement
elif moment == "spilled":
    # The journal is on the disk, and pages of the database are overwritten.
    butler.registry._repository.database.connection.execute("PRAGMA cache_size=1")
    patched(DatabaseFileRecords, "insert", True)
    with butler.transaction():
        for number in range(100):
            butler.collections.register(f"spilled {number}", doc="x" * 2000)
        butler.put({"n": 2}, "summary", instrument="HSC", visit=903342)
butler.put({"n": 2}, "summary", instrument="HSC", visit=903342)
"""


def killed(world: World, *arguments: str) -> None:
    """Put two datasets in a process that is killed while it puts the second."""
    command = [sys.executable, "-c", CHILD, str(world.root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    "moment",
    [
        ["write"],
        ["fsync"],
        ["replace"],
        ["records"],
        ["spilled"],
        ["statement", "BEGIN IMMEDIATE", "after"],
        ["statement", "COMMIT", "before"],
        ["statement", "COMMIT", "after"],
    ],
    ids="-".join,
)
def test_a_kill_leaves_the_repository_whole(world: World, moment: list[str]) -> None:
    killed(world, *moment)
    reader = world.butler(writeable=False, collections=RUN_A)
    found = {int(ref.dataId["visit"]): reader.get(ref) for ref in reader.query_datasets("summary")}
    assert found[903334] == {"n": 1}
    committed = moment == ["statement", "COMMIT", "after"]
    assert found == {903334: {"n": 1}, **({903342: {"n": 2}} if committed else {})}
    assert not [name for name in reader.collections.query() if name.startswith("spilled")]
    with contextlib.closing(sqlite3.connect(world.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    writer = world.butler(run=RUN_A)
    if not committed:
        assert not writer.exists("summary", instrument="HSC", visit=903342)
        writer.put({"n": 3}, "summary", instrument="HSC", visit=903342)
    expected = {"n": 2 if committed else 3}
    assert reader.get("summary", instrument="HSC", visit=903342) == expected


def test_a_reader_undoes_what_was_left(world: World) -> None:
    killed(world, "spilled")
    journal = world.database.with_name(f"{world.database.name}-journal")
    assert journal.stat().st_size > 0
    with Butler(world.root, collections=RUN_A) as reader:
        assert len(reader.query_datasets("summary")) == 1
    assert not journal.exists()


def test_a_kill_of_many_inserts_leaves_none(world: World) -> None:
    code = (
        "import os, sys, threading, signal, time\n"
        "from butler_core import Butler\n"
        "butler = Butler(sys.argv[1], run='killed')\n"
        "print('ready', flush=True)\n"
        "with butler.transaction():\n"
        "    for number in range(10**6):\n"
        "        record = {'instrument': 'HSC', 'id': 1000 + number, 'full_name': str(number)}\n"
        "        butler.registry.insertDimensionData('detector', record)\n"
        "        if number == 200:\n"
        "            print('half', flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(world.root)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.stdout.readline() == "half\n"
        os.kill(process.pid, signal.SIGKILL)
    reader = world.butler(writeable=False)
    assert len(reader.query_dimension_records("detector", instrument="HSC")) == 3
    assert "killed" in reader.collections.query()
