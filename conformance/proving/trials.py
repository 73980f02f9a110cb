"""Trying all cases with one fault after another, in processes of their own."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.proving import Seen, Trial
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from conformance.suite import Suite

PRELOADED = ("conformance.suite", "conformance.faulty", "numpy", "astropy.table", "hypothesis")


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
    """

    butler: str
    folders: tuple[Path, ...]
    repository: Path
    scratch: Path
    profile: str
    seed: int


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
    seen = {case: _seen(suite, case) for case in suite.cases}
    return Trial(fault=fault, seen=seen, seconds=time.perf_counter() - begun)


def trials(setting: Setting, faults: Sequence[str], processes: int) -> Iterator[Trial]:
    """Yield trials as they end: that without a fault, and those with each.

    Each is made in a fresh process, so that no fault is left over when the next is tried.
    """
    with _executor(processes) as executor:
        futures = [executor.submit(tried, setting, fault) for fault in ("", *faults)]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            executor.shutdown(wait=False, cancel_futures=True)


def _seen(suite: Suite, case: str) -> Seen:
    try:
        outcome = suite.outcome(case)
    except Exception as error:
        return Seen(Verdict.ERROR, f"the harness raised {type(error).__name__}: {error}")
    return Seen(outcome.verdict, outcome.message)


def _executor(processes: int) -> ProcessPoolExecutor:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(list(PRELOADED))
    return ProcessPoolExecutor(processes, mp_context=context, max_tasks_per_child=1)
