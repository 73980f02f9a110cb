"""A fault of displays: the stretch."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "The asinh stretch has Q = 9 where none is given, not 8.",
    calls=["display.scale"],
    red=["NB-11", "NB-22", "PIC-01", "PIC-02", "PIC-03"],
)
def q_is_9(real: Real, algorithm: str, *limits: Any, **options: Any) -> None:
    """Give Q where it is not given."""
    if algorithm == "asinh":
        options.setdefault("Q", 9)
    real(algorithm, *limits, **options)
