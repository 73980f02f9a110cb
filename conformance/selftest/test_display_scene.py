"""What a display records of the images and marks that it is given."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from butler_core import display as afw_display
from butler_core.display import LOCAL, PARENT, Display
from butler_core.display.markers import markers
from butler_core.display.scene import Mark, PolyLine
from butler_core.errors import DisplayError, DisplayTypeError, DisplayValueError
from butler_core.image import Exposure, Image, Mask, SourceCatalog

from .display_world import PLANES, clean_display, image, masked_image  # noqa: F401


@pytest.fixture
def display() -> Display:
    return Display(1, "virtualDevice")


@pytest.mark.parametrize("xy0", [(0, 0), (1000, -7)])
def test_extent_is_in_parent_coordinates(display: Display, xy0: tuple[int, int]) -> None:
    display.mtv(image((40, 30), xy0))
    x0, y0 = xy0
    assert display.scene.image is not None
    assert display.scene.image.extent == (x0 - 0.5, x0 + 29.5, y0 - 0.5, y0 + 39.5)


def test_everything_that_can_be_shown(display: Display) -> None:
    masked = masked_image(xy0=(3, 4))
    pixels, bits = masked.image.array, masked.mask.array

    class Decorated:
        image = masked.image

    for shown, expected, has_mask in (
        (Exposure(masked), pixels, True),
        (masked, pixels, True),
        (masked.image, pixels, False),
        (masked.mask, bits, True),
        (Decorated(), pixels, False),
        (pixels, pixels, False),
        (pixels.astype(">f4"), pixels, False),
    ):
        display.mtv(shown)
        scene = display.scene
        assert scene.image is not None
        np.testing.assert_array_equal(scene.image.pixels, expected)
        assert scene.image.pixels.dtype.isnative
        assert (scene.mask is not None) == has_mask
        if not isinstance(shown, np.ndarray):
            assert scene.image.extent[0] == 2.5
        if scene.mask is not None:
            # Also a mask alone keeps its XY0, for the image of its bits too.
            assert scene.mask.extent == scene.image.extent
            assert [plane.name for plane in scene.mask.planes] == PLANES
            np.testing.assert_array_equal(scene.mask.pixels, bits)


def test_image_is_mtv(display: Display) -> None:
    display.image(image(), title="a title")
    assert display.scene.title == "a title"
    assert display.scene.image is not None


@pytest.mark.parametrize("dtype", ["u2", "i4", ">f4", "f8"])
def test_what_numpy_masks_is_not_shown(display: Display, dtype: str) -> None:
    values = np.arange(12).reshape(3, 4).astype(dtype)
    display.scale("linear", "minmax")
    display.mtv(np.ma.masked_greater(values, 8))
    layer = display.scene.image
    assert layer is not None
    np.testing.assert_array_equal(np.isnan(layer.pixels), values > 8)
    assert layer.colour_bar == (0.0, 8.0)
    display.mtv(np.ma.asarray(values))
    assert display.scene.image is not None
    np.testing.assert_array_equal(display.scene.image.pixels, values)


def test_the_picture_does_not_follow_the_data(display: Display) -> None:
    shown = masked_image()
    before = shown.image.array.copy()
    display.mtv(shown)
    shown.image.array[:] = 0
    shown.mask.array[:] = 0
    assert display.scene.image is not None
    assert display.scene.mask is not None
    np.testing.assert_array_equal(display.scene.image.pixels, before)
    assert display.scene.mask.pixels.any()


@pytest.mark.parametrize(
    "data",
    [None, 3, "calexp", [[1, 2], [3, 4]], np.zeros(4), np.zeros((2, 2, 3)), np.zeros((2, 2), "U1")],
)
def test_what_cannot_be_shown(display: Display, data: Any) -> None:
    display.mtv(image(), title="before")
    with pytest.raises(DisplayTypeError):
        display.mtv(data)
    assert display.scene.title == "before"


def test_contradictory_images(display: Display) -> None:
    with pytest.raises(RuntimeError, match="may not specify a wcs with an Exposure"):
        display.mtv(Exposure(masked_image()), wcs=object())
    with pytest.raises(DisplayValueError, match="no pixels"):
        display.mtv(np.zeros((0, 4)))

    class Mismatched:
        image = Image(np.zeros((4, 5), np.float32))
        mask = Mask(np.zeros((5, 4), np.int32))

    with pytest.raises(DisplayValueError, match=r"\(4, 5\).*\(5, 4\)"):
        display.mtv(Mismatched())


def test_limits_are_computed_for_each_image(display: Display) -> None:
    display.scale("linear", "minmax")
    for top in (5, 50):
        display.mtv(np.array([[0.0, top]]))
        assert display.scene.image is not None
        assert display.scene.image.colour_bar == (0, top)


def test_without_a_scale_the_data_give_the_limits(display: Display) -> None:
    display.mtv(np.array([[1, np.nan, 7.0, np.inf]]))
    assert display.scene.image is not None
    assert display.scene.image.stretch is None
    assert display.scene.image.colour_bar == (1, 7)


def test_scale_is_checked_at_once_and_kept_when_wrong(display: Display) -> None:
    display.scale("linear", 0, 9)
    with pytest.raises(RuntimeError, match="Unsupported stretch algorithm"):
        display.scale("sqrt", "zscale")
    display.mtv(image())
    assert display.scene.image is not None
    assert display.scene.image.colour_bar == (0, 9)


def test_marks_of_the_tutorial(display: Display) -> None:
    display.mtv(image(xy0=(21000, 100)))
    with display.Buffering():
        display.dot("+", 21931.8122, 105.25, ctype=afw_display.RED)
        display.dot("o", 21931.8122, 105.25, size=20, ctype="orange")
        assert len(display.scene.marks) == 2
    # Six digits, as afwDisplay passes them on, would give 21931.8.
    assert display.scene.marks == (
        Mark("+", 21931.8122, 105.25, 2, "red", 1.5, 2),
        Mark("o", 21931.8122, 105.25, 20, "orange", 1.0, 1),
    )


def test_default_colour_is_a_bright_green(display: Display) -> None:
    display.dot("+", 1, 2)
    display.dot("+", 1, 2, ctype=afw_display.GREEN)
    display.line([(0, 0), (1, 1)])
    display.dot("+", 1, 2, ctype=(1, 0.5, 0))
    assert [glyph.colour for glyph in display.scene.glyphs] == 3 * ["#00FF00"] + ["#ff8000"]


def test_origins(display: Display) -> None:
    display.mtv(image(xy0=(100, 200)))
    display.dot("+", 5, 6, origin=LOCAL)
    display.dot("+", 5, 6, origin=PARENT)
    display.line([(1, 2), (3, 4)], origin=LOCAL)
    assert [(mark.x, mark.y) for mark in display.scene.marks] == [(105, 206), (5, 6)]
    assert display.scene.lines[0].points == ((101, 202), (103, 204))
    with pytest.raises(DisplayValueError, match="PARENT or LOCAL"):
        display.dot("+", 5, 6, origin="CENTRE")


def place(symbol: str, x: float, y: float, size: float) -> Any:
    return markers()[symbol].at(*(np.array([value], float) for value in (x, y, size)))[0]


def test_plus_runs_twice_its_size() -> None:
    strokes = {frozenset(map(tuple, stroke)) for stroke in place("+", 10, 20, 2).tolist()}
    assert strokes == {frozenset({(10, 22), (10, 18)}), frozenset({(8, 20), (12, 20)})}


def test_cross_and_asterisk() -> None:
    arms = place("x", 0, 0, 2)
    assert np.abs(arms).ravel() == pytest.approx([math.sqrt(2)] * 8)
    arms = place("*", 0, 0, 2)
    assert np.hypot(*arms.reshape(-1, 2).T) == pytest.approx([2] * 6)
    angles = sorted(np.degrees(np.arctan2(*arms.reshape(-1, 2).T[::-1])) % 180)
    assert angles == pytest.approx([0, 0, 60, 60, 120, 120], abs=1e-9)


def test_circle_is_a_polygon_of_20_corners() -> None:
    corners = place("o", 10, 20, 5)
    assert corners.shape == (20, 2)
    assert np.hypot(*(corners - [10, 20]).T) == pytest.approx([5] * 20)
    assert corners[0] == pytest.approx([10, 25])
    turns = np.diff(np.unwrap(np.arctan2(*(corners - [10, 20]).T[::-1])))
    assert np.degrees(turns) == pytest.approx([18] * 19)


def test_ellipses(display: Display) -> None:
    class Axes:
        def getA(self) -> float:
            return 5

        def getB(self) -> float:
            return 2

        def getTheta(self) -> float:
            return 0.4

    display.dot(Axes(), 3, 4)
    display.dot("@:9,0,4", 3, 4)
    display.dot("@:4,0,9", 3, 4)
    display.dot("@:5,4,5", 3, 4)
    found = [mark.ellipse for mark in display.scene.marks]
    assert found == [
        (5, 2, 0.4),
        pytest.approx((3, 2, 0)),
        pytest.approx((3, 2, math.pi / 2)),
        pytest.approx((3, 1, math.pi / 4)),
    ]
    for wrong in ("@:1,2", "@:a,b,c", "@:1,2,1", "@:-1,0,1"):
        with pytest.raises(DisplayValueError, match="ellipse"):
            display.dot(wrong, 3, 4)


def test_numbers_and_words_are_texts(display: Display) -> None:
    display.dot(17, 3, 4)
    display.dot("NGC 1", 3, 4)
    assert [(mark.symbol, mark.zorder) for mark in display.scene.marks] == [("17", 3), ("NGC 1", 3)]
    with pytest.raises(DisplayTypeError, match="not a float"):
        display.dot(3.5, 3, 4)


def test_lines(display: Display) -> None:
    display.line([(1, 2), (3, 4), (5, 0)], ctype="red")
    display.line([(1, 2), (3, 4)], symbs="ox", size=3)
    display.line([(1, 2), (3, 4)], symbs="o")
    display.line([])
    assert display.scene.lines == (PolyLine(((1, 2), (3, 4), (5, 0)), "red"),)
    assert [(mark.symbol, mark.x, mark.size) for mark in display.scene.marks] == [
        ("o", 1, 3),
        ("x", 3, 3),
        ("o", 1, 0.5),
        ("o", 3, 0.5),
    ]
    with pytest.raises(DisplayValueError, match="3 points have 2 symbols"):
        display.line([(1, 2), (3, 4), (5, 6)], symbs="ox")


def test_centroids(display: Display) -> None:
    columns = {
        "id": np.arange(3),
        "base_x": np.array([1.0, 2, 3]),
        "base_y": np.array([4.0, 5, 6]),
    }
    catalog = SourceCatalog.from_columns(columns, aliases={"slot_Centroid": "base"})
    display.centroids(catalog, ctype="red", size=4)
    assert display.scene.marks == tuple(
        Mark("o", x, x + 3, 4, "red", 1.0, 1) for x in (1.0, 2.0, 3.0)
    )
    with pytest.raises(RuntimeError, match="centroid slot"):
        display.centroids(SourceCatalog.from_columns(columns))
    assert len(display.scene.marks) == 3


def test_a_colour_that_is_none(display: Display) -> None:
    with pytest.raises(DisplayValueError, match="did you mean 'orange'"):
        display.dot("+", 1, 2, ctype="oragne")
    assert display.scene.marks == ()


def test_mtv_and_erase_take_the_marks_away(display: Display) -> None:
    for again in (True, False):
        display.dot("+", 1, 2)
        if again:
            display.mtv(image())
        else:
            display.erase()
        assert display.scene.glyphs == ()
    assert display.scene.image is not None


def test_zoom_and_pan(display: Display) -> None:
    with pytest.raises(DisplayError, match="no image"):
        display.zoom(2)
    display.mtv(image((40, 30), (100, 200)))
    view = display.scene.view
    assert view is not None
    assert view.centre == (114.5, 219.5)
    assert view.zoom is None
    display.pan(110, 210)
    assert display.scene.view is not None
    assert display.scene.view.zoom is None
    display.zoom()
    assert display.scene.view is not None
    # At 2 the shorter side, 30 pixels, is shown.
    assert display.scene.view.limits((40, 30)) == ((95, 125), (195, 225))
    display.zoom(1, 5, 6, LOCAL)
    assert display.scene.view.limits((40, 30)) == ((75, 135), (176, 236))
    display.zoom(100)
    assert display.scene.view.limits((40, 30)) == ((104, 106), (205, 207))
    for wrong in ({"colc": 3}, {"rowc": 0}, {"zoomfac": 0}, {"zoomfac": -1}):
        with pytest.raises(DisplayValueError):
            display.zoom(**wrong)


def test_the_record_is_json(display: Display) -> None:
    display.scale("asinh", "zscale")
    display.mtv(masked_image(), title="t")
    display.dot("+", math.nan, 2)
    display.dot("@:9,0,4", 3, 4)
    display.line([(1, 2), (3, 4)])
    record = json.loads(json.dumps(display.scene.record(), allow_nan=False))
    assert record["image"]["extent"] == [-0.5, 29.5, -0.5, 39.5]
    assert record["image"]["stretch"]["Q"] == 8
    assert record["mask"]["planes"][4] == {
        "name": "EDGE",
        "bit": 4,
        "colour": "yellow",
        "alpha": pytest.approx(0.3),
    }
    assert record["glyphs"][0]["x"] is None
    display.mtv(masked_image(), title="t")
    again = json.loads(json.dumps(display.scene.record()))
    assert again["image"] == record["image"]
    other = masked_image()
    other.image.array[3, 3] += 500
    display.mtv(other)
    assert display.scene.record()["image"]["pixels"] != record["image"]["pixels"]
