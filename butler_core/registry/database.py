"""The seam between the registry and a database server.

A `Database` runs SQL that SQLAlchemy Core has compiled once, with plain
tuples of parameters. What differs between servers (encodings of values,
locking, how other processes' changes are noticed) is a method here, and a
server is a subclass in a module of its own.
"""

from __future__ import annotations

import contextlib
import itertools
import threading
import uuid
import weakref
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import sqlalchemy
from sqlalchemy.schema import CreateIndex, CreateTable

from ..errors import (
    ArgumentError,
    ButlerConfigError,
    ReadOnlyError,
    RepositoryError,
    UnstorableValueError,
)
from .reading import Reading
from .schema import Schema
from .statements import CompiledStatement, Rows, StatementCache, of_several_rows
from .transactions import Transaction, Transactions

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.sql.expression import ClauseElement

__all__ = ["Database", "connect"]

_PAGE = 10_000  # rows
_TEXTS: dict[str, dict[Hashable, CompiledStatement]] = {}
"""SQL that was written as text, by the name of a dialect: shared by all Butlers of a process."""

_TOGETHER = (1000, 100)  # rows of an insert; fewer take longer than one by one


class Database(ABC):
    """A connection to the database of a registry.

    Parameters
    ----------
    url : `sqlalchemy.engine.URL`
        Where it is; its password is never shown.
    writeable : `bool`
        Whether transactions may be begun.
    timeout : `float`
        Seconds to wait for another process's lock.

    Notes
    -----
    Threads may share it: ``lock`` is held while a statement runs and its rows
    are fetched, throughout a transaction, and by those who keep what they
    read while they look if it is still true. Several reads that belong
    together happen within ``with database.reading:``, which also makes them
    cheaper.
    """

    dialect_name: ClassVar[str]

    def __init__(self, url: sqlalchemy.URL, *, writeable: bool, timeout: float) -> None:
        self.url = url
        self.writeable = writeable
        self.timeout = timeout
        self.lock = threading.RLock()
        self._closed = False
        self.transactions = Transactions(
            self._run, self._begin_statement, self.in_transaction, self.lock
        )
        self.reading = Reading(
            self._run,
            lambda: self._begin_statement(writes=False),
            self.in_transaction,
            lambda: self.transactions.depth > 0,
            self.lock,
        )
        self._engine = self._make_engine()
        driver = self._engine.dialect.loaded_dbapi
        self._errors = (driver.Error, UnicodeEncodeError, OverflowError)
        self._connection: DBAPIConnection | None = None
        kept = _TEXTS.setdefault(self.dialect_name, {})
        self._texts = StatementCache(self.compile, kept, most=2000)

    @abstractmethod
    def _make_engine(self) -> sqlalchemy.Engine:
        """Return an engine whose connections are set up, and do not begin by themselves."""

    @abstractmethod
    def _begin_statement(self, *, writes: bool = True) -> str:
        """Return the SQL that is about to begin a transaction, one that will write or not."""

    @abstractmethod
    def _translate(self, error: Exception) -> Exception:
        """Return the exception that a user shall see for a driver's."""

    @property
    def description(self) -> str:
        """Where the database is, without a password."""
        return self.url.render_as_string(hide_password=True)

    @abstractmethod
    def change_token(self) -> object:
        """Return a value that changes when another process commits, or this one rolls back.

        What an open Butler keeps is valid as long as the token is the same
        and it has not written there itself. A server that cannot tell returns
        a new object each time.
        """

    @abstractmethod
    def encode_uuid(self, value: uuid.UUID | str) -> Any:
        """Return an id, or the hexadecimal digits of one, as a parameter."""

    @abstractmethod
    def most_parameters(self) -> int:
        """Return how many parameters a statement may have."""

    @abstractmethod
    def in_transaction(self) -> bool:
        """Return whether the server has a transaction open on the connection."""

    @abstractmethod
    def has_table(self, name: str) -> bool:
        """Return whether a table exists."""

    @property
    def connection(self) -> DBAPIConnection:
        """The driver's open connection; made when first asked for.

        The driver is used without SQLAlchemy's `~sqlalchemy.engine.Connection`,
        which closes its connection for good when a signal such as Ctrl-C
        raises an exception in it: an open Butler outlives that. It is closed
        with this object, if nobody has closed it before.

        Raises
        ------
        RepositoryError
            If it was closed.
        """
        self.require_open()
        if self._connection is None:
            with self._translated():
                pooled = self._engine.raw_connection()
            pooled.detach()
            connection = pooled.dbapi_connection
            assert connection is not None  # who holds it has not given it back
            self._connection = connection
            # A process that was forked must not close what its parent uses.
            weakref.finalize(self, connection.close).atexit = False
        return self._connection

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.description!r})"

    def __reduce__(self) -> NoReturn:
        raise ArgumentError(
            "an open connection cannot be pickled or copied: pickle the Butler, which opens the"
            " repository again, or list(results)"
        )

    def close(self) -> None:
        """Close the connection for good."""
        with self.lock:
            self._closed = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._engine.dispose()

    def require_open(self) -> None:
        """Raise `RepositoryError` if the connection was closed."""
        if self._closed:
            raise RepositoryError("the repository was closed: open it again with Butler(...)")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn a driver's exceptions into ours; conflicts into SQLAlchemy's, for who explains."""
        try:
            yield
        except self._errors as error:
            raise self._explained(error) from error

    def _explained(self, error: Exception) -> Exception:
        """Return the exception that `_translated` raises for a driver's."""
        if isinstance(error, self._engine.dialect.loaded_dbapi.IntegrityError):
            return sqlalchemy.exc.IntegrityError("", (), error)
        if isinstance(error, UnicodeEncodeError):
            return UnstorableValueError(
                f"{error.object!r} cannot be stored: {error.reason} (character {error.start})"
            )
        if isinstance(error, OverflowError):
            return UnstorableValueError(f"a number is too large to be stored: {error}")
        return self._translate(error)

    def compile(self, statement: ClauseElement) -> CompiledStatement:
        """Return a SQLAlchemy Core statement as text and parameters."""
        compiled = statement.compile(dialect=self._engine.dialect)
        names = getattr(compiled, "positiontup", None) or ()
        literals = {name: value for name, value in compiled.params.items() if value is not None}
        return CompiledStatement(str(compiled), names, literals)

    def statements(self, schema: Schema, kind: str) -> StatementCache:
        """Return the statements of a kind, which are made once in a process.

        Parameters
        ----------
        schema : `Schema`
            The tables that they are on.
        kind : `str`
            Tells those of one maker from others' with the same key.
        """
        return StatementCache(self.compile, schema.statements(self.dialect_name, kind))

    def _text_of(self, statement: CompiledStatement | str) -> str:
        """Return driver SQL; a text has parameters such as ``:name``, bound in their order."""
        if isinstance(statement, CompiledStatement):
            return statement.text
        return self._texts.get(statement, lambda: sqlalchemy.text(statement)).text

    def query(self, statement: CompiledStatement | str, parameters: Sequence[Any] = ()) -> Rows:
        """Run a statement and return its rows."""
        text = self._text_of(statement)
        with self.lock:
            connection = self._connection or self.connection
            try:
                cursor = connection.cursor()
                try:  # without contexts made from generators: this is most of a small read
                    cursor.execute(text, tuple(parameters))
                    return Rows(cursor.fetchall())
                finally:
                    cursor.close()
            except self._errors as error:
                raise self._explained(error) from error

    def first_of_each(
        self, statement: CompiledStatement, rows: Iterable[Sequence[Any]]
    ) -> list[tuple[Any, ...] | None]:
        """Run a query once for each row of parameters, and return the first row of each result."""
        found = []
        with self.reading, self._translated(), self._cursor() as cursor:
            execute, fetchone = cursor.execute, cursor.fetchone
            for row in rows:
                execute(statement.text, row)
                found.append(fetchone())
        return found

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[DBAPICursor]:
        """Give a cursor; one that is left open would keep others from writing."""
        cursor = self.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def stream(
        self, statement: CompiledStatement | str, parameters: Sequence[Any] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Run a statement at once, and return its rows, which are fetched by pages.

        A page is in memory before its first row is returned: who stops in the
        middle of a small result keeps nobody from writing.
        """
        text = self._text_of(statement)
        with self.lock, self._translated(), contextlib.ExitStack() as stack:
            cursor = stack.enter_context(self._cursor())
            cursor.execute(text, tuple(parameters))
            first = cursor.fetchmany(_PAGE)
            if len(first) == _PAGE:
                return self._pages(cursor, first, stack.pop_all())
        return iter(first)

    def _pages(
        self, cursor: DBAPICursor, page: Sequence[Any], stack: contextlib.ExitStack
    ) -> Iterator[tuple[Any, ...]]:
        with stack:
            while page:
                yield from page
                with self.lock, self._translated():
                    self.require_open()
                    page = cursor.fetchmany(_PAGE)

    def execute(
        self, statement: CompiledStatement | str, rows: Iterable[Sequence[Any]] = ((),)
    ) -> int:
        """Run a writing statement once for each row of parameters.

        Returns
        -------
        count : `int`
            Number of rows of the table that were changed.
        """
        text = self._text_of(statement)
        parameters = [tuple(row) for row in rows]
        if not parameters:
            return 0

        with self.lock:
            # One row is undone by itself if it fails.
            if self.transactions.depth and len(parameters) == 1:
                return self._run(text, parameters[0])
            with self.transaction():
                return self._execute_many(text, parameters)

    def insert(self, statement: CompiledStatement | str, rows: Iterable[Sequence[Any]]) -> int:
        """Insert rows: many by few statements, which take less than one for each.

        Parameters
        ----------
        statement : `CompiledStatement` or `str`
            What `execute` takes to insert the parameters of one row.
        rows : `~collections.abc.Iterable`
            The parameters.

        Returns
        -------
        count : `int`
            Number of rows of the table that are new.
        """
        rows = list(rows)
        if len(rows) < min(_TOGETHER):
            return self.execute(statement, rows)
        text = self._text_of(statement)
        count = done = 0
        with self.transaction():
            for most in _TOGETHER:
                together = min(most, self.most_parameters() // len(rows[0]))
                starts = range(done, len(rows) - together + 1, together)
                if starts:
                    chunks = [[*itertools.chain(*rows[at : at + together])] for at in starts]
                    count += self._execute_many(of_several_rows(text, together), chunks)
                    done = starts[-1] + together
            return count + self.execute(statement, rows[done:])

    def _execute_many(self, text: str, parameters: Sequence[Sequence[Any]]) -> int:
        with self._translated(), self._cursor() as cursor:
            cursor.executemany(text, parameters)
            return int(cursor.rowcount)

    def create(self, table: sqlalchemy.Table) -> None:
        """Create a table with its indexes."""
        definition = table.info.get(self.dialect_name)
        if definition is None:
            dialect = self._engine.dialect
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            definition = [str(CreateTable(table).compile(dialect=dialect))]
            definition += [str(CreateIndex(index).compile(dialect=dialect)) for index in indexes]
            # Repositories that a process makes share the table.
            table.info[self.dialect_name] = definition
        with self.transaction():
            for text in definition:
                self._run(text)

    def require_writeable(self) -> None:
        """Raise `ReadOnlyError` if the database was opened for reading."""
        if not self.writeable:
            raise ReadOnlyError(
                "Butler is read-only: open it with Butler(repo, writeable=True), or with run=..."
            )

    def transaction(self) -> Transaction:
        """Return a context within which all writes happen, or none.

        An inner transaction is a savepoint: its failure undoes what was
        written within it alone, and the outer one may go on.

        Raises
        ------
        ReadOnlyError
            If the database was opened for reading.
        RepositoryLockedError
            If another process holds the database too long.
        """
        self.require_writeable()
        return self.transactions.nested()

    def _run(self, text: str, parameters: Sequence[Any] = ()) -> int:
        connection = self._connection or self.connection
        try:
            cursor = connection.cursor()
            try:
                cursor.execute(text, parameters)
                return int(cursor.rowcount)
            finally:
                cursor.close()
        except self._errors as error:
            raise self._explained(error) from error


def connect(
    url: str,
    *,
    expand: Callable[[str], str],
    writeable: bool,
    timeout: float = 30.0,
    create: bool = False,
) -> Database:
    """Open the database that a configuration's ``registry.db`` names.

    Parameters
    ----------
    url : `str`
        SQLAlchemy URL, in whose path ``<butlerRoot>`` may stand.
    expand : `~collections.abc.Callable`
        Returns a text with ``<butlerRoot>`` replaced; a path is no URL, and
        may hold what means something in one.
    writeable : `bool`
        Whether it may be written.
    timeout : `float`, optional
        Seconds to wait for another process's lock.
    create : `bool`, optional
        Whether a database that does not exist is made.

    Raises
    ------
    ButlerConfigError
        If the URL is none, or its server is not supported.
    RepositoryError
        If there is no database, or it is damaged.
    ArgumentError
        If the timeout is no time to wait.
    """
    try:
        parsed = sqlalchemy.make_url(url)
    except sqlalchemy.exc.ArgumentError:
        raise ButlerConfigError(
            "registry.db is not a database URL such as sqlite:///<butlerRoot>/gen3.sqlite3"
        ) from None
    backend = parsed.get_backend_name()
    if backend != "sqlite":
        raise ButlerConfigError(
            f"registry.db names a {backend} database; this version of butler_core opens SQLite"
        )
    from .sqlite import SqliteDatabase

    parsed = parsed.set(database=expand(parsed.database or ""))
    seconds = _checked_timeout(timeout)
    return SqliteDatabase(parsed, writeable=writeable, timeout=seconds, create=create)


def _checked_timeout(given: object) -> float:
    """Return the seconds to wait for a lock, no more than drivers count in milliseconds."""
    if isinstance(given, int | float) and given >= 0:
        return min(float(given), 2_000_000.0)
    raise ArgumentError(
        f"timeout= takes the seconds to wait for a locked database, 0 or more, not {given!r}"
    )
