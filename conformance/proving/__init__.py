"""The proof that the suite can fail: each fault turns the cases red that it declares, no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from conformance.case import Case
from conformance.faults import Fault, unknown_entries
from conformance.verdict import Verdict

PROVEN = "proven"
NOT_PROVEN = "not proven"
NOT_REACHED = "not reached"
RED = (Verdict.FAILED, Verdict.ERROR)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one case: its verdict, and the message."""

    verdict: Verdict
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """All cases tried on an implementation with one fault in front of it, or with none.

    Attributes
    ----------
    fault
        The name of the fault; empty for the implementation as it is.
    seen
        What became of each case, by id, in the order of the suite.
    tried
        How many of them were tried; the others make no call that the fault changes, so that for
        them stands what became of them without it.
    seconds
        Time of all processes that took part.
    """

    fault: str
    seen: Mapping[str, Seen]
    tried: int = 0
    seconds: float = 0.0

    def with_verdict(self, *verdicts: Verdict) -> tuple[str, ...]:
        """Return the ids of the cases that got one of some verdicts."""
        return tuple(case for case, seen in self.seen.items() if seen.verdict in verdicts)

    @property
    def red(self) -> tuple[str, ...]:
        """The cases that failed, or in which the harness broke."""
        return self.with_verdict(*RED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultProof:
    """The cases that turned red under a fault, held against those that it declares.

    Attributes
    ----------
    fault
        The fault.
    red
        The cases that turned red, with their messages.
    missing
        Cases that are declared, and stayed green.
    more
        Cases that turned red, and are not declared.
    broken
        Cases of `red` in which the harness broke instead of judging.
    unknown
        What is declared, and names no case.
    declared
        How many cases are declared of those that passed without the fault.
    copyable
        The cases that turned red, as the fault would declare them.
    tried
        How many cases were tried with it: those that make a call which it changes.
    seconds
        Wall-clock time of its trial.
    """

    fault: Fault
    red: Mapping[str, str]
    missing: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    declared: int = 0
    copyable: tuple[str, ...] = ()
    tried: int = 0
    seconds: float = 0.0

    @property
    def verdict(self) -> str:
        """Whether the fault is proven, not proven, or not reached by any case that is run."""
        if self.missing or self.more or self.broken or self.unknown or not self.fault.red:
            return NOT_PROVEN
        return PROVEN if self.red else NOT_REACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a list of faults proves of the suite, on one implementation.

    Attributes
    ----------
    implementation, version
        The Butler that the faults were put in front of.
    profile, seed
        How hard properties were tried, and where their chance began.
    cases
        How many cases passed without a fault.
    left_out
        How many cases were not tried, because others were asked for.
    requirements
        The requirements that a case which passed belongs to.
    untouched
        Those of them of which no fault turned a case red.
    faults
        The faults, in order.
    """

    implementation: str
    version: str
    profile: str
    seed: int
    cases: int
    left_out: int = 0
    requirements: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()
    faults: tuple[FaultProof, ...] = field(default_factory=tuple)

    @property
    def exit_status(self) -> int:
        """0 where all are proven, those that no case reaches aside; 1 else; 2 where none is."""
        verdicts = [one.verdict for one in self.faults]
        if NOT_PROVEN in verdicts:
            return 1
        return 0 if PROVEN in verdicts else 2


def held(fault: Fault, cases: Mapping[str, Case], plain: Trial, trial: Trial) -> FaultProof:
    """Hold what a fault did against what it declares.

    Parameters
    ----------
    fault
        The fault.
    cases
        All cases by id.
    plain
        The trial without a fault.
    trial
        The trial with it. What it blocked is nobody's evidence, and left aside.
    """
    green = set(plain.with_verdict(Verdict.PASSED))
    declared = {case for case in green if fault.declares(cases[case])}
    red, blocked = set(trial.red), set(trial.with_verdict(Verdict.BLOCKED))
    return FaultProof(
        fault=fault,
        red={case: trial.seen[case].message for case in trial.red},
        missing=_in_order(cases, declared - red - blocked),
        more=_in_order(cases, red - declared),
        broken=trial.with_verdict(Verdict.ERROR),
        unknown=tuple(unknown_entries(fault, list(cases.values()))),
        declared=len(declared),
        copyable=_short(cases, green - blocked, red),
        tried=trial.tried,
        seconds=trial.seconds,
    )


def untouched(
    cases: Mapping[str, Case], plain: Trial, proofs: Sequence[FaultProof]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the requirements of the cases that passed, and those that no fault touched."""
    passed = [cases[case] for case in plain.with_verdict(Verdict.PASSED)]
    every = dict.fromkeys(case.requirement for case in passed if case.judged)
    touched = {cases[case].requirement for proof in proofs for case in proof.red}
    return tuple(every), tuple(one for one in every if one not in touched)


def _in_order(cases: Mapping[str, Case], chosen: Iterable[str]) -> tuple[str, ...]:
    wanted = set(chosen)
    return tuple(case for case in cases if case in wanted)


def _short(cases: Mapping[str, Case], green: set[str], red: set[str]) -> tuple[str, ...]:
    """Return red cases, by requirement, or with the spellings of one question, where all are."""
    entries: dict[str, None] = {}
    for case in _in_order(cases, red):
        requirement, question = cases[case].requirement, case.rpartition(".")[0]
        alike = {one for one in green if cases[one].requirement == requirement}
        spellings = {one for one in green if one.rpartition(".")[0] == question}
        if requirement and alike <= red:
            entries[requirement] = None
        else:
            entries[f"{question}.*" if len(spellings) > 1 and spellings <= red else case] = None
    return tuple(entries)
