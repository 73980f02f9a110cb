"""Data IDs: the mapping, standardizing, coercion, expansion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from butler_core import (
    Butler,
    DataCoordinate,
    DataIdValueError,
    DimensionNameError,
    DimensionUniverse,
    DimensionValueError,
    InconsistentDataIdError,
)

from .core_world import RUN_A, World, data_id

UNIVERSE = DimensionUniverse()
VISIT = UNIVERSE.conform(["visit"])
REQUIRED = {"instrument": "HSC", "visit": 903334}
IMPLIED = {"band": "r", "day_obs": 20131102, "physical_filter": "HSC-R"}


def standardize(mapping: Any = None, **kwargs: Any) -> DataCoordinate:
    return DataCoordinate.standardize(mapping, universe=UNIVERSE, **kwargs)


def test_it_is_a_mapping_over_what_is_known() -> None:
    coordinate = standardize(REQUIRED, dimensions=VISIT)
    assert dict(coordinate) == REQUIRED
    assert dict(**coordinate) == REQUIRED
    assert list(coordinate) == ["instrument", "visit"]
    assert len(coordinate) == 2
    assert coordinate["visit"] == coordinate[UNIVERSE["visit"]] == 903334
    assert "band" not in coordinate
    assert coordinate.get("band") is None
    with pytest.raises(KeyError):
        coordinate["band"]
    assert not coordinate.hasFull()


def test_it_is_full_if_all_implied_values_are_given() -> None:
    coordinate = standardize({**REQUIRED, **IMPLIED}, dimensions=VISIT)
    assert coordinate.hasFull()
    assert dict(coordinate) == {**REQUIRED, **IMPLIED}
    assert dict(coordinate.required) == REQUIRED
    assert dict(coordinate.mapping) == {**REQUIRED, **IMPLIED}
    assert not standardize({**REQUIRED, "band": "r"}, dimensions=VISIT).hasFull()


def test_equality_is_that_of_required_values() -> None:
    short = standardize(REQUIRED, dimensions=VISIT)
    full = standardize({**REQUIRED, **IMPLIED}, dimensions=VISIT)
    assert short == full
    assert hash(short) == hash(full)
    assert short == REQUIRED
    assert full == {**REQUIRED, "band": "r"}
    assert full != {**REQUIRED, "band": "i"}
    assert short != {"visit": 903334}
    assert short != standardize({**REQUIRED, "visit": 1}, dimensions=VISIT)
    assert short != standardize({**REQUIRED, "detector": 1})


def test_keywords_take_precedence_and_defaults_give_way() -> None:
    assert standardize(REQUIRED, visit=5)["visit"] == 5
    assert standardize({"visit": 5}, dimensions=VISIT, defaults={"instrument": "B"}) == {
        "instrument": "B",
        "visit": 5,
    }
    assert standardize(REQUIRED, dimensions=VISIT, defaults={"instrument": "B"}) == REQUIRED


def test_subset_and_union() -> None:
    both = standardize({**REQUIRED, **IMPLIED, "detector": 22})
    visit = both.subset(["visit"])
    assert visit == REQUIRED
    assert visit.hasFull()
    assert both.subset(["detector"]).union(visit) == both
    with pytest.raises(DimensionNameError, match="skymap"):
        both.subset(["tract"])


def test_a_data_id_of_more_dimensions_serves_for_fewer() -> None:
    both = standardize({**REQUIRED, "detector": 22})
    assert DataCoordinate.standardize(both, dimensions=VISIT) == REQUIRED


def test_the_empty_data_id() -> None:
    empty = DataCoordinate.make_empty(UNIVERSE)
    assert dict(empty) == {}
    assert empty.hasFull()
    assert empty.hasRecords()
    assert empty == standardize({}, dimensions=[])


@pytest.mark.parametrize(
    "given", [22, "22", np.int64(22), np.uint8(22), 22.0, np.float64(22.0), "022"]
)
def test_an_integer_is_coerced_where_that_is_exact(given: Any) -> None:
    value = standardize({"instrument": "HSC", "detector": given})["detector"]
    assert value == 22
    assert type(value) is int


@pytest.mark.parametrize(
    "given",
    [22.5, "22.0", "twenty", "", " 22", "²", True, [22], 10**30, float("nan"), -(2**63) - 1],
)
def test_what_stands_for_no_integer_is_refused(given: Any) -> None:
    with pytest.raises(DataIdValueError, match="detector") as caught:
        standardize({"instrument": "HSC", "detector": given})
    assert str(given) in str(caught.value)


@pytest.mark.parametrize("given", [5, 2.0, b"HSC", ["HSC"]])
def test_what_is_no_string_is_refused(given: Any) -> None:
    with pytest.raises(DataIdValueError, match="instrument"):
        standardize({"instrument": given})


def test_a_string_of_numpy_is_a_string() -> None:
    assert type(standardize({"instrument": np.str_("HSC")})["instrument"]) is str


def test_an_unknown_key_is_named_with_the_nearest() -> None:
    with pytest.raises(DimensionValueError, match="did you mean 'visit'"):
        standardize({"instrument": "HSC", "vist": 1})
    assert standardize({"instrument": "HSC", "vist": 1}, strict=False) == {"instrument": "HSC"}


@pytest.mark.parametrize("value", [{}, {"visit": None}])
def test_a_missing_value_is_named(value: dict[str, Any]) -> None:
    with pytest.raises(DimensionNameError, match="visit"):
        standardize({"instrument": "HSC", **value}, dimensions=VISIT)


def test_expansion_gives_records_and_implied_values(world: World) -> None:
    registry = world.butler().registry
    expanded = registry.expandDataId(data_id())
    assert expanded.hasFull()
    assert expanded.hasRecords()
    assert dict(expanded) == {**data_id(), **IMPLIED}
    visit = expanded.records["visit"]
    assert visit is not None
    assert visit.exposure_time == pytest.approx(63.4)
    assert visit.timespan == expanded.timespan
    region = expanded.records["visit_detector_region"]
    assert region is not None
    assert expanded.region == region.region


def test_records_of_what_was_not_expanded_say_how(world: World) -> None:
    butler = world.butler(collections=RUN_A)
    ref = butler.find_dataset("stats", data_id())
    assert ref is not None
    with pytest.raises(AttributeError, match="expandDataId"):
        _ = ref.dataId.records


def test_expansion_keeps_what_is_there(world: World) -> None:
    registry = world.butler().registry
    expanded = registry.expandDataId(data_id())
    assert registry.expandDataId(expanded) == expanded
    assert registry.expandDataId(expanded, visit=903342)["visit"] == 903342


@pytest.mark.parametrize(
    ("given", "fragments"),
    [
        ({"visit": 99}, ("visit", "99")),
        ({"detector": 4}, ("detector", "4")),
        ({"instrument": "X"}, ("instrument", "X")),
    ],
)
def test_a_value_without_a_record_is_named(
    world: World, given: dict[str, Any], fragments: tuple[str, ...]
) -> None:
    butler = world.butler()
    with world.refuses(DataIdValueError, *fragments):
        butler.registry.expandDataId({**data_id(), **given})


@pytest.mark.parametrize(("name", "wrong"), [("band", "i"), ("physical_filter", "HSC-I")])
def test_an_implied_value_that_contradicts_is_named(world: World, name: str, wrong: str) -> None:
    butler: Butler = world.butler(collections=RUN_A, run=RUN_A)
    contradictory = {**data_id(), name: wrong}
    keyword: dict[str, Any] = {name: wrong}
    calls: list[Callable[[], object]] = [
        lambda: butler.registry.expandDataId(contradictory),
        lambda: butler.find_dataset("stats", contradictory),
        lambda: butler.get("stats", contradictory),
        lambda: butler.get("stats", data_id(), **keyword),
        lambda: butler.put({}, "stats", contradictory),
        lambda: butler.registry.insertDatasets("stats", [contradictory]),
        lambda: butler.exists("stats", contradictory),
    ]
    for call in calls:
        with world.refuses(InconsistentDataIdError, name, wrong):
            call()


def test_a_full_data_id_that_contradicts_is_refused(world: World) -> None:
    wrong = standardize({**REQUIRED, **IMPLIED, "band": "i"}, dimensions=VISIT)
    butler = world.butler(run=RUN_A)
    with world.refuses(InconsistentDataIdError, "band"):
        butler.registry.expandDataId(wrong)
    with world.refuses(InconsistentDataIdError, "band"):
        butler.put({}, "summary", wrong)
    with world.refuses(InconsistentDataIdError, "band"):
        butler.find_dataset("summary", wrong, collections=RUN_A)
