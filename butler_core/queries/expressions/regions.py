"""Regions of the sky: those that an expression spells out, and those that are bound to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...dimensions.record import decode_region, encode_region

__all__ = ["FORMS", "encoded", "made", "pixel_ranges", "read_pos"]

FORMS = {
    "POINT": "POINT(ra, dec)",
    "CIRCLE": "CIRCLE(ra, dec, radius)",
    "BOX": "BOX(ra, dec, width, height)",
    "POLYGON": "POLYGON(ra1, dec1, ra2, dec2, ra3, dec3, …)",
    "REGION": "REGION('CIRCLE ra dec radius')",
}
"""How regions are written; all numbers are degrees."""

_COUNTS = {"POINT": 2, "CIRCLE": 3, "BOX": 4}
_MOST_RANGES = 128  # of pixels; fewer are wider, which costs no more than some rows to look at


def made(function: str, numbers: Sequence[float]) -> Any:
    """Return the `lsst.sphgeom.Region` of a function and its arguments.

    Parameters
    ----------
    function : `str`
        ``POINT``, ``CIRCLE``, ``BOX`` or ``POLYGON``.
    numbers : `~collections.abc.Sequence` [ `float` ]
        Right ascensions and declinations (ICRS), radius, width and height, in
        degrees. A box spans its width in right ascension, not on the sky.

    Raises
    ------
    ValueError
        If they make no region.
    """
    count = _COUNTS.get(function)
    if count is not None and len(numbers) != count:
        raise ValueError(f"it takes {count} numbers, not {len(numbers)}")
    if function == "POLYGON" and (len(numbers) < 6 or len(numbers) % 2):
        raise ValueError(f"it takes two numbers for each of three corners or more: {len(numbers)}")
    from lsst.sphgeom import Angle, Box, Circle, ConvexPolygon, LonLat, UnitVector3d

    pairs = list(zip(numbers[::2], numbers[1::2], strict=False))
    corners = pairs if function == "POLYGON" else pairs[:1]
    for ra, dec in corners:
        if not -90 <= dec <= 90:
            raise ValueError(f"{dec:g} is no declination")
        if not -1e6 <= ra <= 1e6:
            raise ValueError(f"{ra:g} is no right ascension")
    sizes = () if function == "POLYGON" else numbers[2:]
    if not all(0 <= size <= 360 for size in sizes):
        raise ValueError("a size is a number of degrees from 0 to 360")
    places = [LonLat.fromDegrees(*pair) for pair in corners]
    if function == "POLYGON":
        return ConvexPolygon([UnitVector3d(place) for place in places])
    if function == "BOX":
        return Box(places[0], *(Angle.fromDegrees(size / 2) for size in sizes))
    radius = Angle.fromDegrees(sizes[0] if sizes else 0.0)
    return Circle(UnitVector3d(places[0]), radius)


def read_pos(text: str) -> Any:
    """Return the region that an IVOA POS string names, as SIAv2 defines these.

    Raises
    ------
    ValueError
        If it names none.
    """
    from lsst.sphgeom import Region

    try:
        return Region.from_ivoa_pos(text)
    except Exception as error:
        raise ValueError(str(error)) from None


def encoded(value: Any) -> str | None:
    """Return a bound region or position as columns hold regions, `None` if it is neither.

    Parameters
    ----------
    value : `object`
        A region, `~lsst.sphgeom.LonLat` or `~lsst.sphgeom.UnitVector3d` of
        ``lsst.sphgeom``, or one `astropy.coordinates.SkyCoord`.
    """
    module = type(value).__module__
    if module.startswith("astropy.coordinates"):
        from astropy.coordinates import SkyCoord

        if not isinstance(value, SkyCoord) or not value.isscalar:
            return None
        place = value.icrs
        return encode_region(made("POINT", (float(place.ra.deg), float(place.dec.deg))))
    if not module.startswith("lsst.sphgeom"):
        return None
    from lsst.sphgeom import Circle, LonLat, Region, UnitVector3d

    if isinstance(value, LonLat):
        value = UnitVector3d(value)
    if isinstance(value, UnitVector3d):
        value = Circle(value)
    return encode_region(value) if isinstance(value, Region) else None


def pixel_ranges(text: str, pixels: Any) -> list[list[int]]:
    """Return the pixels that a region covers: pairs of a first one and the one after the last.

    Parameters
    ----------
    text : `str`
        The region, as columns hold it.
    pixels : `lsst.sphgeom.Pixelization`
        What the sky is divided into.
    """
    found = pixels.envelope(decode_region(text), _MOST_RANGES).ranges()
    return [[int(begin), int(end)] for begin, end in found]
