"""Which part of the sky an exposure covers, and cutouts around positions on the sky."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ..errors import BoxError
from .box import Box2I
from .geometry import Extent2I, Point2D, Point2I
from .image import Image
from .mask import Mask
from .masked_image import MaskedImage
from .placed import Placed
from .sphere import SpherePoint
from .wcs import SkyWcs

__all__ = ["SkyExtent"]

_NOTHING_THERE = "NO_DATA"


class SkyExtent(Placed):
    """What an exposure can say with its pixels and its WCS together."""

    @property
    @abstractmethod
    def maskedImage(self) -> MaskedImage:
        """The pixels (`MaskedImage`)."""

    @property
    @abstractmethod
    def wcs(self) -> SkyWcs | None:
        """The relation between pixels and sky (`SkyWcs` or `None`)."""

    @abstractmethod
    def _around(self, maskedImage: MaskedImage) -> Self:
        """Return an exposure of other pixels with the same components."""

    def getCutout(self, center: SpherePoint | Point2D | Point2I, size: Extent2I) -> Self:
        """Return a copy of the pixels around a position.

        Parameters
        ----------
        center : `SpherePoint`, `Point2D` or `Point2I`
            The middle, on the sky or in parent coordinates; it must lie in the
            exposure.
        size : `Extent2I`
            Width and height, in pixels.

        Returns
        -------
        cutout : `Exposure`
            Of exactly this size, its middle within half a pixel of the
            position.  Beyond the edge image and variance are NaN (0 where
            pixels are integers) and the mask is NO_DATA.

        Raises
        ------
        BoxError
            The middle lies outside, or the size is not positive.
        ValueError
            The position is on the sky, and there is no WCS.
        """
        x, y = self._required_wcs().skyToPixel(center) if _on_sky(center) else center
        if not self.bbox.contains(Point2D(x, y)):
            raise BoxError(f"{center} lies at pixel ({x}, {y}), outside of {self.bbox}")
        width, height = size
        if width <= 0 or height <= 0:
            raise BoxError(f"a cutout is at least 1 x 1 pixels, not {width} x {height}")
        # The middle of a pixel is an integer, so that of an even number of them is a half.
        corner = Point2I(math.floor(x - width / 2 + 1), math.floor(y - height / 2 + 1))
        box = Box2I(corner, Extent2I(width, height))
        pixels = self.maskedImage
        cutout = MaskedImage(
            _empty(pixels.image, box),
            Mask(np.zeros((height, width), np.int32), pixels.mask.getMaskPlaneDict(), box.min),
            _empty(pixels.variance, box),
        )
        mask = cutout.mask
        mask.array |= np.uint32(1 << mask.addMaskPlane(_NOTHING_THERE)).astype(np.int32)
        shared = self.bbox.clippedTo(box)
        cutout[shared] = pixels[shared]
        for part, whole in zip(_planes(cutout), _planes(pixels), strict=True):
            part.header = None if whole.header is None else whole.header.copy()
        return self._around(cutout)

    def containsSkyCoords(self, ra: Any, dec: Any, padding: int = 10) -> npt.NDArray[np.bool_]:
        """Return which positions on the sky lie in the exposure.

        Parameters
        ----------
        ra, dec : `astropy.units.Quantity`, or array of `float`
            Right ascension and declination; without a unit, in radians.
        padding : `int`
            Ignored; in LSST it guards a first and rougher test.

        Returns
        -------
        contained : `numpy.ndarray` of `bool`, shape of ``ra``
            True where the position falls on a pixel.

        Raises
        ------
        ValueError
            There is no WCS.
        """
        wcs = self._required_wcs()
        longitude, latitude = np.broadcast_arrays(_radians(ra), _radians(dec))
        contained = np.zeros(longitude.shape, dtype=bool)
        # Far away from the image the distortion cannot be inverted, and astropy warns.
        box, corners = self.bbox, self.bbox.getCorners()
        middle = wcs.pixelToSky(box.getCenterX(), box.getCenterY())
        reach = max(middle.separation(each) for each in wcs.pixelToSky(corners))
        near = _separation(longitude, latitude, middle) <= 2 * reach
        x, y = wcs.skyToPixelArray(longitude[near], latitude[near])
        contained[near] = (
            (x >= box.beginX - 0.5)
            & (x < box.endX - 0.5)
            & (y >= box.beginY - 0.5)
            & (y < box.endY - 0.5)
        )
        return contained

    def _required_wcs(self) -> SkyWcs:
        if self.wcs is None:
            raise ValueError("this exposure has no WCS, which a position on the sky needs")
        return self.wcs


def _on_sky(center: object) -> bool:
    return isinstance(center, SpherePoint)


def _empty(like: Image, box: Box2I) -> Image:
    fill = np.nan if like.dtype.kind == "f" else 0
    return Image(np.full((box.height, box.width), fill, like.dtype), box.min)


def _planes(pixels: MaskedImage) -> tuple[Image, Mask, Image]:
    return pixels.image, pixels.mask, pixels.variance


def _radians(angle: Any) -> npt.NDArray[np.float64]:
    in_unit = angle.to_value("rad") if hasattr(angle, "to_value") else angle
    return np.asarray(in_unit, dtype=np.float64)


def _separation(
    longitude: npt.NDArray[np.float64], latitude: npt.NDArray[np.float64], middle: SpherePoint
) -> npt.NDArray[np.float64]:
    """Return angles to a position, in radians, by the haversine formula."""
    ra, dec = middle.getRa(), middle.getDec()
    chord = np.sin((latitude - dec) / 2) ** 2
    chord += np.cos(latitude) * np.cos(dec) * np.sin((longitude - ra) / 2) ** 2
    return np.asarray(2 * np.arcsin(np.sqrt(np.clip(chord, 0, 1))))
