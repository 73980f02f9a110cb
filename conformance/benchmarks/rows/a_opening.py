"""Getting started: importing the package, making and opening a repository."""

from __future__ import annotations

import importlib
import sqlite3
from contextlib import closing

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import RUN
from conformance.benchmarks.raw import RawBench


def import_sqlalchemy(raw: RawBench) -> None:
    """Import what speaks to the database, alone."""
    with raw.measured():
        importlib.import_module("sqlalchemy")


@row("import", "import the package", goal=4, starts_from="", limit=import_sqlalchemy)
def import_package(bench: Bench) -> None:
    """Import the module of the API, and its Butler."""
    with bench.measured():
        _ = importlib.import_module(bench.module).Butler


def make_tables(raw: RawBench) -> None:
    """Execute the tables and indexes of the format in a new file."""
    with raw.connected() as old:
        texts = [text for (text,) in old.execute("SELECT sql FROM sqlite_master") if text]
    texts = [text for text in texts if "sqlite_sequence" not in text]
    with raw.measured(), closing(sqlite3.connect(raw.folder / "new.sqlite3")) as new:
        new.execute("BEGIN")
        for text in texts:
            new.execute(text)
        new.execute("COMMIT")


@row("make", "make a repository", starts_from="empty", limit=make_tables)
def make(bench: Bench) -> None:
    """Make an empty repository, once the package is imported."""
    implementation = bench.implementation
    implementation.make_repository(bench.folder / "first")
    with bench.measured():
        implementation.make_repository(bench.folder / "second")


def open_file(raw: RawBench) -> None:
    """Open the file and read what it says of itself."""
    with raw.measured(), raw.connected() as connection:
        connection.execute("SELECT * FROM butler_attributes").fetchall()


@row("open", "open a repository", limit=open_file)
def open_repository(bench: Bench) -> None:
    """Open a repository for the second time, with a default collection."""
    bench.open(collections=RUN).close()
    with bench.measured():
        bench.open(collections=RUN).close()
