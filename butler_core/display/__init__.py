"""The names of `lsst.afw.display` for showing images in a notebook.

Data flow one way. Arrays (`displayable`) become numbers (`limits`, `zscale`,
`stretches`, `planes`, `mask_overlay`, `markers`), numbers a frozen record of
what is shown (`scene`), and a backend (`backends`) draws the record. A test
reads ``display.scene`` and needs no picture; a new stretch, marker or backend
is one new file in the package of that name.

Differences from afwDisplay are deliberate, and each is said where it is: marks
are drawn at their exact positions (`markers.strokes`), interactive mode is left
as it was (`Display.Buffering`), mistakes in ``scale`` are reported at once, the
colour bar has at each tick the grey of that value (`backends.matplotlib.norm`),
mask planes may have gaps in their numbers, a mask keeps its XY0, zscale takes
every real dtype, and plain arrays can be shown. Axes are in pixels: sky axes,
as afwDisplay draws them since 2026 where starlink-pyast is installed, are not.
"""

from __future__ import annotations

from .colours import BLACK, BLUE, CYAN, GREEN, IGNORE, MAGENTA, ORANGE, RED, WHITE, YELLOW
from .defaults import (
    getDefaultBackend,
    getDefaultFrame,
    incrDefaultFrame,
    setDefaultBackend,
    setDefaultFrame,
    setDefaultImageColormap,
    setDefaultMaskPlaneColor,
    setDefaultMaskTransparency,
)
from .display import Display
from .drawing import LOCAL, PARENT

__all__ = [
    "BLACK",
    "BLUE",
    "CYAN",
    "GREEN",
    "IGNORE",
    "LOCAL",
    "MAGENTA",
    "ORANGE",
    "PARENT",
    "RED",
    "WHITE",
    "YELLOW",
    "Display",
    "delAllDisplays",
    "getDefaultBackend",
    "getDefaultFrame",
    "getDisplay",
    "incrDefaultFrame",
    "setDefaultBackend",
    "setDefaultFrame",
    "setDefaultImageColormap",
    "setDefaultMaskPlaneColor",
    "setDefaultMaskTransparency",
]

getDisplay = Display.getDisplay
delAllDisplays = Display.delAllDisplays
