"""Faults: named ways of being wrong, which any Butler or display can be given.

A fault is a function in front of calls of the public API. It is in a file of the folder
``faults``, which needs no more than this::

    from conformance.faults import fault

    @fault(
        "Of the datasets that are to be associated, the last is silently left out.",
        calls=["butler.registry.associate"],
        red=["TAG-02"],
    )
    def association_dropped(real, collection, refs):
        real(collection, list(refs)[:-1])
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from conformance.case import Case
from conformance.folders import shown_place

Replacement: TypeAlias = Callable[..., Any]

WHOLE_CALLS = ("Butler", "Display", "make_repository", "drawn")
OWNERS = ("butler", "butler.registry", "butler.collections", "display")


class Real(Protocol):
    """The real call, which a fault stands in front of."""

    __name__: str
    __self__: Any

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Do what the fault hides."""


@dataclass(frozen=True)
class Fault:
    """One named way of being wrong.

    Attributes
    ----------
    name
        The name of the function, such as ``association_dropped``.
    sentence
        What goes wrong, in one sentence.
    red
        The cases that must turn red, and no others: ids of requirements, ids of cases, or globs
        of these.
    place
        Where it is written: ``faults/association_dropped.py:8``.
    module
        The name of the module that declares it.
    """

    name: str
    sentence: str
    red: tuple[str, ...]
    place: str = ""
    module: str = ""
    _replacements: dict[str, Replacement] = field(default_factory=dict, repr=False, compare=False)

    def also(self, *calls: str) -> Callable[[Replacement], Replacement]:
        """Put another function in front of other calls."""

        def declare(function: Replacement) -> Replacement:
            for call in calls:
                _check(call, function)
                if call in self._replacements:
                    raise ValueError(f"{_where(function)}: {self.name} changes {call} twice")
                self._replacements[call] = function
            return function

        return declare

    @property
    def owners(self) -> set[str]:
        """What the changed calls belong to, such as ``butler.registry``."""
        return {call.rpartition(".")[0] for call in self._replacements}

    def replacement(self, call: str) -> Replacement | None:
        """Return the function in front of a call, such as ``butler.get``, if there is one."""
        if call in self._replacements:
            return self._replacements[call]
        owner, _, name = call.rpartition(".")
        for pattern, function in self._replacements.items():
            its_owner, _, glob = pattern.rpartition(".")
            if its_owner == owner and name[:1] != "_" and fnmatchcase(name, glob):
                return function
        return None

    def declares(self, case: Case) -> bool:
        """Return whether a case must turn red."""
        return any(matches(entry, case) for entry in self.red)


def fault(
    sentence: str, *, calls: Sequence[str], red: Sequence[str]
) -> Callable[[Replacement], Fault]:
    """Declare a function as a fault.

    The function gets the real call, bound, and then the arguments; what it returns or raises is
    what the call returns or raises. ``real.__self__`` is the Butler, registry or display.

    Parameters
    ----------
    sentence
        What goes wrong, in one sentence.
    calls
        What the function stands in front of: ``butler.get``, ``butler.registry.associate``,
        ``butler.collections.redefine_chain`` or ``display.dot``, in each dialect that has the
        call; a glob such as ``butler.*``; ``Butler`` for each way of opening one, and ``Display``
        for each way of making one; ``make_repository`` or ``drawn`` of the implementation.
    red
        The cases that must turn red, and no others: ids of requirements, ids of cases, or globs
        of these. `butler-conformance prove --fault NAME` prints what they are.
    """

    def declare(function: Replacement) -> Fault:
        declared = Fault(
            function.__name__, sentence, tuple(red), _where(function), function.__module__
        )
        declared.also(*calls)(function)
        return declared

    return declare


def matches(entry: str, case: Case) -> bool:
    """Return whether an entry of the declared cases names a case."""
    return fnmatchcase(case.id, entry) or fnmatchcase(case.requirement, entry)


def unknown_entries(declared: Fault, cases: Sequence[Case]) -> Iterator[str]:
    """Yield the entries of the declared cases that name none."""
    for entry in declared.red:
        if not any(matches(entry, case) for case in cases):
            yield entry


def _where(function: Replacement) -> str:
    code = inspect.unwrap(function).__code__
    return shown_place(Path(code.co_filename), code.co_firstlineno)


def _check(call: str, function: Replacement) -> None:
    owner, _, name = call.rpartition(".")
    if call in WHOLE_CALLS or (name and owner in OWNERS):
        return
    raise ValueError(
        f"{_where(function)}: a fault cannot change {call!r}; write one of "
        f"{', '.join(WHOLE_CALLS)}, or a call of {', '.join(OWNERS)}, such as 'butler.get'"
    )
