"""Making a failing program short: calls are left out, and others made simpler, while it fails.

This ends after a number of tries, so that two runs find the same, and after some seconds where the
implementation is slow: a longer program is better than none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from conformance.properties.bench import Bench
from conformance.properties.disagreement import DisagreementError
from conformance.properties.operations import Operation
from conformance.properties.program import Program, without
from conformance.properties.trial import Found, Property
from conformance.properties.world import ProgramError

TRIES = 400
SECONDS = 12.0


class Shrinking:
    """Looks for a shorter program in which the same is wrong.

    Parameters
    ----------
    tried
        The property that failed.
    bench
        Where repositories come from.
    tries
        How many programs are tried at most.
    """

    def __init__(self, tried: Property, bench: Bench, tries: int = TRIES) -> None:
        self._property = tried
        self._bench = bench
        self._tries = tries
        self._end = time.monotonic() + SECONDS

    def shortest(self, found: Found) -> Found | None:
        """Return the shortest that was found; None where what was found does not happen again."""
        again = self._again(found.program, found)
        if again is None:
            return None
        smaller: Found | None = again
        while smaller is not None:
            again, smaller = smaller, self._smaller(smaller)
        return self._again(_renamed(again.program), again) or again

    def _smaller(self, found: Found) -> Found | None:
        """Return one that is shorter by a step, None where there is none or no more tries."""
        best = found
        for size in _sizes(len(found.program.operations)):
            start = len(best.program.operations)
            while start > 0:
                start -= size
                kept = without(best.program.operations, max(start, 0), start + size)
                best = self._better(kept, best) or best
        for place in reversed(range(len(best.program.operations))):
            best = self._simpler(best, place) or best
        return None if best is found else best

    def _simpler(self, found: Found, place: int) -> Found | None:
        operations = found.program.operations
        if place >= len(operations):
            return None
        for one in operations[place].simpler():
            changed = _bound_only((*operations[:place], one, *operations[place + 1 :]))
            better = self._better(changed, found)
            if better is not None:
                return better
        return None

    def _better(self, operations: tuple[Operation, ...], found: Found) -> Found | None:
        if self._tries <= 0 or time.monotonic() > self._end:
            return None
        return self._again(replace(found.program, operations=operations), found)

    def _again(self, program: Program, found: Found) -> Found | None:
        """Return what is wrong in a program, where it is the same as was found."""
        self._tries -= 1
        try:
            with self._bench.world() as world:
                try:
                    self._property.again(world, Found(program, found.disagreement))
                except DisagreementError as error:
                    if error.disagreement.fingerprint != found.disagreement.fingerprint:
                        return None
                    return Found(replace(world.program, lines=program.lines), error.disagreement)
        except DisagreementError as error:  # in making the world, before anything was done
            return None if program.operations else Found(program, error.disagreement)
        except ProgramError:
            return None
        return None


def _sizes(count: int) -> Iterator[int]:
    """Yield how many calls to leave out at once: half of them, a quarter, …, one."""
    size = count // 2
    while size > 1:
        yield size
        size //= 2
    yield 1


def _bound_only(operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """Return the calls that use only what is bound before."""
    return without(operations, len(operations), len(operations))


def _renamed(program: Program) -> Program:
    """Return the program with references named ``ref1``, ``ref2`` … in the order of binding."""
    if program.lines:  # which use the old names
        return program
    binds = [label for one in program.operations for label in one.binds]
    labels = {old: f"ref{number}" for number, old in enumerate(binds, 1)}
    return Program(tuple(one.relabelled(labels) for one in program.operations))
