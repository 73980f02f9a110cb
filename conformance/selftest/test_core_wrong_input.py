"""Calls that make no sense: one exception of the package, which says what to write."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    Butler,
    ButlerConfigError,
    CollectionExpressionError,
    DataCoordinate,
    DatasetIdError,
    DatasetNotFoundError,
    DatasetRef,
    DatasetType,
    DatasetTypeDefinitionError,
    DatasetTypeExpressionError,
    DimensionNameError,
    DimensionValueError,
    EmptyQueryResultError,
    InvalidQueryError,
)

from .core_world import CALIB, CHAIN, RUN_A, TAGGED, World, data_id

Call = Callable[[Butler, DatasetRef], object]
ID = uuid.UUID("01a20832-2cae-7b23-b6fd-541c10a8843f")


@pytest.fixture
def butler(world: World) -> Butler:
    return world.butler(collections=CHAIN)


@pytest.fixture
def ref(butler: Butler) -> DatasetRef:
    found = butler.find_dataset("stats", data_id())
    assert found is not None
    return found


def refused(
    world: World, call: Call, butler: Butler, ref: DatasetRef, kind: type[Exception], *texts: str
) -> None:
    with world.refuses(kind, *texts):
        call(butler, ref)


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        (lambda b, r: b.get("stats", 903338), ("{'instrument': 'HSC', ", "not 903338")),
        (lambda b, r: b.get("stats", r), ("a data ID", "its dataId")),
        (lambda b, r: b.put({}, "summary", 5, run=RUN_A), ("a data ID", "not 5")),
        (lambda b, r: b.query_datasets("stats", data_id=5), ("a data ID", "not 5")),
        (lambda b, r: b.query_dimension_records("visit", data_id="x"), ("a data ID", "not 'x'")),
        (lambda b, r: b.registry.expandDataId(5), ("a data ID", "not 5")),
        (lambda b, r: b.registry.findDataset("stats", 5), ("a data ID", "not 5")),
        (lambda b, r: b.clone(dataId=5), ("a data ID", "not 5")),
        (lambda b, r: DatasetRef(r.datasetType, 5, run="x"), ("a data ID", "not 5")),  # type: ignore[arg-type]
        (lambda b, r: DataCoordinate.standardize(5, universe=b.dimensions), ("a data ID",)),  # type: ignore[arg-type]
        (lambda b, r: b.registry.insertDatasets("stats", [5], run=RUN_A), ("a data ID", "not 5")),
        (lambda b, r: b.registry.insertDatasets("stats", 5, run=RUN_A), ("insertDatasets", "5")),
        (
            lambda b, r: b.registry.insertDatasets("stats", data_id(), run=RUN_A),
            ("insertDatasets", "[data_id]"),
        ),
        (
            lambda b, r: DatasetRef(r.datasetType, data_id(), "x", conform=False),
            ("conform=False", "DataCoordinate"),
        ),
    ],
)
def test_what_is_no_data_id(
    world: World, butler: Butler, ref: DatasetRef, call: Call, texts: tuple[str, ...]
) -> None:
    refused(world, call, butler, ref, ArgumentError, *texts)


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        (lambda b, r: b.get(ID), (repr(ID), "butler.get_dataset(id)")),
        (lambda b, r: b.get(None), ("not None",)),
        (lambda b, r: b.getDeferred(5), ("not 5",)),
        (lambda b, r: b.getURI(5), ("not 5",)),
        (lambda b, r: b.exists(5), ("not 5",)),
        (lambda b, r: b.put({}, 5, run=RUN_A), ("not 5",)),
        (lambda b, r: b.find_dataset(r), ("not DatasetRef", "its datasetType")),
        (lambda b, r: b.query_datasets(["stats"]), ("not ['stats']", "registry.queryDatasets")),
        (lambda b, r: b.query_datasets(5), ("not 5",)),
        (lambda b, r: b.get_dataset_type(5), ("not 5",)),
        (lambda b, r: b.registry.registerDatasetType("stats"), ("not 'stats'",)),
        (lambda b, r: DatasetRef("stats", data_id(), "x"), ("not 'stats'", "get_dataset_type")),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_dataset_type(
    world: World, butler: Butler, ref: DatasetRef, call: Call, texts: tuple[str, ...]
) -> None:
    refused(world, call, butler, ref, ArgumentError, *texts)


@pytest.mark.parametrize(
    "call",
    [
        lambda b, r: b.registry.queryDatasets(5),
        lambda b, r: b.registry.queryDatasets(["stats", 5]),
        lambda b, r: b.registry.queryDatasetTypes(5),
        lambda b, r: b.registry.queryDatasetTypes([5]),
        lambda b, r: b.registry.removeDatasetType(5),
    ],
)
def test_what_names_no_dataset_types(
    world: World, butler: Butler, ref: DatasetRef, call: Call
) -> None:
    refused(world, call, butler, ref, DatasetTypeExpressionError, "glob", "not by 5")


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        (lambda b, r: DatasetType("a b", [], "int", universe=b.dimensions), ("'a b'",)),
        (lambda b, r: DatasetType(5, [], "int", universe=b.dimensions), ("5",)),  # type: ignore[arg-type]
        (lambda b, r: DatasetType("ab", ["visit"], "int"), ("universe=butler.dimensions",)),
        (lambda b, r: DatasetType("ab", [], 5, universe=b.dimensions), ("storage class", "5")),  # type: ignore[arg-type]
    ],
)
def test_what_defines_no_dataset_type(
    world: World, butler: Butler, ref: DatasetRef, call: Call, texts: tuple[str, ...]
) -> None:
    refused(world, call, butler, ref, DatasetTypeDefinitionError, *texts)
    assert issubclass(DatasetTypeDefinitionError, ValueError)


@pytest.mark.parametrize("value", ["3", 1.5, None.__class__, [3]])
def test_a_limit_is_an_integer(world: World, butler: Butler, value: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: butler.query_datasets("stats", limit=value),
        lambda: butler.query_dimension_records("visit", limit=value),
        lambda: butler.registry.queryDatasets("stats").limit(value),
        lambda: butler.registry.queryDimensionRecords("visit").limit(value),
    ]
    for call in calls:
        with world.refuses(ArgumentError, "limit", repr(value)):
            call()


def test_a_limit_of_numpy_is_an_integer(butler: Butler) -> None:
    numpy = pytest.importorskip("numpy")
    assert len(butler.query_datasets("stats", limit=numpy.int64(2))) == 2


@pytest.mark.parametrize("value", [3, ["visit", 3], [None]])
def test_terms_of_an_order_are_strings(world: World, butler: Butler, value: Any) -> None:
    for call in (butler.query_datasets, butler.query_dimension_records):
        name = "stats" if call == butler.query_datasets else "visit"
        with world.refuses(ArgumentError, "order_by", "'-visit'"):
            call(name, order_by=value)
    with world.refuses(InvalidQueryError, "order_by", "''"):
        butler.query_datasets("stats", order_by="")


@pytest.mark.parametrize("call", ["associate", "disassociate"])
def test_references_come_in_a_list(
    world: World, butler: Butler, ref: DatasetRef, call: str
) -> None:
    method = getattr(butler.registry, call)
    with world.refuses(ArgumentError, call, "[ref]"):
        method(TAGGED, ref)
    for wrong in (["x"], [ref, None], None, 5, "x"):
        with world.refuses(ArgumentError, call, "DatasetRef"):
            method(TAGGED, wrong)


@pytest.mark.parametrize("source", [None, 5, ["x"], b"repo"])
def test_what_is_no_repository(world: World, source: Any) -> None:
    with world.refuses(ButlerConfigError, "butler.yaml", repr(source)):
        Butler(source)
    with world.refuses(ButlerConfigError, repr(source)):
        Butler.from_config(source)


DATA_ID = {"instrument": "HSC", "visit": 903334, "detector": 22}


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda b, r: b.get("stats", DATA_ID, collection=RUN_A), "collections"),
        (lambda b, r: b.get("stats", data_id=DATA_ID), "dataId"),
        (lambda b, r: b.get("stats", dataid=DATA_ID), "dataId"),
        (lambda b, r: b.get("stats", DATA_ID, parameter={}), "parameters"),
        (lambda b, r: b.get("stats", DATA_ID, storage_class="x"), "storageClass"),
        (lambda b, r: b.getDeferred("stats", data_id=DATA_ID), "dataId"),
        (lambda b, r: b.getURI("stats", data_id=DATA_ID), "dataId"),
        (lambda b, r: b.put({}, "stats", data_id=DATA_ID, run=RUN_A), "dataId"),
        (lambda b, r: b.put({}, "stats", DATA_ID, collection=RUN_A), "run"),
        (lambda b, r: b.put({}, "stats", DATA_ID, collections=RUN_A), "run"),
        (lambda b, r: b.exists("stats", dataId=DATA_ID), "data_id"),
        (lambda b, r: b.exists("stats", DATA_ID, collection=RUN_A), "collections"),
        (lambda b, r: b.find_dataset("stats", dataId=DATA_ID), "data_id"),
        (lambda b, r: b.find_dataset("stats", DATA_ID, collection=RUN_A), "collections"),
        (lambda b, r: b.query_datasets("stats", dataId=DATA_ID), "data_id"),
        (lambda b, r: b.query_datasets("stats", collection=RUN_A), "collections"),
        (lambda b, r: b.query_datasets("stats", findFirst=False), "find_first"),
        (lambda b, r: b.query_datasets("stats", orderby="visit"), "order_by"),
        (lambda b, r: b.query_dimension_records("visit", dataId=DATA_ID), "data_id"),
        (lambda b, r: b.registry.queryDatasets("stats", data_id=DATA_ID), "dataId"),
        (lambda b, r: b.registry.queryDatasets("stats", collection=RUN_A), "collections"),
        (lambda b, r: b.registry.findDataset("stats", data_id=DATA_ID), "dataId"),
        (lambda b, r: b.registry.queryDimensionRecords("visit", data_id=DATA_ID), "dataId"),
        (lambda b, r: b.registry.expandDataId(data_id=DATA_ID), "dataId"),
    ],
)
def test_a_misspelt_argument(
    world: World, butler: Butler, ref: DatasetRef, call: Call, argument: str
) -> None:
    refused(world, call, butler, ref, DimensionValueError, f"did you mean {argument}=?")


def test_a_misspelt_dimension_is_no_argument(world: World, butler: Butler) -> None:
    with world.refuses(DimensionValueError, "'vist'", "did you mean 'visit'?"):
        butler.query_datasets("stats", vist=3)
    with world.refuses(DimensionValueError, "'collection'"):
        butler.get("stats", {**DATA_ID, "collection": RUN_A})


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"collection": RUN_A}, "collections"),
        ({"data_id": {}}, "dataId"),
        ({"infer_defaults": False}, "inferDefaults"),
        ({"instrument": "HSC"}, "dataId"),
    ],
)
def test_a_misspelt_argument_of_clone(
    world: World, butler: Butler, given: dict[str, Any], argument: str
) -> None:
    with world.refuses(ArgumentError, "clone", f"did you mean {argument}=?"):
        butler.clone(**given)


@pytest.mark.parametrize("expression", ["zzz/*", ["zzz/*", "y?"]])
def test_a_glob_that_matches_nothing(world: World, butler: Butler, expression: Any) -> None:
    no_match = ("no collection matches", "'zzz/*'")
    with world.refuses(DatasetNotFoundError, *no_match, "stats", "903334"):
        butler.get("stats", DATA_ID, collections=expression)
    with world.refuses(DatasetNotFoundError, *no_match):
        butler.getURI("stats", DATA_ID, collections=expression)
    with world.refuses(EmptyQueryResultError, *no_match, "stats"):
        butler.query_datasets("stats", expression, find_first=False)
    assert butler.find_dataset("stats", DATA_ID, collections=expression) is None
    assert not butler.exists("stats", DATA_ID, collections=expression)


def test_no_collections_and_an_empty_chain(world: World, butler: Butler) -> None:
    butler.collections.redefine_chain(CHAIN, [])
    with world.refuses(DatasetNotFoundError, f"chain {CHAIN!r} is empty"):
        butler.get("stats", DATA_ID)
    with world.refuses(EmptyQueryResultError, f"chain {CHAIN!r} is empty"):
        butler.query_datasets("stats")
    with world.refuses(DatasetNotFoundError, "collections=[]"):
        butler.get("stats", DATA_ID, collections=[])
    with world.refuses(EmptyQueryResultError, "collections=[]"):
        butler.query_datasets("stats", [])
    assert butler.find_dataset("stats", DATA_ID, collections=[]) is None
    assert list(butler.registry.queryDatasets("stats", collections=())) == []


def test_a_value_that_is_not_there(butler: Butler, ref: DatasetRef) -> None:
    plain = DataCoordinate.standardize(DATA_ID, dimensions=ref.datasetType.dimensions)
    with pytest.raises(DimensionNameError) as caught:
        plain["band"]
    assert isinstance(caught.value, KeyError)
    for text in ("'band'", "implied", "expandDataId", "with_dimension_records=True"):
        assert text in str(caught.value)
    assert plain.get("band") is None
    assert "band" not in plain
    with pytest.raises(DimensionNameError, match=r"'vist'.*did you mean 'visit'"):
        plain["vist"]
    with pytest.raises(DimensionNameError, match=r"'tract'.*instrument, detector, visit") as caught:
        plain["tract"]
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", ["visit", "5"])
def test_what_is_no_id(world: World, butler: Butler, name: str) -> None:
    for call in (butler.get_dataset, butler.registry.getDataset):
        with world.refuses(DatasetIdError, name):
            call(name)
    with world.refuses(DatasetIdError, "5"):
        butler.get_dataset(5)  # type: ignore[arg-type]
    assert issubclass(DatasetIdError, ValueError)


@pytest.mark.parametrize("value", ["RUN", 7, None, "run"])
def test_what_is_no_collection_type(world: World, butler: Butler, value: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: butler.collections.register("new", value),
        lambda: butler.registry.registerCollection("new", value),
        lambda: butler.collections.query(collection_types=[value]),
    ]
    for call in calls:
        with world.refuses(ArgumentError, "CollectionType.RUN", repr(value)):
            call()
    with world.refuses(ArgumentError, "CollectionType.RUN", "'RUN'"):
        butler.collections.query(collection_types="RUN")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda b, r: b.collections.query(5),
        lambda b, r: b.collections.query([5]),
        lambda b, r: b.registry.queryCollections(5),
        lambda b, r: b.get("stats", DATA_ID, collections=5),
        lambda b, r: b.query_datasets("stats", 5),
        lambda b, r: b.registry.setCollectionChain(CHAIN, 5),
        lambda b, r: b.collections.redefine_chain(CHAIN, 5),
        lambda b, r: b.collections.prepend_chain(CHAIN, 5),
        lambda b, r: b.clone(collections=5),
    ],
)
def test_what_names_no_collections(
    world: World, butler: Butler, ref: DatasetRef, call: Call
) -> None:
    refused(world, call, butler, ref, CollectionExpressionError, "5")
    assert issubclass(CollectionExpressionError, TypeError)


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        (lambda b, r: b.get(r, parameters=5), ("parameters", "not 5")),
        (lambda b, r: b.find_dataset("bias", DATA_ID, timespan=5), ("timespan", "not 5")),
        (lambda b, r: b.dimensions.conform(5), ("dimensions", "not by 5")),
        (lambda b, r: DatasetType("ab", 5, "int", universe=b.dimensions), ("dimensions", "5")),  # type: ignore[arg-type]
        (lambda b, r: b.registry.insertDimensionData("visit", 5), ("visit", "not as 5")),
        (lambda b, r: b.registry.insertDimensionData("visit", [{}]), ("*records", "[{}]")),
        (lambda b, r: b.registry.syncDimensionData("visit", 5), ("visit", "not as 5")),
        (lambda b, r: b.clone(dataId={"visit": 5}), ("instrument and skymap", "'visit'")),
    ],
)
def test_other_arguments_of_a_wrong_type(
    world: World, butler: Butler, ref: DatasetRef, call: Call, texts: tuple[str, ...]
) -> None:
    refused(world, call, butler, ref, ArgumentError, *texts)


@pytest.mark.parametrize(
    "call",
    [
        lambda b, r: b.dimensions[5],
        lambda b, r: b.query_dimension_records(5),
        lambda b, r: b.registry.insertDimensionData(5, {}),
    ],
)
def test_what_is_no_dimension(world: World, butler: Butler, ref: DatasetRef, call: Call) -> None:
    refused(world, call, butler, ref, DimensionNameError, "no dimension 5")


def test_an_instrument_is_offered(world: World) -> None:
    with world.butler(collections=CALIB, writeable=True) as butler:
        put: Any = butler.put
        butler.collections.register("new")
        with world.refuses(DimensionNameError, "'instrument'", "'HSC' or 'LATISS'"):
            put({}, "summary", visit=903334, run="new")
        with world.refuses(DimensionNameError, "'instrument'", "'HSC' or 'LATISS'"):
            butler.get("summary", visit=903334)
        with world.refuses(DimensionNameError, "'visit'"):
            put({}, "summary", run="new", instrument="HSC")


def test_the_only_instrument_is_offered(tmp_path: Any) -> None:
    Butler.makeRepo(tmp_path / "repo")
    with Butler(tmp_path / "repo", run="new") as butler:
        butler.registry.registerDatasetType(
            DatasetType("notes", ["instrument"], "StructuredDataDict", universe=butler.dimensions)
        )
        with pytest.raises(DimensionNameError, match=r"no instrument record.*insertDimensionData"):
            butler.put({}, "notes")
        butler.registry.insertDimensionData("instrument", {"name": "HSC"})
        with pytest.raises(DimensionNameError, match=r"write instrument='HSC'"):
            butler.put({}, "notes")
        assert butler.put({}, "notes", instrument="HSC").dataId["instrument"] == "HSC"
