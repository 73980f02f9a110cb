"""How SQLite finds what is asked for: by an index, not by reading all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from butler_core import Butler, DatasetRef

from .core_world import CHAIN, RUN_A, World, data_id

TAGS = "dataset_tags_00000001"


def plans(world: World, call: Callable[[Butler], object]) -> list[str]:
    """Return the plan of each query of a call, as SQLite explains it."""
    butler = world.butler(writeable=False, collections=RUN_A)
    call(butler)
    driver = butler._repository.database.connection
    assert isinstance(driver, sqlite3.Connection)
    seen: list[str] = []
    driver.set_trace_callback(seen.append)
    call(butler)
    driver.set_trace_callback(None)
    return [
        "; ".join(row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {text}"))
        for text in seen
        if text.startswith("SELECT")
    ]


@pytest.mark.parametrize("given", [{"visit": 903334}, {"visit": 903334, "instrument": "HSC"}])
@pytest.mark.parametrize("collections", [RUN_A, CHAIN])
def test_a_visit_is_looked_up_by_its_own_index(
    world: World, given: dict[str, Any], collections: str
) -> None:
    """The unique index has detector before visit, and would read the whole collection."""
    found = plans(world, lambda b: b.query_datasets("stats", collections, **given))
    (plan,) = [plan for plan in found if TAGS in plan]
    assert f"{TAGS}_fkidx_instrument_visit (instrument=? AND visit=?)" in plan
    assert "SCAN dataset_tags" not in plan


@pytest.mark.parametrize("given", [{}, {"detector": 22}, {"instrument": "HSC"}])
def test_what_the_unique_index_begins_with_is_looked_up_there(
    world: World, given: dict[str, Any]
) -> None:
    found = plans(world, lambda b: b.query_datasets("stats", **given))
    (plan,) = [plan for plan in found if TAGS in plan]
    columns = ["dataset_type_id=?", "collection_id=?"]
    columns += ["instrument=?"] if given else []
    columns += ["detector=?"] if "detector" in given else []
    search = next(part for part in plan.split("; ") if TAGS in part)
    assert all(column in search for column in columns), search
    assert "SCAN dataset_tags" not in plan


def test_one_dataset_is_one_look(world: World) -> None:
    (plan,) = plans(world, lambda b: b.find_dataset("stats", data_id()))
    assert "collection_id=? AND instrument=? AND detector=? AND visit=?" in plan
    found = plans(world, lambda b: b.find_dataset("stats", data_id(), collections=CHAIN))
    assert len(found) == 1
    assert "SCAN" not in found[0]


def test_a_dataset_is_found_by_its_id_in_two_looks(world: World) -> None:
    ref = world.butler().find_dataset("stats", data_id(), collections=RUN_A)
    assert ref is not None
    found = plans(world, lambda b: b.get_dataset(ref.id))
    assert len(found) == 2
    assert not [plan for plan in found if "SCAN" in plan]


def test_each_record_is_looked_up_once_by_its_key(world: World) -> None:
    def call(butler: Butler) -> list[DatasetRef]:
        butler._repository.records._kept.clear()
        return butler.query_datasets("stats", with_dimension_records=True)

    data_ids = [ref.dataId for ref in call(world.butler(collections=RUN_A))]
    visits = {one["visit"] for one in data_ids}
    found = plans(world, call)
    assert len([plan for plan in found if TAGS in plan]) == 1
    assert len([plan for plan in found if plan.startswith("SEARCH visit ")]) == len(visits)
    regions = [plan for plan in found if plan.startswith("SEARCH visit_detector_region ")]
    assert len(regions) == len(data_ids)
    assert not [plan for plan in found if "SCAN visit" in plan]
