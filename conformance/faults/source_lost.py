"""A fault of displays: markers."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from conformance.faults import Real, fault

lost: WeakKeyDictionary[Any, tuple[float, float]] = WeakKeyDictionary()


@fault(
    "The first source that is marked is lost: its markers are not drawn.",
    calls=["display.dot"],
    red=["NB-22", "PIC-01.cell-22.*", "PIC-03.cell-22.*"],
)
def source_lost(real: Real, symbol: Any, x: float, y: float, *rest: Any, **keywords: Any) -> None:
    """Leave out what lies where the first marker lies."""
    if lost.setdefault(real.__self__, (x, y)) != (x, y):
        real(symbol, x, y, *rest, **keywords)
