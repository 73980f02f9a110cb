"""Transactions within each other, and what else is undone or done with them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple

__all__ = ["Transaction", "Transactions"]


class Mark(NamedTuple):
    """What there was when a transaction began: open ones, and things to undo and to do."""

    level: int
    undo: int
    after_commit: int


class Transactions:
    """The open transactions of a connection: the outermost, and savepoints in it.

    Parameters
    ----------
    run : `~collections.abc.Callable`
        Runs SQL on the connection.
    begin : `~collections.abc.Callable`
        Returns the SQL that begins the outermost.
    is_open : `~collections.abc.Callable`
        Returns whether the server has a transaction open on the connection.
    lock : `~contextlib.AbstractContextManager`
        Held throughout a transaction.

    Attributes
    ----------
    depth : `int`
        How many are open, one within the other.
    rollbacks : `int`
        How many were undone so far.
    """

    def __init__(
        self,
        run: Callable[[str], object],
        begin: Callable[[], str],
        is_open: Callable[[], bool],
        lock: contextlib.AbstractContextManager[object],
    ) -> None:
        self.lock = lock
        self._run = run
        self._begin = begin
        self._is_open = is_open
        self.depth = 0
        self.rollbacks = 0
        self._undo: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    def nested(self) -> Transaction:
        """Return a context within which all writes happen, or none; see `Database.transaction`."""
        return Transaction(self)

    def begin(self) -> Mark:
        """Begin a transaction; what is undone or done with it comes after the returned mark."""
        mark = Mark(self.depth, len(self._undo), len(self._after_commit))
        try:
            if mark.level:
                self._run(f"SAVEPOINT s{mark.level}")
            else:
                self._end_what_is_open()
                self._run(self._begin())
            self.depth = mark.level + 1
        except BaseException as error:
            self.undo(mark, error)
            raise
        return mark

    def commit(self, mark: Mark) -> None:
        """End a transaction well."""
        try:
            self._run(f"RELEASE SAVEPOINT s{mark.level}" if mark.level else "COMMIT")
        except BaseException as error:
            # A signal may come after the commit, as it takes time.
            if isinstance(error, Exception) or mark.level or self._is_open():
                self.undo(mark, error)
            else:
                self._done(mark)
            raise
        self._done(mark)

    def undo(self, mark: Mark, error: BaseException | None) -> None:
        """Undo a transaction, because of an error."""
        self.depth = mark.level
        self.rollbacks += 1
        del self._after_commit[mark.after_commit :]
        if not mark.level:
            self._end_what_is_open()
        else:
            # A signal may have come before the savepoint was set.
            with contextlib.suppress(*[] if isinstance(error, Exception) else [Exception]):
                self._run(f"ROLLBACK TO SAVEPOINT s{mark.level}")
                self._run(f"RELEASE SAVEPOINT s{mark.level}")
        undone, self._undo = self._undo[mark.undo :], self._undo[: mark.undo]
        for undo in reversed(undone):
            undo()

    def _done(self, mark: Mark) -> None:
        self.depth = mark.level
        if mark.level:
            return
        self._undo.clear()
        callbacks, self._after_commit = self._after_commit, []
        for callback in callbacks:
            callback()

    def _end_what_is_open(self) -> None:
        """Roll back; the server may have done so by itself, and a second signal may come."""
        try:
            if self._is_open():
                self._run("ROLLBACK")
        finally:
            if self._is_open():
                self._run("ROLLBACK")

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Call ``undo`` if the innermost open transaction, or one around it, is undone."""
        if self.depth:
            self._undo.append(undo)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` once the outermost transaction is committed."""
        if self.depth:
            self._after_commit.append(action)
        else:
            action()


class Transaction:
    """A context within which all writes happen, or none.

    Not made from a generator: a signal, such as Ctrl-C in a notebook, may
    come while one is entered or left, and would leave it in the middle.

    Parameters
    ----------
    transactions : `Transactions`
        Those of the connection.
    """

    __slots__ = ("_mark", "_transactions")

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._mark: Mark | None = None

    def __enter__(self) -> None:
        self._transactions.lock.__enter__()
        try:
            self._mark = self._transactions.begin()
        except BaseException:
            self._transactions.lock.__exit__(None, None, None)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            assert self._mark is not None
            if kind is None:
                self._transactions.commit(self._mark)
            else:
                self._transactions.undo(self._mark, error)
        finally:
            self._transactions.lock.__exit__(None, None, None)
