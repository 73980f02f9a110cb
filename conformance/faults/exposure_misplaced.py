"""A fault of what is read: where an image lies."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "An exposure that is read lies one pixel to the right of where its file says.",
    calls=["butler.get"],
    red=["NB-10", "NB-20", "PUT-24.parent", "PUT-25", "PUT-26.geometry", "SCR-08"],
)
def exposure_misplaced(real: Real, *arguments: Any, **keywords: Any) -> Any:
    """Move what was read."""
    found = real(*arguments, **keywords)
    pixels: Any = getattr(found, "maskedImage", found)
    if hasattr(pixels, "setXY0"):
        corner = pixels.getXY0()
        pixels.setXY0(corner.getX() + 1, corner.getY())
    return found
