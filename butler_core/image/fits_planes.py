"""Planes of pixels in FITS files: one HDU read, one HDU written."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from ..errors import BoxError, DatasetReadError
from .box import Box2I
from .carried import RawHdu
from .fits_cards import (
    BLOCK,
    header_bytes,
    place_of,
    primary_header,
    remove,
    set_card,
    set_place,
    set_planes,
    set_wcs,
    with_structure,
)
from .fits_file import FitsFile
from .geometry import Extent2I, Point2I
from .image import ImageBase
from .mask import Mask
from .tile_compression import Recipe, compressed_hdu, quantized_hdu
from .wcs import SkyWcs

__all__ = [
    "Window",
    "check_type",
    "empty_primary",
    "first_plane",
    "plane_hdu",
    "plane_header",
    "plane_indices",
    "primary_image",
    "write_hdus",
]

_CHECKSUMS = ("CHECKSUM", "DATASUM")
PLANE_TYPES = ("IMAGE", "MASK", "VARIANCE")


class Window:
    """The part of an image HDU that is to be read.

    Parameters
    ----------
    file : `FitsFile`
        The file.
    index : `int`
        The HDU.
    bbox : `Box2I`, optional
        The part, in parent coordinates; all of it if it is not given.
    local : `bool`
        The box counts from the corner of the HDU instead.

    Raises
    ------
    BoxError
        The box reaches out of the image, or is no box.
    """

    def __init__(
        self, file: FitsFile, index: int, bbox: Box2I | None = None, *, local: bool = False
    ) -> None:
        height, width = file.shape(index)
        place = place_of(file.header(index))
        if bbox is not None and not isinstance(bbox, Box2I):
            raise BoxError(f"bbox is a Box2I, not {bbox!r}")
        self.whole = Box2I(place, Extent2I(width, height))
        if bbox is not None and local:
            bbox = bbox.shiftedBy(Extent2I(place.x, place.y))
        if bbox is not None and (bbox.isEmpty() or not self.whole.contains(bbox)):
            raise BoxError(f"the box {bbox} does not lie in {file.path}, which is {self.whole}")
        self.box = self.whole if bbox is None else bbox
        self.offset = self.box.min - place
        self.rows, self.columns = self.box.shiftedBy(Extent2I(-place.x, -place.y)).getSlices()

    def read(self, file: FitsFile, index: int) -> tuple[npt.NDArray[Any], fits.Header, Point2I]:
        """Read the part of an HDU of the same size.

        Returns
        -------
        pixels : `numpy.ndarray`, shape (height, width)
            In the byte order of the machine.
        header : `astropy.io.fits.Header`
            The cards of the HDU.
        xy0 : `Point2I`
            Where the part lies by the HDU's own account.
        """
        shape = file.shape(index)
        if shape != (self.whole.height, self.whole.width):
            raise DatasetReadError(
                f"{file.path}: HDU {index} has {shape[1]} x {shape[0]} pixels (width x height), "
                f"the image has {self.whole.width} x {self.whole.height}"
            )
        header = file.header(index)
        pixels = file.pixels(index, self.rows, self.columns)
        return pixels, header, place_of(header) + self.offset


def first_plane(file: FitsFile) -> int:
    """Return the HDU of the image: the first extension, or in old files the primary."""
    return 0 if file.is_image(0) else 1


def plane_indices(file: FitsFile) -> tuple[int, int, int]:
    """Return the HDUs of image, mask and variance.

    Raises
    ------
    DatasetReadError
        They are not there, or are of another type.
    """
    first = first_plane(file)
    indices = (first, first + 1, first + 2)
    for index, name in zip(indices, PLANE_TYPES, strict=True):
        if not file.has(index) or not file.is_image(index):
            raise DatasetReadError(
                f"{file.path} is no masked image: HDU {index}, which should be the {name}, "
                + ("holds no image" if file.has(index) else "is missing")
            )
    for index, name in zip(indices, PLANE_TYPES, strict=True):
        check_type(file, index, name)
    return indices


def check_type(file: FitsFile, index: int, expected: str) -> None:
    """Look whether an HDU is what it should be; warn if it does not say.

    Raises
    ------
    DatasetReadError
        Its EXTTYPE says something else.
    """
    stated = file.header(index).get("EXTTYPE")
    if stated is None:
        warnings.warn(
            f"{file.path}: HDU {index} has no EXTTYPE; it is taken for the {expected}",
            UserWarning,
            stacklevel=4,
        )
    elif str(stated).strip().upper() != expected:
        raise DatasetReadError(
            f"{file.path}: HDU {index} should be the {expected}, its EXTTYPE is {stated!r}"
        )


def plane_header(
    plane: ImageBase,
    kind: str | None = None,
    *,
    unit: str | None = None,
    wcs: SkyWcs | None = None,
    replace_wcs: bool = False,
) -> fits.Header:
    """Return the cards of a plane, those it was read with among them.

    Parameters
    ----------
    plane : `ImageBase`
        The plane.
    kind : `str`, optional
        Its EXTTYPE in a file of several planes.
    unit : `str`, optional
        Its BUNIT.
    wcs : `SkyWcs`, optional
        The WCS to state.
    replace_wcs : `bool`
        State ``wcs``.  Otherwise the WCS of the cards stays, and only follows
        the place of the plane.
    """
    header = fits.Header() if plane.header is None else plane.header.copy()
    remove(header, _CHECKSUMS)
    moved = place_of(header) - plane.xy0
    if replace_wcs:
        set_wcs(header, wcs, plane.xy0)
    else:
        for keyword, shift in (("CRPIX1", moved.x), ("CRPIX2", moved.y)):
            if shift and keyword in header:
                header[keyword] += shift
    if kind is not None:
        set_card(header, "INHERIT", True)
        set_card(header, "EXTTYPE", kind)
        if plane.header is None:
            set_card(header, "EXTNAME", kind)
    if unit is not None:
        set_card(header, "BUNIT", unit)
    if isinstance(plane, Mask):
        set_planes(header, plane)
    set_place(header, plane.xy0)
    return header


def plane_hdu(
    header: fits.Header,
    pixels: npt.NDArray[Any],
    recipe: Recipe,
    good: npt.NDArray[np.bool_] | None = None,
) -> RawHdu:
    """Return the HDU of a plane.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        Its cards.
    pixels : `numpy.ndarray`, shape (height, width)
        Its pixels.
    recipe : `Recipe`
        Whether and how to compress it.
    good : `numpy.ndarray` of `bool`, optional
        The pixels that tell the noise; without them nothing is lost.
    """
    framed = with_structure(header, pixels)
    if recipe.quantize_level and good is not None and pixels.dtype.kind == "f":
        return quantized_hdu(framed, pixels, recipe.quantize_level, good)
    if recipe.compress:
        return compressed_hdu(framed, _as_written(pixels))
    return RawHdu(header_bytes(framed), _content(pixels))


def primary_image(header: fits.Header, pixels: npt.NDArray[Any]) -> RawHdu:
    """Return a primary HDU with pixels."""
    framed = with_structure(header, pixels, primary=True)
    return RawHdu(header_bytes(framed), _content(pixels))


def empty_primary(header: fits.Header | None) -> RawHdu:
    """Return a primary HDU without pixels."""
    framed = primary_header(header)
    remove(framed, _CHECKSUMS)
    return RawHdu(header_bytes(framed), b"")


def write_hdus(path: str | Path, hdus: Iterable[RawHdu]) -> None:
    """Write a file."""
    with Path(path).open("wb") as file:
        for hdu in hdus:
            file.write(hdu.header)
            file.write(hdu.data)
            file.write(bytes(-len(hdu.data) % BLOCK))


def _content(pixels: npt.NDArray[Any]) -> memoryview:
    """Return the bytes of pixels as they are written, without one more copy."""
    content: Any = _as_written(pixels).ravel().view(np.uint8)
    return memoryview(content)


def _as_written(pixels: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return pixels in big-endian order, unsigned ones less half their range."""
    if pixels.dtype.kind == "u" and pixels.dtype.itemsize > 1:
        half = pixels.dtype.type(1 << (8 * pixels.dtype.itemsize - 1))
        pixels = (pixels ^ half).view(f"i{pixels.dtype.itemsize}")
    return np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder(">"))
