"""Several reads that see one state of the database."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from types import TracebackType

__all__ = ["Reading"]


class Reading:
    """A context within which all reads see the same state, which nobody changes meanwhile.

    The server's lock is taken and given back once for all of them, which is
    most of what a small read costs. Within a transaction it does nothing of
    its own, and a transaction may be begun in it, which then ends it.

    Not made from a generator, for the reason that `Transaction` is not.

    Parameters
    ----------
    run : `~collections.abc.Callable`
        Runs SQL on the connection.
    begin : `~collections.abc.Callable`
        Returns the SQL that begins to read.
    is_open : `~collections.abc.Callable`
        Returns whether the server has a transaction open on the connection.
    is_writing : `~collections.abc.Callable`
        Returns whether that is one that writes.
    lock : `~contextlib.AbstractContextManager`
        Held throughout.
    """

    __slots__ = ("_begin", "_is_open", "_is_writing", "_lock", "_run", "depth")

    def __init__(
        self,
        run: Callable[[str], object],
        begin: Callable[[], str],
        is_open: Callable[[], bool],
        is_writing: Callable[[], bool],
        lock: contextlib.AbstractContextManager[object],
    ) -> None:
        self._run = run
        self._begin = begin
        self._is_open = is_open
        self._is_writing = is_writing
        self._lock = lock
        self.depth = 0

    def __enter__(self) -> None:
        self._lock.__enter__()
        try:
            if not self.depth and not self._is_writing():
                self._end()  # what a signal may have left open
                self._run(self._begin())
            self.depth += 1
        except BaseException:
            self._end()
            self._lock.__exit__(None, None, None)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.depth -= 1
            if not self.depth:
                self._end()
        finally:
            self._lock.__exit__(None, None, None)

    def _end(self) -> None:
        """Let go of the state that was read, unless a transaction that writes has begun."""
        try:
            if self._is_open() and not self._is_writing():
                self._run("COMMIT")
        finally:
            if self._is_open() and not self._is_writing():  # a signal has come before that
                self._run("ROLLBACK")
