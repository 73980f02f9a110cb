"""Pixels by index, in the coordinates of afw: columns first, then rows."""

from __future__ import annotations

import operator
from enum import Enum
from typing import Any, SupportsIndex

from ..errors import BoxError
from .box import Box2I
from .geometry import Extent2I, Point2I

__all__ = ["LOCAL", "PARENT", "ImageOrigin", "box_in_parent", "pixels_of"]


class ImageOrigin(Enum):
    """From where coordinates count: the parent image, or the lower left pixel here."""

    PARENT = 0
    LOCAL = 1


PARENT = ImageOrigin.PARENT
"""Coordinates count from the corner of the parent image."""

LOCAL = ImageOrigin.LOCAL
"""Coordinates count from the lower left pixel of the image itself."""


def box_in_parent(bbox: Box2I, xy0: Point2I, origin: ImageOrigin = PARENT) -> Box2I:
    """Return a box in parent coordinates.

    Parameters
    ----------
    bbox : `Box2I`
        The box.
    xy0 : `Point2I`
        Where the lower left pixel lies in the parent image.
    origin : `ImageOrigin`
        From where the box counts.

    Raises
    ------
    TypeError
        It is no box.
    """
    if not isinstance(bbox, Box2I):
        raise TypeError(
            f"a part of an image is a Box2I, not {bbox!r}; "
            "write Box2I(Point2I(x0, y0), Extent2I(width, height))"
        )
    return bbox.shiftedBy(Extent2I(xy0.x, xy0.y)) if origin is LOCAL else bbox


def pixels_of(index: Any, bbox: Box2I, what: str) -> Point2I | Box2I:
    """Return which pixel, or which part, an index means.

    Parameters
    ----------
    index : `object`
        ``x, y``, ``x0:x1, y0:y1``, a `Point2I`, a `Box2I` or ``:``, each
        followed by `LOCAL` or `PARENT` or not.
    bbox : `Box2I`
        The pixels that there are, in parent coordinates.
    what : `str`
        The name of the class that is indexed.

    Returns
    -------
    pixels : `Point2I` or `Box2I`
        In parent coordinates.

    Raises
    ------
    BoxError
        The pixels do not lie in the image, or a number is negative and not
        `LOCAL`: whether it counts from the end would not be clear.
    TypeError
        The index is none of these.
    """
    parts = index if isinstance(index, tuple) else (index,)
    origin = PARENT
    if parts and isinstance(parts[-1], ImageOrigin):
        origin, parts = parts[-1], parts[:-1]
    found: Point2I | Box2I | None = None
    if len(parts) == 1:
        found = _of_one(parts[0], bbox, origin)
    elif len(parts) == 2:
        found = _of_two(parts[0], parts[1], bbox, origin)
    if found is None:
        raise TypeError(
            f"this {what} is not indexed by {index!r}: write [x, y] or [Point2I(x, y)] for a "
            "pixel, [x0:x1, y0:y1] or [Box2I(...)] for a part, and LOCAL behind it to count "
            "from the corner of the image; rows and columns of numbers are in .array[y, x]"
        )
    if isinstance(found, Point2I) and not bbox.contains(found):
        raise BoxError(f"pixel {found} does not lie in this {what}, which is {bbox}")
    return found


def _of_one(part: Any, bbox: Box2I, origin: ImageOrigin) -> Point2I | Box2I | None:
    if isinstance(part, Point2I):
        return part + Extent2I(bbox.minX, bbox.minY) if origin is LOCAL else part
    if isinstance(part, Box2I):
        return box_in_parent(part, bbox.min, origin)
    return bbox if isinstance(part, slice) and part == slice(None) else None


def _of_two(x: Any, y: Any, bbox: Box2I, origin: ImageOrigin) -> Point2I | Box2I | None:
    if isinstance(x, slice) and isinstance(y, slice):
        x0, x1 = _range(x, bbox.beginX, bbox.endX, origin)
        y0, y1 = _range(y, bbox.beginY, bbox.endY, origin)
        return Box2I(Point2I(x0, y0), Extent2I(x1 - x0, y1 - y0))
    if isinstance(x, SupportsIndex) and isinstance(y, SupportsIndex):
        return Point2I(
            _number(x, bbox.beginX, bbox.endX, origin), _number(y, bbox.beginY, bbox.endY, origin)
        )
    return None


def _range(part: slice, begin: int, end: int, origin: ImageOrigin) -> tuple[int, int]:
    if part.step not in (None, 1):
        raise TypeError(f"an image has no steps of {part.step}; take them from .array[y, x]")
    start = begin if part.start is None else _number(part.start, begin, end, origin)
    stop = end if part.stop is None else _number(part.stop, begin, end, origin)
    if stop <= start:
        raise BoxError(f"{part.start}:{part.stop} holds no pixel of {begin}:{end}")
    return start, stop


def _number(value: SupportsIndex, begin: int, end: int, origin: ImageOrigin) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"pixels are numbered by int, and {value!r} is none") from None
    if origin is LOCAL:
        return number + (end if number < 0 else begin)
    if number < 0:
        raise BoxError(
            f"{number} may be a coordinate of the parent or count from the end: write "
            "[..., LOCAL] to count from the end, and Point2I or Box2I for a negative coordinate"
        )
    return number
