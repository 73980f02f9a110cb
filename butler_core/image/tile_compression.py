"""Tile compression of images, one tile for each row, as LSST's recipes ask for it.

Notes
-----
The lossless recipe is encoded here and not by astropy: astropy stamps the time
into each tile, so that the same image never gives the same file twice.  A tile
of GZIP_2 is the row in big-endian order, its bytes sorted by significance,
compressed by gzip (FITS Standard 4.0, section 10.4.2).

The lossy recipe is astropy's quantization and RICE_1.  The step is the noise of
the whole image divided by the level; the noise is 0.741 times the distance of
the quartiles of the pixels that are not masked.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from ..errors import nearest
from .carried import RawHdu
from .fits_cards import header_bytes

__all__ = ["RECIPES", "Recipe", "compressed_hdu", "find_recipe", "quantized_hdu"]

_LEVEL = 4
_MEMORY = 9
_SIGMA_OF_QUARTILES = 0.741
_DITHER_SEED = 1
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_Z_KEYWORDS = {
    "XTENSION": "ZTENSION",
    "BITPIX": "ZBITPIX",
    "NAXIS": "ZNAXIS",
    "NAXIS1": "ZNAXIS1",
    "NAXIS2": "ZNAXIS2",
    "PCOUNT": "ZPCOUNT",
    "GCOUNT": "ZGCOUNT",
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the planes of an image are written.

    Parameters
    ----------
    compress : `bool`
        Compress all planes without loss.
    quantize_level : `float`
        Steps in one standard deviation of the noise, for image and variance;
        0 for no loss.
    ignored_planes : `tuple` [ `str` ]
        Mask planes whose pixels do not count for the noise.
    """

    compress: bool
    quantize_level: float = 0.0
    ignored_planes: tuple[str, ...] = ()


RECIPES = {
    "noCompression": Recipe(compress=False),
    "lossless": Recipe(compress=True),
    "default": Recipe(compress=True),
    "lossy16": Recipe(compress=True, quantize_level=16.0, ignored_planes=("NO_DATA", "INTRP")),
}
"""The write recipes of LSST's Butler for images, by name."""


def find_recipe(name: str) -> Recipe:
    """Return a recipe by its name.

    Raises
    ------
    ValueError
        There is no such recipe.
    """
    try:
        return RECIPES[name]
    except KeyError:
        raise ValueError(
            f"there is no write recipe {name!r}{nearest(name, RECIPES)}; "
            f"there are {', '.join(RECIPES)}"
        ) from None


def compressed_hdu(header: fits.Header, pixels: npt.NDArray[Any]) -> RawHdu:
    """Compress an image without loss.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        The header of the image, as if it were not compressed.
    pixels : `numpy.ndarray`, shape (height, width)
        The pixels as they would be written, in big-endian order.
    """
    height, width = pixels.shape
    size = pixels.dtype.itemsize
    sorted_bytes = pixels.reshape(height, width, 1).view(np.uint8).transpose(0, 2, 1)
    tiles = [_gzip(row.tobytes()) for row in np.ascontiguousarray(sorted_bytes)]
    lengths = np.array([len(tile) for tile in tiles], dtype=np.int64)
    heap = b"".join(tiles)
    wide = len(heap) >= 2**31 or width * size >= 2**31
    descriptors = np.zeros((height, 2), dtype=">i8" if wide else ">i4")
    descriptors[:, 0] = lengths
    descriptors[1:, 1] = np.cumsum(lengths)[:-1]
    columns = [("COMPRESSED_DATA", f"1{'Q' if wide else 'P'}B({max(lengths, default=0)})")]
    table = _table_header(header, descriptors.itemsize * 2, height, len(heap), columns)
    _append_cards(
        table,
        [
            ("ZTILE1", width, "size of tiles to be compressed"),
            ("ZTILE2", 1, "size of tiles to be compressed"),
            ("ZCMPTYPE", "GZIP_2", "compression algorithm"),
        ],
    )
    return _finished(table, header, descriptors.tobytes() + heap)


def quantized_hdu(
    header: fits.Header,
    pixels: npt.NDArray[Any],
    level: float,
    good: npt.NDArray[np.bool_],
) -> RawHdu:
    """Compress an image of floats with the loss that a level allows.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        The header of the image, as if it were not compressed.
    pixels : `numpy.ndarray`, shape (height, width)
        The pixels.
    level : `float`
        Steps in one standard deviation of the noise.
    good : `numpy.ndarray` of `bool`, shape (height, width)
        The pixels that tell the noise.

    Notes
    -----
    An image without noise, such as a constant one, is compressed without loss.
    """
    sample = pixels[good & np.isfinite(pixels)]
    low, high = np.quantile(sample, [0.25, 0.75]) if sample.size else (0.0, 0.0)
    step = _SIGMA_OF_QUARTILES * float(high - low) / level
    if not step > 0:
        return compressed_hdu(header, pixels.astype(pixels.dtype.newbyteorder(">")))
    hdu = fits.CompImageHDU(
        pixels,
        compression_type="RICE_1",
        quantize_level=-step,
        quantize_method=fits.hdu.compressed.SUBTRACTIVE_DITHER_2,
        dither_seed=_DITHER_SEED,
    )
    buffer = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(buffer)
    with fits.open(io.BytesIO(buffer.getvalue()), disable_image_compression=True) as written:
        made = written[1].header
        where = written[1].fileinfo()
        body = bytearray(buffer.getvalue()[where["datLoc"] :][: where["datSpan"]])
    used = made["NAXIS1"] * made["NAXIS2"] + made["PCOUNT"]
    _unstamp(body, made)
    columns = [(made[f"TTYPE{n}"], made[f"TFORM{n}"]) for n in range(1, made["TFIELDS"] + 1)]
    table = _table_header(header, made["NAXIS1"], made["NAXIS2"], made["PCOUNT"], columns)
    kept = ("ZTILE", "ZCMPTYPE", "ZNAME", "ZVAL", "ZQUANTIZ", "ZDITHER0", "ZBLANK")
    for card in made.cards:
        if card.keyword.startswith(kept):
            table.append(card, end=True)
    return _finished(table, header, bytes(body[:used]))


def _gzip(content: bytes) -> bytes:
    """Return a gzip member without a time, the same on every system."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS, _MEMORY)
    body = deflate.compress(content) + deflate.flush()
    ending = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return _GZIP_HEADER + body + ending


def _unstamp(body: bytearray, header: fits.Header) -> None:
    """Take the time out of tiles that could not be quantized and were compressed by gzip."""
    width, rows = header["NAXIS1"], header["NAXIS2"]
    if header.get("TTYPE2") != "GZIP_COMPRESSED_DATA":
        return
    kind = ">i8" if "Q" in header["TFORM2"] else ">i4"
    cell = 2 * np.dtype(kind).itemsize
    table = np.frombuffer(bytes(body[: width * rows]), np.uint8).reshape(rows, width)
    first = 2 * np.dtype(">i8" if "Q" in header["TFORM1"] else ">i4").itemsize
    descriptors = np.ascontiguousarray(table[:, first : first + cell]).view(kind)
    for length, offset in descriptors:
        if length:
            begin = width * rows + int(offset)
            body[begin : begin + len(_GZIP_HEADER)] = _GZIP_HEADER


def _table_header(
    header: fits.Header, width: int, rows: int, heap: int, columns: Iterable[tuple[str, str]]
) -> fits.Header:
    named = list(columns)
    table = fits.Header()
    _append_cards(
        table,
        [
            ("XTENSION", "BINTABLE", "binary table extension"),
            ("BITPIX", 8, "8-bit bytes"),
            ("NAXIS", 2, "2-dimensional binary table"),
            ("NAXIS1", width, "width of table in bytes"),
            ("NAXIS2", rows, "number of rows in table"),
            ("PCOUNT", heap, "size of special data area"),
            ("GCOUNT", 1, "one data group (required keyword)"),
            ("TFIELDS", len(named), "number of fields in each row"),
        ],
    )
    for number, (name, form) in enumerate(named, start=1):
        table.append(fits.Card(f"TTYPE{number}", name, f"label for field {number}"), end=True)
        table.append(fits.Card(f"TFORM{number}", form, "data format of field"), end=True)
    table.append(fits.Card("ZIMAGE", True, "extension contains compressed image"), end=True)
    for keyword, compressed in _Z_KEYWORDS.items():
        card = header.cards[keyword]
        table.append(fits.Card(compressed, card.value, card.comment), end=True)
    return table


def _finished(table: fits.Header, header: fits.Header, body: bytes) -> RawHdu:
    for card in header.cards:
        if card.keyword not in _Z_KEYWORDS:
            table.append(card, end=True)
    return RawHdu(header_bytes(table), body)


def _append_cards(header: fits.Header, cards: Iterable[tuple[str, Any, str]]) -> None:
    for card in cards:
        header.append(fits.Card(*card), end=True)
