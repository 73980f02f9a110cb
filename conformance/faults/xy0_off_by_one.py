"""A fault of what is read: where an image lies."""

from __future__ import annotations

from typing import Any

from conformance.faults import Real, fault


@fault(
    "Exposures and images that are read lie one pixel to the right of where they should.",
    calls=["butler.get"],
    red=["NB-10", "NB-20"],
)
def xy0_off_by_one(real: Real, *arguments: Any, **keywords: Any) -> Any:
    """Move what was read."""
    found = real(*arguments, **keywords)
    pixels: Any = getattr(found, "maskedImage", found)
    if hasattr(pixels, "setXY0"):
        corner = pixels.getXY0()
        pixels.setXY0(corner.getX() + 1, corner.getY())
    return found
