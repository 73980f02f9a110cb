"""Doing tasks in processes of their own, some at once."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from conformance.stopping import Stopped, stoppable

Made = TypeVar("Made")

PRELOADED = (
    "conformance.suite",
    "astropy.io.fits",
    "astropy.table",
    "hypothesis",
    "matplotlib.pyplot",
    "sqlalchemy",
)


class TrialError(Exception):
    """A trial has broken, and nothing is known of its cases."""


@dataclass(frozen=True)
class Task(Generic[Made]):
    """A function to call in a process, for a fault, or for none where the name is empty."""

    fault: str
    function: Callable[..., Made]
    arguments: tuple[Any, ...]


def results(tasks: Sequence[Task[Made]], processes: int) -> Iterator[Made]:
    """Yield what tasks give, as they end; each runs in a fresh process.

    Where the caller wants no more, those that run are ended.

    Raises
    ------
    TrialError
        Raised where a process ends without a result, or a task raises.
    """
    context = _context()
    waiting = deque(tasks)
    running: dict[Any, tuple[str, BaseProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                task = waiting.popleft()
                here, there = context.Pipe(duplex=False)
                process = context.Process(target=_send, args=(there, task), daemon=True)
                process.start()
                there.close()
                running[here] = task.fault, process
            for ready in wait(list(running)):
                yield _received(ready, *running.pop(ready))
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()


def _send(there: Any, task: Task[Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent ends this one
    try:
        with stoppable():  # so that folders in memory do not stay behind
            there.send((task.function(*task.arguments), ""))
    except Stopped:
        return
    except Exception as error:
        there.send((None, f"{type(error).__name__}: {error}"))


def _received(here: Any, fault: str, process: BaseProcess) -> Any:
    who = f"the trial of {fault}" if fault else "the trial without a fault"
    try:
        made, problem = here.recv()
    except EOFError:
        process.join()
        raise TrialError(f"{who} ended its process with status {process.exitcode}") from None
    process.join()
    if problem:
        raise TrialError(f"{who} broke: {problem}")
    return made


def _context() -> Any:
    """Return a way to begin processes that have imported most already, where there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context
