"""Which calls cases make of those that faults stand before: an implementation that notes them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.case import Case
from conformance.faults import Fault, Replacement
from conformance.faulty import Faulty
from conformance.faulty.changing import Changer
from conformance.implementations import Implementation


@dataclass(frozen=True)
class _Notes(Fault):
    """Stands where some faults would stand, and only notes that it was called."""

    faults: tuple[Fault, ...] = ()
    calls: set[str] = field(default_factory=set, compare=False)

    @property
    def owners(self) -> set[str]:
        return {owner for fault in self.faults for owner in fault.owners}

    def replacement(self, call: str) -> Replacement | None:
        if all(fault.replacement(call) is None for fault in self.faults):
            return None
        return functools.partial(self._noted, call)

    def _noted(self, call: str, real: Callable[..., Any], *given: Any, **named: Any) -> Any:
        self.calls.add(call)
        return real(*given, **named)


class _Tracer(Changer):
    """Notes what real calls ask of each other too: a fault may stand before the inner one alone."""

    def call(
        self,
        function: Replacement,
        owner: Any,
        real: Callable[..., Any],
        /,
        *given: Any,
        **named: Any,
    ) -> Any:
        return function(real, *given, **named)


class Traced(Faulty):
    """An implementation without a fault, which notes the calls that some faults would change.

    Parameters
    ----------
    real
        The implementation.
    faults
        The faults.
    """

    def __init__(self, real: Implementation, faults: Sequence[Fault]) -> None:
        self._notes = _Notes("traced", "Nothing is wrong.", (), faults=tuple(faults))
        super().__init__(real, self._notes, _Tracer(self._notes))

    def taken(self) -> frozenset[str]:
        """Return the calls that were made since this was asked last, such as ``butler.get``."""
        calls = frozenset(self._notes.calls)
        self._notes.calls.clear()
        return calls


def reached(fault: Fault, calls: Iterable[str]) -> bool:
    """Return whether a fault would change one of some calls."""
    return any(fault.replacement(call) is not None for call in calls)


def shared(cases: Iterable[Case], calls: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the calls of each case, with those of which it uses what they gave.

    These are the calls of the cases that it needs, and of the cases with the same code, of which
    only the first may have run it, such as the layers of one picture.

    Parameters
    ----------
    cases
        The cases that were tried, and those that they need.
    calls
        The calls that each made itself, by id.
    """
    known = {case.id: case for case in cases}
    by_code: dict[tuple[str, str], set[str]] = {}
    for case in known.values():
        by_code.setdefault((case.dialect, case.code), set()).update(calls[case.id])
    found: dict[str, frozenset[str]] = {}

    def of(case: Case) -> frozenset[str]:
        if case.id not in found:
            own = by_code[case.dialect, case.code] if case.code else calls[case.id]
            found[case.id] = frozenset(own).union(*(of(known[need]) for need in case.needs))
        return found[case.id]

    return {case.id: of(case) for case in known.values()}
