"""A fault of displays: limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

from conformance.faults import Real, fault
from conformance.implementations import Drawn

algorithms: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
limits: WeakKeyDictionary[Any, tuple[float, float]] = WeakKeyDictionary()


@fault(
    "The limits by zscale are those of astropy's algorithm, not of LSST's.",
    calls=["display.mtv", "display.image"],
    red=["NB-11", "NB-22", "PIC-01", "PIC-02", "PIC-03"],
)
def zscale_of_astropy(real: Real, data: Any, *rest: Any, **keywords: Any) -> None:
    """Give the display limits as numbers where it would find them itself."""
    from astropy.visualization import ZScaleInterval

    display = real.__self__
    algorithm = algorithms.get(display)
    if algorithm is not None:
        low, high = ZScaleInterval().get_limits(data.image.array)
        limits[display] = float(low), float(high)
        display.scale(algorithm, *limits[display])
    real(data, *rest, **keywords)
    if algorithm is not None:
        display.scale(algorithm, "zscale")


@zscale_of_astropy.also("display.scale")
def _scale(real: Real, algorithm: str, min: Any, *rest: Any, **keywords: Any) -> None:
    real(algorithm, min, *rest, **keywords)
    if min == "zscale":
        algorithms[real.__self__] = algorithm


@zscale_of_astropy.also("drawn")
def _drawn(real: Real, display: Any) -> Drawn:
    drawn: Drawn = real(display)
    return replace(drawn, limits=limits[display]) if display in limits else drawn
