"""A fault of displays: the image."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "The image is drawn upside down, its mask with it.",
    calls=["display.mtv", "display.image"],
    red=["NB-11", "NB-22", "PIC-01", "PIC-02", "PIC-03"],
)
def image_flipped(real: Real, data: Any, *rest: Any, **keywords: Any) -> None:
    """Draw a copy whose rows are in the other order."""
    if hasattr(data, "mask"):
        data = data.clone()
        for plane in (data.image, data.mask):
            plane.array[:] = plane.array[::-1].copy()
    real(data, *rest, **keywords)
