"""An image with its mask and variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .box import Box2I
from .geometry import Extent2I, Point2I
from .image import Image
from .mask import Mask

if TYPE_CHECKING:
    from .carried import Carried

__all__ = ["MaskedImage"]


class MaskedImage:
    """An image with its mask and variance.

    Parameters
    ----------
    image : `Image`
        The image, in counts or nanojansky.
    mask : `Mask`, optional
        The mask; without one, nothing is masked.
    variance : `Image`, optional
        The variance, in the square of the image's unit; without one, zeros.

    Raises
    ------
    ValueError
        The three are not of the same size.

    Notes
    -----
    Old files hold masks whose ``xy0`` is not that of the image.  Each plane
    keeps its own; that of the image counts.
    """

    def __init__(
        self, image: Image, mask: Mask | None = None, variance: Image | None = None
    ) -> None:
        shape = image.array.shape
        if mask is None:
            mask = Mask(np.zeros(shape, dtype=np.int32), xy0=image.xy0)
        if variance is None:
            variance = Image(np.zeros(shape, dtype=np.float32), xy0=image.xy0)
        for name, plane in (("mask", mask.array), ("variance", variance.array)):
            if plane.shape != shape:
                raise ValueError(
                    f"the image has {shape[1]} x {shape[0]} pixels (width x height), "
                    f"its {name} has {plane.shape[1]} x {plane.shape[0]}"
                )
        self._image = image
        self._mask = mask
        self._variance = variance
        self.carried: Carried | None = None

    @property
    def image(self) -> Image:
        """The image (`Image`)."""
        return self._image

    @property
    def mask(self) -> Mask:
        """The mask (`Mask`)."""
        return self._mask

    @property
    def variance(self) -> Image:
        """The variance (`Image`)."""
        return self._variance

    @property
    def bbox(self) -> Box2I:
        """The pixels that there are, in parent coordinates (`Box2I`)."""
        return self._image.bbox

    @property
    def xy0(self) -> Point2I:
        """Where the lower left pixel lies in the parent image (`Point2I`)."""
        return self._image.xy0

    @property
    def width(self) -> int:
        """The number of columns (`int`)."""
        return self._image.width

    @property
    def height(self) -> int:
        """The number of rows (`int`)."""
        return self._image.height

    def getImage(self) -> Image:
        """Return the image."""
        return self._image

    def getMask(self) -> Mask:
        """Return the mask."""
        return self._mask

    def getVariance(self) -> Image:
        """Return the variance."""
        return self._variance

    def getArrays(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
        """Return the pixels of image, mask and variance."""
        return self._image.array, self._mask.array, self._variance.array

    def getXY0(self) -> Point2I:
        """Return where the lower left pixel lies in the parent image."""
        return self._image.xy0

    def getX0(self) -> int:
        """Return the column of the lower left pixel in the parent image."""
        return self._image.getX0()

    def getY0(self) -> int:
        """Return the row of the lower left pixel in the parent image."""
        return self._image.getY0()

    def setXY0(self, *xy0: Any) -> None:
        """Say where the lower left pixel lies, for all three planes."""
        for plane in (self._image, self._mask, self._variance):
            plane.setXY0(*xy0)

    def getBBox(self) -> Box2I:
        """Return the pixels that there are, in parent coordinates."""
        return self._image.bbox

    def getWidth(self) -> int:
        """Return the number of columns."""
        return self._image.width

    def getHeight(self) -> int:
        """Return the number of rows."""
        return self._image.height

    def getDimensions(self) -> Extent2I:
        """Return width and height."""
        return self._image.getDimensions()

    def subset(self, bbox: Box2I) -> MaskedImage:
        """Return the part in a box; the pixels are shared.

        Parameters
        ----------
        bbox : `Box2I`
            Which pixels, in the image's parent coordinates.

        Raises
        ------
        BoxError
            The box reaches out of the image.
        """
        slices = self._image.local_slices(bbox)
        shift = bbox.min - self._image.xy0
        part = MaskedImage(
            self._image._local_subset(slices, bbox.min),
            self._mask._local_subset(slices, self._mask.xy0 + shift),
            self._variance._local_subset(slices, self._variance.xy0 + shift),
        )
        part.carried = self.carried
        return part

    def clone(self) -> MaskedImage:
        """Return a copy with pixels of its own."""
        twin = MaskedImage(self._image.clone(), self._mask.clone(), self._variance.clone())
        twin.carried = self.carried
        return twin

    def __getitem__(self, bbox: Box2I) -> MaskedImage:
        return self.subset(bbox)

    def __repr__(self) -> str:
        return f"MaskedImage({self._image.dtype.name}, bbox={self.bbox})"
