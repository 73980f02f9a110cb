"""Butlers whose calexps are wrong in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from conformance.selftest.fakes.butlers import FakeExposure, FakeWcs, JanuaryButler, TodayButler
from conformance.selftest.fakes.faulty import both, fault


def _exposure(change: Callable[[FakeExposure], None]) -> dict[str, Any]:
    def changed(found: Any) -> Any:
        if isinstance(found, FakeExposure):
            change(found)
        return found

    class January(JanuaryButler):
        def get(self, name: str, dataId: Mapping[str, Any]) -> Any:
            return changed(super().get(name, dataId))

    class Today(TodayButler):
        def get(self, name: str, data_id: Any = None, **keywords: Any) -> Any:
            return changed(super().get(name, data_id, **keywords))

    return {"january": January, "today": Today}


@fault(*both(10), *both(20))
def one_pixel_is_off_by_a_hair() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        image = exposure.image.array
        image[5, 7] = np.nextafter(image[5, 7], np.float32(np.inf))

    return _exposure(change)


@fault(*both(10), *both(20))
def two_mask_planes_have_changed_places() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        planes = exposure.mask.planes
        planes["BAD"], planes["EDGE"] = planes["EDGE"], planes["BAD"]

    return _exposure(change)


@fault(*both(10), *both(20))
def the_image_is_turned() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        for plane in (exposure.image, exposure.variance, exposure.mask):
            plane.array = plane.array.T

    return _exposure(change)


@fault(*both(20))
def always_the_same_calexp() -> dict[str, Any]:
    class January(JanuaryButler):
        def get(self, name: str, dataId: Mapping[str, Any]) -> Any:
            other = {"visit": 903338, "detector": 25} if name == "calexp" else dataId
            return super().get(name, other)

    class Today(TodayButler):
        def get(self, name: str, data_id: Any = None, **keywords: Any) -> Any:
            other = {"visit": 903338, "detector": 25} if name == "calexp" else data_id
            return super().get(name, other)

    return {"january": January, "today": Today}


@fault(*both(10), *both(20))
def one_row_stands_for_the_variance() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.variance.array = exposure.variance.array[:1]

    return _exposure(change)


@fault(*both(10), *both(20))
def the_variance_is_of_double_precision() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.variance.array = exposure.variance.array.astype(np.float64)

    return _exposure(change)


@fault(*both(10), *both(20))
def one_mask_plane_is_shifted_by_a_pixel() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        mask, bit = exposure.mask.array, 1 << exposure.mask.planes["BAD"]
        shifted = np.roll(mask & bit, 1, axis=1)  # it stands for as many pixels as before
        exposure.mask.array = (mask & ~bit) | shifted

    return _exposure(change)


@fault(*both(10), *both(20))
def the_mask_has_a_plane_too_many() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.mask.planes["DREAMT"] = 20

    return _exposure(change)


@fault(*both(10), *both(20))
def a_bit_of_no_plane_is_set() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.mask.array[9, 9] |= 1 << 30

    return _exposure(change)


@fault(*both(10), *both(20))
def xy0_is_off_by_one() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.x0 += 1

    return _exposure(change)


@fault(*both(10), *both(20))
def the_wcs_is_shifted_by_a_pixel() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.wcs = FakeWcs(exposure.wcs.held, shift=1.0)

    return _exposure(change)


@fault(*both(10), *both(20))
def the_wcs_knows_no_place() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.wcs = FakeWcs(exposure.wcs.held, shift=np.nan)

    return _exposure(change)


@fault(*both(10), *both(20))
def one_card_is_dropped() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        del exposure.metadata["GAIN"]

    return _exposure(change)


@fault(*both(10), *both(20))
def truth_is_a_number() -> dict[str, Any]:
    def change(exposure: FakeExposure) -> None:
        exposure.metadata["SIMULATE"] = 1

    return _exposure(change)
