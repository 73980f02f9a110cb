"""Datasets of the registry: inserting many, finding one through collections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from butler_core import (
    ConflictingDefinitionError,
    DataIdValueError,
    DatasetIdGenEnum,
    DatasetType,
    InvalidQueryError,
)

from .core_world import (
    CHAIN,
    LATISS_RUN,
    RUN_A,
    RUN_B,
    TAGGED,
    VISITS,
    World,
    data_id,
    required_values,
)

SUMMARIES = [{"instrument": "HSC", "visit": visit} for visit in VISITS]


def run_of(world: World, collections: Any, **given: Any) -> str | None:
    """Return the run of what is found."""
    butler = world.butler(writeable=False)
    ref = butler.find_dataset("stats", {**data_id(), **given}, collections=collections)
    assert ref == butler.registry.findDataset(
        "stats", {**data_id(), **given}, collections=collections
    )
    return None if ref is None else ref.run


def test_inserted_datasets_come_in_the_order_of_the_data_ids(world: World) -> None:
    butler = world.butler(run=RUN_A)
    refs = butler.registry.insertDatasets("summary", reversed(SUMMARIES))
    assert [ref.dataId["visit"] for ref in refs] == list(reversed(VISITS))
    assert all(ref.run == RUN_A and ref.dataId.hasRecords() for ref in refs)
    assert len({ref.id for ref in refs}) == 3
    assert set(butler.query_datasets("summary")) == set(refs)
    plain = butler.registry.insertDatasets("summary", SUMMARIES, run=RUN_B, expand=False)
    assert not plain[0].dataId.hasRecords()
    assert butler.registry.insertDatasets("summary", []) == []


def test_data_ids_may_come_with_implied_values(world: World) -> None:
    butler = world.butler(run=RUN_A)
    full = [butler.registry.expandDataId(one).mapping for one in SUMMARIES]
    refs = butler.registry.insertDatasets("summary", iter(full))
    assert refs == butler.query_datasets("summary", order_by="visit")


def test_one_conflict_refuses_all(world: World) -> None:
    butler = world.butler(run=RUN_A)
    there = butler.registry.insertDatasets("summary", SUMMARIES[1:2])
    with world.refuses(ConflictingDefinitionError, "'summary'", "903342", str(there[0].id)):
        butler.registry.insertDatasets("summary", SUMMARIES)
    with world.refuses(ConflictingDefinitionError, "two datasets", "903334"):
        butler.registry.insertDatasets("summary", [SUMMARIES[0], SUMMARIES[2], SUMMARIES[0]])
    with world.refuses(DataIdValueError, "99"):
        butler.registry.insertDatasets(
            "summary", [SUMMARIES[0], {"instrument": "HSC", "visit": 99}]
        )


def test_ids_that_exist_are_named(world: World) -> None:
    registry = world.butler(run=RUN_A).registry
    mode = DatasetIdGenEnum.DATAID_TYPE
    (ref,) = registry.insertDatasets("summary", SUMMARIES[:1], idGenerationMode=mode)
    with world.refuses(ConflictingDefinitionError, str(ref.id), "exists already"):
        registry.insertDatasets("summary", SUMMARIES, run=RUN_B, idGenerationMode=mode)


@pytest.mark.parametrize(
    ("collections", "expected"),
    [
        (RUN_A, RUN_A),
        (RUN_B, RUN_B),
        (CHAIN, RUN_B),
        ([RUN_A, CHAIN], RUN_A),
        ([TAGGED, RUN_A], RUN_B),
        ((LATISS_RUN, CHAIN), RUN_B),
        ("HSC/runs/*", RUN_A),
        (LATISS_RUN, None),
        ([LATISS_RUN, RUN_A, RUN_B], RUN_A),
    ],
    ids=str,
)
def test_the_first_collection_counts(world: World, collections: Any, expected: str | None) -> None:
    names = collections if isinstance(collections, str) else list(collections)
    assert run_of(world, names) == expected


def test_later_collections_fill_the_gaps(world: World) -> None:
    assert run_of(world, CHAIN, visit=904014) == RUN_A
    assert run_of(world, [TAGGED, RUN_B], detector=23) == RUN_A
    assert run_of(world, [RUN_B, TAGGED], detector=23) == RUN_B
    assert run_of(world, [RUN_B, LATISS_RUN], visit=904014) is None


def test_the_same_ids_of_another_instrument_are_others(world: World) -> None:
    other = {"instrument": "LATISS", "visit": 903334, "detector": 0}
    assert run_of(world, [CHAIN, LATISS_RUN], **other) == LATISS_RUN
    assert run_of(world, CHAIN, **other) is None


def test_found_data_ids_have_records_if_asked(world: World) -> None:
    butler = world.butler(collections=CHAIN)
    plain = butler.find_dataset("stats", data_id())
    full = butler.find_dataset("stats", data_id(), dimension_records=True)
    assert plain is not None
    assert full is not None
    assert plain == full
    assert not plain.dataId.hasRecords()
    assert full.dataId.hasRecords()
    assert full.dataId["band"] == "r"


def test_found_data_ids_have_implied_values(world: World) -> None:
    butler = world.butler(collections=CHAIN)
    given = data_id()
    bias = {"instrument": "HSC", "detector": 22}
    for find in (butler.find_dataset, butler.registry.findDataset):
        found, calibration = find("stats", given), find("bias", bias)
        assert found is not None
        assert calibration is not None
        assert found.dataId.hasFull()
        assert (found.dataId["band"], found.dataId["physical_filter"]) == ("r", "HSC-R")
        assert dict(calibration.dataId.mapping) == bias
        assert not found.dataId.hasRecords()


def test_components_and_other_storage_classes_are_found(world: World) -> None:
    butler = world.butler(run=RUN_A)
    (ref,) = butler.registry.insertDatasets("calexp", [data_id()])
    wcs = butler.find_dataset("calexp.wcs", data_id())
    assert wcs is not None
    assert wcs.id == ref.id
    assert wcs.datasetType.name == "calexp.wcs"
    assert wcs.makeCompositeRef() == ref
    assert ref.makeComponentRef("wcs") == wcs
    other = butler.find_dataset("calexp", data_id(), storage_class="ExposureI")
    assert other is not None
    assert other.datasetType.storageClass_name == "ExposureI"
    given = DatasetType("calexp", ["visit"], "ExposureF", universe=butler.dimensions)
    with world.refuses(ConflictingDefinitionError, "calexp", "registered"):
        butler.find_dataset(given, data_id())


def test_a_governor_is_inferred_where_there_is_one(world: World) -> None:
    butler = world.butler(collections=CHAIN)
    assert butler.find_dataset("stats", visit=903334, detector=22) is not None
    both = world.butler(collections=[CHAIN, LATISS_RUN])
    with world.refuses(KeyError, "instrument"):
        both.find_dataset("stats", visit=903334, detector=0)
    found = both.find_dataset("stats", visit=903334, detector=0, collections=LATISS_RUN)
    assert found is not None
    chosen = world.butler(collections=[CHAIN, LATISS_RUN], instrument="LATISS")
    assert chosen.find_dataset("stats", visit=903334, detector=0) == found
    assert chosen.find_dataset("stats", visit=903334, detector=22) is None
    strict = world.butler(collections=CHAIN, inferDefaults=False)
    with world.refuses(KeyError, "instrument"):
        strict.find_dataset("stats", visit=903334, detector=22)


def test_a_default_limits_queries(world: World) -> None:
    butler = world.butler(collections=[CHAIN, LATISS_RUN], instrument="LATISS")
    expected = [("LATISS", 0, 903334)]
    assert required_values(butler.query_datasets("stats")) == expected
    assert required_values(butler.registry.queryDatasets("stats")) == expected
    assert required_values(butler.query_datasets("stats", visit=903334)) == expected
    assert len(butler.query_datasets("stats", instrument="HSC")) == 9
    assert [one.id for one in butler.query_dimension_records("visit")] == [903334]
    assert len(butler.query_dimension_records("visit", instrument="HSC")) == 3


def test_an_inferred_default_counts_as_one_that_was_given(world: World) -> None:
    butler = world.butler(collections=CHAIN)
    both = [CHAIN, LATISS_RUN]
    assert len(butler.query_datasets("stats", both)) == 9
    assert len(list(butler.registry.queryDatasets("stats", collections=both, findFirst=True))) == 9
    assert [one.name for one in butler.query_dimension_records("instrument")] == ["HSC"]
    assert {one.instrument for one in butler.registry.queryDimensionRecords("detector")} == {"HSC"}
    assert butler.find_dataset("stats", visit=903334, detector=22, collections=both) is not None
    assert butler.find_dataset("stats", visit=903334, detector=0, collections=LATISS_RUN) is None
    assert len(butler.query_datasets("stats", both, instrument="LATISS")) == 1
    anything = butler.clone(inferDefaults=False)
    assert len(anything.query_datasets("stats", both)) == 10
    assert len(anything.query_dimension_records("instrument")) == 2
    later = world.butler()
    assert later.find_dataset("stats", visit=903334, detector=0, collections=LATISS_RUN) is not None


def test_a_visit_of_some_instrument_is_no_question(world: World) -> None:
    butler = world.butler(collections=[CHAIN, LATISS_RUN])
    calls: list[Callable[[], object]] = [
        lambda: butler.query_datasets("stats", visit=903334),
        lambda: list(butler.registry.queryDatasets("stats", visit=903334)),
    ]
    for call in calls:
        with world.refuses(InvalidQueryError, "visit", "instrument=", "'HSC'", "'LATISS'"):
            call()
    assert len(butler.query_datasets("stats", visit=903334, collections=CHAIN)) == 3
