"""Judges of the steps that draw: 11 and 22."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from conformance.implementations import Drawn
from conformance.notebook.facts import QUARTER
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks
from conformance.oracles.catalogue import read_catalogue
from conformance.oracles.files import read_exposure
from conformance.oracles.picture import PLANE_COLOURS, Picture, expected_colours
from conformance.oracles.zscale import zscale_limits

RADIUS = 20
BEYOND = 14  # seven arms, and the circle is further out
LARGEST_DIFFERENCE = 2.0
LARGEST_OF_PLANE = 4.0


@judges(11)
def calexp_is_drawn(seen: Seen, check: Checks) -> None:
    """Check that the picture shows the calexp of detector 25, and nothing else."""
    seen.save(seen["fig"])
    drawn = _image(seen, check, 903338, 25, [])
    check.equal("markers drawn", lambda: len(drawn().markers), 0)


@judges(22)
def sources_are_drawn(seen: Seen, check: Checks) -> None:
    """Check that the picture shows the calexp with a cross and a circle for each source."""
    seen.save(seen["fig"])
    catalogue = read_catalogue(seen.repository.file("src", 903334, 22))
    places = [(x, y) for x, y in catalogue.positions().tolist()]
    drawn = _image(seen, check, 903334, 22, places)
    rows = seen.repository.size.sources
    check.equal(
        "markers drawn, by symbol, colour and size",
        lambda: dict(Counter(_kind(mark) for mark in drawn().markers)),
        {"+ red 2": rows, f"o orange {RADIUS}": rows},
    )
    check.equal(
        "sources without both markers at their very place",
        lambda: _unmarked(drawn(), places),
        [],
    )
    picture = _picture(seen)
    _crosses_are_seen(seen, check, places)
    check.equal(
        "sources with an orange circle in the picture",
        lambda: picture().circles(places, RADIUS),
        rows,
    )


def _crosses_are_seen(seen: Seen, check: Checks, places: list[tuple[float, float]]) -> None:
    """Look for each cross; where an arm is under a pixel of the canvas, snapping hides some."""
    picture = _picture(seen)
    rows = seen.repository.size.sources
    what = "sources with a red cross in the picture"
    if seen.repository.size != QUARTER:
        words = f"more than half of {rows}: an arm is a third of a pixel of the picture"
        check.holds(what, lambda: picture().crosses(places), words, lambda found: found > rows // 2)
        return
    check.equal(what, lambda: picture().crosses(places), rows)
    check.equal(
        f"arms of crosses that reach {BEYOND} pixels from their source in the picture",
        lambda: picture().crosses(_beyond(places)),
        0,
    )


def _beyond(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return places beside the sources, left out where another source is near."""
    sources = np.array(places)
    sides = np.array([(BEYOND, 0), (-BEYOND, 0), (0, BEYOND), (0, -BEYOND)])
    beside = (sources[:, np.newaxis] + sides).reshape(-1, 2)
    apart = np.abs(beside[:, np.newaxis] - sources).max(axis=2)
    return [(x, y) for x, y in beside[(apart >= BEYOND).all(axis=1)].tolist()]


def _image(
    seen: Seen, check: Checks, visit: int, detector: int, markers: list[tuple[float, float]]
) -> Callable[[], Drawn]:
    held = read_exposure(seen.repository.file("calexp", visit, detector))
    height, width = held.image.shape
    limits = zscale_limits(held.image)
    picture = _picture(seen)
    drawn = cache(lambda: seen.implementation.drawn(seen["display"]))
    check.equal("the algorithm of the stretch", lambda: drawn().algorithm, "asinh")
    check.close(
        "the limits by zscale, from the file's pixels", lambda: drawn().limits, limits, 1e-6
    )
    check.equal(
        "the colours of the mask planes",
        lambda: {
            name: colour
            for name, colour in drawn().mask_planes.items()
            if name in PLANE_COLOURS and name in held.planes
        },
        {name: colour for name, colour in PLANE_COLOURS.items() if name in held.planes},
    )
    check.equal(
        "the part shown: left, right, bottom, top",
        lambda: picture().view(),
        [-0.5, width - 0.5, -0.5, height - 0.5],
    )
    check.equal("colour bars beside the image", lambda: len(picture().colour_bars()), 1)
    check.close("the ends of the colour bar", lambda: picture().colour_bars()[0], limits, 1e-6)
    expected = expected_colours(held.image, held.mask, held.planes, limits)
    compared = cache(lambda: picture().against(expected, markers, RADIUS * 1.5))
    check.holds(
        "mean difference of the picture from the stretched pixels: red, green, blue",
        lambda: compared().by_blocks(),
        f"each at most {LARGEST_DIFFERENCE} of 255",
        lambda apart: max(apart) <= LARGEST_DIFFERENCE,
    )
    check.holds(
        "mean difference where a mask plane is set",
        lambda: compared().by_planes(held.mask, held.planes),
        f"each at most {LARGEST_OF_PLANE} of 255",
        lambda apart: max(apart.values()) <= LARGEST_OF_PLANE,
    )
    return drawn


def _picture(seen: Seen) -> Callable[[], Picture]:
    return cache(lambda: Picture.of(seen["fig"]))


def _kind(mark: Any) -> str:
    return f"{mark.symbol} {mark.colour} {mark.size:g}"


def _unmarked(drawn: Drawn, places: list[tuple[float, float]]) -> list[list[float]]:
    marked = {
        symbol: {(mark.x, mark.y) for mark in drawn.markers if mark.symbol == symbol}
        for symbol in ("+", "o")
    }
    return [list(place) for place in places if not all(place in there for there in marked.values())]
