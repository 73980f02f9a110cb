"""Stretches and limits against numbers worked out by hand."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from butler_core.display import stretches
from butler_core.display.limits import Limits, explicit_limits, minmax_limits
from butler_core.display.scale import Scale
from butler_core.display.stretches import algorithms
from butler_core.display.stretches.asinh import AsinhStretch
from butler_core.display.stretches.linear import LinearStretch
from butler_core.errors import DisplayError, DisplayValueError


def asinh(minimum: float = 0.0, maximum: float = 1.0, Q: float = 8.0) -> AsinhStretch:
    return AsinhStretch.from_limits(Limits(minimum, maximum, "zscale"), Q=Q)


def test_asinh_at_known_places() -> None:
    stretch = asinh(20.0, 70.0)
    pixels = np.array([20 + 0.1 * 50, 70.0, 20.0, 19.0, -1e9])
    # y(0.1 R) = 0.1 by construction; y(R) = 0.1 asinh(8) / asinh(0.8) = 0.37895.
    assert stretch(pixels) == pytest.approx([0.1, 0.378954, 0, 0, 0], abs=5e-7)


def test_asinh_is_white_at_95_ranges() -> None:
    stretch = asinh()
    # asinh(8 x) = 10 asinh(0.8): x = sinh(7.3267) / 8 = 95.02.
    assert float(stretch(95.02)) == pytest.approx(1.0, abs=1e-5)
    assert float(stretch(1e6)) > 2  # there is no upper limit


@pytest.mark.parametrize(
    ("Q", "used"), [(0, 0.1), (1e-8, 0.1), (-1e-8, 0.1), (1e-6, 1e-6), (1e12, 1e10), (3, 3)]
)
def test_asinh_softening_has_limits(Q: float, used: float) -> None:
    stretch = asinh(Q=Q)
    assert used == stretch.Q


def test_asinh_of_small_q_is_linear() -> None:
    # 0.1 asinh(Q x) / asinh(0.1 Q) tends to x.
    assert asinh(Q=1e-4)(np.array([0.2, 0.7])) == pytest.approx([0.2, 0.7], rel=1e-6)


def test_linear() -> None:
    stretch = LinearStretch.from_limits(explicit_limits(10, 30))
    assert stretch([0, 10, 15, 30, 31]).tolist() == [0, 0, 0.25, 1, 1]


@pytest.mark.parametrize("stretch", [asinh(), LinearStretch(0, 1)])
def test_no_brightness_without_a_value(stretch: AsinhStretch | LinearStretch) -> None:
    assert np.isnan(stretch([math.nan, math.inf, -math.inf])).all()


def test_integers_and_big_endian_pixels() -> None:
    for dtype in ("i4", "u2", ">f4", ">i2"):
        brightness = LinearStretch(0, 10)(np.array([0, 5, 20], dtype=dtype))
        assert brightness.dtype == np.float64
        assert brightness.tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("limits", "Q", "ends"),
    [
        (Limits(-40.0, 90.0, "zscale"), 8.0, (-40.0, 90.0)),
        # afw's backend multiplies the upper end by Q where that is above the minimum.
        (Limits(10.0, 30.0, "explicit limits"), 8.0, (10.0, 240.0)),
        (Limits(10.0, 30.0, "minmax"), 2.0, (10.0, 60.0)),
        (Limits(-30.0, -10.0, "explicit limits"), 8.0, (-30.0, -10.0)),
        (Limits(10.0, 30.0, "explicit limits"), 0.2, (10.0, 30.0)),
    ],
)
def test_ends_of_the_colour_bar(limits: Limits, Q: float, ends: tuple[float, float]) -> None:
    assert AsinhStretch.from_limits(limits, Q=Q).colour_bar == pytest.approx(ends)
    linear = LinearStretch.from_limits(limits)
    assert linear.colour_bar == (limits.minimum, limits.maximum)


def test_places_along_the_colour_bar() -> None:
    stretch = asinh(-40, 90)
    place, pixel = stretch.bar_scale
    pixels = np.array([-100.0, -41, -40, 0, 90])
    assert np.all(np.diff(place(pixels)) > 0)
    assert place(pixels[2:]) == pytest.approx(stretch(pixels[2:]))
    assert pixel(place(pixels)) == pytest.approx(pixels)


def test_minmax_leaves_out_masked_and_missing_pixels() -> None:
    pixels = np.array([[1.0, 2, 3], [np.nan, np.inf, -5]])
    mask = np.array([[0, 0, 8], [0, 0, 2]])
    planes = {"SAT": 1, "CR": 3}
    assert minmax_limits(pixels) == Limits(-5, 3, "minmax")
    assert minmax_limits(pixels, mask, planes, ["SAT", "CR"]) == Limits(1, 2, "minmax")
    assert minmax_limits(pixels, mask, planes, "CR") == Limits(-5, 2, "minmax")
    with pytest.raises(DisplayValueError, match="did you mean 'SAT'"):
        minmax_limits(pixels, mask, planes, ["SATT"])
    with pytest.raises(DisplayError, match="no pixel"):
        minmax_limits(np.full((2, 2), np.nan))


def test_scale_gives_the_options_to_those_who_take_them() -> None:
    pixels = np.arange(11.0)[None, :]
    made = Scale("linear", "zscale", options={"contrast": 2.0}).stretch(pixels)
    assert made is not None
    assert made.record() == {"algorithm": "linear", "minimum": pytest.approx(2.5), "maximum": 7.5}
    made = Scale("asinh", "zscale", options={"Q": 3}).stretch(pixels)
    assert made == AsinhStretch(0, 10, 3, "zscale")
    made = Scale("asinh", 1, 5).stretch(pixels)
    assert made == AsinhStretch(1, 4, 8.0, "explicit limits")
    mask = (pixels > 8).astype(np.int32)
    scale = Scale("linear", "minmax", options={"maskedPixels": ["BAD"]})
    assert scale.stretch(pixels, mask, {"BAD": 0}) == LinearStretch(0, 8)
    assert Scale().stretch(pixels) is None


def test_asinh_takes_no_contrast_and_says_so() -> None:
    with pytest.warns(UserWarning, match="contrast, nSamples: not used"):
        scale = Scale("asinh", "zscale", options={"nSamples": 9, "contrast": 2.0})
    # As with afw, the limits are those of the default sample and contrast.
    assert scale.stretch(np.arange(11.0)[None, :]) == AsinhStretch(0, 10, 8.0, "zscale")


def test_units_are_not_used_and_it_says_so() -> None:
    with pytest.warns(UserWarning, match="unit='sigma' is not used"):
        Scale("linear", 0, 1, "sigma")


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("log", "zscale"), {}, "there are 'asinh', 'linear'"),
        (("ashin", "zscale"), {}, "did you mean 'asinh'"),
        (("asinh", 0), {}, "Please specify max"),
        (("asinh", "zcale"), {}, "did you mean 'zscale'"),
        (("asinh", "zscale", 3), {}, "may not specify .zscale. and max"),
        (("asinh", "minmax", None, "sigma"), {}, "may not specify .minmax. and unit"),
        (("linear", 3, 3), {}, "two different limits"),
        (("asinh", 3, 3), {}, "two different limits"),
        (("linear", 3, 2), {}, "above the upper one"),
        (("linear", 3, "x"), {}, "max='x'"),
        (("asinh", 0, math.nan), {}, "max=nan"),
        (("asinh", "zscale"), {"q": 8}, "did you mean 'Q'"),
        (("asinh", 0, 1), {"Q": math.nan}, "not NaN"),
    ],
)
def test_mistakes_are_reported_at_once(
    arguments: tuple[object, ...], options: dict[str, object], message: str
) -> None:
    with pytest.raises(DisplayValueError, match=message):
        Scale(*arguments, options=options)  # type: ignore[arg-type, misc]


def test_limits_that_the_image_does_not_give() -> None:
    for minimum in ("zscale", "minmax"):
        with pytest.raises(DisplayValueError, match=f"{minimum} gave 3 for both"):
            Scale("linear", minimum).stretch(np.full((5, 5), 3.0))


def test_each_stretch_is_found_by_the_name_of_its_file() -> None:
    assert algorithms() == ("asinh", "linear")


SQUARE_ROOT = """
from dataclasses import dataclass

import numpy as np

from .linear import LinearStretch


@dataclass(frozen=True, slots=True)
class SquareRootStretch(LinearStretch):
    gamma: float = 0.5

    name = "sqrt"
    options = frozenset({"gamma"})

    @classmethod
    def from_limits(cls, limits, *, gamma=0.5, **options):
        return cls(limits.minimum, limits.maximum, gamma)

    def __call__(self, pixels):
        return LinearStretch.__call__(self, pixels) ** self.gamma


STRETCH = SquareRootStretch
"""


@pytest.fixture
def add_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Return a function that adds a file to the package of stretches."""
    before = set(sys.modules)
    monkeypatch.setattr(stretches, "__path__", [*stretches.__path__, str(tmp_path)])

    def forget() -> None:
        stretches.algorithms.cache_clear()
        stretches._modules.cache_clear()

    def add(name: str, text: str) -> None:
        (tmp_path / f"{name}.py").write_text(text)
        forget()

    yield add
    forget()
    for name in set(sys.modules) - before:
        if name.startswith(f"{stretches.__name__}."):
            del sys.modules[name]
            delattr(stretches, name.rpartition(".")[2])


def test_a_new_stretch_is_one_file_with_its_options(add_module: Callable[..., None]) -> None:
    add_module("sqrt", SQUARE_ROOT)
    pixels = np.arange(11.0)[None, :]
    made = Scale("sqrt", "zscale", options={"gamma": 0.3}).stretch(pixels)
    assert made is not None
    assert made([5.0]) == pytest.approx([0.5**0.3])
    with pytest.raises(DisplayValueError, match=r"'gama'; there are Q, .*gamma.*mean 'gamma'"):
        Scale("sqrt", "zscale", options={"gama": 0.3})
    with pytest.warns(UserWarning, match="gamma: not used by scale..asinh"):
        Scale("asinh", "zscale", options={"gamma": 0.3})


def test_a_module_without_a_stretch_is_no_algorithm(add_module: Callable[..., None]) -> None:
    add_module("curves", "FIXED_POINT = 0.1\n")
    assert algorithms() == ("asinh", "linear")
    with pytest.raises(DisplayValueError, match=r"\.curves has no STRETCH\); there are 'asinh'"):
        Scale("curves", "zscale")
    add_module("odd", "STRETCH = 'odd'\n")
    with pytest.raises(DisplayValueError, match=r"\.odd: STRETCH is a subclass of .*not 'odd'"):
        Scale("odd", "zscale")


def test_a_module_that_cannot_be_imported_spoils_no_other(add_module: Callable[..., None]) -> None:
    add_module("broken", "import nowhere_at_all\n")
    assert Scale("asinh", 1, 5, options={"Q": 3}).stretch(np.ones((2, 2))) == AsinhStretch(
        1, 4, 3, "explicit limits"
    )
