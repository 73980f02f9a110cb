"""Trying cases without a fault, and with one after another."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.case import Case
from conformance.faults import Fault, matches
from conformance.proving import Seen, Trial
from conformance.proving.processes import Task, results
from conformance.verdict import Verdict

if TYPE_CHECKING:
    from conformance.implementations import Implementation
    from conformance.suite import Suite

LONG = ("property", "interop")
"""The kinds of cases that take long."""


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


@dataclass(frozen=True, slots=True)
class Traces:
    """A trial without a fault, and the calls that each case made, of those that faults change."""

    trial: Trial
    calls: Mapping[str, frozenset[str]]


def suite_of(setting: Setting, fault: str = "") -> Suite:
    """Return the suite on the implementation, with a fault in front of it where one is named."""
    from conformance.faulty import judged

    return _suite(setting, judged(setting.butler, fault, setting.folders))


def tried(setting: Setting, fault: str, cases: Sequence[str]) -> Trial:
    """Try cases with a fault in this process."""
    begun = time.perf_counter()
    suite = suite_of(setting, fault)
    seen = {case: _seen(suite, case) for case in cases}
    seconds = time.perf_counter() - begun
    return Trial(fault=fault, seen=seen, tried=len(seen), seconds=seconds)


def traced(setting: Setting, cases: Sequence[str], faults: Sequence[str]) -> Traces:
    """Try cases without a fault in this process, and note the calls that faults would change."""
    from conformance.faulty.catalogue import named
    from conformance.faulty.tracing import Traced, shared
    from conformance.implementations.loading import load

    begun = time.perf_counter()
    known = [named(fault, setting.folders) for fault in faults]
    implementation = Traced(load(setting.butler), known)
    suite = _suite(setting, implementation)
    implementation.taken()
    seen: dict[str, Seen] = {}
    calls: dict[str, frozenset[str]] = {}
    for case in _after_their_needs(suite.cases, cases):
        seen[case] = _seen(suite, case)
        calls[case] = implementation.taken()
    calls = shared([suite.cases[case] for case in seen], calls)
    wanted = {case: seen[case] for case in cases}
    seconds = time.perf_counter() - begun
    trial = Trial(fault="", seen=wanted, tried=len(wanted), seconds=seconds)
    return Traces(trial, {case: calls[case] for case in cases})


def chosen(cases: Mapping[str, Case], only: Sequence[str]) -> list[str]:
    """Return the ids of the cases that some entries name; of all where there are none."""
    return [
        case.id
        for case in cases.values()
        if not only or any(matches(entry, case) for entry in only)
    ]


def trials(
    setting: Setting, cases: Sequence[Case], faults: Sequence[Fault], processes: int
) -> Iterator[Trial]:
    """Yield the trial without a fault, and then those with each as they end.

    With a fault only those cases are tried that make a call which it changes, or build on one
    that does. Each trial is made in fresh processes, so that no fault is left over when the next
    is tried. Where the caller wants no more, those that run are ended.

    Parameters
    ----------
    setting
        What they share.
    cases
        The cases to try.
    faults
        The faults.
    processes
        How many processes there are at once.

    Raises
    ------
    TrialError
        Raised where a process ends without a trial.
    """
    from conformance.faulty.tracing import reached

    names = [fault.name for fault in faults]
    parts = [part for part in _parts(cases, processes) if part]
    first = [Task("", traced, (setting, part, names)) for part in parts]
    every = _together(cases, list(results(first, processes)))
    plain = every.trial
    yield plain
    met = {
        fault.name: [case for case in plain.seen if reached(fault, every.calls[case])]
        for fault in faults
    }
    longest_first = sorted(names, key=lambda name: -len(met[name]))
    tasks = [Task(name, tried, (setting, name, met[name])) for name in longest_first]
    for trial in results(tasks, processes):
        yield replace(trial, seen={**plain.seen, **trial.seen})


def _parts(cases: Sequence[Case], processes: int) -> list[list[str]]:
    """Divide cases among processes: what takes long, and the rest."""
    if processes == 1:
        return [[case.id for case in cases]]
    return [[case.id for case in cases if (case.kind in LONG) is long] for long in (True, False)]


def _together(cases: Sequence[Case], parts: Sequence[Traces]) -> Traces:
    """Return the trial of which some are the parts."""
    seen = {id: each for part in parts for id, each in part.trial.seen.items()}
    calls = {id: each for part in parts for id, each in part.calls.items()}
    seconds = sum(part.trial.seconds for part in parts)
    ordered = {case.id: seen[case.id] for case in cases}
    return Traces(Trial(fault="", seen=ordered, tried=len(seen), seconds=seconds), calls)


def _after_their_needs(cases: Mapping[str, Case], wanted: Sequence[str]) -> list[str]:
    """Return ids, each after those of the cases that it needs."""
    found: dict[str, None] = {}

    def add(case: str) -> None:
        for need in cases[case].needs:
            if need not in found:
                add(need)
        found[case] = None

    for case in wanted:
        add(case)
    return list(found)


def _suite(setting: Setting, implementation: Implementation) -> Suite:
    from conformance.repository import locate
    from conformance.suite import Suite
    from conformance.workplace import Workplace

    place = Workplace(
        find_ci_hsc=lambda: locate(setting.repository),
        scratch=Path(tempfile.mkdtemp(dir=setting.scratch)),
        profile=setting.profile,
        seed=setting.seed,
    )
    return Suite(implementation, setting.folders, place)


def _seen(suite: Suite, case: str) -> Seen:
    try:
        outcome = suite.outcome(case)
    except Exception as error:
        return Seen(Verdict.ERROR, f"the harness raised {type(error).__name__}: {error}")
    return Seen(outcome.verdict, outcome.message)
