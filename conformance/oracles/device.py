"""The pixels that a display should leave on a canvas with one device pixel for each image pixel.

Nothing here draws. The brightness comes from `asinh_stretch`, the greys from matplotlib's table of
the colour map, and the mask is laid over them in the whole numbers in which Agg, matplotlib's
renderer, mixes colours; so a display that draws as LSST's does can be compared exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle

import numpy as np
from numpy.typing import NDArray

from conformance.oracles.picture import COLOURS, MASK_ALPHA, PLANE_COLOURS
from conformance.oracles.zscale import asinh_stretch

CYCLE = ("red", "green", "blue", "cyan", "magenta", "yellow", "orange")


def brightness(image: NDArray[np.floating], limits: tuple[float, float]) -> NDArray[np.float64]:
    """Return the brightness of each pixel under the asinh stretch; NaN where it is not finite."""
    return np.where(np.isfinite(image), asinh_stretch(image, *limits), np.nan)


def plane_colours(planes: Mapping[str, int]) -> dict[str, str]:
    """Return the colour of each mask plane.

    LSST names nine; the others get the next of seven colours, in the order of their bits (afw,
    python/lsst/afw/display/interface.py).
    """
    spare = cycle(CYCLE)
    in_order = sorted(planes, key=lambda name: planes[name])
    return {name: PLANE_COLOURS.get(name) or next(spare) for name in in_order}


def mask_layer(mask: NDArray[np.integer], planes: Mapping[str, int]) -> NDArray[np.uint8]:
    """Return the layer that the mask planes make, the lowest bit on top.

    Each plane has the opacity 0.3 and lies over those of higher bits; two colours C and D of
    opacity a and b make ``(a C + (1 - a) b D) / c`` of opacity ``c = a + (1 - a) b`` (Porter and
    Duff 1984, "over").

    Returns
    -------
    rgba
        Shape (height, width, 4), straight alpha, 0 to 255; fractions are cut off, as matplotlib
        does with floats.
    """
    bits, places = np.unique(mask, return_inverse=True)
    colour, opacity = np.zeros((len(bits), 3)), np.zeros((len(bits), 1))
    names = plane_colours(planes)
    for name, bit in sorted(planes.items(), key=lambda item: -item[1]):
        under = (1 - MASK_ALPHA) * opacity
        both = MASK_ALPHA + under
        mixed = (MASK_ALPHA * np.array(COLOURS[names[name]]) + under * colour) / both
        there = ((bits >> bit) & 1 != 0)[:, np.newaxis]
        colour, opacity = np.where(there, mixed, colour), np.where(there, both, opacity)
    rgba = (np.concatenate([colour, opacity], axis=1) * 255).astype(np.uint8)
    return np.asarray(rgba[places.reshape(mask.shape)])


def device_pixels(
    shown: NDArray[np.float64], layer: NDArray[np.uint8] | None = None
) -> NDArray[np.uint8]:
    """Return the canvas: greys on the white of the page, and the mask layer over them.

    Parameters
    ----------
    shown
        Brightness of shape (height, width), NaN for nothing.
    layer
        The mask's colours, shape (height, width, 4).

    Returns
    -------
    rgb
        Shape (height, width, 3), 0 to 255; the first row is the highest of the image.
    """
    from matplotlib import colormaps

    greys = colormaps["gray"](np.clip(np.nan_to_num(shown), 0.0, 1.0), bytes=True)[:, :, :3]
    canvas = np.where(np.isnan(shown)[:, :, np.newaxis], np.uint8(255), greys)
    return (canvas if layer is None else _over(canvas, layer))[::-1]


def _over(canvas: NDArray[np.uint8], layer: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay colours over an opaque canvas as Agg does (``agg_pixfmt_rgba.h``, plain blender).

    It divides by the opacity of both in 256ths of a level, 65280 and that of the layer, and cuts
    off fractions.
    """
    opacity = layer[:, :, 3:].astype(np.int64)
    full = (255 << 8) + opacity
    below = canvas.astype(np.int64) * 255
    above = layer[:, :, :3].astype(np.int64) << 8
    mixed = ((above - below) * opacity + (below << 8)) // full
    return np.where(opacity == 0, canvas, mixed).astype(np.uint8)
