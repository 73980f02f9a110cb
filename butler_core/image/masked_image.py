"""An image with its mask and variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .box import Box2I
from .fits_methods import FitsPixels
from .geometry import Extent2I, Point2I
from .image import Image
from .indexing import PARENT, ImageOrigin, box_in_parent
from .mask import Mask
from .placed import Placed

if TYPE_CHECKING:
    from .carried import Carried

__all__ = ["MaskedImage"]


class MaskedImage(FitsPixels, Placed):
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

    fits_kind = "masked_image"

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
    def xy0(self) -> Point2I:
        """Where the lower left pixel lies in the parent image (`Point2I`)."""
        return self._image.xy0

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

    def setXY0(self, *xy0: Any) -> None:
        """Say where the lower left pixel lies, for all three planes."""
        for plane in (self._image, self._mask, self._variance):
            plane.setXY0(*xy0)

    def getDimensions(self) -> Extent2I:
        """Return width and height."""
        return self._image.getDimensions()

    def subset(self, bbox: Box2I, origin: ImageOrigin = PARENT) -> MaskedImage:
        """Return the part in a box; the pixels are shared.

        Parameters
        ----------
        bbox : `Box2I`
            Which pixels.
        origin : `ImageOrigin`
            From where the box counts; the parent is that of the image.

        Raises
        ------
        BoxError
            The box reaches out of the image.
        """
        bbox = box_in_parent(bbox, self.xy0, origin)
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

    def _pixel(self, point: Point2I) -> tuple[Any, Any, Any]:
        """Return image, mask and variance at a pixel."""
        x, y = point - self.xy0
        image, mask, variance = (array[y, x].item() for array in self.getArrays())
        return image, mask, variance

    def _fill(self, value: Any) -> None:
        if isinstance(value, tuple) and len(value) == 3:
            planes = value
        elif all(hasattr(value, name) for name in ("image", "mask", "variance")):
            planes = (value.image, value.mask, value.variance)
        else:
            raise TypeError(
                f"{value!r} has no mask and variance: write (image, mask, variance), "
                "or set .image[...] alone"
            )
        for plane, each in zip((self._image, self._mask, self._variance), planes, strict=True):
            plane._fill(each)

    def __repr__(self) -> str:
        return f"MaskedImage({self._image.dtype.name}, bbox={self.bbox})"
