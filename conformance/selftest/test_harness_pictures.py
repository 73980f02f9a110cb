"""Each layer of a picture sees what it is there to see: small changes, and none at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest

from conformance.pictures import judging
from conformance.pictures.portrait import Portrait
from conformance.selftest.display_world import clean_display  # noqa: F401
from conformance.selftest.picture_world import HEIGHT, Sky, sky, with_pixel, without_plane


@dataclass(frozen=True)
class Change:
    """A change, and what each layer says of it; a layer that is not named sees nothing."""

    make: Callable[[Sky], Sky]
    seen: Mapping[str, str]


def _moved(sky: Sky) -> Sky:
    return replace(sky, sources=tuple((x + 0.5, y) for x, y in sky.sources))


def _flipped(sky: Sky) -> Sky:
    return replace(sky, image=sky.image[::-1].copy(), mask=sky.mask[::-1].copy())


CHANGES = {
    "nothing": Change(lambda sky: sky, {}),
    "one source is lost": Change(
        lambda sky: replace(sky, sources=sky.sources[1:]),
        {"numbers": "markers unlike .*: 4 markers, and not 6; 4 differ", "whole": "pixels differ"},
    ),
    "Q is 9 for 8": Change(
        lambda sky: replace(sky, scale={"Q": 9}),
        {
            "numbers": r"brightness .*: 12\d\d\d of 12288, the first at x 100, y 200: 0\.",
            "pixels": "pixels differ of 12288",
            "whole": "pixels differ",
        },
    ),
    "the mask's opacity is 0.25 for 0.30": Change(
        lambda sky: replace(sky, transparency=75),
        {
            "numbers": r"mask colour .* opacity \[255, 255, 0, 63\], expected \[255, 255, 0, 76\]",
            "pixels": "pixels differ of 12288",
            "whole": "pixels differ",
        },
    ),
    "one mask plane is lost": Change(
        lambda sky: without_plane(sky, "CROSSTALK"),
        {
            "numbers": "mask colour .*: 12 of 12288, the first at x 130, y 250",
            "pixels": "12 pixels differ of 12288, in columns 30 to 33 and rows 75 to 77 from",
            "whole": "pixels differ",
        },
    ),
    "one pixel is 500 brighter": Change(
        lambda sky: with_pixel(sky, 7, 34, 500.0),
        {
            "numbers": "brightness .*: 1 of 12288, the first at x 107, y 234",
            "pixels": "1 pixel differs of 12288, .* column 7, row 93: .* pixel x 107, y 234",
            "whole": "pixels differ of 200000, .* it shows pixel x 107, y 234 of the image",
        },
    ),
    "markers lie half a pixel off": Change(
        _moved,
        {
            "numbers": r"markers unlike .*: 6 differ, the first is number 1: \+ red of size 2 at "
            r"\(112\.75, 220\.5\), expected \+ red of size 2 at \(112\.25, 220\.5\)",
            "whole": "pixels differ",
        },
    ),
    "image and mask are upside down": Change(
        _flipped,
        {
            "numbers": "limits|brightness",
            "pixels": "pixels differ of 12288",
            "whole": "pixels differ",
        },
    ),
    "the image lies a pixel to the right": Change(
        lambda sky: replace(sky, xy0=(sky.xy0[0] + 1, sky.xy0[1])),
        {
            "numbers": r"where the image lies, .* expected \[99\.5, .* observed \[100\.5, ",
            "pixels": "pixels differ of 12288",
            "whole": "pixels differ",
        },
    ),
}


@pytest.fixture(scope="module")
def approved() -> Portrait:
    return sky().draw()


def said(changed: Sky, approved: Portrait) -> dict[str, str]:
    """Return what each layer says of a sky beside what is approved."""
    drawing = changed.drawing(approved)
    unaided = replace(drawing, expected=None)
    assert approved.whole is not None
    found = {
        "numbers": judging.numbers(drawing, None).message,
        "pixels": judging.pixels(unaided, approved.pixels).message,
        "whole": judging.whole(unaided, approved.whole).message,
    }
    return {layer: message for layer, message in found.items() if message}


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_is_seen_in_its_layers_and_in_no_other(name: str, approved: Portrait) -> None:
    change = CHANGES[name]
    found = said(change.make(sky()), approved)
    assert set(found) == set(change.seen)
    for layer, words in change.seen.items():
        assert re.search(words, found[layer]), found[layer]


def test_zscale_of_astropy_is_seen_in_every_layer(
    approved: Portrait, monkeypatch: pytest.MonkeyPatch
) -> None:
    from astropy.visualization import ZScaleInterval

    monkeypatch.setattr("butler_core.display.limits.zscale", ZScaleInterval().get_limits)
    found = said(sky(), approved)
    assert set(found) == {"numbers", "pixels", "whole"}
    assert "the limits of the stretch" in found["numbers"]


def test_an_axis_that_runs_the_other_way_is_seen(approved: Portrait) -> None:
    def upside_down(display: object) -> None:
        import matplotlib.pyplot as plt

        mtv = display.mtv  # type: ignore[attr-defined]

        def image(exposure: object) -> None:
            mtv(exposure)
            plt.gca().invert_yaxis()

        display.image = image  # type: ignore[attr-defined]

    found = said(replace(sky(), prepare=upside_down), approved)
    assert set(found) == {"numbers", "pixels", "whole"}
    assert "the part shown" in found["numbers"]


def test_what_is_drawn_is_what_the_file_says() -> None:
    """The oracle shares no line with the display, and has the same 12288 pixels."""
    from conformance.pictures import portrait

    drawn = sky()
    by_file = portrait.of_file(drawn.held())
    found = said(replace(drawn, sources=()), replace(by_file, whole=drawn.draw().whole))
    assert set(found) == {"whole"}  # of which the file says nothing


def test_a_hidden_layer_does_not_count_as_drawn(approved: Portrait) -> None:
    found = said(replace(sky(), transparency=100), approved)
    assert "BAD is None, not red" in found["numbers"]
    assert "pixels" in found


def test_without_values_a_pixel_is_white(approved: Portrait) -> None:
    assert approved.pixels is not None
    assert np.isnan(sky().image[5, 5])
    for x, y in ((5, 5), (4, 70)):
        assert (approved.pixels[HEIGHT - 1 - y, x] == 255).all()
