"""The text of a WCS, computed by an interpreter of its own.

The rules are those of AST (SUN/210): a map that a CmpMap names as inverted runs
backwards, a WcsMap takes native spherical coordinates in radians to the
projection plane in radians, a SphMap takes vectors to spherical coordinates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from butler_core.image import SkyWcs
from butler_core.image.sky_wcs_text import frame_set_text

from .afw_files import WCS_CARDS, header

Node = dict[str, Any]
INVERSE_CARDS = (
    "AP_ORDER=                    1",
    "AP_1_0  =                1E-07",
    "BP_ORDER=                    1",
    "BP_0_1  =                2E-07",
)


def parse(lines: Iterator[str]) -> Node:
    """Return an object of the text, whose first line has been read."""
    node: Node = {}
    for line in lines:
        word = line.strip()
        if word.startswith("End "):
            return node
        key, _, value = (part.strip() for part in word.partition("="))
        if word.startswith("IsA"):
            continue
        if value:
            node[key] = value.strip('"') if '"' in value else float(value)
        else:
            begin = next(lines).split()
            node[key] = {"class": begin[1], **parse(lines)}
    return node


def numbers(node: Node, prefix: str, count: int) -> list[float]:
    return [node.get(f"{prefix}{number}", 0.0) for number in range(count)]


def polynomial(node: Node, letter: str, point: np.ndarray) -> np.ndarray:
    counts = [int(node[f"NC{letter}{axis}"]) for axis in (1, 2)]
    found, number = [], 0
    for count in counts:
        total = 0.0
        for _ in range(count):
            powers = [node[f"P{letter}{2 * number + axis}"] for axis in (1, 2)]
            total += node[f"C{letter}{number + 1}"] * point[0] ** powers[0] * point[1] ** powers[1]
            number += 1
        found.append(total)
    return np.array(found)


def run(node: Node, point: np.ndarray, inverse: bool = False) -> Any:
    kind = node["class"]
    if kind == "CmpMap":
        maps = [(node["MapA"], "InvA" in node), (node["MapB"], "InvB" in node)]
        for each, backwards in reversed(maps) if inverse else maps:
            point = run(each, point, backwards != inverse)
        return point
    if kind == "WinMap":
        shift = np.array([node["Sft1"], node["Sft2"]])
        return point - shift if inverse else point + shift
    if kind == "MatrixMap":
        size = int(node["Nin"])
        return (
            np.reshape(numbers(node, "IM" if inverse else "M", size * size), (size, size)) @ point
        )
    if kind == "ZoomMap":
        return point / node["Zoom"] if inverse else point * node["Zoom"]
    if kind == "PolyMap":
        return polynomial(node, "I" if inverse else "F", point)
    if kind == "WcsMap" and inverse:
        longitude = math.atan2(point[0], -point[1])
        return np.array([longitude, math.atan2(1.0, math.hypot(*point))])
    if kind == "SphMap":
        if inverse:
            a, d = point
            return np.array([math.cos(d) * math.cos(a), math.cos(d) * math.sin(a), math.sin(d)])
        return np.array(
            [math.atan2(point[1], point[0]), math.atan2(point[2], math.hypot(*point[:2]))]
        )
    raise AssertionError(f"no rule for {kind} backwards={inverse}")


def tree(wcs: SkyWcs) -> Node:
    text = frame_set_text(wcs)
    assert text is not None
    lines = iter(text.removeprefix("1 SkyWcs 0  ").splitlines())
    assert next(lines) == "Begin FrameSet"
    return parse(lines)


@pytest.mark.parametrize(
    "wcs",
    [
        SkyWcs.tan((255.5, 521.5), (320.25, -0.5), [[-1.8e-4, 2e-6], [3e-6, 1.7e-4]]),
        SkyWcs.tan((-20.0, 5.0), (10.0, 61.0), [[1e-6, 4e-5], [4.4e-5, 1e-6]]),
        SkyWcs.from_header(header(WCS_CARDS)),
    ],
)
def test_the_text_gives_the_same_sky(wcs: SkyWcs) -> None:
    found = tree(wcs)
    for x, y in ((0.0, 0.0), (100.0, 7.0), (2000.0, 4000.0)):
        position = run(found["Map3"], run(found["Map2"], np.array([x, y])))
        ra, dec = wcs.pixelToSkyArray(x, y)
        assert math.remainder(position[0] - float(ra), 2 * math.pi) == pytest.approx(0, abs=1e-14)
        assert position[1] == pytest.approx(float(dec), abs=1e-14)


def test_frames() -> None:
    found = tree(SkyWcs.tan((1, 2), (320.25, -0.5), [[-1e-4, 0], [0, 1e-4]]))
    assert (found["Nframe"], found["Currnt"], found["Lnk2"], found["Lnk3"]) == (3, 3, 1, 2)
    assert [found[f"Frm{n}"]["Domain"] for n in (1, 2)] == ["PIXELS", "IWC"]
    sky = found["Frm3"]
    assert (sky["class"], sky["System"], sky["SRefIs"]) == ("SkyFrame", "ICRS", "Ignored")
    assert math.degrees(sky["SRef1"]) == pytest.approx(320.25 - 360)
    assert math.degrees(sky["SRef2"]) == pytest.approx(-0.5)


def test_the_inverse_of_a_distortion_is_that_of_the_header() -> None:
    wcs = SkyWcs.from_header(header((*WCS_CARDS, *INVERSE_CARDS)))
    assert wcs is not None
    distortion = tree(wcs)["Map2"]["MapB"]["MapA"]
    assert "IterInv" not in distortion
    point = np.array([100.0, 200.0])
    expected = point + np.array([1e-7 * 100, 2e-7 * 200])
    np.testing.assert_allclose(run(distortion, point, inverse=True), expected, rtol=1e-15)
    without = SkyWcs.from_header(header(WCS_CARDS))
    assert without is not None
    assert tree(without)["Map2"]["MapB"]["MapA"]["IterInv"] == 1


def test_what_has_no_text() -> None:
    for changes in (
        {"CTYPE1": "RA---ZEA", "CTYPE2": "DEC--ZEA"},
        {"RADESYS": "FK5"},
        {"LONPOLE": 90.0},
        {"PV2_1": 1.0},
    ):
        cards = SkyWcs.tan((1, 2), (320.25, -0.5), [[-1e-4, 0], [0, 1e-4]]).to_header()
        cards.update(changes)
        assert frame_set_text(SkyWcs(cards)) is None
