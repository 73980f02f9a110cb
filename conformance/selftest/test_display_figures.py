"""Figures, axes, colour bars and files of the matplotlib backend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from butler_core.display import Display
from butler_core.errors import DisplayValueError

from .display_world import (  # noqa: F401
    SHAPE,
    XY0,
    canvas,
    clean_display,
    image,
    masked_image,
    shown,
)


def test_buffered_marks_are_few_artists() -> None:
    display = shown(1)
    before = len(plt.gca().get_children())
    with display.Buffering():
        with display.Buffering():
            for x, y in np.random.default_rng(3).uniform((95, 195), (135, 245), (200, 2)):
                display.dot("+", x, y)
                display.dot("o", x, y)
        assert len(plt.gca().get_children()) == before
    assert len(plt.gca().get_children()) == before + 2
    assert len(display.scene.marks) == 400


def test_marks_before_an_error_are_drawn() -> None:
    display = shown(1)
    before = len(plt.gca().get_children())

    def draw() -> None:
        with display.Buffering():
            display.dot("+", 110, 210)
            display.dot("+", 1 / 0, 210)

    with pytest.raises(ZeroDivisionError):
        draw()
    assert len(plt.gca().get_children()) == before + 1


@pytest.mark.parametrize("interactive", [True, False])
def test_interactive_mode_is_left_as_it_was(interactive: bool) -> None:
    display = shown(1)
    plt.interactive(interactive)
    with display.Buffering():
        assert not plt.isinteractive()
        with display.Buffering():
            display.dot("+", 110, 210)
        assert not plt.isinteractive()
    assert plt.isinteractive() == interactive


def test_settings_of_the_user_are_left_alone() -> None:
    with mpl.rc_context({"image.cmap": "jet", "lines.linewidth": 9, "axes.facecolor": "white"}):
        before = dict(mpl.rcParams)
        display = shown(1)
        with display.Buffering():
            display.dot("+", 110, 210)
        display.erase()
        canvas(display)
        assert dict(mpl.rcParams) == before


def test_an_open_figure_is_adopted() -> None:
    figure = plt.figure(figsize=(10, 8))
    figure.add_axes((0, 0, 0.1, 0.1))
    display = Display(1, "matplotlib")
    assert display.figure is figure
    assert figure.axes == []
    assert tuple(figure.get_size_inches()) == (10, 8)
    assert plt.get_fignums() == [1]


def test_the_image_stays_the_current_axes() -> None:
    figure = plt.figure(figsize=(10, 8))
    display = Display(1, "matplotlib")
    display.scale("asinh", "zscale")
    display.mtv(image(SHAPE, XY0))
    axes = plt.gca()
    assert [len(each.images) for each in figure.axes] == [1, 0]
    assert axes is figure.axes[0]
    axes.axis("off")
    canvas(display)
    assert not axes.axison
    assert figure.axes[1].axison
    assert axes.get_xlim() == (99.5, 129.5)
    assert axes.get_ylim() == (199.5, 239.5)


def test_the_colour_bar() -> None:
    plt.figure(1, figsize=(10, 8))
    display = Display(1, "matplotlib")
    display.scale("asinh", "zscale")
    display.mtv(image(SHAPE))
    axes, bar = display.figure.axes
    canvas(display)
    lower, upper = display.scene.image.colour_bar  # type: ignore[union-attr]
    assert bar.get_ylim() == pytest.approx((lower, upper))
    box, strip = axes.get_position(), bar.get_position()
    assert strip.width == pytest.approx(0.05 * box.width)
    assert (strip.x0 - box.x1) * 10 == pytest.approx(0.1)
    assert (strip.y0, strip.y1) == pytest.approx((box.y0, box.y1))
    # Each tick stands where the bar has the grey of its value.
    assert all(lower <= tick <= upper for tick in visible_ticks(bar))
    assert len(visible_ticks(bar)) > 2


def visible_ticks(bar: Any) -> list[float]:
    """Return the values of the ticks that are drawn within the bar."""
    low, high = bar.transAxes.transform([[0, 0], [0, 1]])[:, 1]
    ticks = [(tick.get_loc(), tick) for tick in bar.yaxis.get_major_ticks()]
    heights = bar.transData.transform([[0, value] for value, _ in ticks])[:, 1]
    return [
        value
        for (value, _), height in zip(ticks, heights, strict=True)
        if low - 0.5 <= height <= high + 0.5
    ]


def test_the_bar_has_the_greys_of_its_values() -> None:
    plt.figure(1, figsize=(10, 8))
    display = Display(1, "matplotlib")
    display.scale("asinh", "zscale")
    display.mtv(image(SHAPE))
    drawn = canvas(display)
    bar = display.figure.axes[1]
    lower, upper = display.scene.image.colour_bar  # type: ignore[union-attr]
    for value in np.linspace(lower, upper, 7)[1:-1]:
        x, y = bar.transData.transform((0.5, value))
        grey = float(drawn[-1 - int(y), int(bar.get_window_extent().x0 + 5), 0])
        x = 8 * (value - lower) / (upper - lower)
        assert grey == pytest.approx(256 * 0.1 * np.arcsinh(x) / np.arcsinh(0.8), abs=2)


def test_the_colour_bar_elsewhere_and_away() -> None:
    display = Display(1, "matplotlib")
    display.mtv(image(SHAPE))
    axes = plt.gca()
    for where in ("left", "top", "bottom", "right"):
        display.show_colorbar(where=where)
        canvas(display)
        assert len(display.figure.axes) == 2
        assert plt.gca() is axes
    with pytest.raises(DisplayValueError, match="did you mean 'bottom'"):
        display.show_colorbar(where="botom")
    display.show_colorbar(False)
    assert display.figure.axes == [axes]
    display.mtv(image(SHAPE))
    assert len(display.figure.axes) == 2


def test_mtv_again_takes_the_place_of_the_image() -> None:
    display = shown(1)
    display.dot("+", 110, 210)
    display.mtv(image(SHAPE))
    assert len(display.figure.axes) == 2
    assert len(plt.gca().images) == 1
    assert len(plt.gca().collections) == 0


def test_panels_of_one_figure() -> None:
    figure, panels = plt.subplots(1, 2)
    display = Display(figure, "matplotlib")
    for panel in panels:
        figure.sca(panel)
        display.mtv(masked_image(SHAPE))
        display.dot("+", 10, 10)
    assert len(figure.axes) == 4
    assert [len(panel.images) for panel in panels] == [2, 2]
    assert [len(panel.collections) for panel in panels] == [1, 1]


def test_erase_leaves_the_image() -> None:
    display = shown(4)
    before = canvas(display)
    with display.Buffering():
        display.dot("+", 110, 210)
        display.dot("o", 110, 210)
        display.dot("text", 110, 210)
        display.dot("@:9,0,4", 110, 210)
        display.line([(101, 201), (120, 230)])
    plt.plot([101, 120], [230, 201], scalex=False, scaley=False)
    assert (canvas(display) != before).any()
    display.erase()
    np.testing.assert_array_equal(canvas(display), before)


def test_zoom() -> None:
    display = Display(1, "matplotlib")
    display.mtv(image(SHAPE, XY0))
    display.zoom(2, 110, 215)
    axes = plt.gca()
    assert axes.get_xlim() == (95, 125)
    assert axes.get_ylim() == (200, 230)
    display.pan(112, 216)
    assert axes.get_xlim() == (97, 127)
    canvas(display)


def test_colour_maps() -> None:
    display = Display(1, "matplotlib")
    display.setImageColormap("viridis")
    display.mtv(image(SHAPE))
    assert plt.gca().images[0].get_cmap().name == "viridis"
    own = mpl.colors.ListedColormap(["black", "red"], name="test_black_and_red")
    display.setImageColormap(own)
    display.mtv(image(SHAPE))
    assert set(map(tuple, canvas(display)[400:-100, 200:250, :3].reshape(-1, 3))) <= {
        (0, 0, 0),
        (255, 0, 0),
        (255, 255, 255),
    }
    mpl.colormaps.unregister("test_black_and_red")
    with pytest.raises(DisplayValueError, match="did you mean 'viridis'"):
        display.setImageColormap("viridiss")


def test_savefig_draws_what_is_buffered(tmp_path: Path) -> None:
    display = shown(4)
    display.savefig(tmp_path / "before.png")
    with display.Buffering():
        display.dot("o", 110, 210, size=5, ctype="red")
        display.savefig(tmp_path / "marked.png")
    before, marked = (plt.imread(tmp_path / f"{name}.png") for name in ("before", "marked"))
    assert (before != marked).any()
    for suffix in ("pdf", "svg"):
        display.savefig(tmp_path / f"marked.{suffix}")
        assert (tmp_path / f"marked.{suffix}").stat().st_size > 1000


def test_the_title() -> None:
    display = Display(1, "matplotlib")
    display.mtv(image(SHAPE), title="calexp 903334")
    assert plt.gca().get_title() == "calexp 903334"


def test_the_value_under_the_cursor() -> None:
    display = shown(4)
    pixels = plt.gca().images[0]
    x, y = plt.gca().transData.transform((111, 212))
    event = type("Event", (), {"x": x, "y": y})()
    value = pixels.get_cursor_data(event)
    assert value == display.scene.image.pixels[12, 11]  # type: ignore[union-attr]
    assert plt.gca().images[1:] == []
    assert pixels.format_cursor_data(value)
