"""Rows that are inserted together: all of them, in whatever statements, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy

from butler_core.registry.database import Database, connect
from butler_core.registry.statements import of_several_rows

INSERT = "INSERT INTO detector (id, name) VALUES (:id, :name)"
ROWS = "SELECT id, name FROM detector ORDER BY rowid"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give a database with an empty table."""
    url = f"sqlite:///{tmp_path}/rows.sqlite3"
    database = connect(url, expand=str, writeable=True, create=True)
    database.execute("CREATE TABLE detector (id INTEGER PRIMARY KEY, name TEXT)")
    yield database
    database.close()


def rows(first: int, last: int) -> list[tuple[int, str]]:
    """Return rows with some ids."""
    return [(number, f"CCD{number:04}") for number in range(first, last)]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 199, 1000, 1099, 2345])
@pytest.mark.parametrize("most", [None, 999, 7], ids=["as built", "999", "7"])
def test_each_row_is_there_once(
    count: int, most: int | None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if most is not None:
        monkeypatch.setattr(database, "most_parameters", lambda: most)
    assert database.insert(INSERT, iter(rows(0, count))) == count
    assert database.query(ROWS) == rows(0, count)


@pytest.mark.parametrize("wrong", [0, 1, 999, 1000, 1050, 1100, 1149])
def test_all_of_them_or_none(wrong: int, database: Database) -> None:
    given = rows(0, 1150)
    database.insert(INSERT, [given.pop(wrong)])
    with pytest.raises(sqlalchemy.exc.IntegrityError):
        database.insert(INSERT, rows(0, 1150))
    assert database.query(ROWS) == rows(wrong, wrong + 1)


def test_those_that_are_there_are_not_counted(database: Database) -> None:
    database.insert(INSERT, rows(0, 700))
    assert database.insert(f"{INSERT} ON CONFLICT (id) DO NOTHING", rows(0, 1250)) == 550
    assert database.query(ROWS) == rows(0, 1250)


def test_what_follows_the_values_stays_behind_them() -> None:
    one = "INSERT INTO a (b, c) VALUES (?, ?) ON CONFLICT (b) DO NOTHING"
    several = "INSERT INTO a (b, c) VALUES (?, ?), (?, ?) ON CONFLICT (b) DO NOTHING"
    assert of_several_rows(one, 2) == several
    assert of_several_rows(one, 1) == one
