"""The names of afw for images of one pixel type: ImageF, MaskedImageD, ExposureF, MaskX.

Notes
-----
They are no classes of their own.  Called, they make an `Image`, `Mask`,
`MaskedImage` or `Exposure` with pixels of the type, and `isinstance` looks at
the type of the pixels.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..errors import DatasetReadError
from .box import Box2I
from .exposure import Exposure
from .geometry import Extent2I, Point2I
from .image import Image
from .indexing import PARENT, ImageOrigin
from .mask import Mask
from .masked_image import MaskedImage

__all__ = [
    "ExposureD",
    "ExposureF",
    "ExposureI",
    "ExposureU",
    "ImageD",
    "ImageF",
    "ImageI",
    "ImageU",
    "MaskX",
    "MaskedImageD",
    "MaskedImageF",
    "MaskedImageI",
    "MaskedImageU",
    "PixelType",
]

_Kind = type[Image] | type[Mask] | type[MaskedImage] | type[Exposure]


class PixelType:
    """Images of one kind and one type of pixels.

    Parameters
    ----------
    name : `str`
        The name in afw.
    kind : `type`
        `Image`, `Mask`, `MaskedImage` or `Exposure`.
    dtype : `str`
        The type of the pixels, as numpy names it.
    """

    def __init__(self, name: str, kind: _Kind, dtype: str) -> None:
        self.__name__ = name
        self._kind = kind
        self._dtype = np.dtype(dtype)

    def __call__(self, *source: Any, origin: ImageOrigin = PARENT, **components: Any) -> Any:
        """Make an image of this type.

        Parameters
        ----------
        *source
            Width and height, an `Extent2I` or a `Box2I` for pixels of value 0;
            an array of shape (height, width); an image of the same kind, and
            then a `Box2I` for a part of it, whose pixels are shared if they
            are of this type already; or the path of a file, and then a `Box2I`.
            An exposure is made of a `MaskedImage` too.
        origin : `ImageOrigin`
            From where that box counts.
        **components
            Those of an `Exposure`, such as ``wcs``, or ``xy0`` for an array.

        Raises
        ------
        TypeError
            It is none of these.
        BoxError
            The box reaches out of the image.
        """
        if source and isinstance(source[0], str | Path):
            bbox = source[1] if len(source) > 1 else None
            return self.readFits(source[0], bbox, origin)
        if source and isinstance(source[0], self._kind):
            whole = source[0] if len(source) == 1 else source[0].subset(source[1], origin)
            return self._of_type(whole)
        if len(source) == 1 and isinstance(source[0], MaskedImage) and self._kind is Exposure:
            return Exposure(_converted(source[0], self._dtype), **components)
        if len(source) == 1 and isinstance(source[0], np.ndarray):
            plane = source[0].astype(self._dtype, copy=False)
            return self._made(plane, components.pop("xy0", (0, 0)), components)
        box = _box_of(source)
        if box is None:
            raise TypeError(
                f"{self.__name__} is made of width and height, an Extent2I, a Box2I, an array, "
                f"a {self._kind.__name__} or the path of a file, not of {source!r}"
            )
        shape = (max(box.height, 0), max(box.width, 0))
        return self._made(np.zeros(shape, self._dtype), box.min, components)

    def readFits(
        self, fileName: str | Path, bbox: Box2I | None = None, origin: ImageOrigin = PARENT
    ) -> Any:
        """Read a file; pixels of another type are an error, as in afw.

        Raises
        ------
        DatasetReadError
            The file holds something else, or pixels of another type.
        """
        made = self._kind.readFits(fileName, bbox, origin)
        if made not in self:
            raise DatasetReadError(
                f"{fileName} holds pixels of type {_dtype_of(made)}, and {self.__name__} "
                f"has {self._dtype}; read it with {self._kind.__name__}.readFits"
            )
        return made

    def __contains__(self, obj: object) -> bool:
        return isinstance(obj, self._kind) and _dtype_of(obj) == self._dtype

    def __instancecheck__(self, obj: object) -> bool:
        return obj in self

    def _of_type(self, whole: Any) -> Any:
        if whole in self:
            return whole
        if isinstance(whole, Exposure):
            info = whole.getInfo().copy()
            return Exposure(_converted(whole.maskedImage, self._dtype), info=info)
        if isinstance(whole, MaskedImage):
            return _converted(whole, self._dtype)
        return Image(whole.array.astype(self._dtype), whole.xy0)

    def _made(self, plane: Any, xy0: Any, components: dict[str, Any]) -> Any:
        if self._kind is Mask:
            return Mask(plane, xy0=xy0, **components)
        image = Image(plane, xy0)
        if self._kind is Image:
            return image
        masked_image = MaskedImage(image)
        return masked_image if self._kind is MaskedImage else Exposure(masked_image, **components)

    def __repr__(self) -> str:
        return f"{self.__name__}: {self._kind.__name__} with pixels of type {self._dtype}"


def _box_of(source: tuple[Any, ...]) -> Box2I | None:
    match source:
        case (Box2I() as box,):
            return box
        case (Extent2I() as size,):
            return Box2I(Point2I(0, 0), size)
        case (int() | np.integer(), int() | np.integer()):
            return Box2I(Point2I(0, 0), Extent2I(int(source[0]), int(source[1])))
    return None


def _converted(pixels: MaskedImage, dtype: np.dtype[Any]) -> MaskedImage:
    if pixels.image.dtype == dtype:
        return pixels
    image = Image(pixels.image.array.astype(dtype), pixels.image.xy0)
    return MaskedImage(image, pixels.mask, pixels.variance)


def _dtype_of(obj: Any) -> np.dtype[Any]:
    image = obj.image if isinstance(obj, MaskedImage | Exposure) else obj
    found: np.dtype[Any] = image.array.dtype
    return found


# Type checkers know of isinstance with classes alone, hence Any.
ImageF: Any = PixelType("ImageF", Image, "float32")
ImageD: Any = PixelType("ImageD", Image, "float64")
ImageI: Any = PixelType("ImageI", Image, "int32")
ImageU: Any = PixelType("ImageU", Image, "uint16")
MaskX: Any = PixelType("MaskX", Mask, "int32")
MaskedImageF: Any = PixelType("MaskedImageF", MaskedImage, "float32")
MaskedImageD: Any = PixelType("MaskedImageD", MaskedImage, "float64")
MaskedImageI: Any = PixelType("MaskedImageI", MaskedImage, "int32")
MaskedImageU: Any = PixelType("MaskedImageU", MaskedImage, "uint16")
ExposureF: Any = PixelType("ExposureF", Exposure, "float32")
ExposureD: Any = PixelType("ExposureD", Exposure, "float64")
ExposureI: Any = PixelType("ExposureI", Exposure, "int32")
ExposureU: Any = PixelType("ExposureU", Exposure, "uint16")
