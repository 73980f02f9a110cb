"""The point-spread function of an exposure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .box import Box2I
from .geometry import Extent2I, Point2D, Point2I
from .image import Image
from .shape import Quadrupole

__all__ = ["GaussianPsf"]


class GaussianPsf:
    """A round Gaussian point-spread function, the same everywhere.

    Parameters
    ----------
    width, height : `int`
        Size of the images of the function, in pixels; both odd.
    sigma : `float`
        Standard deviation, in pixels.

    Raises
    ------
    ValueError
        A size is even or not positive, or sigma is not positive.
    """

    __slots__ = ("_dimensions", "_sigma")

    def __init__(self, width: int, height: int, sigma: float) -> None:
        for name, size in (("width", width), ("height", height)):
            if size < 1 or size % 2 == 0:
                raise ValueError(f"the {name} of a GaussianPsf is odd and positive, not {size}")
        if not sigma > 0:
            raise ValueError(f"the sigma of a GaussianPsf is positive, not {sigma}")
        self._dimensions = Extent2I(int(width), int(height))
        self._sigma = float(sigma)

    def getSigma(self) -> float:
        """Return the standard deviation, in pixels."""
        return self._sigma

    def getDimensions(self) -> Extent2I:
        """Return the size of the images of the function, in pixels."""
        return self._dimensions

    def getAveragePosition(self) -> Point2D:
        """Return the position that stands for the whole image: the origin."""
        return Point2D(0.0, 0.0)

    def computeKernelImage(self, *position: object) -> Image:
        """Return the function centred on a pixel.

        Parameters
        ----------
        *position
            Ignored: the function is the same everywhere.

        Returns
        -------
        image : `Image` of float64, shape (height, width)
            The function at the pixel centres, divided by its sum; pixel (0, 0)
            is the centre.
        """
        return self._render(0.0, 0.0)

    def computeImage(self, *position: float | Point2D) -> Image:
        """Return the function centred on a position of the exposure.

        Parameters
        ----------
        *position : `Point2D`, or two `float`
            The position; the origin if it is not given.

        Returns
        -------
        image : `Image` of float64, shape (height, width)
            The function at the pixel centres, divided by its sum; its ``xy0``
            places it in the parent image.
        """
        x, y = _coordinates(position)
        return self._render(x, y)

    def _render(self, x: float, y: float) -> Image:
        width, height = self._dimensions
        x0, y0 = math.floor(x + 0.5) - width // 2, math.floor(y + 0.5) - height // 2
        across = np.exp(-0.5 * ((np.arange(x0, x0 + width) - x) / self._sigma) ** 2)
        along = np.exp(-0.5 * ((np.arange(y0, y0 + height) - y) / self._sigma) ** 2)
        pixels = np.outer(along, across)
        return Image(pixels / pixels.sum(), (x0, y0))

    def computeBBox(self, *position: object) -> Box2I:
        """Return the box of `computeKernelImage`."""
        width, height = self._dimensions
        return Box2I(Point2I(-(width // 2), -(height // 2)), self._dimensions)

    def computeShape(self, *position: object) -> Quadrupole:
        """Return the second moments, in square pixels."""
        return Quadrupole(self._sigma**2, self._sigma**2, 0.0)

    def computeApertureFlux(self, radius: float, *position: object) -> float:
        """Return the share of the light inside a circle.

        Parameters
        ----------
        radius : `float`
            Radius of the circle, in pixels.
        *position
            Ignored: the function is the same everywhere.
        """
        return -math.expm1(-0.5 * (radius / self._sigma) ** 2)

    def computePeak(self, *position: object) -> float:
        """Return the value of the central pixel of `computeKernelImage`."""
        width, height = self._dimensions
        return float(self.computeKernelImage().array[height // 2, width // 2])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GaussianPsf):
            return NotImplemented
        return self._dimensions == other._dimensions and self._sigma == other._sigma

    def __hash__(self) -> int:
        return hash((self._dimensions, self._sigma))

    def __repr__(self) -> str:
        return f"GaussianPsf({self._dimensions.x}, {self._dimensions.y}, {self._sigma!r})"


def _coordinates(position: tuple[float | Point2D, ...]) -> tuple[float, float]:
    if not position:
        return 0.0, 0.0
    x: Any
    y: Any
    x, y = position[0] if isinstance(position[0], Point2D) else position
    return float(x), float(y)
