"""What is left of a Butler, and of its repository, when Ctrl-C comes in the middle."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from butler_core import Butler
from butler_core.registry.schema import shared_schema

from .core_world import RUN_A, VISITS, World

FIRST, SECOND = list(VISITS)[:2]


class Signal:
    """Raises `KeyboardInterrupt` after a call is done, as Python does after a signal.

    Parameters
    ----------
    after : `int`
        How many calls are done before.
    """

    def __init__(self, after: int) -> None:
        self.after = after
        self.has_come = False

    def __call__(self) -> None:
        self.after -= 1
        if self.after < 0 and not self.has_come:
            self.has_come = True
            raise KeyboardInterrupt


class Cursor(sqlite3.Cursor):
    """A cursor whose statements a signal may follow."""

    signal: Signal | None = None

    def execute(self, *arguments: Any) -> Any:
        done = super().execute(*arguments)
        if Cursor.signal is not None:
            Cursor.signal()
        return done


class Connection(sqlite3.Connection):
    """A connection with such cursors."""

    def cursor(self, *arguments: Any, **keywords: Any) -> Any:
        return super().cursor(Cursor)


@pytest.fixture
def world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    connect = sqlite3.connect
    monkeypatch.setattr(
        "butler_core.registry.sqlite.sqlite3.connect",
        lambda *arguments, **keywords: connect(*arguments, **{"factory": Connection, **keywords}),
    )
    return world


def put_two(butler: Butler) -> None:
    with butler.transaction():
        butler.put({"n": 1}, "summary", instrument="HSC", visit=FIRST)
        butler.query_datasets("summary", explain=False)
        butler.put({"n": 2}, "summary", instrument="HSC", visit=SECOND)


def is_whole(world: World, butler: Butler) -> bool:
    """Return whether both datasets are there; fail if it is one, or half of one."""
    found = {ref.dataId["visit"] for ref in butler.query_datasets("summary", explain=False)}
    read = {butler.get("summary", instrument="HSC", visit=visit)["n"] for visit in found}
    files = [path for path in (world.root / RUN_A).rglob("*") if path.is_file()]
    assert found in (set(), {FIRST, SECOND})
    assert len(read) == len(files) == len(found), files
    assert found or not (world.root / RUN_A).exists()
    with contextlib.closing(sqlite3.connect(world.database, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody holds a lock
        other.rollback()
    return bool(found)


@pytest.mark.parametrize("is_used_before", [True, False])
def test_after_each_statement(world: World, is_used_before: bool) -> None:
    butler = world.butler(run=RUN_A)
    if is_used_before:
        butler.query_datasets("summary", explain=False)
    undone = 0
    while True:
        Cursor.signal = signal = Signal(undone)
        try:
            put_two(butler)
        except KeyboardInterrupt:
            pass
        finally:
            Cursor.signal = None
        if is_whole(world, butler):
            break
        assert signal.has_come
        undone += 1
    assert signal.has_come, "the last signal comes after the commit, which holds"
    assert undone > 10
    butler.put({"n": 3}, "summary", instrument="HSC", visit=904014)


@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("name", ["os.fsync", "pathlib.Path.replace", "pathlib.Path.mkdir"])
def test_after_each_step_of_files(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str, after: int
) -> None:
    butler = world.butler(run=RUN_A)
    signal = Signal(after)
    holder: Any = os if name == "os.fsync" else Path
    attribute = name.rpartition(".")[2]
    call = getattr(holder, attribute)

    def interrupted(*arguments: Any) -> Any:
        done = call(*arguments)
        signal()
        return done

    with monkeypatch.context() as patch:
        patch.setattr(holder, attribute, interrupted)
        with contextlib.suppress(KeyboardInterrupt):
            put_two(butler)
    assert is_whole(world, butler) is not signal.has_come
    if signal.has_come:
        put_two(butler)
    assert is_whole(world, butler)


def test_tables_that_were_made_by_half(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import sqlalchemy

    make = sqlalchemy.Index.__init__
    signal = Signal(0)

    def interrupted(*arguments: Any, **keywords: Any) -> None:
        make(*arguments, **keywords)
        signal()

    shared_schema.cache_clear()
    butler = world.butler(run=RUN_A)
    monkeypatch.setattr(sqlalchemy.Index, "__init__", interrupted)
    undone = 0
    while True:
        signal = Signal(undone)
        with contextlib.suppress(KeyboardInterrupt):
            put_two(butler)
        if is_whole(world, butler):
            break
        assert signal.has_come
        undone += 1
    assert undone > 5
