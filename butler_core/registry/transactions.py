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

    Attributes
    ----------
    depth : `int`
        How many are open, one within the other.
    rollbacks : `int`
        How many were undone so far.
    """

    def __init__(self, run: Callable[[str], None], begin: Callable[[], str]) -> None:
        self._run = run
        self._begin = begin
        self.depth = 0
        self.rollbacks = 0
        self._undo: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    @contextlib.contextmanager
    def nested(self) -> Iterator[None]:
        """Make all writes within happen, or none; see `Database.transaction`."""
        level, undo_mark, commit_mark = self.depth, len(self._undo), len(self._after_commit)
        self._run(f"SAVEPOINT s{level}" if level else self._begin())
        self.depth += 1
        try:
            yield
            if not level:
                self._run("COMMIT")
            else:
                self._run(f"RELEASE SAVEPOINT s{level}")
        except BaseException:
            self.depth = level
            del self._after_commit[commit_mark:]
            self._roll_back(level, undo_mark)
            raise
        self.depth = level
        if not level:
            self._undo.clear()
            callbacks, self._after_commit = self._after_commit, []
            for callback in callbacks:
                callback()

    def _roll_back(self, level: int, undo_mark: int) -> None:
        self.rollbacks += 1
        if level:
            self._run(f"ROLLBACK TO SAVEPOINT s{level}")
            self._run(f"RELEASE SAVEPOINT s{level}")
        else:
            with contextlib.suppress(Exception):  # the server may have rolled back by itself
                self._run("ROLLBACK")
        undone, self._undo = self._undo[undo_mark:], self._undo[:undo_mark]
        for undo in reversed(undone):
            undo()

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
