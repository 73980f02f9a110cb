"""A plane of pixels with its place in the parent image."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from ..errors import BoxError
from .box import Box2I
from .fits_methods import FitsPixels
from .geometry import Extent2I, Point2I
from .indexing import PARENT, ImageOrigin, box_in_parent
from .placed import Placed

if TYPE_CHECKING:
    from astropy.io import fits

    from .carried import Carried

__all__ = ["Image", "ImageBase"]

_PIXEL_TYPES = ("uint8", "uint16", "int32", "uint64", "float32", "float64")


class ImageBase(FitsPixels, Placed):
    """What an image and a mask have in common.

    Parameters
    ----------
    array : `numpy.ndarray`
        The pixels, of shape (height, width).  They are shared, not copied, if
        they are in the byte order of the machine.
    xy0 : `Point2I` or a pair of `int`
        Where the lower left pixel lies in the parent image.

    Raises
    ------
    ValueError
        The array does not have two dimensions.
    """

    def __init__(self, array: npt.ArrayLike, xy0: Point2I | Sequence[int] = (0, 0)) -> None:
        pixels = np.asarray(array)
        if pixels.ndim != 2:
            raise ValueError(
                f"the pixels of a {type(self).__name__} are an array of shape (height, width), "
                f"not of shape {pixels.shape}"
            )
        if not pixels.dtype.isnative:
            pixels = pixels.astype(pixels.dtype.newbyteorder("="))
        self._array: npt.NDArray[Any] = pixels
        self._xy0 = Point2I(int(xy0[0]), int(xy0[1]))
        self.header: fits.Header | None = None
        self.carried: Carried | None = None

    @property
    def array(self) -> npt.NDArray[Any]:
        """The pixels, of shape (height, width) (`numpy.ndarray`)."""
        return self._array

    @array.setter
    def array(self, value: npt.ArrayLike) -> None:
        self._array[...] = value

    @property
    def xy0(self) -> Point2I:
        """Where the lower left pixel lies in the parent image (`Point2I`)."""
        return self._xy0

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the pixels (`numpy.dtype`)."""
        return self._array.dtype

    def getArray(self) -> npt.NDArray[Any]:
        """Return the pixels, of shape (height, width)."""
        return self._array

    def setXY0(self, *xy0: Any) -> None:
        """Say where the lower left pixel lies: a `Point2I`, or x and y."""
        x, y = xy0[0] if len(xy0) == 1 else xy0
        self._xy0 = Point2I(int(x), int(y))

    def getDimensions(self) -> Extent2I:
        """Return width and height."""
        return Extent2I(int(self._array.shape[1]), int(self._array.shape[0]))

    def subset(self, bbox: Box2I, origin: ImageOrigin = PARENT) -> Self:
        """Return the part in a box; the pixels are shared.

        Parameters
        ----------
        bbox : `Box2I`
            Which pixels.
        origin : `ImageOrigin`
            From where the box counts.

        Raises
        ------
        BoxError
            The box reaches out of the image.
        """
        bbox = box_in_parent(bbox, self._xy0, origin)
        return self._local_subset(self.local_slices(bbox), bbox.min)

    def local_slices(self, bbox: Box2I) -> tuple[slice, slice]:
        """Return the slices of rows and of columns of the array that a box means.

        Raises
        ------
        BoxError
            The box reaches out of the image.
        """
        if bbox.isEmpty() or not self.bbox.contains(bbox):
            raise BoxError(
                f"the box {bbox} does not lie in this {type(self).__name__}, which is {self.bbox}"
            )
        return bbox.shiftedBy(Extent2I(-self._xy0.x, -self._xy0.y)).getSlices()

    def _local_subset(self, slices: tuple[slice, slice], xy0: Point2I) -> Self:
        part = self._like(self._array[slices])
        part._xy0 = xy0
        return part

    def _like(self, array: npt.NDArray[Any]) -> Self:
        """Return an image of the same kind with other pixels and the same cards."""
        twin = copy(self)
        twin._array = array
        twin.header = None if self.header is None else self.header.copy()
        return twin

    def clone(self) -> Self:
        """Return a copy with pixels of its own."""
        return self._like(self._array.copy())

    def _pixel(self, point: Point2I) -> Any:
        return self._array[point.y - self._xy0.y, point.x - self._xy0.x].item()

    def _fill(self, value: Any) -> None:
        if isinstance(value, ImageBase):
            if type(value) is not type(self):
                raise TypeError(f"a {type(value).__name__} does not fit in a {type(self).__name__}")
            if value.getDimensions() != self.getDimensions():
                raise ValueError(
                    f"{value!r} does not fit in the part {self.bbox}, which is of another size"
                )
            value = value.array
        self._array[...] = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._array.dtype.name}, bbox={self.bbox})"


class Image(ImageBase):
    """An image.

    Parameters
    ----------
    array : `numpy.ndarray`
        The pixels, of shape (height, width), of one of the types that LSST's
        images have: uint8, uint16, int32, uint64, float32 or float64.
    xy0 : `Point2I` or a pair of `int`
        Where the lower left pixel lies in the parent image.

    Raises
    ------
    TypeError
        The pixels are of another type.
    """

    fits_kind = "image"

    def __init__(self, array: npt.ArrayLike, xy0: Point2I | Sequence[int] = (0, 0)) -> None:
        super().__init__(array, xy0)
        if self._array.dtype.name not in _PIXEL_TYPES:
            raise TypeError(
                f"an Image has pixels of type {', '.join(_PIXEL_TYPES)}, not "
                f"{self._array.dtype.name}; convert the array with astype('float32')"
            )
