"""Judges of the steps that get a calexp: 10 and 20."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks
from conformance.oracles.files import ExposureFile, read_exposure

PIXEL_TYPES = {"image": "float32", "mask": "int32", "variance": "float32"}
CARDS = (  # afw keeps these in the metadata; others it makes components of, and takes away
    "TELESCOP",
    "PROP-ID",
    "EXP-ID",
    "FRAMEID",
    "DET-ID",
    "DATE-OBS",
    "SIMULATE",
    "GAIN",
    "SATURATE",
    "SKYLEVEL",
    "SKYSIGMA",
    "PSFSIGMA",
    "MAGZERO",
    "MAGZERO_NOBJ",
)
MILLIARCSECONDS = 1.0
NO_PLANE = "bits of no plane"


@dataclass(frozen=True, slots=True)
class Parts:
    """How the parts of an exposure are asked for in a dialect.

    Each is a function without arguments, but for `card`, which takes a keyword.
    """

    image: Callable[[], Any]
    mask: Callable[[], Any]
    variance: Callable[[], Any]
    planes: Callable[[], Mapping[str, int]]
    wcs: Callable[[], Any]
    card: Callable[[str], Any]


@judges(10, "w_2020_03")
def calexp_by_getters(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 25 through the getters of the time."""
    _calexp(seen, check, _getters(seen["calexp"]), 903338, 25)


@judges(20, "w_2020_03")
def second_calexp_by_getters(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 22, found through the assigned collection."""
    _calexp(seen, check, _getters(seen["calexp"]), 903334, 22)


@judges(10, "current")
def calexp_by_properties(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 25 through properties."""
    _calexp(seen, check, _properties(seen["calexp"]), 903338, 25)


@judges(20, "current")
def second_calexp_by_properties(seen: Seen, check: Checks) -> None:
    """Check the calexp of detector 22, found through the clone."""
    _calexp(seen, check, _properties(seen["calexp"]), 903334, 22)


def _getters(calexp: Any) -> Parts:
    return Parts(
        image=lambda: calexp.getMaskedImage().getImage().getArray(),
        mask=lambda: calexp.getMaskedImage().getMask().getArray(),
        variance=lambda: calexp.getMaskedImage().getVariance().getArray(),
        planes=lambda: calexp.getMaskedImage().getMask().getMaskPlaneDict(),
        wcs=lambda: calexp.getWcs(),
        card=lambda name: calexp.getMetadata().getScalar(name),
    )


def _properties(calexp: Any) -> Parts:
    return Parts(
        image=lambda: calexp.image.array,
        mask=lambda: calexp.mask.array,
        variance=lambda: calexp.variance.array,
        planes=lambda: calexp.mask.getMaskPlaneDict(),
        wcs=lambda: calexp.wcs,
        card=lambda name: calexp.metadata[name],
    )


def _calexp(seen: Seen, check: Checks, parts: Parts, visit: int, detector: int) -> None:
    """Hold an exposure against what astropy finds in its file."""
    held = read_exposure(seen.repository.file("calexp", visit, detector))
    check.equal("shape, (height, width)", lambda: parts.image().shape, seen.repository.size.shape)
    check.equal("types of the pixels", lambda: _types(parts), PIXEL_TYPES)
    check.equal(
        "pixels of the image unlike the file's", lambda: _unlike(parts.image(), held.image), "none"
    )
    check.equal(
        "pixels of the variance unlike the file's",
        lambda: _unlike(parts.variance(), held.variance),
        "none",
    )
    check.equal("the mask planes", lambda: set(parts.planes()), set(held.planes))
    check.equal(
        "pixels of each mask plane unlike the file's",
        lambda: _planes_unlike(parts.mask(), parts.planes(), held),
        {},
    )
    check.equal("getXY0(), x and y", lambda: _xy0(seen["calexp"]), list(held.xy0))
    check.equal(
        f"pixels that the WCS puts over {MILLIARCSECONDS:g} mas from where its file does, arcsec",
        lambda: _astray(parts.wcs(), held),
        {},
    )
    cards = {name: repr(held.cards[name]) for name in CARDS if name in held.cards}
    check.equal("cards of the metadata", lambda: _cards(parts.card, cards), cards)


def _types(parts: Parts) -> dict[str, str]:
    return {name: str(getattr(parts, name)().dtype) for name in PIXEL_TYPES}


def _unlike(array: Any, held: NDArray[Any]) -> str:
    """Return how many pixels differ, and the first, in words."""
    _same_shape(array, held)
    odd = np.argwhere(~((array == held) | (np.isnan(array) & np.isnan(held))))
    if not len(odd):
        return "none"
    y, x = odd[0]
    first = f"the first at x {x}, y {y}: {array[y, x]!s} instead of {held[y, x]!s}"
    return f"{len(odd)} of {held.size}, {first}"


def _same_shape(array: Any, held: NDArray[Any]) -> None:
    """Refuse arrays that numpy would stretch to the same shape."""
    if array.shape != held.shape:
        raise ValueError(f"the shape is {array.shape}, and {held.shape} in the file")


def _planes_unlike(mask: Any, planes: Mapping[str, int], held: ExposureFile) -> dict[str, int]:
    """Return how many pixels are marked on one side alone, by plane; planes without any left out.

    A Butler may give planes other bits than the file does.
    """
    _same_shape(mask, held.mask)
    common = {name: bit for name, bit in held.planes.items() if name in planes}
    if all(planes[name] == bit for name, bit in common.items()):
        pairs = {name: (1 << bit, 1 << bit) for name, bit in common.items()}
        odd = np.flatnonzero(mask != held.mask)
        seen, kept = mask.ravel()[odd], held.mask.ravel()[odd]
    else:
        pairs = {name: (1 << planes[name], 1 << bit) for name, bit in common.items()}
        seen, kept = mask, held.mask
    every = sum(1 << bit for bit in set(planes.values()))
    unlike = {
        name: np.count_nonzero(((seen & ours) != 0) != ((kept & theirs) != 0))
        for name, (ours, theirs) in sorted(pairs.items())
    }
    unlike[NO_PLANE] = np.count_nonzero(seen & ~every)
    return {name: int(count) for name, count in unlike.items() if count}


def _xy0(calexp: Any) -> list[int]:
    corner = calexp.getXY0()
    return [corner.getX(), corner.getY()]


def _astray(wcs: Any, held: ExposureFile) -> dict[str, float]:
    """Compare corners, middles of the sides and the centre; on the sphere, by haversines."""
    height, width = held.image.shape
    x, y = np.meshgrid(
        held.xy0[0] + np.array([0.0, (width - 1) / 2, width - 1]),
        held.xy0[1] + np.array([0.0, (height - 1) / 2, height - 1]),
    )
    places = list(zip(x.ravel().tolist(), y.ravel().tolist(), strict=True))
    positions = [wcs.pixelToSky(*place) for place in places]
    ra = np.array([position.getRa().asRadians() for position in positions])
    dec = np.array([position.getDec().asRadians() for position in positions])
    held_ra, held_dec = (np.radians(angle) for angle in held.sky(x.ravel(), y.ravel()))
    square = np.sin((dec - held_dec) / 2) ** 2
    square += np.cos(dec) * np.cos(held_dec) * np.sin((ra - held_ra) / 2) ** 2
    apart = np.degrees(2 * np.arcsin(np.sqrt(square))) * 3600
    return {
        f"({place[0]:g}, {place[1]:g})": round(float(distance), 4)
        for place, distance in zip(places, apart, strict=True)
        if not distance <= MILLIARCSECONDS / 1000  # also where it is not a number
    }


def _cards(read: Callable[[str], Any], names: Iterable[str]) -> dict[str, str]:
    """Return cards as Python writes them, so that 1 is not True; missing ones are left out."""
    found = {}
    for name in names:
        with suppress(LookupError):
            found[name] = repr(read(name))
    return found
