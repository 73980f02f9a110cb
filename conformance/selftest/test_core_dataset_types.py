"""Dataset types: registering, conflicts, components, globs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from butler_core import (
    Butler,
    ConflictingDefinitionError,
    DatasetType,
    DatasetTypeDefinitionError,
    DatasetTypeError,
    DatasetTypeExpressionError,
    DimensionNameError,
    MissingDatasetTypeError,
    MissingStorageClassError,
    OrphanedRecordError,
    ReadOnlyError,
)

from .core_world import RUN_A, World, data_id

NAMES = ["bias", "calexp", "notes", "stats", "summary"]


def make(butler: Butler, name: str = "new", **changes: Any) -> DatasetType:
    given: dict[str, Any] = {"dimensions": ["visit"], "storageClass": "StructuredDataDict"}
    return DatasetType(name, universe=butler.dimensions, **{**given, **changes})


def test_registering_says_whether_it_is_new(world: World) -> None:
    butler = world.butler()
    assert butler.registry.registerDatasetType(make(butler)) is True
    with world.unchanged():
        assert butler.registry.registerDatasetType(make(butler)) is False
    for reader in (butler, world.butler(writeable=False)):
        found = reader.get_dataset_type("new")
        assert found == make(butler)
        assert found.dimensions.required == ("instrument", "visit")
        assert not found.isCalibration()
    assert world.butler().get_dataset_type("bias").isCalibration()


@pytest.mark.parametrize(
    ("changes", "fragments"),
    [
        ({"dimensions": ["visit", "detector"]}, ("dimensions", "{band, instrument", "detector")),
        ({"storageClass": "Wcs"}, ("storage class", "StructuredDataDict there", "Wcs here")),
        ({"isCalibration": True}, ("isCalibration", "False there", "True here")),
    ],
)
def test_another_definition_is_a_conflict_with_the_difference(
    world: World, changes: dict[str, Any], fragments: tuple[str, ...]
) -> None:
    butler = world.butler()
    with world.refuses(ConflictingDefinitionError, "'summary'", *fragments):
        butler.registry.registerDatasetType(make(butler, "summary", **changes))


def test_a_component_is_not_registered(world: World) -> None:
    butler = world.butler()
    component = butler.get_dataset_type("calexp.wcs")
    with world.refuses(DatasetTypeError, "calexp.wcs", "parent"):
        butler.registry.registerDatasetType(component)


def test_components_have_their_own_storage_class(world: World) -> None:
    butler = world.butler()
    wcs = butler.get_dataset_type("calexp.wcs")
    assert (wcs.name, wcs.storageClass_name) == ("calexp.wcs", "Wcs")
    assert wcs.isComponent()
    assert wcs.component() == "wcs"
    assert wcs.nameAndComponent() == ("calexp", "wcs")
    assert wcs.makeCompositeDatasetType() == butler.get_dataset_type("calexp")
    calexp = butler.registry.getDatasetType("calexp")
    assert wcs in calexp.makeAllComponentDatasetTypes()
    assert calexp.makeComponentDatasetType("wcs") == wcs
    with world.refuses(KeyError, "wsc", "did you mean 'wcs'?"):
        butler.get_dataset_type("calexp.wsc")


@pytest.mark.parametrize("name", ["summry", "Stats", "calexp_"])
def test_an_unknown_type_is_named_with_the_nearest(world: World, name: str) -> None:
    butler = world.butler(collections=RUN_A, run=RUN_A)
    calls: list[Callable[[], object]] = [
        lambda: butler.get_dataset_type(name),
        lambda: butler.get(name, data_id()),
        lambda: butler.put({}, name, data_id()),
        lambda: butler.find_dataset(name, data_id()),
        lambda: butler.exists(name, data_id()),
        lambda: butler.getURI(name, data_id()),
        lambda: butler.query_datasets(name),
        lambda: butler.registry.queryDatasets([name, "stats"]),
        lambda: butler.registry.insertDatasets(name, [data_id()]),
        lambda: butler.registry.queryCollections(datasetType=name),
    ]
    for call in calls:
        with world.refuses(MissingDatasetTypeError, repr(name), "did you mean '"):
            call()


@pytest.mark.parametrize(
    ("expression", "expected", "missing"),
    [
        (..., NAMES, []),
        ("*", NAMES, []),
        ("s*", ["stats", "summary"], []),
        ("nope", [], ["nope"]),
        ("x*", [], []),
        (["stats", "n?tes", "nope", "nope2"], ["notes", "stats"], ["nope", "nope2"]),
        (("calexp",), ["calexp"], []),
    ],
)
def test_names_and_globs(
    world: World, expression: Any, expected: list[str], missing: list[str]
) -> None:
    registry = world.butler(writeable=False).registry
    left: list[str] = []
    found = registry.queryDatasetTypes(expression, missing=left)
    assert sorted(one.name for one in found) == expected
    assert left == missing


def test_types_themselves_and_iterators_are_expressions(world: World) -> None:
    registry = world.butler(collections=RUN_A).registry
    stats, bias = registry.getDatasetType("stats"), registry.getDatasetType("bias")
    missing: list[str] = []
    assert registry.queryDatasetTypes(stats, missing=missing) == [stats]
    assert set(registry.queryDatasetTypes([stats, "bias"], missing=missing)) == {stats, bias}
    names = (name for name in ("stats", "nope"))
    assert registry.queryDatasetTypes(names, missing=missing) == [stats]
    assert missing == ["nope"]
    assert len(list(registry.queryDatasets([stats, "bias"]))) == 10


@pytest.mark.parametrize("name", ["", "1st", "a b", "a-b", "a.", ".a", "a'; DROP TABLE x", "é", 5])
def test_what_is_no_name_is_refused(name: Any) -> None:
    from butler_core import DimensionUniverse

    with pytest.raises(DatasetTypeError, match="name for a dataset type"):
        DatasetType(name, [], "StructuredDataDict", universe=DimensionUniverse())


def test_what_a_type_is_made_of_is_checked(world: World) -> None:
    butler = world.butler()
    with world.refuses(DimensionNameError, "'vist'", "did you mean 'visit'?"):
        make(butler, dimensions=["vist"])
    with world.refuses(MissingStorageClassError, "'ExposureFF'", "did you mean 'ExposureF'?"):
        make(butler, storageClass="ExposureFF")
    with world.refuses(DatasetTypeDefinitionError, "universe=butler.dimensions"):
        DatasetType("new", ["visit"], "StructuredDataDict")


def test_removing(world: World) -> None:
    butler = world.butler()
    with world.refuses(OrphanedRecordError, "'stats'"):
        butler.registry.removeDatasetType("stats")
    butler.registry.removeDatasetType("cal*")
    assert "calexp" not in [one.name for one in butler.registry.queryDatasetTypes()]
    assert world.rows("SELECT count(*) FROM dataset_type WHERE name = 'calexp'") == [(0,)]


def test_a_name_that_was_removed_may_mean_something_else(world: World) -> None:
    butler = world.butler()
    other = world.butler(writeable=False)
    assert other.get_dataset_type("calexp").storageClass_name == "ExposureF"
    butler.registry.removeDatasetType("calexp")
    new = make(butler, "calexp", dimensions=["visit"], storageClass="ExposureF")
    butler.registry.registerDatasetType(new)
    assert butler.get_dataset_type("calexp") == new
    assert other.get_dataset_type("calexp") == new


def test_an_id_that_is_used_again_has_a_summary_of_its_own(world: World) -> None:
    butler = world.butler()
    butler.registry.registerDatasetType(make(butler, "last"))
    visit = {"instrument": "HSC", "visit": 903334}
    butler.collections.register("gone")
    refs = butler.registry.insertDatasets("last", [visit], run="gone")
    butler.registry.registerCollection("tags")
    butler.registry.associate("tags", refs)
    butler.collections.x_remove("gone")
    assert butler.registry.queryCollections(datasetType="last") == ["tags"]
    butler.registry.removeDatasetType("last")
    butler.registry.registerDatasetType(make(butler, "newest"))
    refs = butler.registry.insertDatasets("newest", [visit], run=RUN_A)
    butler.registry.associate("tags", refs)
    assert butler.query_datasets("newest", collections="tags") == refs


def test_an_unknown_storage_class_still_lists(world: World) -> None:
    world.write("UPDATE dataset_type SET storage_class = 'Martian' WHERE name = 'summary'")
    butler = world.butler(run=RUN_A)
    assert sorted(one.name for one in butler.registry.queryDatasetTypes()) == NAMES
    summary = butler.get_dataset_type("summary")
    assert summary.storageClass_name == "Martian"
    assert "Martian" in repr(summary)
    visit = {"instrument": "HSC", "visit": 903334}
    (ref,) = butler.registry.insertDatasets("summary", [visit])
    assert butler.find_dataset("summary", visit) == ref
    with world.refuses(MissingStorageClassError, "Martian", "storageClasses"):
        butler.put({}, "summary", instrument="HSC", visit=903342)


def test_get_names_an_unknown_storage_class(world: World) -> None:
    butler = world.butler(run=RUN_A)
    ref = butler.put({"a": 1}, "summary", instrument="HSC", visit=903334)
    world.write("UPDATE dataset_type SET storage_class = 'Martian' WHERE name = 'summary'")
    found = butler.get("summary", instrument="HSC", visit=903334, storageClass="StructuredDataDict")
    assert found == {"a": 1}
    world.write("UPDATE file_datastore_records SET storage_class = 'Martian'")
    calls: list[Callable[[], object]] = [
        lambda: butler.get("summary", instrument="HSC", visit=903334),
        lambda: butler.get(ref),
        lambda: butler.getDeferred("summary", instrument="HSC", visit=903334).get(),
    ]
    for call in calls:
        with world.refuses(MissingStorageClassError, "Martian"):
            call()


def test_a_reader_registers_nothing(world: World) -> None:
    butler = world.butler(writeable=False)
    with world.refuses(ReadOnlyError, "writeable=True"):
        butler.registry.registerDatasetType(make(butler))
    assert butler.registry.registerDatasetType(butler.get_dataset_type("stats")) is False
    with world.refuses(ReadOnlyError, "writeable=True"):
        butler.registry.removeDatasetType("calexp")


def test_components_are_not_among_the_dataset_types(world: World) -> None:
    registry = world.butler(writeable=False).registry
    for expression in ("calexp.wcs", ["calexp", "calexp.wcs"]):
        with world.refuses(DatasetTypeExpressionError, "'calexp.wcs'", "parent 'calexp'"):
            registry.queryDatasetTypes(expression)
    with world.refuses(DatasetTypeExpressionError, "'calexp.wcs'"):
        registry.queryDatasets("calexp.wcs", collections=...)
