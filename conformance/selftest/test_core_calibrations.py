"""Calibration collections: which calibration is valid when."""

from __future__ import annotations

from typing import Any

import pytest

from butler_core import Butler, CalibrationLookupError, CollectionType, DatasetRef, Timespan

from .core_world import CALIB, RUN_A, RUN_B, TAGGED, World, time

DETECTOR: dict[str, Any] = {"instrument": "HSC", "detector": 22}
DAYS = [time(f"2013-11-0{day}T00:00:00") for day in range(1, 8)]


def span(first: int, last: int) -> Timespan:
    """Return the days from one of November 2013 to another."""
    return Timespan(DAYS[first - 1], DAYS[last - 1])


@pytest.fixture
def butler(world: World) -> Butler:
    """Return a Butler; the bias of run a is valid before the 3rd, that of run b after."""
    butler = world.butler()
    world.certify(bias(butler, RUN_A), Timespan(None, DAYS[2]))
    world.certify(bias(butler, RUN_B), Timespan(DAYS[2], None))
    return butler


def bias(butler: Butler, run: str) -> DatasetRef:
    found = butler.find_dataset("bias", DETECTOR, collections=run)
    assert found is not None
    return found


def to_get(
    butler: Butler, data_id: dict[str, int | str], collections: str | None = CALIB
) -> DatasetRef | None:
    """Return the bias that `Butler.get` would read, though it has no file."""
    return butler._finder.find("bias", data_id, collections)


def test_the_valid_one_is_found(butler: Butler) -> None:
    for when, run in ((span(1, 2), RUN_A), (span(2, 3), RUN_A), (span(3, 4), RUN_B)):
        found = butler.find_dataset("bias", DETECTOR, collections=CALIB, timespan=when)
        assert found == bias(butler, run)
        again = butler.registry.findDataset("bias", DETECTOR, collections=CALIB, timespan=when)
        assert again == found


def test_two_valid_ones_are_refused(world: World, butler: Butler) -> None:
    for when in (span(2, 4), Timespan(None, None)):
        with world.refuses(CalibrationLookupError, "2 datasets", "bias", CALIB, "timespan="):
            butler.find_dataset("bias", DETECTOR, collections=CALIB, timespan=when)
    with world.refuses(LookupError, "bias"):
        butler.get("bias", DETECTOR, collections=CALIB)


def test_none_is_valid_in_the_empty_timespan(butler: Butler) -> None:
    empty = Timespan.makeEmpty()
    assert butler.find_dataset("bias", DETECTOR, collections=CALIB, timespan=empty) is None


def test_a_visit_tells_when(butler: Butler) -> None:
    """All visits are of the 2nd."""
    at = {**DETECTOR, "visit": 903334}
    assert to_get(butler, at) == bias(butler, RUN_A)
    by_default = butler.clone(collections=CALIB, dataId={"instrument": "HSC"})
    assert to_get(by_default, {"visit": 903334, "detector": 22}, None) == bias(butler, RUN_A)


@pytest.mark.parametrize("data_id", [DETECTOR, {**DETECTOR, "visit": 903334}])
def test_finding_without_a_timespan_passes_calibrations_over(
    butler: Butler, data_id: dict[str, int | str]
) -> None:
    for find in (butler.find_dataset, butler.registry.findDataset):
        assert find("bias", data_id, collections=CALIB) is None
        assert find("bias", data_id, collections=[CALIB, RUN_B]) == bias(butler, RUN_B)


def test_a_visit_that_was_changed_tells_its_new_time(world: World, butler: Butler) -> None:
    other = world.butler()
    at = {**DETECTOR, "visit": 903334}
    assert to_get(butler, at) == bias(butler, RUN_A)
    (record,) = other.query_dimension_records("visit", visit=903334, instrument="HSC")
    fields = record.toDict() | {"timespan": span(5, 6)}
    other.registry.syncDimensionData("visit", fields, update=True)
    assert to_get(butler, at) == bias(butler, RUN_B)


def test_earlier_collections_go_first(butler: Butler) -> None:
    when = span(1, 2)
    find = butler.find_dataset
    assert find("bias", DETECTOR, collections=[RUN_B, CALIB], timespan=when) == bias(butler, RUN_B)
    assert find("bias", DETECTOR, collections=[CALIB, RUN_B], timespan=when) == bias(butler, RUN_A)
    assert find("bias", DETECTOR, collections=[TAGGED, CALIB], timespan=when) == bias(butler, RUN_A)
    none = {"instrument": "HSC", "detector": 23}
    assert find("bias", none, collections=[CALIB, RUN_B], timespan=when) is None


def test_the_same_dataset_may_be_valid_twice(world: World, butler: Butler) -> None:
    butler.collections.register("again", CollectionType.CALIBRATION)
    ref = bias(butler, RUN_A)
    world.certify(ref, span(1, 2), "again")
    world.certify(ref, span(4, 5), "again")
    always = Timespan(None, None)
    assert butler.find_dataset("bias", DETECTOR, collections="again", timespan=always) == ref
    assert butler.query_datasets("bias", "again") == [ref]
    assert butler.query_datasets("bias", "again", find_first=False) == [ref]
    found = butler.find_dataset("bias", DETECTOR, collections="again", timespan=span(2, 4))
    assert found is None


def test_queries_return_all_or_refuse_to_choose(world: World, butler: Butler) -> None:
    both = {bias(butler, RUN_A), bias(butler, RUN_B)}
    assert set(butler.query_datasets("bias", CALIB, find_first=False)) == both
    assert set(butler.registry.queryDatasets("bias", collections=CALIB)) == both
    for collections in (CALIB, [CALIB, RUN_A]):
        with world.refuses(CalibrationLookupError, "2 datasets", "bias", "find_first=False"):
            butler.query_datasets("bias", collections)
    assert butler.query_datasets("bias", [RUN_B, CALIB]) == [bias(butler, RUN_B)]
    assert butler.query_datasets("stats", [CALIB, RUN_B], limit=1)


@pytest.mark.parametrize("first", [True, False])
def test_queries_choose_by_the_time_of_a_visit(butler: Butler, first: bool) -> None:
    """All visits are of the 2nd, until one is moved to the 5th."""
    visit = {"instrument": "HSC", "visit": 903334}
    assert butler.query_datasets("bias", CALIB, data_id=visit, find_first=first) == [
        bias(butler, RUN_A)
    ]
    found = butler.registry.queryDatasets("bias", collections=CALIB, dataId=visit, findFirst=first)
    assert list(found) == [bias(butler, RUN_A)]
    (record,) = butler.query_dimension_records("visit", data_id=visit)
    fields = record.toDict() | {"timespan": span(5, 6)}
    butler.registry.syncDimensionData("visit", fields, update=True)
    assert butler.query_datasets("bias", CALIB, data_id=visit, find_first=first) == [
        bias(butler, RUN_B)
    ]
    assert butler.query_datasets("bias", RUN_A, data_id=visit) == [bias(butler, RUN_A)]
    none = {"instrument": "HSC", "visit": 1}
    assert butler.query_datasets("bias", CALIB, data_id=none, explain=False) == []


def test_nothing_is_valid_when_nobody_knows_when(butler: Butler) -> None:
    """The day's record has no timespan."""
    day = {"instrument": "HSC", "day_obs": 20131102}
    assert butler.query_datasets("bias", CALIB, data_id=day, explain=False) == []
    assert not butler.exists("bias", DETECTOR, day_obs=20131102, collections=CALIB)


def test_a_visit_and_a_day_must_agree(world: World, butler: Butler) -> None:
    butler.registry.insertDimensionData("day_obs", {"instrument": "HSC", "id": 20131103})
    for wrong in ({"day_obs": 20131103, "visit": 903334}, {"visit": 1}):
        with world.refuses(ValueError, "visit"):
            butler.get("bias", {**DETECTOR, **wrong}, collections=CALIB)


def test_a_dataset_that_is_given_twice_is_certified_once(world: World) -> None:
    butler = world.butler()
    refs = list(butler.registry.queryDatasets("bias", collections=RUN_A))
    butler.registry.certify(CALIB, [*refs, *refs], Timespan(None, None))
    ((table,),) = world.rows(
        "SELECT calibration_association_table FROM dataset_type WHERE name = 'bias'"
    )
    assert len(world.rows(f"SELECT * FROM {table}")) == len(refs)
