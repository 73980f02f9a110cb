"""Putting and reading datasets: by name, type or reference, data IDs in all forms."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    Butler,
    CollectionTypeError,
    ConflictingDefinitionError,
    DataIdValueError,
    DatasetExistence,
    DatasetNotFoundError,
    DatasetRef,
    DatasetTypeDefinitionError,
    DatasetTypeNotSupportedError,
    DimensionNameError,
    DimensionValueError,
    NoDefaultCollectionError,
    ReadOnlyError,
)

from .core_world import CHAIN, RUN_A, RUN_B, TAGGED, World, data_id

VISIT: dict[str, Any] = {"instrument": "HSC", "visit": 903334}
OBJECT = {"a": 1, "list": [1.5, None, "é'\""], "deep": {"b": True}}


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(run="new")


def test_what_is_put_is_got_in_every_form(world: World, butler: Butler) -> None:
    ref = butler.put(OBJECT, "summary", VISIT)
    assert ref.run == "new"
    assert ref.dataId.hasRecords()
    summary = butler.get_dataset_type("summary")
    found_id: Any = ref.dataId
    reader = world.butler(writeable=False, collections="new", instrument="HSC")
    for found in (
        reader.get(ref),
        reader.get("summary", VISIT),
        reader.get(summary, VISIT),
        reader.get("summary", ref.dataId),
        reader.get("summary", **VISIT),
        reader.get("summary", **found_id),
        reader.get("summary", {"visit": 903334}),
        reader.get("summary", visit="903334"),
        reader.get("summary", {**VISIT, "band": "r", "physical_filter": "HSC-R"}),
        reader.get("summary", VISIT, visit=903334),
        reader.get("summary", {**VISIT, "detector": 22}),
        reader.getDeferred("summary", VISIT).get(),
        reader.getDeferred(ref).get(),
        Butler.get(butler, "summary", VISIT, collections=["new", RUN_A]),
    ):
        assert found == OBJECT


@pytest.mark.parametrize("form", ["name", "type", "ref", "keywords", "coordinate"])
def test_put_takes_every_form(butler: Butler, form: str) -> None:
    summary = butler.get_dataset_type("summary")
    given: dict[str, Callable[[], DatasetRef]] = {
        "name": lambda: butler.put(OBJECT, "summary", VISIT),
        "type": lambda: butler.put(OBJECT, summary, VISIT),
        "ref": lambda: butler.put(OBJECT, DatasetRef(summary, VISIT, "new")),
        "keywords": lambda: butler.put(OBJECT, "summary", **VISIT),
        "coordinate": lambda: butler.put(
            OBJECT, "summary", butler.registry.expandDataId(VISIT, dimensions=["visit"])
        ),
    }
    ref = given[form]()
    assert butler.find_dataset("summary", VISIT) == ref
    assert butler.get(ref) == OBJECT


def test_a_reference_keeps_its_id_and_run(butler: Butler) -> None:
    butler.collections.register("other")
    id = uuid.uuid4()
    ref = DatasetRef(butler.get_dataset_type("summary"), VISIT, "other", id=id)
    butler.put(OBJECT, ref)
    found = butler.get_dataset(id)
    assert found == ref
    assert found is not None
    assert found.run == "other"
    assert butler.get_dataset(str(id), dimension_records=True) == ref
    assert butler.get_dataset(uuid.uuid4()) is None


def test_a_dataset_without_dimensions(butler: Butler) -> None:
    butler.put([1, 2], "notes")
    assert butler.get("notes") == [1, 2]
    assert butler.get("notes", {}) == [1, 2]
    assert len(butler.query_datasets("notes")) == 1
    with pytest.raises(ConflictingDefinitionError, match="notes"):
        butler.put([3], "notes")


def test_a_dataset_that_exists_is_named(world: World, butler: Butler) -> None:
    first = butler.put(OBJECT, "summary", VISIT)
    with world.refuses(ConflictingDefinitionError, "'new'", "'summary'", "903334", str(first.id)):
        butler.put({}, "summary", VISIT)
    again = DatasetRef(first.datasetType, {**VISIT, "visit": 903342}, "new", id=first.id)
    with world.refuses(ConflictingDefinitionError, str(first.id), "exists already"):
        butler.put({}, again)
    assert butler.get("summary", VISIT) == OBJECT


@pytest.mark.parametrize(
    ("given", "kind", "fragments"),
    [
        ({**VISIT, "visit": 99}, DataIdValueError, ("visit", "99")),
        ({"instrument": "XYZ", "visit": 903334}, DataIdValueError, ("XYZ",)),
        ({"instrument": "HSC"}, DimensionNameError, ("visit",)),
        ({**VISIT, "vist": 1}, DimensionValueError, ("'vist'", "did you mean 'visit'?")),
        ({**VISIT, "visit": "x"}, DataIdValueError, ("visit", "'x'")),
        ({**VISIT, "visit": 10**30}, DataIdValueError, ("visit", str(10**30))),
    ],
)
def test_a_bad_data_id_is_refused(
    world: World,
    butler: Butler,
    given: dict[str, Any],
    kind: type[Exception],
    fragments: tuple[str, ...],
) -> None:
    with world.refuses(kind, *fragments):
        butler.put({}, "summary", given)
    with world.refuses(kind, *fragments):
        butler.registry.insertDatasets("summary", [VISIT, given])


@pytest.mark.parametrize(
    ("given", "kind", "fragments"),
    [
        ({**VISIT, "visit": 99}, DatasetNotFoundError, ("summary", "'new'", "visit", "99")),
        ({**VISIT, "visit": 903342}, DatasetNotFoundError, ("summary", "'new'", "903342")),
        ({"instrument": "HSC"}, DimensionNameError, ("visit",)),
        ({**VISIT, "vist": 1}, DimensionValueError, ("'vist'", "did you mean 'visit'?")),
        ({**VISIT, "visit": 1.5}, DataIdValueError, ("visit", "1.5")),
        ({**VISIT, "visit": 10**30}, DataIdValueError, ("visit", str(10**30))),
    ],
)
def test_what_is_not_found_says_why(
    world: World,
    butler: Butler,
    given: dict[str, Any],
    kind: type[Exception],
    fragments: tuple[str, ...],
) -> None:
    butler.put(OBJECT, "summary", VISIT)
    calls: list[Callable[[], object]] = [
        lambda: butler.get("summary", given),
        lambda: butler.getDeferred("summary", given),
        lambda: butler.getURI("summary", given),
    ]
    for call in calls:
        with world.refuses(kind, *fragments):
            call()


def test_a_missing_record_is_the_reason(butler: Butler) -> None:
    with pytest.raises(LookupError, match="no visit record"):
        butler.get("summary", {**VISIT, "visit": 99})
    with pytest.raises(LookupError) as caught:
        butler.get("summary", {**VISIT, "visit": 903342})
    assert "no visit record" not in str(caught.value)


def test_collections_may_be_an_iterator(world: World, butler: Butler) -> None:
    butler.put(OBJECT, "summary", VISIT)
    assert butler.get("summary", VISIT, collections=iter(["new"])) == OBJECT
    with world.refuses(DatasetNotFoundError, "'new'"):
        butler.get("summary", {**VISIT, "visit": 903342}, collections=iter(["new"]))


def test_a_data_id_beside_a_reference_is_refused(world: World, butler: Butler) -> None:
    ref = butler.put(OBJECT, "summary", VISIT)
    calls: list[Callable[[], object]] = [
        lambda: butler.get(ref, VISIT),
        lambda: butler.get(ref, visit=5),
        lambda: butler.getURI(ref, VISIT),
    ]
    for call in calls:
        with world.refuses(ValueError, "data ID"):
            call()


def test_where_to_put_is_needed(world: World) -> None:
    butler = world.butler(collections=RUN_A)
    with world.refuses(NoDefaultCollectionError, "run="):
        butler.put({}, "summary", VISIT)
    with world.refuses(NoDefaultCollectionError, "run="):
        butler.registry.insertDatasets("summary", [VISIT])
    butler.put({}, "summary", VISIT, run=RUN_B)
    assert butler.exists("summary", VISIT, collections=RUN_B)


def test_only_runs_are_put_into(world: World) -> None:
    butler = world.butler()
    for name in (TAGGED, CHAIN):
        with world.refuses(CollectionTypeError, name, "RUN"):
            butler.put({}, "summary", VISIT, run=name)
        with world.refuses(CollectionTypeError, name, "RUN"):
            butler.registry.insertDatasets("summary", [VISIT], run=name)
        with world.refuses(CollectionTypeError, name, "RUN"):
            world.butler(run=name)


def test_a_tag_that_has_a_rival_is_no_run_either(world: World) -> None:
    butler = world.butler()
    ref = butler.put({}, "summary", VISIT, run=RUN_B)
    butler.registry.associate(TAGGED, [ref])
    with world.refuses(CollectionTypeError, TAGGED, "RUN"):
        butler.put({}, "summary", VISIT, run=TAGGED)


def test_a_component_is_not_put(world: World, butler: Butler) -> None:
    with world.refuses(DatasetTypeNotSupportedError, "calexp.wcs"):
        butler.put({}, "calexp.wcs", data_id())
    with world.refuses(DatasetTypeNotSupportedError, "calexp.wcs"):
        butler.registry.insertDatasets("calexp.wcs", [data_id()])


@pytest.mark.parametrize("wrong", [[1, 2], 5, "text", None, object()])
def test_the_wrong_type_of_object_is_refused(world: World, butler: Butler, wrong: Any) -> None:
    with world.unchanged(), pytest.raises(TypeError, match="StructuredDataDict"):
        butler.put(wrong, "summary", VISIT)


def test_a_reader_puts_nothing(world: World) -> None:
    butler = world.butler(writeable=False, collections=RUN_A)
    with world.refuses(ReadOnlyError, "writeable=True", "run="):
        butler.put({}, "summary", VISIT, run=RUN_A)
    with world.refuses(ReadOnlyError, "writeable=True"):
        butler.registry.insertDatasets("summary", [VISIT], run=RUN_A)
    with world.refuses(ReadOnlyError, "writeable=True"), butler.transaction():
        pass


def test_exists_tells_what_is_known(world: World, butler: Butler) -> None:
    ref = butler.put(OBJECT, "summary", VISIT)
    assert butler.exists(ref) == DatasetExistence.VERIFIED
    assert butler.exists("summary", VISIT)
    assert butler.exists(ref, full_check=False)
    assert butler.stored(ref)
    Path(butler.getURI(ref)).unlink()
    gone = butler.exists(ref)
    assert gone == DatasetExistence.RECORDED | DatasetExistence.DATASTORE
    assert not gone
    assert butler.exists(ref, full_check=False) == DatasetExistence.KNOWN
    with world.refuses(FileNotFoundError, "summary", "903334"):
        butler.get(ref)
    with world.refuses(DatasetNotFoundError, "no file"):
        butler.getDeferred(ref)
    unstored = butler.find_dataset("stats", data_id(), collections=RUN_A)
    assert unstored is not None
    assert butler.exists(unstored) == DatasetExistence.RECORDED
    assumed = butler.exists(unstored, full_check=False)
    assert assumed == DatasetExistence.RECORDED | DatasetExistence._ASSUMED
    assert not assumed
    assert not butler.stored(unstored)
    nowhere = DatasetRef(ref.datasetType, {**VISIT, "visit": 903342}, "new")
    for full_check in (True, False):
        existence = butler.exists(nowhere, full_check=full_check)
        assert existence == DatasetExistence.UNRECOGNIZED
    assert not butler.exists("summary", {**VISIT, "visit": 903342})


def test_the_uri_is_where_the_file_is(world: World, butler: Butler) -> None:
    predicted = butler.getURI("summary", VISIT, predict=True)
    with world.refuses(DatasetNotFoundError, "summary"):
        butler.getURI("summary", VISIT)
    with world.unchanged():
        assert butler.getURI("summary", VISIT, predict=True, run=RUN_A).ospath != predicted.ospath
    ref = butler.put(OBJECT, "summary", VISIT)
    uri = butler.getURI(ref)
    assert Path(uri).is_relative_to(world.root)
    assert Path(uri).is_file()
    assert predicted.ospath == uri.ospath == butler.getURI("summary", **VISIT).ospath
    assert uri.geturl().startswith("file://")


def test_deferred_reads_when_asked(butler: Butler) -> None:
    ref = butler.put(OBJECT, "summary", VISIT)
    handle = butler.getDeferred(ref)
    assert handle.ref == ref
    assert handle.dataId == VISIT
    assert handle.get() == OBJECT
    Path(butler.getURI(ref)).unlink()
    with pytest.raises(FileNotFoundError, match="summary"):
        handle.get()


def test_data_ids_may_be_any_mapping(butler: Butler) -> None:
    class Odd(Mapping[str, Any]):
        def __getitem__(self, key: str) -> Any:
            return VISIT[key]

        def __iter__(self) -> Any:
            return iter(VISIT)

        def __len__(self) -> int:
            return 2

    ref = butler.put(OBJECT, "summary", Odd())
    assert butler.find_dataset("summary", Odd()) == ref
    assert ref.dataId == VISIT


def test_where_to_predict_for_must_be_said(world: World) -> None:
    with world.refuses(NoDefaultCollectionError, "getURI needs run=...", "there are 'HSC/runs/a',"):
        world.butler(collections=RUN_A).getURI("summary", VISIT, predict=True)


def test_get_dataset_gives_another_storage_class(butler: Butler) -> None:
    ref = butler.put(OBJECT, "summary", VISIT)
    found = butler.get_dataset(ref.id, storage_class="PropertyList")
    assert found is not None
    assert found.datasetType.storageClass_name == "PropertyList"
    assert butler.get_dataset(uuid.uuid4(), storage_class="PropertyList") is None
    with pytest.raises(DatasetTypeDefinitionError, match=r"StructuredDataDict.*StructuredDataList"):
        butler.get_dataset(ref.id, storage_class="StructuredDataList")
    # Of a type that cannot be imported nothing is known until it is needed.
    assert ref.overrideStorageClass("TaskMetadata").datasetType.storageClass_name == "TaskMetadata"
