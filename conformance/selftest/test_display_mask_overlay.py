"""Mask planes against colours laid over each other by hand."""

from __future__ import annotations

import numpy as np
import pytest

from butler_core.display.mask_overlay import Plane, overlay
from butler_core.display.planes import PlaneStyle
from butler_core.errors import DisplayValueError

from .display_world import clean_display  # noqa: F401

RED = Plane("A", 0, "red", 0.3)
BLUE = Plane("B", 4, "blue", 0.3)
GREEN = Plane("C", 31, "#00ff00", 1.0)


def test_nothing_set_is_transparent() -> None:
    assert overlay(np.zeros((2, 3), np.int32), [RED, BLUE]).tolist() == np.zeros((2, 3, 4)).tolist()


def test_one_plane() -> None:
    layer = overlay(np.array([[0, 1]]), [RED, BLUE])
    assert layer[0, 1].tolist() == [1, 0, 0, 0.3]
    assert layer[0, 0].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("planes", [(RED, BLUE), (BLUE, RED)])
def test_the_lowest_plane_is_on_top(planes: tuple[Plane, ...]) -> None:
    # Red of 0.3 over blue of 0.3: opacity 0.3 + 0.3 x 0.7 = 0.51, of which 0.3
    # is red and 0.21 blue.
    layer = overlay(np.array([[1 + 16]]), planes)
    assert layer[0, 0] == pytest.approx([0.3 / 0.51, 0, 0.21 / 0.51, 0.51])


def test_three_planes() -> None:
    planes = [RED, Plane("M", 2, "white", 0.5), BLUE]
    # From the top: red 0.3, white 0.5 x 0.7, blue 0.3 x 0.7 x 0.5.
    red, white, blue = 0.3, 0.35, 0.105
    alpha = red + white + blue
    expected = [(red + white) / alpha, white / alpha, (white + blue) / alpha, alpha]
    assert overlay(np.array([[0b10101]]), planes)[0, 0] == pytest.approx(expected)


def test_an_opaque_plane_hides_those_below() -> None:
    planes = [Plane("A", 0, "cyan", 1.0), BLUE]
    assert overlay(np.array([[17]]), planes)[0, 0].tolist() == [0, 1, 1, 1]


def test_the_sign_bit_is_a_plane() -> None:
    mask = np.array([[-(2**31)]], dtype=np.int32)
    assert overlay(mask, [RED, GREEN])[0, 0].tolist() == [0, 1, 0, 1]
    assert overlay(mask.view(np.uint32), [RED, GREEN])[0, 0].tolist() == [0, 1, 0, 1]


def test_bits_without_a_plane_and_planes_without_opacity() -> None:
    hidden = Plane("H", 1, "red", 0.0)
    assert overlay(np.array([[2 + 8]]), [hidden, BLUE])[0, 0].tolist() == [0, 0, 0, 0]


def test_colours_and_opacities_of_known_planes() -> None:
    style = PlaneStyle({})
    names = ["BAD", "SAT", "INTRP", "CR", "EDGE", "DETECTED", "DETECTED_NEGATIVE", "SUSPECT"]
    names += ["NO_DATA", "SATURATED", "INTERPOLATED"]
    planes = style.planes({name: bit for bit, name in enumerate(names)})
    assert [plane.colour for plane in planes] == [
        "red",
        "green",
        "green",
        "magenta",
        "yellow",
        "blue",
        "cyan",
        "yellow",
        "orange",
        "green",
        "green",
    ]
    assert [plane.alpha for plane in planes] == pytest.approx([0.3] * len(names))


def test_unknown_planes_take_the_colours_in_turn() -> None:
    numbers = {f"P{bit}": bit for bit in (30, 2, 5, 7, 11, 13, 17, 19, 23)}
    planes = PlaneStyle({}).planes({**numbers, "CR": 3})
    assert [plane.bit for plane in planes] == [2, 3, 5, 7, 11, 13, 17, 19, 23, 30]
    assert [plane.colour for plane in planes] == [
        "red",
        "magenta",
        "green",
        "blue",
        "cyan",
        "magenta",
        "yellow",
        "orange",
        "red",
        "green",
    ]


def test_a_colour_once_given_is_kept_for_all_displays() -> None:
    PlaneStyle({}).planes({"ODD": 3, "EVEN": 4})
    (plane,) = PlaneStyle({}).planes({"EVEN": 1})
    assert plane.colour == "green"
    # The cycle starts anew with each mask.
    assert PlaneStyle({}).planes({"NEW": 9})[0].colour == "red"


@pytest.mark.parametrize("colour", ["ignore", "IGNORE", "black"])
def test_hidden_planes(colour: str) -> None:
    style = PlaneStyle({})
    style.colours["BAD"] = colour
    assert style.planes({"BAD": 0})[0].alpha == 0


def test_transparency_by_plane() -> None:
    style = PlaneStyle({"BAD": 0.1})
    style.transparencies[None] = 0.5
    alphas = {plane.name: plane.alpha for plane in style.planes({"BAD": 0, "CR": 3})}
    assert alphas == pytest.approx({"BAD": 0.9, "CR": 0.5})


def test_a_plane_of_no_colour() -> None:
    with pytest.raises(DisplayValueError, match="did you mean 'orange'"):
        overlay(np.array([1]), [Plane("A", 0, "oragne", 0.3)])
