"""Butlers whose src is wrong in one way."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from astropy.table import Table

from conformance.selftest.fakes.butlers import FakeCatalog, JanuaryButler, TodayButler
from conformance.selftest.fakes.faulty import both, fault


def _src(change: Callable[[FakeCatalog], None]) -> dict[str, Any]:
    def changed(name: str, found: Any) -> Any:
        if name == "src":
            change(found)
        return found

    class January(JanuaryButler):
        def get(self, name: str, dataId: Mapping[str, Any]) -> Any:
            return changed(name, super().get(name, dataId))

    class Today(TodayButler):
        def get(self, name: str, data_id: Any = None, **keywords: Any) -> Any:
            return changed(name, super().get(name, data_id, **keywords))

    return {"january": January, "today": Today}


def _table(change: Callable[[Any], Any]) -> dict[str, Any]:
    def changed(src: FakeCatalog) -> None:
        src.table = change(src.table)

    return _src(changed)


@fault(*both(21))
def the_last_source_is_lost() -> dict[str, Any]:
    return _table(lambda table: table[:-1])


@fault(*both(21))
def one_position_is_not_a_number() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["base_SdssCentroid_x"][3] = np.nan
        return table

    return _table(change)


@fault(*both(21))
def the_columns_are_in_another_order() -> dict[str, Any]:
    return _table(lambda table: table[[*table.colnames[:4], *table.colnames[:3:-1]]])


@fault(*both(21))
def one_column_is_lost() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table.remove_column("base_PsfFlux_instFlux")
        return table

    return _table(change)


@fault(*both(21))
def the_packed_flags_are_a_column() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["flags"] = np.zeros((len(table), 3), dtype=bool)
        return table

    return _table(change)


@fault(*both(21))
def the_rows_are_backwards() -> dict[str, Any]:
    return _table(lambda table: table[::-1])


@fault(*both(21))
def two_flags_have_changed_places() -> dict[str, Any]:
    def change(table: Any) -> Any:
        one, other = "calib_detected", "base_SdssCentroid_flag"
        table[one], table[other] = table[other].copy(), table[one].copy()
        return table

    return _table(change)


@fault(*both(21))
def one_flag_is_the_other_way_round() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["base_SdssCentroid_flag"] = ~table["base_SdssCentroid_flag"]
        return table

    return _table(change)


@fault(*both(21))
def missing_fluxes_are_zero() -> dict[str, Any]:
    def change(table: Any) -> Any:
        column = table["base_PsfFlux_instFlux"]
        column[np.isnan(column)] = 0.0
        return table

    return _table(change)


@fault(*both(21))
def one_value_is_masked() -> dict[str, Any]:
    def change(table: Any) -> Any:
        masked = Table(table, masked=True, copy=True)
        masked["base_PsfFlux_instFlux"].mask[2] = True
        return masked

    return _table(change)


@fault(*both(21))
def a_column_holds_two_numbers_a_row() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["parent"] = np.zeros((len(table), 2), dtype=np.int64)
        return table

    return _table(change)


@fault(*both(21))
def fluxes_are_of_double_precision() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["base_PsfFlux_instFlux"] = table["base_PsfFlux_instFlux"].astype(np.float64)
        return table

    return _table(change)


@fault(*both(21))
def angles_say_that_they_are_degrees() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["coord_ra"].unit = "deg"
        return table

    return _table(change)


@fault(*both(21))
def one_unit_is_lost() -> dict[str, Any]:
    def change(table: Any) -> Any:
        table["base_SdssCentroid_x"].unit = None
        return table

    return _table(change)


class _Beside(FakeCatalog):
    """Rows a pixel beside their places, once the catalogue has been read as often as said."""

    good_readings = 0

    def __iter__(self) -> Iterator[Any]:
        shift = float(self.good_readings <= 0)
        self.good_readings -= 1
        for row in super().__iter__():
            x = row.getX()
            row.getX = functools.partial(float, x + shift)
            yield row


@fault(*both(21))
def rows_lie_a_pixel_beside_the_table() -> dict[str, Any]:
    def change(src: FakeCatalog) -> None:
        src.__class__ = _Beside

    return _src(change)


@fault(*both(22))
def rows_wander_when_they_are_read_again() -> dict[str, Any]:
    def change(src: FakeCatalog) -> None:
        src.__class__ = _Beside
        src.good_readings = 1  # type: ignore[attr-defined]  # the one of the judge before

    return _src(change)
