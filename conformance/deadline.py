"""An end to code that does not come to one, so that no case keeps a run waiting for ever."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SECONDS = 120.0
"""How long a piece of code of a case may take: on a busy machine a hundred times what most take."""
AGAIN = 1.0


class OverdueError(BaseException):
    """A piece of code did not end in time; no `Exception`, so that the code does not catch it."""


@contextmanager
def deadline(seconds: float | None = None) -> Iterator[None]:
    """Raise `OverdueError` in what takes longer, and again each second until it ends.

    It is raised between two steps of Python: a call into C, such as a wait of SQLite for a lock,
    comes to its own end first. There is no deadline in other threads than the main one, nor where
    the system has no interval timer, nor within another deadline.

    Parameters
    ----------
    seconds
        How long it may take; `SECONDS` unless given.
    """
    limit = SECONDS if seconds is None else seconds
    if not _is_possible():
        yield
        return

    def overdue(number: int, frame: FrameType | None) -> None:
        raise OverdueError(f"it did not end within {limit:g} s")

    before = signal.signal(signal.SIGALRM, overdue)
    signal.setitimer(signal.ITIMER_REAL, limit, AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _is_possible() -> bool:
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and hasattr(signal, "setitimer") and not signal.getitimer(signal.ITIMER_REAL)[0]
