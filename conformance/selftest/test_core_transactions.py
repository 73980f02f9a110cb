"""Transactions: all or nothing, in the database, the files and what is remembered."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from butler_core import (
    Butler,
    CollectionType,
    ConflictingDefinitionError,
    DatasetType,
    MissingCollectionError,
    MissingDatasetTypeError,
)
from butler_core.registry.transactions import Transactions

from .core_world import CHAIN, RUN_A, RUN_B, TAGGED, World, data_id, visit_fields

VISIT = {"instrument": "HSC", "visit": 903334}


class Cancelled(Exception):
    """What a test raises within a transaction."""


@contextlib.contextmanager
def cancelled(butler: Butler) -> Iterator[None]:
    """Run a transaction that is rolled back in the end."""
    with contextlib.suppress(Cancelled), butler.transaction():
        yield
        raise Cancelled


def everything(butler: Butler) -> None:
    """Write something of every kind."""
    registry = butler.registry
    registry.insertDimensionData("visit", visit_fields(5, "HSC-R"))
    registry.syncDimensionData("visit", visit_fields(903342, "HSC-I"), update=True)
    new = DatasetType("new", ["visit", "tract"], "StructuredDataDict", universe=butler.dimensions)
    registry.registerDatasetType(new)
    butler.collections.register("made within")
    butler.collections.register("chain within", CollectionType.CHAINED)
    butler.collections.redefine_chain("chain within", ["made within", CHAIN])
    butler.collections.prepend_chain(CHAIN, "made within")
    butler.put({"a": 1}, "summary", VISIT, run="made within")
    (ref,) = registry.insertDatasets("stats", [data_id(5, 22)], run="made within")
    registry.associate(TAGGED, [ref])
    registry.setCollectionDocumentation(RUN_A, "changed")
    registry.removeDatasetType("calexp")


def looks(butler: Butler) -> list[object]:
    """Return what a Butler knows, which it may keep in memory."""
    registry = butler.registry
    return [
        butler.collections.query_info(include_summary=True),
        butler.collections.query(CHAIN, flatten_chains=True),
        registry.queryDatasetTypes(),
        registry.queryCollections(datasetType="summary"),
        [record.toDict() for record in butler.query_dimension_records("visit")],
        registry.expandDataId(instrument="HSC", visit=903342)["band"],
        set(registry.queryDatasets("*", collections="*")),
        butler.find_dataset("summary", VISIT, collections="*"),
        registry.getCollectionDocumentation(RUN_A),
    ]


def test_a_rollback_undoes_everything(world: World) -> None:
    butler = world.butler()
    before = looks(butler)
    with world.unchanged():
        with cancelled(butler):
            everything(butler)
            assert looks(butler) != before
            assert butler.get("summary", VISIT, collections="made within") == {"a": 1}
        assert looks(butler) == before
        with pytest.raises(MissingCollectionError):
            butler.collections.get_info("made within")
        with pytest.raises(MissingDatasetTypeError):
            butler.get_dataset_type("new")
        with pytest.raises(ValueError, match="no visit record"):
            butler.registry.expandDataId(instrument="HSC", visit=5)


def test_a_commit_keeps_everything(world: World) -> None:
    butler = world.butler()
    with butler.transaction():
        everything(butler)
    assert looks(world.butler(writeable=False)) == looks(butler)
    assert butler.get("summary", VISIT, collections=CHAIN) == {"a": 1}


def test_after_a_rollback_all_can_be_done_again(world: World) -> None:
    butler = world.butler()
    with cancelled(butler):
        everything(butler)
    everything(butler)
    assert butler.get("summary", VISIT, collections=CHAIN) == {"a": 1}


def test_numbers_of_dimensions_mean_others_after_a_rollback(world: World) -> None:
    butler = world.butler(run="run")
    registry, universe = butler.registry, butler.dimensions
    kind = "StructuredDataDict"
    with cancelled(butler):
        registry.registerDatasetType(DatasetType("d", ["tract"], kind, universe=universe))
        assert butler.query_datasets("d", explain=False) == []
    registry.registerDatasetType(DatasetType("d", ["physical_filter"], kind, universe=universe))
    ref = butler.put({}, "d", instrument="HSC", physical_filter="HSC-R")
    assert butler.query_datasets("d") == [ref]
    assert butler.get_dataset(ref.id) == ref
    assert world.butler().query_datasets("d", collections="run") == [ref]


def test_an_inner_failure_leaves_the_outer_one(world: World) -> None:
    butler = world.butler(run="run")
    with butler.transaction():
        first = butler.put({"n": 1}, "summary", VISIT)
        with cancelled(butler):
            inner = butler.put({"n": 2}, "summary", VISIT, visit=903342)
            inner_file = Path(butler.getURI(inner))
            butler.collections.register("inner")
            with butler.transaction():
                butler.collections.register("innermost")
        assert not inner_file.exists()
        assert not butler.exists("summary", VISIT, visit=903342)
        assert not {"inner", "innermost"} & set(butler.collections.query())
        with pytest.raises(ConflictingDefinitionError):
            butler.put({}, "summary", VISIT)
        last = butler.put({"n": 3}, "summary", VISIT, visit=904014)
    reader = world.butler(writeable=False, collections="run")
    assert set(reader.query_datasets("summary")) == {first, last}
    assert reader.get(last) == {"n": 3}


def test_an_inner_success_falls_with_the_outer_one(world: World) -> None:
    butler = world.butler(run="run")
    with world.unchanged(), cancelled(butler), butler.transaction():
        butler.put({"n": 1}, "summary", VISIT)


@pytest.mark.parametrize(
    "fail",
    [
        lambda butler: butler.put({}, "summary", VISIT),
        lambda butler: butler.put([], "summary", VISIT, visit=904014),
        lambda butler: butler.registry.insertDatasets("stats", [data_id(), data_id()], run=RUN_B),
        lambda butler: butler.registry.insertDimensionData("visit", visit_fields(903334, "HSC-R")),
        lambda butler: butler.collections.redefine_chain(CHAIN, [CHAIN]),
        lambda butler: butler.collections.x_remove(RUN_A),
    ],
)
def test_what_failed_within_may_be_passed_over(
    world: World, fail: Callable[[Butler], object]
) -> None:
    butler = world.butler(run="run")
    butler.put({}, "summary", VISIT)
    with butler.transaction():
        butler.put({}, "summary", VISIT, visit=903342)
        rows = world.rows
        with pytest.raises(Exception, match=r"\w"):
            fail(butler)
        butler.collections.register("after")
    assert rows("SELECT count(*) FROM dataset_location") == [(2,)]
    assert "after" in butler.collections.query()
    assert len(butler.query_datasets("summary")) == 2
    assert rows("PRAGMA foreign_key_check") == []


def test_a_file_that_cannot_be_written_leaves_nothing(world: World) -> None:
    butler = world.butler(run="run")
    with world.unchanged(), pytest.raises(Exception, match="summary"):
        butler.put({"a": object()}, "summary", VISIT)


def test_registry_transactions_are_the_same(world: World) -> None:
    butler = world.butler()
    registry = butler.registry
    with world.unchanged(), contextlib.suppress(Cancelled), registry.transaction():
        with registry.transaction(savepoint=True):
            butler.collections.register("new")
        raise Cancelled
    with registry.transaction():
        butler.collections.register("new")
    assert "new" in butler.collections.query()


def test_actions_wait_for_the_outermost_commit() -> None:
    said: list[str] = []

    def is_open() -> bool:
        return said.count("BEGIN") > said.count("COMMIT")

    transactions = Transactions(said.append, lambda: "BEGIN", is_open, threading.RLock())
    transactions.after_commit(lambda: said.append("at once"))
    with transactions.nested():
        transactions.after_commit(lambda: said.append("outer"))
        with transactions.nested():
            transactions.after_commit(lambda: said.append("inner"))
        with contextlib.suppress(Cancelled), transactions.nested():
            transactions.after_commit(lambda: said.append("never"))
            transactions.on_rollback(lambda: said.append("undone"))
            raise Cancelled
    assert said == [
        *("at once", "BEGIN", "SAVEPOINT s1", "RELEASE SAVEPOINT s1"),
        *("SAVEPOINT s1", "ROLLBACK TO SAVEPOINT s1", "RELEASE SAVEPOINT s1", "undone"),
        *("COMMIT", "outer", "inner"),
    ]
    assert (transactions.depth, transactions.rollbacks) == (0, 1)
