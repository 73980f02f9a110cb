"""Trying all cases with one fault after another, in processes of their own."""

from __future__ import annotations

import multiprocessing
import signal
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.case import Case
from conformance.faults import matches
from conformance.proving import Seen, Trial
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from conformance.suite import Suite

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What all trials share; it travels to their processes.

    Attributes
    ----------
    butler
        The name or address of the implementation.
    folders
        Folders with cases and faults of others.
    repository
        A ci_hsc repository.
    scratch
        A folder for the repositories that cases make.
    profile, seed
        How hard properties are tried, and where their chance begins.
    only
        The cases to try, as faults declare them; all where none are named.
    """

    butler: str
    folders: tuple[Path, ...]
    repository: Path
    scratch: Path
    profile: str = "dev"
    seed: int = 0
    only: tuple[str, ...] = ()


def suite_of(setting: Setting, fault: str = "") -> Suite:
    """Return the suite on the implementation, with a fault in front of it where one is named."""
    from conformance.faulty import judged
    from conformance.repository import locate
    from conformance.suite import Suite
    from conformance.workplace import Workplace

    place = Workplace(
        find_ci_hsc=lambda: locate(setting.repository),
        scratch=Path(tempfile.mkdtemp(dir=setting.scratch)),
        profile=setting.profile,
        seed=setting.seed,
    )
    implementation = judged(setting.butler, fault, setting.folders)
    return Suite(implementation, setting.folders, place)


def tried(setting: Setting, fault: str = "") -> Trial:
    """Try all cases in this process."""
    begun = time.perf_counter()
    suite = suite_of(setting, fault)
    seen = {case: _seen(suite, case) for case in chosen(suite.cases, setting.only)}
    return Trial(fault=fault, seen=seen, seconds=time.perf_counter() - begun)


def chosen(cases: Mapping[str, Case], only: Sequence[str]) -> list[str]:
    """Return the ids of the cases that some entries name; of all where there are none."""
    return [
        case.id
        for case in cases.values()
        if not only or any(matches(entry, case) for entry in only)
    ]


def trials(setting: Setting, faults: Sequence[str], processes: int) -> Iterator[Trial]:
    """Yield trials as they end: that without a fault, and those with each.

    Each is made in a fresh process, so that no fault is left over when the next is tried. Where
    the caller wants no more, those that run are ended.

    Raises
    ------
    TrialError
        Raised where a process ends without a trial.
    """
    context = _context()
    waiting = deque(["", *faults])
    running: dict[Any, tuple[str, BaseProcess]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                fault = waiting.popleft()
                here, there = context.Pipe(duplex=False)
                process = context.Process(target=_send, args=(there, setting, fault), daemon=True)
                process.start()
                there.close()
                running[here] = fault, process
            for ready in wait(list(running)):
                yield _received(ready, *running.pop(ready))
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()


def _send(there: Any, setting: Setting, fault: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent ends this one
    try:
        there.send(tried(setting, fault))
    except Exception as error:
        there.send(f"{type(error).__name__}: {error}")


def _received(here: Any, fault: str, process: BaseProcess) -> Trial:
    who = f"the trial of {fault}" if fault else "the trial without a fault"
    try:
        sent = here.recv()
    except EOFError:
        process.join()
        raise TrialError(f"{who} ended its process with status {process.exitcode}") from None
    process.join()
    if not isinstance(sent, Trial):
        raise TrialError(f"{who} broke: {sent}")
    return sent


def _seen(suite: Suite, case: str) -> Seen:
    try:
        outcome = suite.outcome(case)
    except Exception as error:
        return Seen(Verdict.ERROR, f"the harness raised {type(error).__name__}: {error}")
    return Seen(outcome.verdict, outcome.message)


def _context() -> Any:
    """Return a way to begin processes that have imported most already, where there is one."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    return context
