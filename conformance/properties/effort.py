"""How hard properties are tried, by profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """How many examples a property is tried on, and how long its programs are.

    Attributes
    ----------
    laws
        Repositories on which a law is tried.
    programs
        Programs that the machine tries.
    steps
        Calls of such a program at most.
    turns, turn_steps
        Programs in which two implementations take turns, and their calls.
    """

    laws: int
    programs: int
    steps: int
    turns: int = 3
    turn_steps: int = 6


EFFORTS: Mapping[str, Effort] = {
    "dev": Effort(laws=16, programs=20, steps=16, turns=2),
    "ci": Effort(laws=20, programs=28, steps=16),
    "nightly": Effort(laws=300, programs=300, steps=50, turns=60, turn_steps=30),
}
"""The effort of each of `conformance.workplace.PROFILES`."""
