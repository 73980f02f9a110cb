"""The circle, which afwDisplay's matplotlib backend draws as a polygon of 20 corners."""

from __future__ import annotations

import numpy as np

from . import Outline

__all__ = ["MARKERS"]

_CORNERS = 20

# The first corner is at the top.
_angle = 2 * np.pi / _CORNERS * np.arange(_CORNERS) + np.pi / 2

MARKERS = (Outline("o", np.column_stack([np.cos(_angle), np.sin(_angle)]), 1.0, 1),)
