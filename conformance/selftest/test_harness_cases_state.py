"""Cases as data: the state of a repository, and texts that are the same in each run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conformance.case import Outcome
from conformance.cases.state import changes, state
from conformance.cases.steady import Steady
from conformance.observation import Observation
from conformance.verdict import Verdict

FIRST, SECOND = "0190d7f0-1111-7aaa-8bbb-123456789abc", "0190d7f0-2222-7aaa-8bbb-123456789abc"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "run").mkdir(parents=True)
    (folder / "run" / "a.yaml").write_text("a: 1\n")
    execute(folder, "CREATE TABLE run (name TEXT)", "INSERT INTO run VALUES ('a')")
    return folder


def execute(root: Path, *statements: str) -> None:
    with closing(sqlite3.connect(root / "gen3.sqlite3")) as database, database:
        for statement in statements:
            database.execute(statement)


def rewrite(root: Path) -> None:
    (root / "run" / "a.yaml").write_text("a: 2\n")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda root: (root / "run" / "b").write_text(""), ["run/b is new"]),
        (lambda root: (root / "run" / "a.yaml").unlink(), ["run/a.yaml is gone"]),
        (rewrite, ["run/a.yaml has another content"]),
        (
            lambda root: execute(root, "INSERT INTO run VALUES ('b'), ('c')"),
            ["gen3.sqlite3: 2 rows more in run"],
        ),
        (
            lambda root: execute(root, "UPDATE run SET name = 'b'"),
            ["gen3.sqlite3: 1 row more in run", "gen3.sqlite3: 1 row less in run"],
        ),
        (
            lambda root: execute(root, "CREATE TABLE t (x)"),
            ["gen3.sqlite3: 1 row more in t"],
        ),
        (lambda root: (root / "gen3.sqlite3").write_bytes(b""), ["gen3.sqlite3 has another con"]),
    ],
)
def test_each_change_is_told(change: Callable[[Path], object], told: list[str], root: Path) -> None:
    before = state(root)
    assert changes(before, state(root)) == []
    change(root)
    found = changes(before, state(root))
    assert len(found) == len(told)
    assert all(text.startswith(start) for text, start in zip(found, told, strict=True))


def test_a_database_is_its_committed_content_not_its_bytes(root: Path) -> None:
    before = state(root)
    with closing(sqlite3.connect(root / "gen3.sqlite3")) as open_elsewhere:
        open_elsewhere.execute("INSERT INTO run VALUES ('not committed')")
        assert changes(before, state(root)) == []
    execute(root, "INSERT INTO run VALUES ('b')", "DELETE FROM run WHERE name = 'b'")
    assert changes(before, state(root)) == []


def test_rows_in_a_write_ahead_log_count(root: Path) -> None:
    with closing(sqlite3.connect(root / "gen3.sqlite3")) as database:
        database.execute("PRAGMA journal_mode = WAL")
        before = state(root)
        with database:
            database.execute("INSERT INTO run VALUES ('b')")
        assert (root / "gen3.sqlite3-wal").stat().st_size
        assert changes(before, state(root)) == ["gen3.sqlite3: 1 row more in run"]


def test_a_database_that_is_locked_or_damaged_is_its_bytes(root: Path) -> None:
    with closing(sqlite3.connect(root / "gen3.sqlite3", isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        assert changes(state(root), state(root)) == []
    whole = (root / "gen3.sqlite3").read_bytes()
    (root / "gen3.sqlite3").write_bytes(whole[:600])
    before = state(root)
    (root / "gen3.sqlite3").write_bytes(whole[:500])
    assert changes(before, state(root)) == ["gen3.sqlite3 has another content"]


def test_a_file_of_the_same_size_and_name_is_read_again(root: Path) -> None:
    before = state(root)
    shutil.copy2(root / "run" / "a.yaml", root / "kept")
    rewrite(root)
    shutil.copystat(root / "kept", root / "run" / "a.yaml")
    (root / "kept").unlink()
    assert changes(before, state(root)) == ["run/a.yaml has another content"]


def test_texts_name_neither_folders_nor_identifiers_of_chance(tmp_path: Path) -> None:
    steady = Steady({tmp_path / "x" / "root": "<root>", tmp_path: "<scratch>"})
    text = f"{tmp_path}/x/root/a {tmp_path}/b {SECOND} {FIRST} {SECOND.replace('-', '')}"
    assert steady.text(text) == "<root>/a <scratch>/b <uuid 1> <uuid 2> <uuid 1>"
    assert steady.text(f"<object at 0x7f00> {FIRST}") == "<object> <uuid 2>"


def test_every_text_of_an_outcome_is_steady(tmp_path: Path) -> None:
    seen = Observation(FIRST, {FIRST: [FIRST, 1]}, (FIRST,), False, FIRST)
    found = Steady({tmp_path: "<root>"}).outcome(
        Outcome(
            case="MINE-01.x",
            verdict=Verdict.FAILED,
            message=f"{tmp_path} {FIRST}",
            observations=(seen,),
            output=FIRST,
            warnings=(f"W: {tmp_path}",),
            traceback=f"{tmp_path}",
        )
    )
    assert found.message == "<root> <uuid 1>"
    assert found.observations == (
        Observation("<uuid 1>", {"<uuid 1>": ["<uuid 1>", 1]}, ["<uuid 1>"], False, "<uuid 1>"),
    )
    assert (found.output, found.warnings, found.traceback) == ("<uuid 1>", ("W: <root>",), "<root>")
