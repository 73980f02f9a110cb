"""Pictures against those that matplotlib draws with one artist for each thing."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import CirclePolygon, Ellipse

from butler_core.display import Display

from .display_world import SHAPE, canvas, clean_display, shown  # noqa: F401


class Asinh(Normalize):
    """The asinh stretch as a norm, written down again."""

    def __init__(self, lower: float, upper: float) -> None:
        super().__init__(lower, upper)
        self.ends = lower, upper

    def __call__(self, value: Any, clip: bool | None = None) -> Any:
        lower, upper = self.ends
        x = np.ma.asarray(value, dtype=float) - lower
        y = 0.1 * np.arcsinh(8 * x / (upper - lower)) / np.arcsinh(0.8)
        return np.ma.array(np.where(x.data <= 0, 0.0, y.data), mask=np.ma.getmaskarray(y))


def one_by_one(display: Display, scale: float) -> Any:
    """Draw the image of a display with `imshow`; return the axes."""
    layer = display.scene.image
    assert layer is not None
    figure = Figure(figsize=(SHAPE[1] * scale / 100, SHAPE[0] * scale / 100), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(
        layer.pixels,
        origin="lower",
        interpolation="nearest",
        extent=(99.5, 129.5, 199.5, 239.5),
        cmap="gray",
        norm=Asinh(*layer.colour_bar),
    )
    axes.axis("off")
    return axes


def pixels_of(axes: Any) -> np.ndarray[Any, Any]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    agg = FigureCanvasAgg(axes.figure)
    agg.draw()
    return np.asarray(agg.buffer_rgba()).copy()


@pytest.mark.parametrize("scale", [1, 3, 7.3, 2.5, 0.5, 0.4])
def test_image_is_that_of_imshow(scale: float) -> None:
    display = shown(scale)
    expected = pixels_of(one_by_one(display, scale))
    np.testing.assert_array_equal(canvas(display), expected)
    assert len(np.unique(expected)) > 10


@pytest.mark.parametrize("scale", [1, 4, 5.3])
@pytest.mark.parametrize(
    ("x", "y"),
    [((80.3, 150.7), (190.2, 241.9)), ((103.2, 110.7), (203.1, 211)), ((0, 50), (0, 50))],
)
def test_views_are_those_of_imshow(
    scale: float, x: tuple[float, float], y: tuple[float, float]
) -> None:
    display = shown(scale, CR=70)
    display.mtv(display.scene.image.pixels)  # type: ignore[union-attr]
    display.show_colorbar(False)
    axes = one_by_one(display, scale)
    for each in (display.figure.gca(), axes):
        each.axis("off")
        each.set_position((0, 0, 1, 1))
        each.images[0].set_extent((99.5, 129.5, 199.5, 239.5))
        each.set_aspect("auto")
        each.set_xlim(x)
        each.set_ylim(y)
    np.testing.assert_array_equal(canvas(display), pixels_of(axes))


def test_a_new_view_is_drawn_anew() -> None:
    display = shown(4)
    first = canvas(display)
    axes = one_by_one(display, 4)
    for each in (display.figure.gca(), axes):
        each.set_xlim(103, 118)
        each.set_ylim(205, 225)
    second = canvas(display)
    np.testing.assert_array_equal(second, pixels_of(axes))
    assert (first != second).any()
    display.figure.set_dpi(130)
    axes.figure.set_dpi(130)
    np.testing.assert_array_equal(canvas(display), pixels_of(axes))


def test_values_that_are_none_without_a_stretch() -> None:
    pixels = np.linspace(0, 1, 30 * 40).reshape(40, 30).astype(np.float32)
    pixels[5, 5:8] = np.nan, np.inf, -np.inf
    display = Display(1, "matplotlib")
    display.mtv(pixels)
    display.show_colorbar(False)
    figure = Figure()
    figure.gca().imshow(pixels, origin="lower", interpolation="nearest", cmap="gray")
    np.testing.assert_array_equal(canvas(display), pixels_of(figure.gca()))


@pytest.mark.parametrize("value", [0.0, 3.0, -1e9])
def test_an_image_of_one_value(value: float) -> None:
    pixels = np.full((40, 30), value)
    display = Display(1, "matplotlib")
    display.mtv(pixels)
    # Taking a value as both limits, matplotlib shows the middle of the greys.
    assert set(canvas(display)[300, 300:320, 0]) <= {127, 128}


def test_each_pixel_at_scale_one() -> None:
    display = shown(1)
    layer = display.scene.image
    assert layer is not None
    x = layer.pixels[::-1].astype(float) - layer.colour_bar[0]
    y = 0.1 * np.arcsinh(8 * x / np.diff(layer.colour_bar)) / np.arcsinh(0.8)
    step = np.floor(np.clip(np.where(x > 0, y, 0), 0, 1 - 1e-9) * 256)
    # A pixel without a value, also an infinite one, shows the white of the axes.
    step[~np.isfinite(layer.pixels[::-1])] = 255
    grey = mpl.colormaps["gray"](step.astype(int), bytes=True)[..., 0]
    drawn = canvas(display)
    np.testing.assert_array_equal(drawn[..., 0], grey)
    np.testing.assert_array_equal(drawn[..., 1], drawn[..., 2])
    assert drawn[-1 - 3, 5].tolist() == drawn[-1 - 4, 6].tolist() == [255] * 4
    assert (drawn[..., 3] == 255).all()


@pytest.mark.parametrize("scale", [1, 2, 5.7, 0.6])
def test_mask_is_that_of_imshow(scale: float) -> None:
    display = shown(scale, BAD=70, CR=70, DETECTED=20, NO_DATA=0, CROSSTALK=70)
    axes = one_by_one(display, scale)
    bits = display.scene.mask
    assert bits is not None
    # Of the fifteen planes five are seen: from the highest to the lowest.
    colours = {10: "red", 8: "orange", 5: "blue", 3: "magenta", 0: "red"}
    colours[10] = next(plane.colour for plane in bits.planes if plane.bit == 10)
    opacity = {10: 0.3, 8: 1.0, 5: 0.8, 3: 0.3, 0: 0.3}
    layer = np.zeros((*SHAPE, 4))
    for bit in (10, 8, 5, 3, 0):
        top = np.array(mpl.colors.to_rgb(colours[bit]))
        for row, column in np.argwhere(bits.pixels & (1 << bit)):
            below, alpha = layer[row, column, :3].copy(), layer[row, column, 3]
            total = opacity[bit] + alpha * (1 - opacity[bit])
            mixed = opacity[bit] * top + (1 - opacity[bit]) * alpha * below
            layer[row, column] = [*(mixed / total), total]
    axes.imshow(layer, origin="lower", interpolation="nearest", extent=(99.5, 129.5, 199.5, 239.5))
    np.testing.assert_array_equal(canvas(display), pixels_of(axes))


def places(number: int) -> np.ndarray[Any, Any]:
    """Return places all over the image and beyond its edges."""
    return np.random.default_rng(3).uniform((95, 195), (135, 245), (number, 2))


@pytest.mark.parametrize("buffered", [True, False])
@pytest.mark.parametrize("number", [1, 60])
def test_marks_are_those_drawn_one_by_one(number: int, buffered: bool) -> None:
    display = shown(8)
    axes = one_by_one(display, 8)
    colours = ["red", "#00FF00", "orange"]

    def draw() -> None:
        for index, (x, y) in enumerate(places(number)):
            display.dot("+", x, y, ctype=colours[index % 3])
            display.dot("o", x, y, size=3.5, ctype=colours[index % 2])

    if buffered:
        with display.Buffering():
            draw()
    else:
        draw()
    for index, (x, y) in enumerate(places(number)):
        axes.add_line(Line2D([x, x], [y + 2, y - 2], color=colours[index % 3]))
        axes.add_line(Line2D([x - 2, x + 2], [y, y], color=colours[index % 3]))
        circle = CirclePolygon((x, y), radius=3.5, color=colours[index % 2], fill=False)
        axes.add_artist(circle)
    np.testing.assert_array_equal(canvas(display), pixels_of(axes))


def test_other_glyphs_are_those_drawn_one_by_one() -> None:
    display = shown(8)
    axes = one_by_one(display, 8)
    with display.Buffering():
        display.dot("*", 110, 215, size=4, ctype="cyan")
        display.line([(101, 201), (128, 222), (105, 238)], ctype="red")
        display.dot("x", 112, 217, size=4, ctype="yellow")
        display.dot("@:9,3,4", 120, 230, ctype="orange")
        display.dot("A", 105, 205, ctype="blue")
    axes.add_line(Line2D([106, 114], [215, 215], color="cyan"))
    for sign in (-1, 1):
        x, y = 2 * sign, 2 * np.sqrt(3)
        axes.add_line(Line2D([110 + x, 110 - x], [215 + y, 215 - y], color="cyan"))
    axes.add_line(Line2D([101, 128, 105], [201, 222, 238], color="red"))
    d = 4 / np.sqrt(2)
    axes.add_line(Line2D([112 + d, 112 - d], [217 + d, 217 - d], color="yellow"))
    axes.add_line(Line2D([112 - d, 112 + d], [217 + d, 217 - d], color="yellow"))
    moments, vectors = np.linalg.eigh([[9, 3], [3, 4]])
    angle = np.degrees(np.arctan2(vectors[1, 1], vectors[0, 1]))
    width, height = 2 * np.sqrt(moments[::-1])
    axes.add_artist(Ellipse((120, 230), width, height, angle=angle, ec="orange", fc="none"))
    axes.text(105, 205, "A", color="blue", ha="center", va="center")
    difference = (canvas(display) != pixels_of(axes)).any(axis=-1)
    # An ellipse is made of curves that start elsewhere here.
    assert difference.sum() <= 4


def test_a_source_without_a_centroid_draws_nothing() -> None:
    display = shown(4)
    before = canvas(display)
    with display.Buffering():
        display.dot("+", np.nan, 210, ctype="red")
        display.dot("o", np.nan, np.nan, ctype="red")
    np.testing.assert_array_equal(canvas(display), before)
    assert len(display.scene.marks) == 2
