"""Collections: registering, asking for, documenting, removing, in both spellings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    CollectionType,
    CollectionTypeError,
    ConflictingDefinitionError,
    MissingCollectionError,
    NoDefaultCollectionError,
    OrphanedRecordError,
    ReadOnlyError,
)

from .core_world import CALIB, CHAIN, LATISS_RUN, RUN_A, RUN_B, TAGGED, World, data_id

ALL = {RUN_A, RUN_B, LATISS_RUN, TAGGED, CHAIN, CALIB}
FLAT = [RUN_B, RUN_A]


@pytest.mark.parametrize("kind", list(CollectionType))
def test_registering_says_whether_it_is_new(world: World, kind: CollectionType) -> None:
    butler = world.butler()
    assert butler.collections.register("new", kind, "why") is True
    with world.unchanged():
        assert butler.collections.register("new", kind) is False
        assert butler.registry.registerCollection("new", kind) is False
    info = butler.collections.get_info("new")
    assert (info.name, info.type, info.doc) == ("new", kind, "why")
    assert butler.registry.getCollectionType("new") is kind
    assert butler.registry.getCollectionDocumentation("new") == "why"


def test_each_spelling_has_its_own_default_type(world: World) -> None:
    butler = world.butler()
    butler.collections.register("by collections")
    butler.registry.registerCollection("by registry")
    butler.registry.registerRun("by run", "a doc")
    kinds = {
        name: butler.collections.get_info(name).type.name
        for name in butler.collections.query("by*")
    }
    assert kinds == {"by collections": "RUN", "by registry": "TAGGED", "by run": "RUN"}


def test_another_type_is_a_conflict(world: World) -> None:
    butler = world.butler()
    with world.refuses(ConflictingDefinitionError, TAGGED, "TAGGED", "RUN"):
        butler.collections.register(TAGGED, CollectionType.RUN)
    with world.refuses(ConflictingDefinitionError, RUN_A, "CHAINED"):
        butler.registry.registerCollection(RUN_A, CollectionType.CHAINED)


@pytest.mark.parametrize("name", ["", None, 5])
def test_what_is_no_name_is_refused(world: World, name: Any) -> None:
    butler = world.butler()
    with world.refuses(ArgumentError, "name of a collection"):
        butler.collections.register(name)


def test_documentation_is_replaced(world: World) -> None:
    registry = world.butler().registry
    assert registry.getCollectionDocumentation(RUN_A) is None
    registry.setCollectionDocumentation(RUN_A, "raw data")
    assert registry.getCollectionDocumentation(RUN_A) == "raw data"
    registry.setCollectionDocumentation(RUN_A, None)
    assert registry.getCollectionDocumentation(RUN_A) is None


@pytest.mark.parametrize(
    ("expression", "options", "expected"),
    [
        ("*", {}, ALL),
        (..., {}, ALL),
        ("HSC/*", {}, ALL - {LATISS_RUN}),
        (["HSC/runs/?", "LAT*"], {}, {RUN_A, RUN_B, LATISS_RUN}),
        (CHAIN, {}, {CHAIN}),
        (CHAIN, {"flatten_chains": True}, set(FLAT)),
        (CHAIN, {"flatten_chains": True, "include_chains": True}, {CHAIN, *FLAT}),
        ("*", {"include_chains": False}, ALL - {CHAIN}),
        ("*", {"collection_types": CollectionType.RUN}, {RUN_A, RUN_B, LATISS_RUN}),
        (
            "*",
            {"collection_types": {CollectionType.TAGGED, CollectionType.CALIBRATION}},
            {TAGGED, CALIB},
        ),
        ("hsc/*", {}, set()),
        ([], {}, set()),
    ],
)
def test_expressions(
    world: World, expression: Any, options: dict[str, Any], expected: set[str]
) -> None:
    butler = world.butler(writeable=False)
    assert set(butler.collections.query(expression, **options)) == expected
    assert {info.name for info in butler.collections.query_info(expression, **options)} == expected
    translated = {
        {
            "flatten_chains": "flattenChains",
            "include_chains": "includeChains",
            "collection_types": "collectionTypes",
        }[name]: value
        for name, value in options.items()
    }
    assert set(butler.registry.queryCollections(expression, **translated)) == expected


def test_names_come_in_the_order_of_search(world: World) -> None:
    butler = world.butler()
    assert butler.collections.query([TAGGED, CHAIN, RUN_A], flatten_chains=True) == [
        TAGGED,
        RUN_B,
        RUN_A,
    ]


def test_collections_that_may_hold_a_type(world: World) -> None:
    registry = world.butler().registry
    assert set(registry.queryCollections(datasetType="stats")) == ALL - {CALIB}
    assert registry.queryCollections("HSC/*", datasetType="calexp") == []


@pytest.mark.parametrize("name", ["HSC/runs/c", "hsc/tagged"])
def test_an_unknown_name_is_named_with_the_nearest(world: World, name: str) -> None:
    butler = world.butler(collections=CHAIN)
    calls: list[Callable[[], object]] = [
        lambda: butler.collections.query(name),
        lambda: butler.collections.get_info(name),
        lambda: butler.registry.getCollectionType(name),
        lambda: butler.registry.getCollectionChain(name),
        lambda: butler.registry.setCollectionDocumentation(name, "x"),
        lambda: butler.registry.removeCollection(name),
        lambda: butler.query_datasets("stats", collections=name),
        lambda: butler.get("stats", data_id(), collections=[RUN_A, name]),
        lambda: butler.find_dataset("stats", data_id(), collections=name),
        lambda: butler.put({}, "summary", instrument="HSC", visit=903334, run=name),
        lambda: butler.clone(collections=name),
        lambda: world.butler(collections=name),
    ]
    for call in calls:
        with world.refuses(MissingCollectionError, repr(name), "did you mean 'HSC/"):
            call()


def test_no_collection_at_all_lists_those_that_exist(world: World) -> None:
    butler = world.butler()
    calls: list[Callable[[], object]] = [
        lambda: butler.query_datasets("stats"),
        lambda: butler.get("stats", data_id()),
        lambda: butler.find_dataset("stats", data_id()),
        lambda: butler.exists("stats", data_id()),
        lambda: list(butler.registry.queryDatasets("stats")),
    ]
    for call in calls:
        with world.refuses(NoDefaultCollectionError, "collections=", repr(RUN_A), repr(CHAIN)):
            call()


def test_a_summary_tells_types_and_governors(world: World) -> None:
    butler = world.butler()
    info = butler.collections.get_info(CHAIN, include_parents=True, include_summary=True)
    assert info.children == (RUN_B, RUN_A)
    assert info.parents == frozenset()
    assert info.dataset_types == frozenset({"stats", "bias"})
    assert info.governors == {"instrument": frozenset({"HSC"}), "skymap": frozenset()}
    assert butler.collections.get_info(RUN_A, include_parents=True).parents == frozenset({CHAIN})
    assert butler.collections.get_info(RUN_A).parents is None
    assert butler.registry.getCollectionParentChains(RUN_A) == {CHAIN}


def test_defaults_are_a_sequence(world: World) -> None:
    collections = world.butler(collections=[TAGGED, "HSC/runs/*"]).collections
    assert collections.defaults == (TAGGED, RUN_A, RUN_B)
    assert list(collections) == [TAGGED, RUN_A, RUN_B]
    assert collections[0] == TAGGED
    assert len(collections) == 3
    assert collections == [TAGGED, RUN_A, RUN_B]


def test_removing_takes_memberships_and_datasets(world: World) -> None:
    butler = world.butler(collections=RUN_A)
    tags = (
        "SELECT count(*) FROM dataset_tags_00000001 JOIN collection USING (collection_id)"
        " WHERE name = ?"
    )
    butler.collections.x_remove(TAGGED)
    assert TAGGED not in butler.collections.query()
    assert world.rows("SELECT count(*) FROM dataset") == [(14,)]
    butler.collections.redefine_chain(CHAIN, [RUN_A])
    butler.registry.removeCollection(RUN_B)
    assert world.rows("SELECT count(*) FROM dataset") == [(11,)]
    assert world.rows(tags, RUN_A) == [(9,)]
    assert world.rows("PRAGMA foreign_key_check") == []
    butler.collections.x_remove(CHAIN)
    assert world.rows("SELECT count(*) FROM collection_chain") == [(0,)]
    assert set(butler.collections.query()) == {RUN_A, LATISS_RUN, CALIB}


def test_what_a_chain_holds_is_not_removed(world: World) -> None:
    butler = world.butler()
    with world.refuses(OrphanedRecordError, RUN_A, CHAIN):
        butler.collections.x_remove(RUN_A)


def test_a_run_with_files_is_not_removed(world: World) -> None:
    butler = world.butler(run="with files")
    butler.put({"a": 1}, "summary", instrument="HSC", visit=903334)
    with world.refuses(OrphanedRecordError, "with files", "1 dataset"):
        butler.collections.x_remove("with files")


def test_a_name_that_was_removed_may_have_another_type(world: World) -> None:
    butler = world.butler()
    butler.collections.x_remove(TAGGED)
    butler.collections.register(TAGGED, CollectionType.RUN)
    refs = butler.registry.insertDatasets("stats", [data_id()], run=TAGGED)
    assert butler.query_datasets("stats", collections=TAGGED) == refs


def test_only_chains_have_children(world: World) -> None:
    butler = world.butler()
    calls: list[Callable[[], object]] = [
        lambda: butler.collections.redefine_chain(TAGGED, [RUN_A]),
        lambda: butler.collections.prepend_chain(RUN_A, [RUN_B]),
        lambda: butler.collections.extend_chain(CALIB, [RUN_B]),
        lambda: butler.collections.remove_from_chain(TAGGED, RUN_A),
        lambda: butler.registry.setCollectionChain(RUN_A, [RUN_B]),
        lambda: butler.registry.getCollectionChain(RUN_A),
    ]
    for call in calls:
        with world.refuses(CollectionTypeError, "not CHAINED"):
            call()


def test_a_reader_changes_nothing(world: World) -> None:
    butler = world.butler(writeable=False)
    calls: list[Callable[[], object]] = [
        lambda: butler.collections.register("new"),
        lambda: butler.collections.redefine_chain(CHAIN, [RUN_A]),
        lambda: butler.collections.x_remove(TAGGED),
        lambda: butler.registry.setCollectionDocumentation(RUN_A, "x"),
        lambda: butler.clone(run="new"),
    ]
    for call in calls:
        with world.refuses(ReadOnlyError, "read-only", "writeable=True"):
            call()


def test_documentation_and_some_dataset_types_are_told_if_asked_for(world: World) -> None:
    query = world.butler(writeable=False).collections.query_info
    assert [info.doc for info in query(TAGGED)] == [""]
    assert [info.doc for info in query(TAGGED, include_doc=True)] == ["what was chosen"]
    for asked, told in ((["stats", "calexp"], ["stats"]), ([], []), (None, ["bias", "stats"])):
        (info,) = query(RUN_A, include_summary=True, summary_datasets=asked)
        assert sorted(info.dataset_types or ()) == told
