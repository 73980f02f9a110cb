"""The cards of image HDUs: structure, place in the parent image, planes, WCS.

Cards that a file had are left alone, comment and all, unless they say
something else than what is to be written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from .cards import card_text, make_card
from .geometry import Point2I
from .mask import Mask
from .wcs import WCS_KEYWORD, SkyWcs

__all__ = [
    "BLOCK",
    "PLANE_KEYWORD",
    "append",
    "header_bytes",
    "place_of",
    "planes_of",
    "primary_header",
    "remove",
    "set_card",
    "set_place",
    "set_planes",
    "set_wcs",
    "split_primary",
    "with_structure",
]

BLOCK = 2880
"""The length of a block of a FITS file, in bytes."""

PLANE_KEYWORD = "MP_"
"""With what the keywords of mask planes begin."""

_STRUCTURE = re.compile(
    r"(SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|BSCALE|BZERO)$"
)
_ANYWHERE = ("BSCALE", "BZERO")
_OF_PIXELS = re.compile(r"((CTYPE|CRPIX|CRVAL|CUNIT)[12]A|LTV[12]|LTM[12]_[12]|MP_.*|BUNIT)$")
_BITPIX = {"uint8": 8, "uint16": 16, "int32": 32, "uint64": 64, "float32": -32, "float64": -64}
_UNSIGNED_ZERO = {"uint16": 1 << 15, "uint64": 1 << 63}


def header_bytes(header: fits.Header) -> bytes:
    """Return a header as the bytes of a file, in whole blocks."""
    text = "".join(card_text(card) for card in header.cards) + "END".ljust(80)
    return text.ljust(len(text) + -len(text) % BLOCK).encode("ascii")


def append(header: fits.Header, keyword: str, value: Any, comment: str = "") -> None:
    """Add a card at the end of a header; long keywords become HIERARCH cards."""
    header.append(make_card(keyword, value, comment), end=True)


def set_card(header: fits.Header, keyword: str, value: Any, comment: str = "") -> None:
    """Make a header say something, and leave alone a card that says it already."""
    if keyword not in header:
        append(header, keyword, value, comment)
        return
    try:
        said = _same(header[keyword], value)
    except fits.VerifyError:
        # A card that cannot be read makes room for one that can.
        place = header.index(keyword)
        del header[keyword]
        header.insert(place, make_card(keyword, value, comment))
        return
    if not said:
        header[keyword] = value


def remove(header: fits.Header, keywords: Iterable[str]) -> None:
    """Remove cards; they need not be there."""
    for keyword in keywords:
        header.remove(keyword, ignore_missing=True, remove_all=True)


def place_of(header: fits.Header) -> Point2I:
    """Return the ``xy0`` that an HDU states as its linear WCS "A".

    Notes
    -----
    As LSST's reader does, only a WCS "A" whose reference pixel is (1, 1) counts.
    """
    if header.get("CRPIX1A") != 1 or header.get("CRPIX2A") != 1:
        return Point2I(0, 0)
    x, y = header.get("CRVAL1A", 0), header.get("CRVAL2A", 0)
    return Point2I(int(np.floor(x + 0.5)), int(np.floor(y + 0.5)))


def set_place(header: fits.Header, xy0: Point2I) -> None:
    """State the ``xy0`` of an HDU, as linear WCS "A" and as LTV for other viewers."""
    set_card(header, "LTV1", float(-xy0.x))
    set_card(header, "LTV2", float(-xy0.y))
    for axis in "12":
        set_card(header, f"CTYPE{axis}A", "LINEAR", "Type of projection")
    set_card(header, "CRPIX1A", 1.0, "Column Pixel Coordinate of Reference")
    set_card(header, "CRPIX2A", 1.0, "Row Pixel Coordinate of Reference")
    set_card(header, "CRVAL1A", float(xy0.x), "Column pixel of Reference Pixel")
    set_card(header, "CRVAL2A", float(xy0.y), "Row pixel of Reference Pixel")
    set_card(header, "CUNIT1A", "PIXEL", "Column unit")
    set_card(header, "CUNIT2A", "PIXEL", "Row unit")


def planes_of(header: fits.Header) -> dict[str, int] | None:
    """Return the mask planes of an HDU with their bits, or nothing if it names none."""
    planes = {
        card.keyword[len(PLANE_KEYWORD) :]: int(card.value)
        for card in header.cards
        if card.keyword.startswith(PLANE_KEYWORD)
    }
    return planes or None


def set_planes(header: fits.Header, mask: Mask) -> None:
    """State the planes of a mask with their bits."""
    planes = mask.getMaskPlaneDict()
    stated = planes_of(header) or {}
    remove(header, (f"{PLANE_KEYWORD}{name}" for name in stated if name not in planes))
    for name in sorted(planes):
        set_card(header, f"{PLANE_KEYWORD}{name}", planes[name])


def set_wcs(header: fits.Header, wcs: SkyWcs | None, xy0: Point2I) -> None:
    """State the WCS of an HDU, in place of the one it has."""
    remove(header, [card.keyword for card in header.cards if WCS_KEYWORD.match(card.keyword)])
    if wcs is not None:
        cards = list(wcs.to_header(xy0).cards)
        for position, card in enumerate(cards):
            header.insert(position + _structural_length(header), card)


def with_structure(
    header: fits.Header | None, pixels: npt.NDArray[Any], *, primary: bool = False
) -> fits.Header:
    """Return the header of an image HDU, with the cards that describe its pixels first.

    Parameters
    ----------
    header : `astropy.io.fits.Header`, optional
        The other cards; what it says of the structure stays where it is right.
    pixels : `numpy.ndarray`, shape (height, width)
        The pixels.
    primary : `bool`
        It is the primary HDU.
    """
    height, width = pixels.shape
    structure: list[tuple[str, Any, str]] = (
        [("SIMPLE", True, "file does conform to FITS standard")]
        if primary
        else [("XTENSION", "IMAGE", "IMAGE extension")]
    )
    structure += [
        ("BITPIX", _BITPIX[pixels.dtype.name], "number of bits per data pixel"),
        ("NAXIS", 2, "number of data axes"),
        ("NAXIS1", width, "length of data axis 1"),
        ("NAXIS2", height, "length of data axis 2"),
    ]
    if primary:
        structure.append(("EXTEND", True, "FITS dataset may contain extensions"))
    else:
        structure.append(("PCOUNT", 0, "required keyword; must = 0"))
        structure.append(("GCOUNT", 1, "required keyword; must = 1"))
    if pixels.dtype.name in _UNSIGNED_ZERO:
        structure.append(("BZERO", _UNSIGNED_ZERO[pixels.dtype.name], "offset for unsigned data"))
        structure.append(("BSCALE", 1, "default scaling factor"))
    return _framed(header, structure)


def primary_header(header: fits.Header | None) -> fits.Header:
    """Return the header of a primary HDU without pixels."""
    bits = 8 if header is None or header.get("NAXIS") != 0 else header.get("BITPIX", 8)
    return _framed(
        header,
        [
            ("SIMPLE", True, "file does conform to FITS standard"),
            ("BITPIX", bits, "number of bits per data pixel"),
            ("NAXIS", 0, "number of data axes"),
            ("EXTEND", True, "FITS dataset may contain extensions"),
        ],
    )


def split_primary(header: fits.Header) -> tuple[fits.Header, fits.Header]:
    """Part the header of a primary HDU with pixels: cards of the file, cards of the pixels."""
    of_file, of_pixels = fits.Header(), fits.Header()
    for card in header.cards:
        if _STRUCTURE.match(card.keyword):
            continue
        pixels = _OF_PIXELS.match(card.keyword) or WCS_KEYWORD.match(card.keyword)
        (of_pixels if pixels else of_file).append(card, end=True)
    return of_file.copy(), of_pixels.copy()


def _framed(header: fits.Header | None, structure: Iterable[tuple[str, Any, str]]) -> fits.Header:
    given = fits.Header() if header is None else header
    framed = fits.Header()
    in_place: set[str] = set()
    for keyword, value, comment in structure:
        if keyword not in given or not _same(given[keyword], value):
            framed.append(fits.Card(keyword, value, comment), end=True)
        elif keyword in _ANYWHERE:
            in_place.add(keyword)
        else:
            framed.append(given.cards[keyword], end=True)
    for card in given.cards:
        if card.keyword in in_place or not _STRUCTURE.match(card.keyword):
            framed.append(card, end=True)
    return framed.copy()


def _structural_length(header: fits.Header) -> int:
    return sum(1 for card in header.cards if _STRUCTURE.match(card.keyword))


def _same(stated: Any, value: Any) -> bool:
    if isinstance(stated, bool) or isinstance(value, bool):
        return stated is value
    return bool(stated == value)
