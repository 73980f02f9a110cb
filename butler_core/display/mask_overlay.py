"""Mask planes as one coloured, partly transparent layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .colours import rgb

__all__ = ["Plane", "overlay"]


@dataclass(frozen=True, slots=True)
class Plane:
    """How one mask plane is drawn."""

    name: str
    """The name of the plane."""

    bit: int
    """Its number: the plane is set where ``mask & (1 << bit)``."""

    colour: str
    """Its colour."""

    alpha: float
    """Its opacity, from 0, not drawn, to 1."""


def overlay(mask: npt.NDArray[Any], planes: Sequence[Plane]) -> npt.NDArray[np.float64]:
    """Lay the planes of a mask over each other.

    Parameters
    ----------
    mask : `numpy.ndarray` of integers
        Of any shape.
    planes : sequence of `Plane`
        The planes in any order; the one with the lowest bit ends on top. Bits
        that no plane names are not drawn.

    Returns
    -------
    layer : `numpy.ndarray` of ``float64``, shape (..., 4)
        Red, green, blue and alpha from 0 to 1, with straight (not
        premultiplied) alpha; all 0 where no plane is set.

    Notes
    -----
    A plane of colour C and opacity a over a layer (D, b) gives the opacity
    ``c = a + b (1 - a)`` and the colour ``(a C + (1 - a) b D) / c``: the "over"
    of Porter and Duff (1984), Computer Graphics 18, 253.
    """
    values, places = np.unique(mask, return_inverse=True)
    return _stacked(values, planes)[places.reshape(mask.shape)]


def _stacked(values: npt.NDArray[Any], planes: Sequence[Plane]) -> npt.NDArray[np.float64]:
    colour = np.zeros((len(values), 3))
    alpha = np.zeros(len(values))
    for plane in sorted(planes, key=lambda plane: plane.bit, reverse=True):
        if plane.alpha == 0:
            continue
        # By shifting, so that the sign bit of an int32 mask is a plane as well.
        at = ((values >> plane.bit) & 1).astype(bool)
        below = alpha[at] * (1 - plane.alpha)
        alpha[at] = plane.alpha + below
        colour[at] = (
            plane.alpha * np.asarray(rgb(plane.colour)) + below[:, None] * colour[at]
        ) / alpha[at][:, None]
    return np.concatenate([colour, alpha[:, None]], axis=1)
