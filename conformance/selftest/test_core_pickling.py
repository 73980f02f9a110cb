"""What a Butler hands out survives pickle, copy, and the way to another process."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pickle
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from butler_core import (
    Butler,
    DatasetRef,
    DatasetType,
    DimensionUniverse,
    StorageClass,
    StorageClassFactory,
    Timespan,
)
from butler_core.errors import ArgumentError, ButlerUserError, RepositoryError
from butler_core.query_builder import ExpressionFactory

from .core_world import CHAIN, RUN_A, World, data_id


def _pickled(protocol: int, value: Any) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))


COPIES: dict[str, Callable[[Any], Any]] = {
    **{f"pickle {number}": partial(_pickled, number) for number in (2, 3, 4, 5)},
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}

VALUES: dict[str, Callable[[Butler], Any]] = {
    "universe": lambda butler: butler.dimensions,
    "element": lambda butler: butler.dimensions["visit"],
    "group": lambda butler: butler.dimensions.conform(["visit", "detector"]),
    "dataset type": lambda butler: butler.get_dataset_type("calexp"),
    "component type": lambda butler: butler.get_dataset_type("calexp.wcs"),
    "calibration type": lambda butler: butler.get_dataset_type("bias"),
    "storage class": lambda butler: butler.get_dataset_type("calexp").storageClass,
    "data ID": lambda butler: _ref(butler).dataId,
    "data ID with records": lambda butler: _expanded(butler),
    "record": lambda butler: _expanded(butler).records["visit"],
    "timespan": lambda butler: _expanded(butler).timespan,
    "empty timespan": lambda butler: Timespan.makeEmpty(),
    "reference": lambda butler: _ref(butler),
    "expanded reference": lambda butler: _ref(butler).expanded(_expanded(butler)),
    "collection": lambda butler: butler.collections.get_info(CHAIN),
    "results": lambda butler: butler.query_datasets("stats", CHAIN, with_dimension_records=True),
}


def _ref(butler: Butler) -> DatasetRef:
    ref = butler.find_dataset("stats", data_id(), collections=CHAIN)
    assert ref is not None
    return ref


def _expanded(butler: Butler) -> Any:
    return butler.registry.expandDataId(data_id())


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("what", VALUES)
def test_values_are_equal_afterwards(world: World, what: str, way: str) -> None:
    value = VALUES[what](world.butler())
    again = COPIES[way](value)
    assert type(again) is type(value)
    assert again == value
    assert repr(again) == repr(value)
    if not isinstance(value, list) and what != "collection":
        assert hash(again) == hash(value)


@pytest.mark.parametrize("way", COPIES)
def test_a_process_has_one_universe(world: World, way: str) -> None:
    universe = world.butler().dimensions
    assert COPIES[way](universe) is universe
    group = universe.conform(["visit"])
    assert COPIES[way](group) is group
    assert COPIES[way](universe["visit"]) is universe["visit"]
    assert COPIES[way](_expanded(world.butler())).universe is universe
    assert DimensionUniverse() is universe
    assert world.butler().dimensions is universe


def test_a_universe_of_its_own_keeps_its_configuration() -> None:
    config = json.loads(DimensionUniverse().to_json())
    config["version"] = 1234
    config["elements"]["visit"]["metadata"].append({"name": "mood", "type": "string", "length": 9})
    universe = DimensionUniverse(config)
    assert universe != DimensionUniverse()
    again = pickle.loads(pickle.dumps(universe))
    assert again is universe
    assert again.version == 1234
    fields = {"instrument": "HSC", "id": 1, "physical_filter": "x", "day_obs": 2, "mood": "good"}
    record = universe["visit"].RecordClass(**fields)
    assert pickle.loads(pickle.dumps(record)).mood == "good"
    config["elements"]["visit"]["metadata"].clear()
    assert pickle.loads(pickle.dumps(record)).mood == "good", "the mapping was not copied"


def test_the_default_universe_is_pickled_by_name() -> None:
    assert len(pickle.dumps(DimensionUniverse())) < 200
    text = pickle.dumps(DimensionUniverse(), 0).decode("ascii")
    with pytest.raises(ButlerUserError, match=r"version 7.*version 8"):
        pickle.loads(text.replace("I8\n", "I7\n").encode("ascii"))


def test_records_and_implied_values_are_kept(world: World) -> None:
    expanded = pickle.loads(pickle.dumps(_expanded(world.butler())))
    assert expanded.hasRecords()
    assert expanded["band"] == "r"
    assert expanded.records["visit"].exposure_time == 63.4
    assert expanded.records["visit"].dataId == expanded.subset(["visit"])
    plain = pickle.loads(pickle.dumps(_ref(world.butler()).dataId))
    assert not plain.hasRecords()


def test_ids_are_kept_whether_parsed_or_not(world: World) -> None:
    (ref, *_) = world.butler().query_datasets("stats", CHAIN)
    assert isinstance(ref.raw_id, str)
    again = pickle.loads(pickle.dumps(ref))
    assert again.id == ref.id
    assert isinstance(ref.id, uuid.UUID)
    assert pickle.loads(pickle.dumps(ref)).id == ref.id


def test_storage_classes_of_nobody_and_of_a_repository(world: World) -> None:
    own = StorageClass(
        "Own",
        dict,
        components={"part": StorageClass("Part", "float")},
        derivedComponents={"sum": StorageClass("Sum", "int")},
        parameters=["a"],
        converters={"list": "butler_core.Butler"},
    )
    again = pickle.loads(pickle.dumps(own))
    assert again == own
    assert again.pytype is dict
    assert again.converters == own.converters
    assert again.component("sum").pytype is int
    world.write("UPDATE dataset_type SET storage_class = 'Martian' WHERE name = 'summary'")
    martian = world.butler().get_dataset_type("summary")
    assert pickle.loads(pickle.dumps(martian)) == martian
    exposure = StorageClassFactory.default().getStorageClass("ExposureF")
    assert copy.deepcopy(exposure).components.keys() == exposure.components.keys()


def test_the_bound_of_an_empty_timespan_is_one_object() -> None:
    for way in COPIES.values():
        assert way(Timespan.EMPTY) is Timespan.EMPTY


EXPRESSIONS: dict[str, Callable[[ExpressionFactory], Any]] = {
    "factory": lambda x: x,
    "dimension": lambda x: x.visit,
    "field": lambda x: x.visit.exposure_time,
    "timespan": lambda x: x.visit.timespan,
    "fields of datasets": lambda x: x["stats"],
    "order": lambda x: x.visit.desc,
    "condition": lambda x: x.any(x.visit == 1, x["stats"].run == "it's"),
}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("what", EXPRESSIONS)
def test_expressions_are_copied_without_a_butler(world: World, what: str, way: str) -> None:
    value = EXPRESSIONS[what](world.butler().query().expression_factory)
    again = COPIES[way](value)
    assert type(again) is type(value)
    if what == "factory":
        assert repr(again.visit.name) == "visit.name"
    else:
        assert repr(again) == repr(value)


def test_a_query_is_copied_but_not_pickled(world: World) -> None:
    with world.butler(collections=CHAIN).query() as query:
        results = query.where(instrument="HSC").data_ids("visit")
        for made in (query, results):
            with pytest.raises(ArgumentError, match="cannot be pickled"):
                pickle.dumps(made)
        assert list(copy.copy(results)) == list(results)


def _read_elsewhere(
    butler: Butler, ref: DatasetRef, universe: DimensionUniverse
) -> tuple[Any, bool, DatasetType, tuple[str, ...], bool]:
    with butler:
        same = butler.dimensions is universe is ref.datasetType.dimensions.universe
        found = butler.find_dataset("summary", ref.dataId)
        assert found == ref
        return (
            butler.get(ref),
            same,
            ref.datasetType,
            tuple(butler.collections),
            (hash(ref) == hash(found)),
        )


def test_another_process_reads_with_a_butler_and_a_reference(world: World) -> None:
    butler = world.butler(run=RUN_A, instrument="HSC")
    ref = butler.put({"a": 1}, "summary", visit=903334)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        value, same, dataset_type, collections, hashed = pool.apply(
            _read_elsewhere, (butler, ref, butler.dimensions)
        )
    assert value == {"a": 1}
    assert same
    assert hashed
    assert dataset_type == ref.datasetType
    assert collections == (RUN_A,)


@pytest.mark.parametrize("way", COPIES)
def test_a_butler_opens_the_repository_again(world: World, way: str) -> None:
    butler = world.butler(collections=[CHAIN], run=RUN_A, instrument="HSC", timeout=7.5)
    again = COPIES[way](butler)
    try:
        assert again is not butler
        assert repr(again) == repr(butler)
        assert again.isWriteable()
        assert again.registry.defaults == butler.registry.defaults
        ref = again.put({"a": 2}, "summary", visit=903342)
    finally:
        again.close()
    assert butler.get(ref) == {"a": 2}, "the copy has closed the original"
    read_only = COPIES[way](world.butler(collections=(), writeable=False, inferDefaults=False))
    with read_only:
        assert not read_only.isWriteable()
        assert not read_only.registry.defaults.infer
        assert tuple(read_only.collections) == ()


def test_a_handle_takes_its_butler_along(world: World) -> None:
    butler = world.butler(run=RUN_A)
    ref = butler.put({"a": 1, "b": 2}, "summary", instrument="HSC", visit=903334)
    handle = pickle.loads(pickle.dumps(butler.getDeferred(ref)))
    with handle.butler:
        assert handle.ref == ref
        assert handle.get() == {"a": 1, "b": 2}


def test_what_holds_the_connection_says_what_to_pickle(world: World) -> None:
    butler = world.butler(collections=CHAIN)
    for held in (
        butler.registry,
        butler.collections,
        butler.datastore,
        butler.registry.queryDatasets("stats"),
        butler.registry.queryDimensionRecords("visit"),
    ):
        for way in (pickle.dumps, copy.deepcopy):
            with pytest.raises(TypeError, match="pickle the Butler") as caught:
                way(held)
            assert isinstance(caught.value, ButlerUserError)


@pytest.mark.parametrize("way", COPIES)
def test_a_closed_butler_is_not_opened_by_a_copy(world: World, way: str) -> None:
    butler = world.butler()
    butler.close()
    with pytest.raises(RepositoryError, match="was closed"):
        COPIES[way](butler)
