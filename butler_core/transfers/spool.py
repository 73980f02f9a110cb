"""The files of an export that is being made, kept out of memory."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["FileSpool"]

_PARAMETERS = 900  # of a statement; SQLite's oldest builds take 999


class FileSpool:
    """Texts of files by dataset type and run, and the ids of their datasets.

    They are in a temporary database, which SQLite keeps in memory as long as it
    is small: an export may hold more datasets than fit.
    """

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        self._connection.execute("PRAGMA cache_size = -16384")  # KiB
        self._connection.execute("CREATE TABLE dataset (id TEXT PRIMARY KEY) WITHOUT ROWID")
        self._connection.execute(
            "CREATE TABLE file (dataset_type TEXT, run TEXT, path TEXT, id TEXT, text TEXT)"
        )
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._connection.close()

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what is added in the context, if it fails."""
        self._connection.execute("SAVEPOINT call")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK TO call")
            raise
        finally:
            self._connection.execute("RELEASE call")

    def known(self, ids: Iterable[str]) -> set[str]:
        """Return those of some ids that were added."""
        found: set[str] = set()
        waiting = iter(ids)
        while chunk := tuple(itertools.islice(waiting, _PARAMETERS)):
            places = ", ".join("?" * len(chunk))
            statement = f"SELECT id FROM dataset WHERE id IN ({places})"
            found.update(row[0] for row in self._connection.execute(statement, chunk))
        return found

    def add_ids(self, ids: Iterable[str]) -> None:
        """Add datasets; again is no error."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO dataset (id) VALUES (?)", ((id,) for id in ids)
        )

    def add_files(self, rows: Iterable[Sequence[str]]) -> None:
        """Add files: dataset type, run, path, id of the first dataset, text."""
        self._connection.executemany("INSERT INTO file VALUES (?, ?, ?, ?, ?)", rows)

    def runs(self) -> list[tuple[str, str]]:
        """Return the dataset types that have files, each with each of its runs."""
        return self._connection.execute(
            "SELECT DISTINCT dataset_type, run FROM file ORDER BY dataset_type, run"
        ).fetchall()

    def texts(self) -> Iterator[tuple[tuple[str, str], Iterator[str]]]:
        """Yield each dataset type and run, with the texts of its files, which are by path."""
        rows = self._connection.execute(
            "SELECT dataset_type, run, text FROM file ORDER BY dataset_type, run, path, id"
        )
        for key, group in itertools.groupby(rows, key=lambda row: (row[0], row[1])):
            yield key, (row[2] for row in group)
