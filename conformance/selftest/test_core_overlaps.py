"""The rows by which regions are joined to pixels of the sky."""

from __future__ import annotations

from typing import Any

import pytest
from lsst.sphgeom import Angle, Box, Circle, HtmPixelization, LonLat, UnitVector3d

from .core_world import World, box, visit_fields

TABLE = "visit_skypix_overlap"


def envelope(region: Any) -> list[int]:
    """Return the level 7 HTM pixels of sphgeom's envelope."""
    ranges = HtmPixelization(7).envelope(region)
    return [index for begin, end in ranges for index in range(begin, end)]


def pixels(world: World, visit: int, instrument: str = "HSC") -> list[int]:
    """Return the pixels in the table of a visit, in order."""
    sql = (
        f"SELECT skypix_index FROM {TABLE} WHERE visit = ? AND instrument = ?"
        " AND skypix_system = 'htm' AND skypix_level = 7 ORDER BY 1"
    )
    return [row[0] for row in world.rows(sql, visit, instrument)]


@pytest.mark.parametrize(
    "region",
    [
        box(150.0, 2.0, 1.0),
        box(0.0, 0.0, 1.5),
        box(359.9, -60.0, 0.2),
        Circle(UnitVector3d(LonLat.fromDegrees(10, 89.9)), Angle.fromDegrees(0.5)),
        Box.fromDegrees(10, -1, 11, 1),
    ],
    ids=["polygon", "origin", "small", "pole", "box"],
)
def test_rows_are_the_envelope(world: World, region: Any) -> None:
    registry = world.butler().registry
    registry.insertDimensionData("visit", visit_fields(7, "HSC-R") | {"region": region})
    expected = envelope(region)
    assert expected
    assert pixels(world, 7) == expected
    (record,) = registry.queryDimensionRecords("visit", instrument="HSC", visit=7)
    assert record.region == region


def test_each_element_with_a_region_has_its_own(world: World) -> None:
    rows = world.rows(
        "SELECT visit, detector, skypix_index FROM visit_detector_region_skypix_overlap"
        " WHERE instrument = 'HSC' ORDER BY 1, 2, 3"
    )
    butler = world.butler()
    expected = [
        (record.visit, record.detector, pixel)
        for record in butler.query_dimension_records("visit_detector_region")
        for pixel in envelope(record.region)
    ]
    assert rows == sorted(expected)


def test_a_record_without_a_region_has_none(world: World) -> None:
    registry = world.butler().registry
    registry.insertDimensionData("visit", visit_fields(7, "HSC-R") | {"region": None})
    assert pixels(world, 7) == []


def test_a_replaced_region_replaces_the_rows(world: World) -> None:
    registry = world.butler().registry
    others = pixels(world, 903342), pixels(world, 903334, "LATISS")
    moved = box(40.0, 40.0, 0.5)
    fields = visit_fields(903334, "HSC-R") | {"region": moved}
    registry.insertDimensionData("visit", fields, replace=True)
    assert pixels(world, 903334) == envelope(moved)
    assert (pixels(world, 903342), pixels(world, 903334, "LATISS")) == others


def test_sync_with_update_does_so_too(world: World) -> None:
    registry = world.butler().registry
    fields = visit_fields(903334, "HSC-R")
    registry.syncDimensionData("visit", fields | {"region": None}, update=True)
    assert pixels(world, 903334) == []
    registry.syncDimensionData("visit", fields, update=True)
    assert pixels(world, 903334) == envelope(fields["region"])


def test_skipped_records_keep_theirs(world: World) -> None:
    registry = world.butler().registry
    moved = visit_fields(903334, "HSC-R") | {"region": box(40.0, 40.0, 0.5)}
    with world.unchanged():
        registry.insertDimensionData("visit", moved, skip_existing=True)
    assert pixels(world, 903334) == envelope(visit_fields(903334, "HSC-R")["region"])


def test_what_failed_leaves_no_rows(world: World) -> None:
    registry = world.butler().registry
    with world.unchanged(), pytest.raises(Exception, match="903334"):
        registry.insertDimensionData(
            "visit", visit_fields(7, "HSC-R"), visit_fields(903334, "HSC-R")
        )


def test_a_governor_is_marked_as_covered_with_its_record(world: World) -> None:
    registry = world.butler().registry
    limits = {"visit_max": 1, "exposure_max": 1, "detector_max": 1, "class_name": "a.b"}
    registry.insertDimensionData("instrument", {"name": "new", **limits})
    for table in (TABLE, "visit_detector_region_skypix_overlap"):
        rows = world.rows(f"SELECT * FROM {table}_summary ORDER BY instrument")
        assert rows == [("htm", 7, "HSC"), ("htm", 7, "LATISS"), ("htm", 7, "new")]
    registry.insertDimensionData(
        "skymap",
        {"name": "rings", "hash": b"1", "tract_max": 2, "patch_nx_max": 3, "patch_ny_max": 3},
    )
    for table in ("tract", "patch"):
        rows = world.rows(f"SELECT * FROM {table}_skypix_overlap_summary")
        assert rows == [("htm", 7, "rings")]


def test_a_replaced_governor_stays_covered(world: World) -> None:
    registry = world.butler().registry
    fields = {"name": "HSC", "visit_max": 1, "exposure_max": 1, "detector_max": 1}
    registry.insertDimensionData("instrument", {**fields, "class_name": "c.d"}, replace=True)
    rows = world.rows(f"SELECT * FROM {TABLE}_summary ORDER BY instrument")
    assert rows == [("htm", 7, "HSC"), ("htm", 7, "LATISS")]
    assert world.rows("SELECT class_name FROM instrument WHERE name = 'HSC'") == [("c.d",)]


def test_the_tables_of_old_stay_empty(world: World) -> None:
    for name in ("patch_visit_overlap", "tract_visit_detector_region_overlap"):
        assert world.rows(f"SELECT count(*) FROM {name}") == [(0,)]
        assert world.rows(f"SELECT count(*) FROM {name}_summary") == [(0,)]
