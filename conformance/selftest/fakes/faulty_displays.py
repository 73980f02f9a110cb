"""Displays that draw wrong in one way."""

from __future__ import annotations

from typing import Any

import numpy as np

from conformance.oracles.picture import expected_colours
from conformance.oracles.zscale import zscale_limits
from conformance.selftest.fakes.display import FakeDisplay
from conformance.selftest.fakes.faulty import both, fault


def _display(**members: Any) -> dict[str, Any]:
    return {"display": type("Display", (FakeDisplay,), members)}


@fault(*both(11), *both(22))
def limits_of_another_sample() -> dict[str, Any]:
    return _display(find_limits=lambda self, image: zscale_limits(image, samples=500))


@fault(*both(11), *both(22))
def the_picture_is_flipped() -> dict[str, Any]:
    return _display(colours=lambda self, one: FakeDisplay.colours(self, one)[::-1])


def _without(*planes: str) -> dict[str, Any]:
    def colours(self: FakeDisplay, exposure: Any) -> Any:
        every = self.planes
        self.planes = {name: bit for name, bit in every.items() if name not in planes}
        drawn = FakeDisplay.colours(self, exposure)
        self.planes = every
        return drawn

    return _display(colours=colours)


@fault(*both(11), *both(22))
def the_edge_of_the_mask_is_not_drawn() -> dict[str, Any]:
    return _without("EDGE")


@fault(*both(11))  # in the picture with markers, these cover what was detected
def the_detected_pixels_are_not_drawn() -> dict[str, Any]:
    return _without("DETECTED")


@fault(*both(11), *both(22))
def the_colour_bar_is_missing() -> dict[str, Any]:
    def mtv(self: FakeDisplay, exposure: Any) -> None:
        FakeDisplay.mtv(self, exposure)
        for axes in self.figure.axes:
            if axes is not self.axes:
                axes.remove()

    return _display(mtv=mtv, image=mtv)


@fault(*both(11), *both(22))
def the_image_is_shifted_by_half_a_pixel() -> dict[str, Any]:
    def mtv(self: FakeDisplay, exposure: Any) -> None:
        FakeDisplay.mtv(self, exposure)
        left, right, bottom, top = self.shown.get_extent()
        self.shown.set_extent((left + 0.5, right + 0.5, bottom + 0.5, top + 0.5))

    return _display(mtv=mtv, image=mtv)


@fault(*both(22))
def one_source_is_not_marked() -> dict[str, Any]:
    def dot(self: FakeDisplay, symbol: str, x: float, y: float, **keywords: Any) -> None:
        if len(self.markers) < 111:
            FakeDisplay.dot(self, symbol, x, y, **keywords)

    return _display(dot=dot)


@fault(*both(22))
def one_cross_is_kept_and_not_drawn() -> dict[str, Any]:
    def draw_cross(self: FakeDisplay, *place: Any) -> None:
        if len(self.markers) > 1:
            FakeDisplay.draw_cross(self, *place)

    return _display(draw_cross=draw_cross)


@fault(*both(22))
def markers_lie_a_tenth_of_a_pixel_off() -> dict[str, Any]:
    def dot(self: FakeDisplay, symbol: str, x: float, y: float, **keywords: Any) -> None:
        FakeDisplay.dot(self, symbol, x + 0.1, y, **keywords)

    return _display(dot=dot)


@fault(*both(22))
def circles_are_drawn_too_small() -> dict[str, Any]:
    def draw_circle(self: FakeDisplay, x: float, y: float, size: float, colour: str) -> None:
        FakeDisplay.draw_circle(self, x, y, size / 2, colour)

    return _display(draw_circle=draw_circle)


@fault(*both(11), *both(22))
def the_mask_is_too_dense() -> dict[str, Any]:
    def colours(self: FakeDisplay, exposure: Any) -> Any:
        shown = FakeDisplay.colours(self, exposure)
        bare = expected_colours(exposure.image.array, exposure.mask.array, {}, self.limits)
        return np.clip(bare + 1.2 * (shown - bare), 0.0, 1.0)

    return _display(colours=colours)


@fault(*both(11), *both(22))
def the_stretch_is_linear() -> dict[str, Any]:
    def colours(self: FakeDisplay, exposure: Any) -> Any:
        low, high = self.limits
        grey = np.clip((exposure.image.array - low) / (high - low), 0.0, 1.0)
        bare = expected_colours(exposure.image.array, exposure.mask.array, {}, self.limits)
        return FakeDisplay.colours(self, exposure) + 0.7 * (grey[:, :, np.newaxis] - bare)

    return _display(colours=colours)


@fault(*both(22))
def crosses_are_blue_in_the_picture() -> dict[str, Any]:
    def draw_cross(self: FakeDisplay, x: float, y: float, size: float, colour: str) -> None:
        FakeDisplay.draw_cross(self, x, y, size, "blue")

    return _display(draw_cross=draw_cross)


@fault(*both(22))
def markers_are_drawn_elsewhere_than_kept() -> dict[str, Any]:
    def draw_cross(self: FakeDisplay, x: float, y: float, size: float, colour: str) -> None:
        FakeDisplay.draw_cross(self, x + 8, y, size, colour)

    return _display(draw_cross=draw_cross)


@fault(*both(22))
def a_circle_too_many_is_drawn() -> dict[str, Any]:
    def draw_circle(self: FakeDisplay, x: float, y: float, size: float, colour: str) -> None:
        FakeDisplay.draw_circle(self, x, y, size, colour)
        FakeDisplay.draw_circle(self, 512.0 - x, y, size, colour)

    return _display(draw_circle=draw_circle)


@fault(*both(22))
def crosses_are_drawn_too_large() -> dict[str, Any]:
    def draw_cross(self: FakeDisplay, x: float, y: float, size: float, colour: str) -> None:
        FakeDisplay.draw_cross(self, x, y, 8 * size, colour)

    return _display(draw_cross=draw_cross)
