"""Judging a drawing in its three layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conformance.implementations import Marker
from conformance.observation import Checks, Observation
from conformance.pictures.comparing import Difference, difference
from conformance.pictures.drawing import Drawing
from conformance.pictures.numbers import Arrays, Numbers
from conformance.pictures.portrait import Portrait
from conformance.pictures.record import Record

LIMITS = 1e-6
BRIGHTNESS = 1e-6
NONE = "none"
FROM_FILE = "computed from the file"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was looked at in one layer.

    Attributes
    ----------
    observations
        What was expected and observed.
    message
        The first that is not as expected, in a sentence; "" where all are.
    difference
        How the pixels differ from the approved ones, where pixels were compared.
    """

    observations: tuple[Observation, ...]
    message: str
    difference: Difference | None = None


def numbers(drawing: Drawing, record: Record | None) -> Judgement:
    """Judge what a display shows as numbers, by the file and by the record."""
    check = Checks()
    portrait, expected = _known(drawing.portrait), _known(drawing.expected)
    if portrait.unread:
        what = "the numbers behind the picture"
        unread = Observation(what, "can be read from the figure", portrait.unread, False)
        return Judgement((unread,), f"{what} cannot be read: {portrait.unread}")
    seen, arrays = _said(portrait)
    wanted, wanted_arrays = _said(expected)
    _alike(check, seen, wanted, FROM_FILE, drawing)
    left, _, bottom, _ = wanted.extent
    first = round(left + 0.5), round(bottom + 0.5)
    check.equal(
        f"pixels whose brightness differs from that {FROM_FILE}",
        lambda: _brightness(arrays, wanted_arrays, first),
        NONE,
    )
    check.equal(
        f"pixels whose mask colour differs from that {FROM_FILE}",
        lambda: _mask_colours(arrays, wanted_arrays, first),
        NONE,
    )
    if record is not None and record.numbers is not None:
        approved = record.numbers
        _alike(check, seen, approved, "approved", drawing)
        words = "of each pixel, as the SHA-256 that is approved"
        check.equal(f"the brightness {words}", lambda: seen.brightness, approved.brightness)
        check.equal(f"the mask colours {words}", lambda: seen.mask_layer, approved.mask_layer)
    return Judgement(tuple(check.observations), _message(check.failures))


def _alike(check: Checks, seen: Numbers, wanted: Numbers, how: str, drawing: Drawing) -> None:
    check.equal(f"the stretch, {how}", lambda: seen.algorithm, wanted.algorithm)
    check.close(f"the limits of the stretch, {how}", lambda: seen.limits, wanted.limits, LIMITS)
    edges = "left, right, bottom, top"
    check.equal(f"where the image lies, {how}: {edges}", lambda: seen.extent, wanted.extent)
    check.equal(f"the part shown, {how}: {edges}", lambda: seen.shown, wanted.shown)
    planes = _planes_set(drawing, wanted.mask_planes)
    check.equal(
        f"the colours of the mask planes that are set, {how}",
        lambda: {name: seen.mask_planes.get(name) for name in planes},
        planes,
    )
    check.equal(f"markers unlike those {how}", lambda: _markers(seen.markers, wanted.markers), NONE)


def pixels(drawing: Drawing, approved: NDArray[np.uint8] | None) -> Judgement:
    """Judge the device pixels of image and mask, by the file and by the approved picture."""
    portrait = _known(drawing.portrait)
    found = _known(portrait.pixels)
    observations = []
    if drawing.expected is not None:
        by_file = difference(_known(drawing.expected.pixels), found)
        observations.append(_seen(f"pixels unlike those {FROM_FILE}", by_file, drawing, "pixels"))
    by_approved = None
    if approved is not None:
        by_approved = difference(approved, found)
        observations.append(_seen("pixels unlike the approved", by_approved, drawing, "pixels"))
    failed = [one for one in observations if not one.passed]
    return Judgement(tuple(observations), _message(failed), by_approved)


def whole(drawing: Drawing, approved: NDArray[np.uint8]) -> Judgement:
    """Judge the whole picture by the approved one."""
    found = difference(approved, _known(_known(drawing.portrait).whole))
    seen = _seen("pixels unlike the approved", found, drawing, "whole")
    return Judgement((seen,), _message([] if seen.passed else [seen]), found)


def _seen(what: str, found: Difference, drawing: Drawing, layer: str) -> Observation:
    words = found.words(lambda column, row: drawing.shown_at(layer, column, row))
    return Observation(what, NONE, words or NONE, not found.count)


def _message(failures: Sequence[Observation]) -> str:
    if not failures:
        return ""
    first = failures[0]
    more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
    found = first.detail or first.observed
    wanted = "" if first.expected == NONE else f"expected {first.expected}, observed "
    return f"{first.what}: {wanted}{found}{more}"


def _known(value: Any) -> Any:
    if value is None:
        raise TypeError("a drawing without this part was given to a judge of it")
    return value


def _said(portrait: Portrait) -> tuple[Numbers, Arrays]:
    return _known(portrait.numbers), _known(portrait.arrays)


def _planes_set(drawing: Drawing, colours: Mapping[str, str]) -> dict[str, str]:
    held = _known(drawing.held)
    bits = int(np.bitwise_or.reduce(held.mask, axis=None))
    return {name: colours[name] for name, bit in held.planes.items() if bits >> bit & 1}


def _brightness(seen: Arrays, wanted: Arrays, first: tuple[int, int]) -> str:
    one, other = seen.brightness, wanted.brightness
    if one.shape != other.shape:
        return f"all: {_shape(one)} pixels, and not {_shape(other)}"
    apart = ~(np.abs(one - other) <= BRIGHTNESS) & ~(np.isnan(one) & np.isnan(other))
    return _first(apart, lambda at: f"{one[at]:.9g}, expected {other[at]:.9g}", first)


def _mask_colours(seen: Arrays, wanted: Arrays, first: tuple[int, int]) -> str:
    one, other = seen.mask_layer, wanted.mask_layer
    if one is None or other is None:
        return NONE if one is other else "all: no layer is drawn over the image"
    if one.shape != other.shape:
        return f"all: {_shape(one)} pixels, and not {_shape(other)}"
    words = "red, green, blue, opacity"
    return _first(
        (one != other).any(axis=2),
        lambda at: f"{words} {one[at].tolist()}, expected {other[at].tolist()}",
        first,
    )


def _first(
    apart: NDArray[np.bool_], say: Callable[[tuple[int, int]], str], first: tuple[int, int]
) -> str:
    count = int(np.count_nonzero(apart))
    if not count:
        return NONE
    row, column = (int(index) for index in np.argwhere(apart)[0])
    place = f"x {column + first[0]}, y {row + first[1]}"
    return f"{count} of {apart.size}, the first at {place}: {say((row, column))}"


def _markers(seen: Sequence[Marker], wanted: Sequence[Marker]) -> str:
    apart = [
        number
        for number, (one, other) in enumerate(zip(seen, wanted, strict=False), start=1)
        if one != other
    ]
    if not apart and len(seen) == len(wanted):
        return NONE
    counts = f"{len(seen)} markers, and not {len(wanted)}" if len(seen) != len(wanted) else ""
    words = ""
    if apart:
        number = apart[0]
        words = (
            f"{len(apart)} differ, the first is number {number}: "
            f"{_marker(seen[number - 1])}, expected {_marker(wanted[number - 1])}"
        )
    return "; ".join(filter(None, (counts, words)))


def _marker(marker: Marker) -> str:
    return f"{marker.symbol} {marker.colour} of size {marker.size:g} at ({marker.x}, {marker.y})"


def _shape(array: NDArray[Any]) -> str:
    return f"{array.shape[1]} × {array.shape[0]}"
