"""A fault of displays: the mask."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault

PLANE = "CR"


@fault(
    "The mask plane CR, cosmic rays of a few pixels, is not drawn.",
    calls=["display.mtv", "display.image"],
    red=["PIC-01", "PIC-02", "PIC-03"],
)
def mask_plane_lost(real: Real, data: Any, *rest: Any, **keywords: Any) -> None:
    """Draw a copy whose mask lacks the plane."""
    if hasattr(data, "mask"):
        data = data.clone()
        data.mask.array[:] &= ~(1 << data.mask.getMaskPlaneDict()[PLANE])
    real(data, *rest, **keywords)
