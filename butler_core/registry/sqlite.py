"""The registry's database in one SQLite file."""

from __future__ import annotations

import sqlite3
import uuid
import weakref
from pathlib import Path
from typing import Any

import sqlalchemy

from ..errors import InvalidQueryError, RepositoryError, RepositoryLockedError
from .database import Database
from .lock_holders import lock_holders
from .rollback_journal import RollbackJournal
from .sky import REGIONS_OVERLAP, regions_overlap

__all__ = ["SqliteDatabase"]

_CACHE = 32_000  # KiB of pages at most: many rows go into as many places of several indexes
_CACHE_OF_WRITERS = 128_000
"""KiB of one who writes; where more has changed, SQLite locks readers out until the end."""

_TOO_LARGE = ("tables in a join", "too many", "too large", "too complex", "stack overflow")
"""What SQLite says of a statement that is beyond its limits."""


class SqliteDatabase(Database):
    """A SQLite file.

    Parameters
    ----------
    url : `sqlalchemy.engine.URL`
        URL with the path of the file.
    writeable : `bool`
        Whether it may be changed.
    timeout : `float`
        Seconds to wait for another process's lock.
    create : `bool`
        Whether the file is made.
    """

    dialect_name = "sqlite"

    def __init__(
        self, url: sqlalchemy.URL, *, writeable: bool, timeout: float, create: bool = False
    ) -> None:
        self.path = Path(url.database or "")
        # A reader too must be able to undo what a killed writer left behind.
        self._mode = "rwc" if create else "rw"
        if not create:
            self._check_file()
        self._version_held: int | None = None
        self._journal = RollbackJournal(self.path)
        self._faults: list[Exception] = []
        self._has_written = False
        super().__init__(url, writeable=writeable, timeout=timeout)

    def _check_file(self) -> None:
        if not self.path.is_file():
            raise RepositoryError(f"the registry's database {self.path} does not exist")
        with self.path.open("rb") as stream:
            magic = stream.read(16)
        if magic != b"SQLite format 3\0":
            raise RepositoryError(f"{self.path} is not a SQLite database")

    def _make_engine(self) -> sqlalchemy.Engine:
        faults = self._faults  # not self, which the connection would keep alive

        def compare(first: str | None, second: str | None) -> bool | None:
            try:
                return regions_overlap(first, second)
            except Exception as error:
                faults.append(error)  # SQLite says only that there was one
                raise

        def connect() -> sqlite3.Connection:
            connection = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode={self._mode}",
                uri=True,
                timeout=self.timeout,
                isolation_level=None,  # this class begins and commits
                check_same_thread=False,
            )
            try:
                connection.execute("PRAGMA foreign_keys=ON")
                connection.execute(f"PRAGMA cache_size=-{_CACHE}")
                # A database that cannot be read is refused here, where its file is closed again.
                connection.execute("PRAGMA schema_version")
                connection.create_function(REGIONS_OVERLAP, 2, compare, deterministic=True)
                if not self.writeable:
                    connection.execute("PRAGMA query_only=ON")
            except BaseException:
                connection.close()
                raise
            return connection

        return sqlalchemy.create_engine(
            "sqlite://", creator=connect, poolclass=sqlalchemy.pool.StaticPool
        )

    def _begin_statement(self, *, writes: bool = True) -> str:
        self._version_held = None
        if writes and not self._has_written:
            self._prepare_to_write()
        return "BEGIN IMMEDIATE" if writes else "BEGIN"

    def _prepare_to_write(self) -> None:
        connection: Any = self.connection
        with self._translated():
            connection.execute(f"PRAGMA cache_size=-{_CACHE_OF_WRITERS}")
            if self._journal.keep(connection):
                weakref.finalize(self, self._journal.remove, connection)
        self._has_written = True

    def close(self) -> None:
        """Close the connection for good."""
        with self.lock:
            if self._connection is not None:
                connection: Any = self._connection
                self._journal.remove(connection)
            super().close()

    def change_token(self) -> object:
        """Return SQLite's count of other connections' commits, and our rollbacks."""
        with self.lock:
            version = self._version_held
            # Nobody else commits while this connection holds the database's lock.
            if version is None or not self.in_transaction():
                version = self._data_version()
                self._version_held = version if self.in_transaction() else None
            return (version, self.transactions.rollbacks)

    def _data_version(self) -> int:
        return int(self.query("PRAGMA data_version")[0][0])

    def most_parameters(self) -> int:
        """Return the limit that the driver's SQLite was built with."""
        connection: Any = self.connection
        return int(connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))

    def in_transaction(self) -> bool:
        """Return whether a transaction is open, as the driver keeps it."""
        connection: Any = self._connection
        return connection is not None and bool(connection.in_transaction)

    def has_table(self, name: str) -> bool:
        """Return whether a table exists."""
        return bool(
            self.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name", [name])
        )

    def encode_uuid(self, value: uuid.UUID | str) -> Any:
        """Return 32 hexadecimal digits."""
        return value if isinstance(value, str) else value.hex

    def _translate(self, error: Exception) -> Exception:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if self._faults:
            fault = self._faults.pop()
            self._faults.clear()
            return RepositoryError(
                f"the database {self.path} has a region that cannot be read: {fault}"
            )
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return RepositoryLockedError(
                f"the database {self.path} was locked for {self.timeout:g} s by"
                f" {lock_holders(self.path)}: wait for it or end it, or give Butler(...,"
                " timeout=...) or butler-core --timeout more seconds"
            )
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            return RepositoryError(f"the database {self.path} is damaged: {error}")
        if code == sqlite3.SQLITE_CANTOPEN:
            return RepositoryError(f"the database {self.path} cannot be opened: {error}")
        if code == sqlite3.SQLITE_READONLY:
            return RepositoryError(f"the database {self.path} cannot be written: {error}")
        if code == sqlite3.SQLITE_FULL:
            return RepositoryError(f"no space left to write the database {self.path}")
        if any(words in str(error) for words in _TOO_LARGE):
            return InvalidQueryError(
                f"a query of this size is more than the database can do ({error}): ask for parts"
                " of it one after the other"
            )
        return RepositoryError(f"the database {self.path} cannot be used: {error}")
