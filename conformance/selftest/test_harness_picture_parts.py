"""The parts that compare pictures, each by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from conformance.notebook.runner import Notebook
from conformance.oracles import device
from conformance.pictures import figures, numbers
from conformance.pictures.comparing import amplified, difference
from conformance.pictures.source import Pictures
from conformance.repository import locate
from conformance.selftest.display_world import clean_display  # noqa: F401
from conformance.selftest.fakes import perfect, repository
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace


def grey(height: int, width: int, level: int = 100) -> np.ndarray:
    return np.full((height, width, 3), level, dtype=np.uint8)


@pytest.mark.parametrize("channel", [0, 1, 2])
@pytest.mark.parametrize("step", [-1, 1])
def test_one_level_of_one_channel_of_one_pixel_is_a_difference(channel: int, step: int) -> None:
    expected, actual = grey(4, 6), grey(4, 6)
    actual[3, 5, channel] = 100 + step
    found = difference(expected, actual)
    assert (found.count, found.total) == (1, 24)
    assert (found.first, found.box) == ((5, 3), (5, 3, 6, 4))
    shown = amplified(expected, actual)
    assert shown is not None
    assert shown[3, 5, channel] == 10
    assert shown.sum() == 10


def test_the_first_is_by_rows_and_the_box_holds_all() -> None:
    expected, actual = grey(8, 9), grey(8, 9)
    actual[2, 7], actual[3, 1], actual[6, 4] = 0, 1, 2
    found = difference(expected, actual)
    assert (found.count, found.first, found.box) == (3, (7, 2), (1, 2, 8, 7))
    words = found.words(lambda column, row: f"at {column}, {row}")
    assert words == (
        "3 pixels differ of 72, in columns 1 to 7 and rows 2 to 6 from the top; the first is at "
        "column 7, row 2: red, green, blue (0, 0, 0), expected (100, 100, 100); at 7, 2"
    )


def test_pictures_of_other_sizes_differ_in_every_pixel() -> None:
    found = difference(grey(8, 9), grey(9, 8))
    assert (found.count, found.total, found.first) == (72, 72, None)
    assert found.words() == "the picture has 8 × 9 pixels, and not 9 × 8"
    assert amplified(grey(8, 9), grey(9, 8)) is None


def test_large_differences_do_not_wrap() -> None:
    shown = amplified(grey(1, 1, 0), grey(1, 1, 255))
    assert shown is not None
    assert (shown == 255).all()


def test_brightness_is_the_same_but_for_the_last_bits() -> None:
    shown = np.array([[0.25, 0.5, np.nan, 1.0]])
    assert numbers.fingerprint(shown) == numbers.fingerprint(shown + 1e-15)
    for other in (shown + 1e-4, np.nan_to_num(shown), shown[:, ::-1]):
        assert numbers.fingerprint(shown) != numbers.fingerprint(other)


def test_layers_are_mixed_as_agg_does() -> None:
    """By hand: opacity 76; over black 65280 × 76 / 65356 is 75.9, over white 179.4, cut off."""
    shown = np.array([[np.nan, 0.0, 1.0]])
    mask = np.array([[1, 1, 0]])
    layer = device.mask_layer(mask, {"DETECTED": 0})
    assert layer[0, 0].tolist() == [0, 0, 255, 76]
    assert device.device_pixels(shown, layer).tolist() == [
        [[179, 179, 255], [0, 0, 75], [255, 255, 255]]
    ]


def test_planes_without_a_colour_get_the_next() -> None:
    planes = {"MINE": 3, "BAD": 0, "YOURS": 1, "SAT": 2}
    assert device.plane_colours(planes) == {
        "BAD": "red",
        "YOURS": "red",
        "SAT": "green",
        "MINE": "green",
    }


def test_matplotlib_gets_colours_of_plain_images_alone() -> None:
    import matplotlib.pyplot as plt

    from butler_core.display import Display
    from conformance.selftest.picture_world import sky

    plain, axes = plt.subplots()
    axes.imshow(np.arange(6.0).reshape(2, 3), cmap="gray")
    assert figures.colour_pixel_values(plain)
    assert axes.images[0].get_array().shape == (2, 3, 4)
    assert not figures.colour_pixel_values(plain)
    own = plt.figure()
    Display(own.number, backend="matplotlib").mtv(sky().image)
    assert not figures.colour_pixel_values(own)


def test_a_figure_must_be_opaque() -> None:
    import matplotlib.pyplot as plt

    figure = plt.figure(facecolor="none")
    with pytest.raises(figures.FigureError, match="the figure is not opaque"):
        figures.canvas_pixels(figure)


def test_another_file_is_not_held_against_an_approved_picture(tmp_path: Path) -> None:
    files = locate(repository.make(tmp_path / "ci_hsc"))
    notebook = Notebook(perfect())
    source = Pictures(notebook)
    place = Workplace(lambda: files, scratch=tmp_path)
    suite = Suite(notebook.implementation, place=place, sources=[notebook, source])
    for case in ("PIC-01.cell-11.current", "PIC-02.cell-11.current"):
        outcome = suite.outcome(case)
        assert outcome.verdict is Verdict.NOT_RUN
        assert "shows a file with other pixels than the one in this repository" in outcome.message
        assert "`butler-conformance make-repo ci_hsc FOLDER`" in outcome.message
