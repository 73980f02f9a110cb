"""Removing runs, with their datasets and files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    CollectionType,
    CollectionTypeError,
    MissingCollectionError,
    OrphanedRecordError,
)

from .core_world import CALIB, CHAIN, LATISS_RUN, RUN_A, RUN_B, TAGGED, World
from .stored_datasets import OTHER_TAG, Stored, at


@pytest.fixture
def stored(world: World) -> Stored:
    return Stored(world)


def test_a_run_goes_with_its_datasets_and_files(stored: Stored) -> None:
    butler, world = stored.butler, stored.world
    other = butler.put({"n": 9}, "summary", at(0), run=RUN_B)
    butler.collections.remove_from_chain(CHAIN, RUN_A)
    butler.removeRuns([RUN_A])
    assert RUN_A not in butler.collections.query()
    assert RUN_A not in world.butler(writeable=False).collections.query()
    assert butler.query_datasets("summary", collections="*", find_first=False) == [other]
    assert {ref.run for ref in butler.registry.queryDatasets(..., collections=TAGGED)} == {RUN_B}
    assert stored.tagged(OTHER_TAG) == set()
    assert butler.get(other) == {"n": 9}
    assert len(stored.files()) == 1
    assert not (world.root / RUN_A).exists()
    key = (
        "SELECT count(*) FROM {} WHERE collection_id NOT IN (SELECT collection_id FROM collection)"
    )
    for table in ("run", "collection_summary_dataset_type", "collection_summary_instrument"):
        assert world.rows(key.format(table)) == [(0,)]
    assert world.rows("SELECT count(*) FROM file_datastore_records") == [(1,)]
    assert world.rows("PRAGMA foreign_key_check") == []
    assert stored.trash() == []


def test_a_run_can_be_made_anew(stored: Stored) -> None:
    butler = stored.butler
    butler.removeRuns([RUN_A], unlink_from_chains=True)
    with stored.world.refuses(MissingCollectionError, RUN_A):
        butler.put({}, "summary", at(0))
    butler.collections.register(RUN_A)
    butler.put({"n": "new"}, "summary", at(0))
    assert butler.get("summary", at(0)) == {"n": "new"}
    assert len(butler.query_datasets("summary")) == 1


def test_a_run_that_has_the_number_of_one_that_is_gone(stored: Stored) -> None:
    butler, world = stored.butler, stored.world
    key = "SELECT collection_id FROM collection WHERE name = ?"
    butler.collections.register("last")
    butler.put({}, "summary", at(0), run="last")
    number = world.rows(key, "last")
    butler.removeRuns(["last"])
    butler.collections.register("new")
    assert world.rows(key, "new") == number
    assert butler.collections.get_info("new", include_summary=True).dataset_types == frozenset()
    butler.put({"n": "new"}, "summary", at(0), run="new")
    assert butler.get("summary", at(0), collections="new") == {"n": "new"}


def test_a_chain_keeps_its_runs(stored: Stored) -> None:
    butler = stored.butler
    butler.collections.register("HSC/second", CollectionType.CHAINED)
    butler.collections.redefine_chain("HSC/second", [CHAIN, RUN_A])
    for names in ([RUN_A], [LATISS_RUN, RUN_A]):
        with stored.world.refuses(
            OrphanedRecordError,
            f"{RUN_A!r} is in chain {CHAIN!r} and chain 'HSC/second'",
            f"butler.collections.remove_from_chain({CHAIN!r}, {RUN_A!r})",
            "unlink_from_chains=True",
        ):
            butler.removeRuns(names)


def test_runs_are_taken_out_of_chains_when_asked(stored: Stored) -> None:
    butler = stored.butler
    butler.collections.register("HSC/second", CollectionType.CHAINED)
    butler.collections.redefine_chain("HSC/second", [TAGGED, RUN_A, CHAIN, LATISS_RUN, RUN_B])
    butler.removeRuns([RUN_A, RUN_B], unlink_from_chains=True)
    assert butler.collections.get_info("HSC/second").children == (TAGGED, CHAIN, LATISS_RUN)
    assert butler.collections.get_info(CHAIN).children == ()
    assert stored.files() == []
    assert LATISS_RUN in butler.collections.query()


@pytest.mark.parametrize(
    ("names", "gone"),
    [
        (["HSC/runs/*"], {RUN_A, RUN_B}),
        (RUN_A, {RUN_A}),
        ([RUN_A, RUN_A], {RUN_A}),
        ({RUN_B}, {RUN_B}),
        (["nothing*"], set()),
        ([], set()),
    ],
    ids=["glob", "alone", "twice", "set", "glob of nothing", "none"],
)
def test_how_runs_are_named(stored: Stored, names: Iterable[str], gone: set[str]) -> None:
    before = set(stored.butler.collections.query())
    stored.butler.removeRuns(names, unlink_from_chains=True)
    assert before - set(stored.butler.collections.query()) == gone


@pytest.mark.parametrize(
    ("names", "kind", "fragments"),
    [
        (["HSC/rnus/a"], MissingCollectionError, ("did you mean 'HSC/runs/a'?",)),
        ([LATISS_RUN, "nothing"], MissingCollectionError, ("'nothing'",)),
        ([LATISS_RUN, TAGGED], CollectionTypeError, (TAGGED, "TAGGED", "x_remove")),
        ([CHAIN], CollectionTypeError, (CHAIN, "CHAINED")),
        ([CALIB], CollectionTypeError, (CALIB, "CALIBRATION")),
        (["HSC/*"], CollectionTypeError, ()),
        (..., ArgumentError, ("Ellipsis",)),
        ([LATISS_RUN, 5], ArgumentError, ("5",)),
    ],
)
def test_what_are_no_runs(
    stored: Stored, names: Any, kind: type[Exception], fragments: tuple[str, ...]
) -> None:
    with stored.world.refuses(kind, *fragments):
        stored.butler.removeRuns(names, unlink_from_chains=True)
    assert issubclass(kind, TypeError) or kind is MissingCollectionError


def test_unstore_is_not_needed(stored: Stored) -> None:
    with stored.world.refuses(ArgumentError, "unstore=False"):
        stored.butler.removeRuns([LATISS_RUN], unstore=False)
    with pytest.warns(FutureWarning, match="not needed") as caught:
        stored.butler.removeRuns([LATISS_RUN], True)
    assert caught[0].filename == __file__
    assert LATISS_RUN not in stored.butler.collections.query()


def test_a_rollback_brings_runs_back(stored: Stored) -> None:
    butler = stored.butler
    with (
        stored.world.unchanged(),
        contextlib.suppress(ZeroDivisionError),
        butler.transaction(),
    ):
        butler.removeRuns([RUN_A, RUN_B], unlink_from_chains=True)
        assert RUN_A not in butler.collections.query()
        assert butler.collections.get_info(CHAIN).children == ()
        raise ZeroDivisionError
    assert butler.collections.get_info(CHAIN).children == (RUN_B, RUN_A)
    assert [butler.get(ref) for ref in stored.refs] == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert len(butler.query_datasets("stats", collections=CHAIN)) == 9


def test_a_run_with_files_is_not_removed_as_a_collection(stored: Stored) -> None:
    stored.butler.collections.remove_from_chain(CHAIN, RUN_A)
    with stored.world.refuses(OrphanedRecordError, "3 datasets", f"butler.removeRuns(['{RUN_A}'])"):
        stored.butler.collections.x_remove(RUN_A)
