"""SQLite's rollback journal, which is kept from one transaction to the next."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

__all__ = ["RollbackJournal"]

_MOST_KEPT = 1 << 20
"""Bytes of it that stay between transactions; one dataset takes an eighth of them."""


class RollbackJournal:
    """The file beside a database by which SQLite undoes what was not committed.

    SQLite makes and deletes it in each transaction, which takes a third of a
    small one. Here it is written over until the connection is closed, as
    ``PRAGMA journal_mode=PERSIST`` does, if its owner alone may write the
    database: other users might not be allowed to write into a file of this one.

    Parameters
    ----------
    database : `~pathlib.Path`
        The file of the database.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._process: int | None = None

    def keep(self, connection: sqlite3.Connection) -> bool:
        """Have it kept, and return whether it is to be removed in the end.

        Raises
        ------
        sqlite3.Error
            If the database cannot be read, as another connection has it locked.
        """
        if not self._has_one_writer():
            return False
        # Another mode, such as WAL, is for all connections, and whoever chose it means it.
        if connection.execute("PRAGMA journal_mode").fetchone() != ("delete",):
            return False
        connection.execute("PRAGMA journal_mode=PERSIST")
        connection.execute(f"PRAGMA journal_size_limit={_MOST_KEPT}")
        self._process = os.getpid()
        return True

    def _has_one_writer(self) -> bool:
        try:
            status = self._database.stat()
        except OSError:
            return False
        user = os.geteuid() if hasattr(os, "geteuid") else status.st_uid
        return user == status.st_uid and not status.st_mode & 0o022

    def remove(self, connection: sqlite3.Connection) -> None:
        """Remove it, if it was kept by this process and nobody is writing."""
        if self._process != os.getpid():
            return  # a process that was forked must leave alone what its parent uses
        self._process = None
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.rollback()
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("PRAGMA journal_mode=DELETE")
