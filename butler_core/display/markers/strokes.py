"""The symbols of straight lines: plus, cross and asterisk.

The strokes and their order are those of afwDisplay's regions. afwDisplay passes
the ends of a stroke through text of six digits, so that a plus at x = 21931.8122
lands at 21931.8; here positions are exact, as they are for circles there too.
"""

from __future__ import annotations

import math

import numpy as np

from . import Strokes

__all__ = ["MARKERS"]

_DIAGONAL = 1 / math.sqrt(2)
_SIN_60 = math.sqrt(3) / 2

# matplotlib's own width and order of a line.
_WIDTH = 1.5
_ZORDER = 2

MARKERS = (
    Strokes("+", np.array([[(0, 1), (0, -1)], [(-1, 0), (1, 0)]], float), _WIDTH, _ZORDER),
    Strokes(
        "x",
        _DIAGONAL * np.array([[(1, 1), (-1, -1)], [(-1, 1), (1, -1)]], float),
        _WIDTH,
        _ZORDER,
    ),
    Strokes(
        "*",
        np.array(
            [
                [(1, 0), (-1, 0)],
                [(-0.5, _SIN_60), (0.5, -_SIN_60)],
                [(0.5, _SIN_60), (-0.5, -_SIN_60)],
            ]
        ),
        _WIDTH,
        _ZORDER,
    ),
)
