"""What can be displayed: exposures, masked images, images, masks and plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import DisplayTypeError, DisplayValueError

__all__ = ["Displayable", "displayable"]


@dataclass(frozen=True, slots=True, eq=False)
class Displayable:
    """The arrays of something that can be displayed."""

    image: npt.NDArray[Any]
    """The pixels, of shape (height, width), copied, in native byte order."""

    xy0: tuple[int, int]
    """Parent x and y of the first pixel."""

    mask: npt.NDArray[Any] | None = None
    """The mask of the same shape, copied, in native byte order."""

    planes: Mapping[str, int] | None = None
    """The bit number of each plane of the mask."""


def displayable(data: Any, wcs: Any = None) -> Displayable:
    """Take the arrays out of what a user wants to see.

    Parameters
    ----------
    data
        An exposure (which has a ``maskedImage``), a masked image (``image`` and
        ``mask``), a decorated image (``image`` alone), an image (``array``), a
        mask (``array`` and ``getMaskPlaneDict``), or a two-dimensional array,
        whose first pixel is (0, 0). A mask is shown as an image of its bits
        under its own planes. What numpy masks in an array is shown as NaN. Of
        these, afwDisplay refuses plain arrays.
    wcs : optional
        Refused together with an exposure, which has its own.

    Returns
    -------
    displayable : `Displayable`
        Copies of the arrays: changing the data does not change the picture.

    Raises
    ------
    DisplayTypeError
        Raised if the data are none of these.
    DisplayValueError
        Raised if there are no pixels, or the mask has another shape.
    """
    masked = _part(data, "maskedImage")
    if masked is not None:
        if wcs is not None:
            raise DisplayValueError(
                "You may not specify a wcs with an Exposure, which has its own. "
                "Write mtv(exposure), or mtv(exposure.maskedImage, wcs=wcs)."
            )
        return displayable(masked)
    if isinstance(data, np.ndarray):
        return Displayable(_pixels(data, data), (0, 0))
    image = _part(data, "image")
    if image is not None:
        mask = _part(data, "mask")
        if mask is None:
            return displayable(image)
        pixels = _pixels(_array(image), data)
        bits = _bits(_array(mask), data)
        if bits.shape != pixels.shape:
            raise DisplayValueError(
                f"The image has {pixels.shape} pixels and its mask {bits.shape}."
            )
        return Displayable(pixels, _xy0(image), bits, _planes(mask))
    array = _array(data)
    if array is None:
        raise DisplayTypeError(
            f"Unsupported type {type(data).__name__}: an Exposure, a MaskedImage, an Image, "
            "a Mask or a two-dimensional array can be displayed."
        )
    if hasattr(data, "getMaskPlaneDict"):
        bits = _bits(array, data)
        return Displayable(bits, _xy0(data), bits, _planes(data))
    return Displayable(_pixels(array, data), _xy0(data))


def _part(data: Any, name: str) -> Any:
    part = getattr(data, name, None)
    if part is None:
        getter = getattr(data, "get" + name[0].upper() + name[1:], None)
        part = getter() if getter is not None else None
    return part


def _array(data: Any) -> Any:
    array = _part(data, "array")
    return array if isinstance(array, np.ndarray) else None


def _pixels(array: Any, data: Any) -> npt.NDArray[Any]:
    if array is None or array.dtype.kind not in "biuf":
        raise DisplayTypeError(
            f"The pixels of {type(data).__name__} are "
            f"{'no array' if array is None else array.dtype}; real numbers can be displayed."
        )
    if array.ndim != 2:
        raise DisplayTypeError(
            f"{type(data).__name__} has the shape {array.shape}; an image has two axes."
        )
    if array.size == 0:
        raise DisplayValueError(f"{type(data).__name__} of shape {array.shape} has no pixels.")
    if np.ma.is_masked(array):
        # What numpy masks has no value to show; NaN says so to limits, stretch and picture.
        wide = array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
        array = np.ma.filled(array.astype(wide), np.nan)
    copied: npt.NDArray[Any] = np.array(
        np.asarray(array), dtype=array.dtype.newbyteorder("="), order="C", copy=True
    )
    return copied


def _bits(array: Any, data: Any) -> npt.NDArray[Any]:
    pixels = _pixels(array, data)
    if pixels.dtype.kind not in "iu":
        raise DisplayTypeError(
            f"The mask of {type(data).__name__} is {pixels.dtype}; a mask has integers."
        )
    return pixels


def _planes(mask: Any) -> dict[str, int]:
    return {str(name): int(bit) for name, bit in mask.getMaskPlaneDict().items()}


def _xy0(image: Any) -> tuple[int, int]:
    """Return the parent coordinates of the first pixel; a bare array has none."""
    corner = image.getXY0() if hasattr(image, "getXY0") else getattr(image, "xy0", (0, 0))
    x, y = corner
    return int(x), int(y)
