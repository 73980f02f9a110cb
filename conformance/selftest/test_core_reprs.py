"""What a notebook's cell shows of each object: short, true, and no address in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import butler_core
from butler_core import Butler, StorageClassFactory, Timespan

from .core_world import CHAIN, RUN_A, RUN_B, TAGGED, World, data_id


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(collections=CHAIN, instrument="HSC")


def test_the_parts_of_a_butler(world: World, butler: Butler) -> None:
    database = f"sqlite:///{world.database}"
    assert repr(butler.registry) == (
        f"Registry(collections={(CHAIN,)!r}, run=None, database={database!r})"
    )
    assert repr(butler.collections) == f"ButlerCollections({(CHAIN,)!r})"
    assert repr(world.butler().collections) == "ButlerCollections(())"
    assert repr(butler.datastore) == f"FileDatastore({str(world.root)!r})"


def test_results_say_what_was_asked(butler: Butler) -> None:
    registry = butler.registry
    results = registry.queryDatasets("stats", visit=903334, collections=[TAGGED, CHAIN])
    shown = repr(results)
    assert shown == (
        f"DatasetQueryResults('stats' in {TAGGED!r}, {RUN_B!r}, {RUN_A!r},"
        " data ID {'instrument': 'HSC', 'visit': 903334})"
    )
    assert repr(results.order_by("-visit").limit(3)) == (
        shown.removesuffix(")") + ", ordered by '-visit', limit 3)"
    )
    assert repr(registry.queryDatasets(["stats", "bias"], collections=RUN_A)) == (
        f"DatasetQueryResults('stats', 'bias' in {RUN_A!r}, data ID {{'instrument': 'HSC'}})"
    )
    assert repr(registry.queryDatasets("z*", collections=RUN_A)) == (
        "DatasetQueryResults(no dataset types)"
    )
    records = registry.queryDimensionRecords("visit", band="r")
    assert repr(records) == (
        "RecordQueryResults('visit', data ID {'instrument': 'HSC', 'band': 'r'})"
    )
    assert repr(records.order_by("id").limit(1)).endswith(", ordered by 'id', limit 1)")
    plain = registry.queryDimensionRecords("skymap")
    assert repr(plain) == "RecordQueryResults('skymap')"


def test_long_lists_are_cut(butler: Butler) -> None:
    for number in range(12):
        butler.collections.register(f"run {number:02d}")
    shown = repr(butler.registry.queryDatasets("*", collections="run *"))
    assert shown.startswith("DatasetQueryResults('stats', 'summary', 'notes', and 2 more in 'run ")
    assert shown.count("run ") == 3
    assert " and 9 more" in shown


VALUES: dict[str, Callable[[Butler], Any]] = {
    "butler": lambda butler: butler,
    "registry": lambda butler: butler.registry,
    "defaults": lambda butler: butler.registry.defaults,
    "collections": lambda butler: butler.collections,
    "collection": lambda butler: butler.collections.get_info(CHAIN),
    "datastore": lambda butler: butler.datastore,
    "universe": lambda butler: butler.dimensions,
    "element": lambda butler: butler.dimensions["visit"],
    "record class": lambda butler: butler.dimensions["visit"].RecordClass,
    "column": lambda butler: butler.dimensions["visit"].columns[0],
    "group": lambda butler: butler.dimensions.conform("visit"),
    "type": lambda butler: butler.get_dataset_type("stats"),
    "storage class": lambda butler: butler.get_dataset_type("calexp").storageClass,
    "storage classes": lambda butler: StorageClassFactory.default(),
    "data ID": lambda butler: butler.registry.expandDataId(data_id()),
    "records": lambda butler: butler.registry.expandDataId(data_id()).records["detector"],
    "timespan": lambda butler: Timespan(None, None),
    "bound": lambda butler: Timespan.EMPTY,
    "datasets": lambda butler: butler.registry.queryDatasets("stats"),
    "of each type": lambda butler: [
        *butler.registry.queryDatasets(["stats", "bias"]).byParentDatasetType()
    ],
    "refs": lambda butler: butler.query_datasets("stats"),
    "config": lambda butler: butler._repository.config,
    "repository": lambda butler: butler._repository,
    "database": lambda butler: butler._repository.database,
}


@pytest.mark.parametrize("what", VALUES)
def test_no_address_in_memory(butler: Butler, what: str) -> None:
    value = VALUES[what](butler)
    for shown in (repr(value), str(value)):
        assert " at 0x" not in shown
        assert shown


def test_files_and_handles(world: World) -> None:
    butler = world.butler(run=RUN_A, instrument="HSC")
    ref = butler.put({}, "summary", visit=903334)
    handle = butler.getDeferred(ref)
    assert repr(handle) == f"DeferredDatasetHandle({ref})"
    uri = butler.getURI(ref)
    assert repr(uri) == f"FileURI('{(world.root / uri.ospath).as_uri()}')"


def test_every_public_class_says_what_it_is() -> None:
    for name in butler_core.__all__:
        kind = getattr(butler_core, name)
        if isinstance(kind, type) and not issubclass(kind, BaseException):
            assert kind.__repr__ is not object.__repr__, name
