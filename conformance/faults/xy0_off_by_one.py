"""A fault of displays: where the image lies."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "The image is drawn one pixel to the right of its XY0, and markers where they belong.",
    calls=["display.mtv", "display.image"],
    red=["NB-11", "NB-22", "PIC-01", "PIC-02", "PIC-03.cell-22.*"],
)
def xy0_off_by_one(real: Real, data: Any, *rest: Any, **keywords: Any) -> None:
    """Draw a copy that lies elsewhere."""
    if hasattr(data, "maskedImage"):
        data = data.clone()
        corner = data.getXY0()
        data.maskedImage.setXY0(corner.getX() + 1, corner.getY())
    real(data, *rest, **keywords)
