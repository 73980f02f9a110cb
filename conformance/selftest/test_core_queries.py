"""Queries for datasets: what is found, in which order, how much of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from butler_core import (
    Butler,
    DataIdValueError,
    DimensionValueError,
    EmptyQueryResultError,
    InvalidQueryError,
    MissingDatasetTypeError,
)

from .core_world import (
    CALIB,
    CHAIN,
    DETECTORS,
    LATISS_RUN,
    RUN_A,
    RUN_B,
    TAGGED,
    VISITS,
    World,
    data_id,
    required_values,
)

ALL = [("HSC", detector, visit) for visit in VISITS for detector in DETECTORS]


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(collections=CHAIN, writeable=False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ALL),
        ({"visit": 903334}, ALL[:3]),
        ({"visit": "903334", "detector": 23.0}, ALL[1:2]),
        ({"detector": 100}, ALL[2::3]),
        ({"instrument": "HSC"}, ALL),
        ({"band": "r"}, ALL[:6]),
        ({"band": "i"}, ALL[6:]),
        ({"physical_filter": "HSC-R", "detector": 22}, ALL[0:6:3]),
        ({"day_obs": 20131102, "visit": 904014}, ALL[6:]),
        ({"visit": 903334, "band": "i"}, []),
        ({"day_obs": 20131103}, []),
    ],
    ids=str,
)
def test_data_ids_limit_what_is_found(
    butler: Butler, given: dict[str, Any], expected: list[Any]
) -> None:
    instrument: dict[str, Any] = {} if "instrument" in given else {"instrument": "HSC"}
    results = [
        butler.query_datasets("stats", **given, explain=False),
        butler.query_datasets("stats", data_id=given, explain=False, find_first=False),
        butler.query_datasets("stats", data_id=given, **instrument, explain=False),
        butler.query_datasets("stats", RUN_A, data_id=given, explain=False),
        butler.registry.queryDatasets("stats", dataId=given, collections=RUN_A),
        butler.registry.queryDatasets("stats", findFirst=True, **given),
    ]
    found = [sorted(set(required_values(refs)), key=ALL.index) for refs in results]
    assert found == [expected] * 6


def test_implied_values_are_known(butler: Butler) -> None:
    for ref in butler.query_datasets("stats"):
        assert ref.dataId.hasFull()
        assert ref.dataId["physical_filter"] == VISITS[int(ref.dataId["visit"])]
        assert not ref.dataId.hasRecords()


def test_the_first_collection_counts(butler: Butler) -> None:
    runs = {tuple(ref.dataId.required.values()): ref.run for ref in butler.query_datasets("stats")}
    assert {key for key, run in runs.items() if run == RUN_B} == set(ALL[:2])
    assert set(runs) == set(ALL)
    reverse = butler.query_datasets("stats", collections=[RUN_A, RUN_B])
    assert {ref.run for ref in reverse} == {RUN_A}
    anything = butler.clone(inferDefaults=False)
    tagged = anything.query_datasets("stats", collections=[TAGGED, RUN_A, LATISS_RUN])
    assert len(tagged) == 10
    assert [ref.run for ref in tagged if ref.dataId == data_id()] == [RUN_B]


def test_without_find_first_each_dataset_is_there_once(butler: Butler) -> None:
    refs = butler.query_datasets("stats", find_first=False)
    assert len(refs) == len({ref.id for ref in refs}) == 11
    refs = butler.query_datasets("stats", collections=[TAGGED, CHAIN, TAGGED], find_first=False)
    assert len(refs) == len({ref.id for ref in refs}) == 11
    results = butler.registry.queryDatasets("stats", collections=[TAGGED, RUN_A])
    assert len({ref.id for ref in results}) == results.count() == 10


def test_queries_agree_with_find_dataset(butler: Butler) -> None:
    for collections in (CHAIN, [TAGGED, CHAIN], [RUN_A, TAGGED], "*"):
        for ref in butler.query_datasets("stats", collections=collections):
            assert butler.find_dataset("stats", ref.dataId, collections=collections) == ref


def test_records_come_if_asked(butler: Butler) -> None:
    for refs in (
        butler.query_datasets("stats", with_dimension_records=True),
        list(butler.registry.queryDatasets("stats", collections=RUN_A).expanded()),
    ):
        assert len(refs) == 9
        for ref in refs:
            expected = butler.registry.expandDataId(ref.dataId.required)
            assert dict(ref.dataId.records) == dict(expected.records)
            assert ref.dataId.region == expected.region


@pytest.mark.parametrize(
    ("name", "given", "fragments"),
    [
        ("calexp", {}, ("calexp", "ever put", RUN_A)),
        ("stats", {"visit": 99}, ("no visit record", "99")),
        ("stats", {"band": "z"}, ("no band record", "'z'")),
        ("stats", {"visit": 903334, "band": "i"}, ("903334", "has band 'r', not 'i'")),
    ],
)
def test_an_empty_result_says_why(
    world: World, butler: Butler, name: str, given: dict[str, Any], fragments: tuple[str, ...]
) -> None:
    with world.refuses(EmptyQueryResultError, *fragments):
        butler.query_datasets(name, **given)
    assert butler.query_datasets(name, **given, explain=False) == []
    assert list(butler.registry.queryDatasets(name, **given)) == []


def test_an_empty_result_of_records_says_why(world: World, butler: Butler) -> None:
    with world.refuses(EmptyQueryResultError, "skymap"):
        butler.query_dimension_records("skymap")
    with world.refuses(EmptyQueryResultError, "visit", "99"):
        butler.query_dimension_records("visit", visit=99, instrument="HSC")
    assert butler.query_dimension_records("skymap", explain=False) == []


@pytest.mark.parametrize(
    ("given", "kind", "fragments"),
    [
        ({"vist": 1}, DimensionValueError, ("'vist'", "did you mean 'visit'?")),
        ({"visit": "x"}, DataIdValueError, ("visit", "'x'")),
        ({"visit": 10**30}, DataIdValueError, ("visit",)),
        ({"htm9": 5}, InvalidQueryError, ("htm9", "htm7")),
        ({"where": "visit == 5"}, InvalidQueryError, ("visit == 5", "write =")),
    ],
)
def test_a_bad_constraint_is_refused(
    world: World,
    butler: Butler,
    given: dict[str, Any],
    kind: type[Exception],
    fragments: tuple[str, ...],
) -> None:
    calls: list[Callable[[], object]] = [
        lambda: butler.query_datasets("stats", **given),
        lambda: list(butler.registry.queryDatasets("stats", **given)),
        lambda: butler.query_dimension_records("visit", **given),
        lambda: list(butler.registry.queryDimensionRecords("visit", **given)),
    ]
    for call in calls:
        with world.refuses(kind, *fragments):
            call()


def test_results_run_when_they_are_iterated(world: World) -> None:
    butler = world.butler(run="new")
    results = butler.registry.queryDatasets("summary", collections="new")
    assert not results.any()
    assert results.count() == 0
    butler.put({}, "summary", instrument="HSC", visit=903334)
    assert results.any()
    assert len(list(results)) == len(list(results)) == results.count() == 1


def test_types_by_globs(butler: Butler) -> None:
    results = butler.registry.queryDatasets("*", collections=[RUN_A, CALIB])
    counts = {ref.datasetType.name: 0 for ref in results}
    for ref in results:
        counts[ref.datasetType.name] += 1
    assert counts == {"stats": 9, "bias": 1}
    parts = [{ref.datasetType.name for ref in part} for part in results.byParentDatasetType()]
    assert sorted(name for part in parts for name in part) == ["bias", "stats"]
    assert all(len(part) <= 1 for part in parts)
    with pytest.raises(MissingDatasetTypeError, match="'nope'"):
        butler.registry.queryDatasets(["stats", "nope"])
    assert list(butler.registry.queryDatasets("nope*")) == []


def test_a_component_is_queried_as_its_parent(world: World) -> None:
    butler = world.butler(run=RUN_A)
    (ref,) = butler.registry.insertDatasets("calexp", [data_id()])
    (found,) = butler.query_datasets("calexp.wcs", visit=903334)
    assert found == ref.makeComponentRef("wcs")


def test_datasets_without_dimensions_have_records(world: World) -> None:
    butler = world.butler()
    for run in (RUN_A, RUN_B):
        butler.registry.insertDatasets("notes", [{}], run=run)
    found = butler.query_datasets(
        "notes", [RUN_A, RUN_B], find_first=False, with_dimension_records=True
    )
    assert {ref.run for ref in found} == {RUN_A, RUN_B}
