"""Dimension records: fields, inserting, replacing, synchronizing."""

from __future__ import annotations

from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    ConflictingDefinitionError,
    DataIdValueError,
    ReadOnlyError,
    RecordKeyError,
    Timespan,
)

from .core_world import World, box, time, visit_fields

DETECTOR: dict[str, Any] = {"instrument": "HSC", "id": 50, "full_name": "new"}


def test_fields_come_back_as_they_were_given(world: World) -> None:
    registry = world.butler().registry
    given = visit_fields(1228, "HSC-R") | {
        "science_program": "o'hara; DROP TABLE visit",
        "zenith_angle": 1.5,
    }
    registry.insertDimensionData("visit", given)
    (record,) = registry.queryDimensionRecords("visit", instrument="HSC", visit=1228)
    for name, value in given.items():
        assert getattr(record, name) == value, name
    assert record.region == given["region"]
    assert record.timespan == Timespan(given["timespan"].begin, given["timespan"].end)
    assert record.seq_num is None
    assert record.dataId == {"instrument": "HSC", "visit": 1228}
    assert record.toDict()["physical_filter"] == "HSC-R"
    split = record.toDict(splitTimespan=True)
    assert split["datetime_begin"] == given["timespan"].begin
    assert "timespan" not in split


def test_a_timespan_may_be_given_by_its_bounds(world: World) -> None:
    registry = world.butler().registry
    fields = visit_fields(1228, "HSC-R")
    span = fields.pop("timespan")
    registry.insertDimensionData(
        "visit", {**fields, "datetime_begin": span.begin, "datetime_end": span.end}
    )
    (record,) = registry.queryDimensionRecords("visit", instrument="HSC", visit=1228)
    assert record.timespan == span


def test_the_own_key_goes_by_the_name_of_the_dimension_too(world: World) -> None:
    registry = world.butler().registry
    registry.insertDimensionData(
        "detector", {"instrument": "HSC", "detector": 50, "full_name": "new"}
    )
    (record,) = registry.queryDimensionRecords("detector", instrument="HSC", detector=50)
    assert record.id == 50


@pytest.mark.parametrize(
    ("element", "fields", "kind", "fragments"),
    [
        ("detector", {**DETECTOR, "purpos": "x"}, ArgumentError, ("purpos", "'purpose'")),
        ("detector", {"instrument": "HSC", "full_name": "x"}, RecordKeyError, ("'id'",)),
        ("detector", {**DETECTOR, "id": "fifty"}, DataIdValueError, ("detector.id", "fifty")),
        ("detector", {**DETECTOR, "id": True}, DataIdValueError, ("detector.id", "True")),
        ("detector", {**DETECTOR, "id": 2**63}, DataIdValueError, ("detector.id", str(2**63))),
        ("detector", {**DETECTOR, "raft": 5}, DataIdValueError, ("detector.raft", "5")),
        ("detector", {**DETECTOR, "full_name": "x" * 33}, DataIdValueError, ("1 to 32", "33")),
        ("detector", {**DETECTOR, "full_name": ""}, DataIdValueError, ("1 to 32",)),
        ("detector", {**DETECTOR, "instrument": "nope"}, DataIdValueError, ("nope", "instrument")),
        (
            "visit",
            {**visit_fields(5, "HSC-R"), "physical_filter": "nope"},
            DataIdValueError,
            ("nope", "physical_filter"),
        ),
        ("visit", {**visit_fields(5, "HSC-R"), "region": "circle"}, DataIdValueError, ("region",)),
        ("visit", {**visit_fields(5, "HSC-R"), "timespan": 5}, DataIdValueError, ("timespan", "5")),
        (
            "visit",
            {**visit_fields(5, "HSC-R"), "exposure_time": "long"},
            DataIdValueError,
            ("visit.exposure_time", "long"),
        ),
    ],
)
def test_a_bad_field_is_named(
    world: World,
    element: str,
    fields: dict[str, Any],
    kind: type[Exception],
    fragments: tuple[str, ...],
) -> None:
    registry = world.butler().registry
    with world.refuses(kind, *fragments):
        registry.insertDimensionData(element, fields)


def test_records_that_are_not_stored_are_not_inserted(world: World) -> None:
    registry = world.butler().registry
    for element, fields in (("band", {"name": "r"}), ("htm7", {"id": 5})):
        with world.refuses(ArgumentError, element):
            registry.insertDimensionData(element, fields)


def test_a_record_that_exists_is_named(world: World) -> None:
    registry = world.butler().registry
    existing = {"instrument": "HSC", "id": 22, "full_name": "1_53"}
    with world.refuses(ConflictingDefinitionError, "detector", "22", "skip_existing"):
        registry.insertDimensionData("detector", DETECTOR, existing)


def test_an_alternate_key_that_exists_is_named(world: World) -> None:
    registry = world.butler().registry
    with world.refuses(ConflictingDefinitionError, "detector", "full_name", "'1_53'"):
        registry.insertDimensionData("detector", {**DETECTOR, "full_name": "1_53"})


def test_skip_existing_leaves_what_is_there(world: World) -> None:
    registry = world.butler().registry
    changed = {"instrument": "HSC", "id": 22, "full_name": "other"}
    registry.insertDimensionData("detector", changed, DETECTOR, DETECTOR, skip_existing=True)
    names = {record.id: record.full_name for record in registry.queryDimensionRecords("detector")}
    assert names[22] == "1_53"
    assert names[50] == "new"


def test_replace_takes_the_last(world: World) -> None:
    registry = world.butler().registry
    changed = {"instrument": "HSC", "id": 22, "full_name": "other"}
    registry.insertDimensionData(
        "detector", changed, DETECTOR, {**DETECTOR, "full_name": "newer"}, replace=True
    )
    names = {record.id: record.full_name for record in registry.queryDimensionRecords("detector")}
    assert names[22] == "other"
    assert names[50] == "newer"


def test_replace_and_skip_existing_exclude_each_other(world: World) -> None:
    registry = world.butler().registry
    with world.refuses(ArgumentError, "not both"):
        registry.insertDimensionData("detector", DETECTOR, replace=True, skip_existing=True)


def test_sync_says_what_it_did(world: World) -> None:
    registry = world.butler().registry
    assert registry.syncDimensionData("detector", DETECTOR) is True
    with world.unchanged():
        assert registry.syncDimensionData("detector", DETECTOR) is False
        assert registry.syncDimensionData("detector", DETECTOR, update=True) is False
    other = {**DETECTOR, "full_name": "other"}
    with world.refuses(ConflictingDefinitionError, "full_name", "'new'", "'other'"):
        registry.syncDimensionData("detector", other)
    assert registry.syncDimensionData("detector", other, update=True) == {"full_name": "new"}
    (record,) = registry.queryDimensionRecords("detector", instrument="HSC", detector=50)
    assert record.full_name == "other"


def test_sync_updates_a_governor(world: World) -> None:
    registry = world.butler().registry
    fields = {"name": "HSC", "visit_max": 5, "exposure_max": 10**7, "detector_max": 200}
    changed = registry.syncDimensionData("instrument", {**fields, "class_name": "a.b"}, update=True)
    assert changed == {"visit_max": 10**7}


@pytest.mark.parametrize(
    ("change", "kind", "fragments"),
    [
        ({"physical_filter": "nope"}, DataIdValueError, ("physical_filter", "'nope'")),
        ({"name": "HSC903342"}, ConflictingDefinitionError, ("'HSC903342'", "903342", "unique")),
    ],
)
def test_what_cannot_replace_is_named(
    world: World, change: dict[str, Any], kind: type[Exception], fragments: tuple[str, ...]
) -> None:
    registry = world.butler().registry
    fields = visit_fields(903334, "HSC-R") | change
    with world.refuses(kind, "903334", *fragments):
        registry.syncDimensionData("visit", fields, update=True)
    with world.refuses(kind, "903334", *fragments):
        registry.insertDimensionData("visit", visit_fields(5, "HSC-R"), fields, replace=True)
    assert registry.expandDataId(instrument="HSC", visit=903334)["band"] == "r"


def test_changes_reach_expanded_data_ids_at_once(world: World) -> None:
    registry = world.butler().registry
    given = {"instrument": "HSC", "visit": 903334}
    assert registry.expandDataId(given)["band"] == "r"
    fields = visit_fields(903334, "HSC-I") | {"exposure_time": 1.0}
    registry.syncDimensionData("visit", fields, update=True)
    expanded = registry.expandDataId(given)
    assert expanded["band"] == "i"
    visit = expanded.records["visit"]
    assert visit is not None
    assert visit.exposure_time == 1.0


def test_records_are_found_by_implied_values(world: World) -> None:
    butler = world.butler()
    by_band = butler.query_dimension_records("visit", band="r", instrument="HSC", order_by="visit")
    assert [record.id for record in by_band] == [903334, 903342]
    bands = butler.query_dimension_records("band", order_by="-band")
    assert [record.name for record in bands] == ["r", "i", "g"]


def test_a_record_is_given_back_as_it_was_read(world: World) -> None:
    registry = world.butler().registry
    (record,) = registry.queryDimensionRecords("visit", instrument="HSC", visit=903334)
    with world.unchanged():
        assert registry.syncDimensionData("visit", record) is False
        registry.insertDimensionData("visit", record, skip_existing=True)
    with world.refuses(ConflictingDefinitionError, "visit", "detector"):
        registry.insertDimensionData("detector", record)
    assert record == registry.expandDataId(record.dataId).records["visit"]


def test_a_reader_inserts_nothing(world: World) -> None:
    registry = world.butler(writeable=False).registry
    with world.refuses(ReadOnlyError, "writeable=True"):
        registry.insertDimensionData("detector", DETECTOR)
    with world.refuses(ReadOnlyError, "writeable=True"):
        registry.syncDimensionData("detector", DETECTOR)


def test_bounds_without_an_end(world: World) -> None:
    registry = world.butler().registry
    begin = time("2013-11-02T00:00:00")
    fields = visit_fields(77, "HSC-R") | {"timespan": Timespan(begin, None), "region": None}
    registry.insertDimensionData("visit", fields)
    (record,) = registry.queryDimensionRecords("visit", instrument="HSC", visit=77)
    assert record.timespan.end is None
    assert record.region is None


def test_a_region_that_changes_is_a_difference(world: World) -> None:
    registry = world.butler().registry
    fields = visit_fields(903334, "HSC-R") | {"region": box(10.0, 10.0, 1.0)}
    with world.refuses(ConflictingDefinitionError, "region"):
        registry.syncDimensionData("visit", fields)
