"""The registry of the fake repository, as far as the suite counts what is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from conformance import recipes

TABLES = """
    CREATE TABLE collection (collection_id INTEGER PRIMARY KEY, name TEXT, type INTEGER);
    CREATE TABLE dataset_type (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE dataset (dataset_type_id INTEGER, run_id INTEGER);
    CREATE TABLE file_datastore_records (path TEXT, file_size INTEGER);
"""


def write(root: Path) -> None:
    """Write the database, and the files that only count; those of the notebook are there."""
    recipe = recipes.load("ci_hsc")
    contents = recipe.contents()
    runs = {run: number for number, run in enumerate(recipe.runs())}
    types = {
        name: number for number, name in enumerate(dict.fromkeys(name for name, _ in contents))
    }
    there = [path for path in root.rglob("*.fits") if path.is_file()]
    others = root / "raw" / "hsc"
    others.mkdir(parents=True)
    for number in range(sum(holding.files for holding in contents.values()) - len(there)):
        there.append(others / f"{number}.fits")
        there[-1].touch()
    with closing(sqlite3.connect(root / "gen3.sqlite3")) as database, database:
        database.executescript(TABLES)
        database.executemany(
            "INSERT INTO collection VALUES (?, ?, 1)", [(n, run) for run, n in runs.items()]
        )
        database.executemany(
            "INSERT INTO dataset_type VALUES (?, ?)", [(n, name) for name, n in types.items()]
        )
        for (name, run), holding in contents.items():
            rows = [(types[name], runs[run])] * holding.datasets
            database.executemany("INSERT INTO dataset VALUES (?, ?)", rows)
        database.executemany(
            "INSERT INTO file_datastore_records VALUES (?, ?)",
            [(path.relative_to(root).as_posix(), path.stat().st_size) for path in there],
        )
