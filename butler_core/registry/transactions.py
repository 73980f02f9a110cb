"""Transactions within each other, and what else is undone or done with them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

__all__ = ["Transactions"]


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
    ) -> None:
        self._run = run
        self._begin = begin
        self._is_open = is_open
        self.depth = 0
        self.rollbacks = 0
        self._undo: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    @contextlib.contextmanager
    def nested(self) -> Iterator[None]:
        """Make all writes within happen, or none; see `Database.transaction`.

        A signal, such as Ctrl-C in a notebook, may come between any two steps.
        """
        level, undo_mark, commit_mark = self.depth, len(self._undo), len(self._after_commit)
        ending = False
        try:
            if level:
                self._run(f"SAVEPOINT s{level}")
            else:
                self._end_what_is_open()
                self._run(self._begin())
            self.depth = level + 1
            yield
            ending = True
            self._run(f"RELEASE SAVEPOINT s{level}" if level else "COMMIT")
        except BaseException as error:
            self.depth = level
            is_signal = not isinstance(error, Exception)
            if is_signal and ending and not level and not self._is_open():
                self._finish()  # the signal came after the commit
            else:
                del self._after_commit[commit_mark:]
                self._roll_back(level, undo_mark, is_signal)
            raise
        finally:
            self.depth = level
        if not level:
            self._finish()

    def _finish(self) -> None:
        self._undo.clear()
        callbacks, self._after_commit = self._after_commit, []
        for callback in callbacks:
            callback()

    def _roll_back(self, level: int, undo_mark: int, is_signal: bool) -> None:
        self.rollbacks += 1
        if not level:
            self._end_what_is_open()
        else:
            # A signal may have come before the savepoint was set.
            with contextlib.suppress(*[Exception] if is_signal else []):
                self._run(f"ROLLBACK TO SAVEPOINT s{level}")
                self._run(f"RELEASE SAVEPOINT s{level}")
        undone, self._undo = self._undo[undo_mark:], self._undo[:undo_mark]
        for undo in reversed(undone):
            undo()

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
