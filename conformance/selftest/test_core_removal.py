"""Removing datasets: from tags, from the files, from the registry, and all or nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    Butler,
    CollectionTypeError,
    ComponentError,
    ConflictingDefinitionError,
    DatasetExistence,
    DatasetRef,
    DatasetType,
    MissingCollectionError,
    MissingDatasetTypeError,
    OrphanedRecordError,
    ReadOnlyError,
    Timespan,
)

from .core_world import CALIB, RUN_A, RUN_B, TAGGED, VISITS, World
from .stored_datasets import OTHER_TAG, PURGE, UNSTORE, Stored, at


@pytest.fixture
def stored(world: World) -> Stored:
    return Stored(world)


def test_signatures_are_rubins() -> None:
    prune, runs = Butler.pruneDatasets, Butler.removeRuns
    assert {
        name: one.default
        for name, one in inspect.signature(prune).parameters.items()
        if one.kind == one.KEYWORD_ONLY
    } == {"disassociate": True, "unstore": False, "tags": (), "purge": False}
    assert list(inspect.signature(runs).parameters) == [
        "self",
        "names",
        "unstore",
        "unlink_from_chains",
    ]


@pytest.mark.parametrize(
    "given",
    [
        lambda refs: refs,
        lambda refs: iter(refs),
        lambda refs: set(refs),
        lambda refs: refs + refs,
    ],
    ids=["list", "iterator", "set", "twice"],
)
def test_tags_lose_what_is_disassociated(
    stored: Stored, given: Callable[[list[DatasetRef]], Any]
) -> None:
    stored.butler.pruneDatasets(given(stored.refs[:1]), tags=(tag for tag in [TAGGED]))
    assert stored.tagged() == {stored.refs[1]}
    assert stored.tagged(OTHER_TAG) == set(stored.refs[:2])
    assert stored.butler.get(stored.refs[0]) == {"n": 0}


def test_a_tag_may_be_given_alone(stored: Stored) -> None:
    stored.butler.pruneDatasets(stored.refs, tags=OTHER_TAG)
    assert (stored.tagged(), stored.tagged(OTHER_TAG)) == (set(stored.refs[:2]), set())


def test_unstore_removes_the_files_alone(stored: Stored) -> None:
    butler, ref = stored.butler, stored.refs[0]
    path = stored.file(0)
    butler.pruneDatasets([ref], **UNSTORE)
    assert not path.exists()
    assert butler.exists(ref) == DatasetExistence.RECORDED
    assert not butler.stored(ref)
    with pytest.raises(FileNotFoundError, match="no record of a file"):
        butler.get(ref)
    assert stored.tagged() == set(stored.refs[:2])
    assert stored.trash() == []
    butler.put({"n": "again"}, ref)
    assert path.exists()
    assert butler.get(ref) == {"n": "again"}
    with stored.world.refuses(ConflictingDefinitionError, "stored already"):
        butler.put({}, ref)


@pytest.mark.parametrize(("number", "run"), [(0, RUN_B), (2, RUN_A)])
def test_a_file_is_put_for_that_very_dataset(stored: Stored, number: int, run: str) -> None:
    butler, ref = stored.butler, stored.refs[0]
    butler.pruneDatasets([ref, stored.refs[2]], **UNSTORE)
    other = DatasetRef(ref.datasetType, at(number), run, id=ref.id)
    with stored.world.refuses(ConflictingDefinitionError, "already"):
        butler.put({}, other)
    with stored.world.refuses(ConflictingDefinitionError, str(ref.id)):
        butler.put({}, "summary", at(0))


def test_unstore_and_tags_together(stored: Stored) -> None:
    stored.butler.pruneDatasets(stored.refs[:1], tags=[TAGGED, OTHER_TAG], unstore=True)
    assert stored.tagged() == stored.tagged(OTHER_TAG) == {stored.refs[1]}
    assert stored.butler.exists(stored.refs[0]) == DatasetExistence.RECORDED


def test_purge_removes_all_of_a_dataset(stored: Stored) -> None:
    butler, world = stored.butler, stored.world
    summary = world.rows("SELECT * FROM collection_summary_dataset_type")
    butler.pruneDatasets(stored.refs[:2], **PURGE, tags=["of no account"])
    assert butler.query_datasets("summary") == [stored.refs[2]]
    assert stored.tagged() == stored.tagged(OTHER_TAG) == set()
    assert [butler.exists(ref) for ref in stored.refs] == [
        DatasetExistence.UNRECOGNIZED,
        DatasetExistence.UNRECOGNIZED,
        DatasetExistence.VERIFIED,
    ]
    assert len(stored.files()) == 1
    assert world.rows("SELECT count(*) FROM file_datastore_records") == [(1,)]
    assert world.rows("SELECT * FROM collection_summary_dataset_type") == summary
    assert stored.trash() == []
    assert world.rows("PRAGMA foreign_key_check") == []
    new = butler.put({"n": "new"}, "summary", at(0))
    assert butler.get("summary", at(0)) == {"n": "new"}
    butler.registry.associate(TAGGED, [new])


def test_purge_takes_calibrations_too(stored: Stored) -> None:
    world, butler = stored.world, stored.butler
    (bias,) = butler.query_datasets("bias", collections=RUN_B)
    world.certify(bias, Timespan(None, None))
    assert bias in butler.query_datasets("bias", collections=CALIB)
    butler.pruneDatasets([bias], **PURGE)
    sql = "SELECT calibration_association_table FROM dataset_type WHERE name = 'bias'"
    ((table,),) = world.rows(sql)
    assert world.rows(f"SELECT * FROM {table}") == []
    assert butler.query_datasets("bias", collections=[RUN_B, CALIB], explain=False) == []


def test_no_empty_folders_are_left(stored: Stored) -> None:
    stored.butler.pruneDatasets(stored.refs[:1], **PURGE)
    assert len(stored.files()) == 2
    stored.butler.pruneDatasets(stored.butler.registry.queryDatasets("summary"), **PURGE)
    stored.butler.close()
    assert sorted(path.name for path in stored.world.root.iterdir()) == [
        "butler.yaml",
        "gen3.sqlite3",
    ]


def test_neither_registry_nor_files_is_nothing(stored: Stored) -> None:
    with stored.world.unchanged():
        stored.butler.pruneDatasets(stored.refs, disassociate=False, tags=["of no account"])
        stored.butler.pruneDatasets([], **PURGE)


@pytest.mark.parametrize(
    ("arguments", "kind", "fragments"),
    [
        ({}, ArgumentError, ("needs tags=",)),
        ({"unstore": True}, ArgumentError, ("needs tags=", "disassociate=False")),
        ({"purge": True}, ArgumentError, ("needs unstore=True",)),
        (PURGE | {"disassociate": False}, ArgumentError, ("needs disassociate=True",)),
        ({"purge": True, "disassociate": False}, ArgumentError, ("needs disassociate=True",)),
        ({"tags": [RUN_A]}, CollectionTypeError, (RUN_A, "RUN", "TAGGED")),
        ({"tags": [TAGGED, CALIB], "unstore": True}, CollectionTypeError, (CALIB, "CALIBRATION")),
        ({"tags": [TAGGED, "HSC/taged"]}, MissingCollectionError, ("did you mean 'HSC/tagged'?",)),
    ],
)
def test_arguments_that_contradict_each_other(
    stored: Stored, arguments: dict[str, Any], kind: type[Exception], fragments: tuple[str, ...]
) -> None:
    with stored.world.refuses(kind, *fragments):
        stored.butler.pruneDatasets(stored.refs, **arguments)
    assert issubclass(kind, TypeError) or kind is MissingCollectionError


@pytest.mark.parametrize("given", ["summary", 5, ["summary"], None])
def test_what_are_no_references(stored: Stored, given: Any) -> None:
    with stored.world.refuses(ArgumentError, "pruneDatasets takes instances of DatasetRef"):
        stored.butler.pruneDatasets(given, **PURGE)
    with stored.world.refuses(ArgumentError, "removeDatasets takes instances of DatasetRef"):
        stored.butler.registry.removeDatasets(given)


@pytest.mark.parametrize("how", [PURGE, UNSTORE, {"tags": [TAGGED]}, {"disassociate": False}])
def test_a_component_goes_with_its_dataset(stored: Stored, how: dict[str, Any]) -> None:
    butler = stored.butler
    data_id = {"instrument": "HSC", "visit": next(iter(VISITS)), "detector": 22}
    (calexp,) = butler.registry.insertDatasets("calexp", [data_id])
    with stored.world.refuses(ComponentError, "calexp.wcs", "makeCompositeRef"):
        butler.pruneDatasets([calexp.makeComponentRef("wcs")], **how)


@pytest.mark.parametrize("how", [PURGE, UNSTORE, {"tags": [TAGGED]}])
def test_datasets_that_do_not_exist_are_passed_over(stored: Stored, how: dict[str, Any]) -> None:
    butler = stored.butler
    summary = butler.get_dataset_type("summary")
    nowhere = [
        DatasetRef(summary, at(0), RUN_A),
        DatasetRef(summary, at(0), "no such run"),
    ]
    with stored.world.unchanged():
        butler.pruneDatasets(nowhere, **how)
        butler.registry.removeDatasets(nowhere)
    butler.pruneDatasets([*nowhere, stored.refs[0]], **PURGE)
    assert len(stored.files()) == 2
    with stored.world.unchanged():
        butler.pruneDatasets(stored.refs[:1], **how)


def test_a_dataset_of_no_type(stored: Stored) -> None:
    unknown = DatasetType(
        "sumary", ["visit"], "StructuredDataDict", universe=stored.butler.dimensions
    )
    ref = DatasetRef(unknown, at(0), RUN_A)
    with stored.world.unchanged():
        stored.butler.pruneDatasets([ref], **PURGE)
    with stored.world.refuses(MissingDatasetTypeError, "did you mean 'summary'?"):
        stored.butler.pruneDatasets([ref], tags=[TAGGED])


@pytest.mark.parametrize("how", [PURGE, UNSTORE])
def test_files_that_are_gone_already(stored: Stored, how: dict[str, Any]) -> None:
    stored.file(0).unlink()
    folder = stored.file(1).parent
    stored.file(1).unlink()
    folder.rmdir()
    folder.write_text("a file where the folder was", "utf-8")
    stored.butler.pruneDatasets(stored.refs, **how)
    assert stored.files() == [folder]
    assert stored.trash() == []


def test_a_dataset_without_a_file(stored: Stored) -> None:
    butler = stored.butler
    inserted = butler.registry.insertDatasets("summary", [at(0)], run=RUN_B)
    with stored.world.unchanged():
        butler.pruneDatasets(inserted, **UNSTORE)
    butler.pruneDatasets(inserted, **PURGE)
    assert butler.get_dataset(inserted[0].id) is None


def test_removing_from_the_registry_needs_no_file_to_be_left(stored: Stored) -> None:
    butler = stored.butler
    inserted = butler.registry.insertDatasets("summary", [at(0), at(1)], run=RUN_B)
    with stored.world.refuses(OrphanedRecordError, str(stored.refs[1]), "butler.pruneDatasets("):
        butler.registry.removeDatasets([*inserted, stored.refs[1]])
    butler.pruneDatasets(stored.refs[1:], **UNSTORE)
    butler.registry.removeDatasets(ref for ref in [*inserted, *stored.refs[1:]])
    assert butler.query_datasets("summary", collections="*", find_first=False) == [stored.refs[0]]
    assert stored.tagged() == {stored.refs[0]}
    assert stored.world.rows("PRAGMA foreign_key_check") == []


@pytest.mark.parametrize(
    "call",
    [
        lambda butler, refs: butler.pruneDatasets(refs, **PURGE),
        lambda butler, refs: butler.pruneDatasets(refs, **UNSTORE),
        lambda butler, refs: butler.pruneDatasets([], disassociate=False),
        lambda butler, refs: butler.registry.removeDatasets([]),
        lambda butler, refs: butler.removeRuns([]),
        lambda butler, refs: butler.removeRuns([RUN_A]),
        lambda butler, refs: butler.datastore.emptyTrash(),
    ],
)
def test_a_butler_that_reads_removes_nothing(
    stored: Stored, call: Callable[[Butler, list[DatasetRef]], None]
) -> None:
    reader = stored.world.butler(writeable=False)
    with stored.world.refuses(ReadOnlyError, "writeable=True"):
        call(reader, stored.refs)


def test_the_number_of_statements_is_that_of_tables(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    butler = stored.butler
    fields = [
        {"instrument": "HSC", "id": number, "full_name": str(number)}
        for number in range(1000, 1100)
    ]
    butler.registry.insertDimensionData("detector", *fields)
    counts = []
    database = butler.registry._repository.database
    for count in (2, 100):
        data_ids = [{"instrument": "HSC", "detector": 1000 + number} for number in range(count)]
        refs = [butler.put({}, "bias", data_id) for data_id in data_ids[:2]]
        refs += butler.registry.insertDatasets("bias", data_ids[2:])
        said: list[str] = []
        with monkeypatch.context() as patch:
            patch.setattr(database, "_text_of", told(database._text_of, said))
            butler.pruneDatasets(refs, **PURGE)
        counts.append(said)
    assert len(counts[0]) == len(counts[1]) < 25


def told(call: Callable[[Any], str], said: list[str]) -> Callable[[Any], str]:
    """Return a function that notes the texts that another returns."""

    def wrapper(statement: Any) -> str:
        said.append(call(statement))
        return said[-1]

    return wrapper
