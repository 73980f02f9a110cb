"""Signals that end a process, so that it ends soon, and unwinds what it has begun."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_wanted: list[int] = []


class Stopped(KeyboardInterrupt):
    """A signal asks the process to end; all of them end it as Ctrl-C does.

    Parameters
    ----------
    number
        The signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Raise `Stopped` in the main thread where a signal comes, and keep in mind that it came.

    Python drops what is raised while an object is finalized, with a traceback and going on;
    `check_stopped` raises it again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = _handlers()
    show_unraisable = sys.unraisablehook

    def show_others(unraisable: Any) -> None:
        if not isinstance(unraisable.exc_value, Stopped):
            show_unraisable(unraisable)

    sys.unraisablehook = show_others
    for number, handler in handlers.items():
        if handler in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        sys.unraisablehook = show_unraisable
        _wanted.clear()


def check_stopped() -> None:
    """Raise `Stopped` where a signal came that nothing has heard."""
    if _wanted:
        raise Stopped(_wanted[0])


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put off the signals that would break off a short work, such as removing a folder.

    Blocking them would not do: the system hands them to another thread, of which numpy has some.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    handlers = _handlers()
    for number, handler in handlers.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])


def _handlers() -> dict[int, Any]:
    numbers = [getattr(signal, name) for name in NAMES if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in numbers}
    return {number: handler for number, handler in handlers.items() if handler is not None}


def _stop(number: int, frame: FrameType | None) -> None:
    _wanted.append(number)
    raise Stopped(number)
