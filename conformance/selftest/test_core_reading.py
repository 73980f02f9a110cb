"""Reads that see one state, and what is kept of them while nobody changes it."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from butler_core import Butler, RepositoryLockedError

from .core_world import CHAIN, RUN_A, RUN_B, World, data_id

ADD = "INSERT INTO collection (name, type) VALUES ('new', 2)"


def names(butler: Butler) -> set[str]:
    return {record.name for record in butler._repository.collections}


def test_reads_within_one_reading_see_one_state(world: World) -> None:
    butler = world.butler()
    database = butler._repository.database
    before = names(butler)
    with database.reading:
        token = database.change_token()
        with closing(sqlite3.connect(world.database, timeout=0)) as other:
            other.execute(ADD)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.commit()
        assert database.change_token() == token
        assert names(butler) == before
    world.write(ADD)
    assert names(butler) == before | {"new"}


def test_a_state_that_was_read_is_let_go_whatever_happens(world: World) -> None:
    butler = world.butler()
    database = butler._repository.database
    for error in (ValueError, KeyboardInterrupt):
        with contextlib.suppress(error), database.reading, database.reading:
            names(butler)
            raise error
        assert not database.in_transaction()
        assert not database.reading.depth
    world.write(ADD)
    assert "new" in names(butler)


def test_a_reading_in_a_transaction_leaves_it_open(world: World) -> None:
    butler = world.butler()
    database = butler._repository.database
    with contextlib.suppress(ValueError), butler.transaction():
        butler.collections.register("new")
        assert butler.find_dataset("stats", data_id(), collections=RUN_A) is not None
        assert database.in_transaction()
        raise ValueError
    assert "new" not in names(butler)


def test_a_transaction_in_a_reading_is_kept(world: World) -> None:
    butler = world.butler()
    with butler._repository.database.reading:
        before = names(butler)
        butler.collections.register("new")
        assert names(butler) == before | {"new"}
    assert names(world.butler()) == before | {"new"}


class Interrupted:
    """Runs SQL, but after one statement a signal comes, once."""

    def __init__(self, run: Callable[[str], object], statement: str) -> None:
        self.run = run
        self.statement = statement

    def __call__(self, text: str) -> None:
        self.run(text)
        if text == self.statement:
            self.statement = ""
            raise KeyboardInterrupt


def test_a_signal_between_its_statements_leaves_nothing_open(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    butler = world.butler()
    database = butler._repository.database
    names(butler)
    for statement in ("BEGIN", "COMMIT"):
        monkeypatch.setattr(database.reading, "_run", Interrupted(database.reading._run, statement))
        with pytest.raises(KeyboardInterrupt):
            butler.find_dataset("stats", data_id(), collections=RUN_A)
        assert not database.in_transaction()
        assert butler.find_dataset("stats", data_id(), collections=RUN_A) is not None


def test_a_database_that_is_locked_is_said_to_be(world: World) -> None:
    butler = world.butler(timeout=0.05)
    names(butler)
    with closing(sqlite3.connect(world.database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RepositoryLockedError):
            butler.find_dataset("stats", data_id(), collections=RUN_A)
        other.execute("ROLLBACK")
    assert butler.find_dataset("stats", data_id(), collections=RUN_A) is not None


def test_what_is_searched_is_known_anew_after_each_change(world: World) -> None:
    reader, writer = world.butler(writeable=False), world.butler()

    def searched(expression: Any) -> list[str]:
        return [one.name for one in reader._repository.collections.flatten(expression)]

    assert searched(CHAIN) == searched((CHAIN,)) == searched([CHAIN]) == [RUN_B, RUN_A]
    writer.collections.redefine_chain(CHAIN, [RUN_A])
    assert searched(CHAIN) == searched((CHAIN,)) == [RUN_A]
    assert searched("HSC/runs/*") == [RUN_A, RUN_B]
    reader = writer
    assert searched("HSC/runs/*") == [RUN_A, RUN_B]
    with contextlib.suppress(ValueError), writer.transaction():
        writer.collections.register("HSC/runs/c")
        assert searched("HSC/runs/*") == [RUN_A, RUN_B, "HSC/runs/c"]
        raise ValueError
    assert searched("HSC/runs/*") == [RUN_A, RUN_B]


def test_a_dataset_that_another_process_puts_is_found_at_once(world: World) -> None:
    reader, writer = world.butler(writeable=False), world.butler()
    for run in ("first", "second"):
        writer.collections.register(run)
        assert reader.find_dataset("stats", data_id(), collections=run) is None
        (ref,) = writer.registry.insertDatasets("stats", [data_id()], run=run)
        found = reader.find_dataset("stats", data_id(), collections=run)
        assert found is not None
        assert found == ref
        assert found.dataId["band"] == "r"
        writer.registry.removeDatasets([ref])
        assert reader.find_dataset("stats", data_id(), collections=run) is None


def band(butler: Butler) -> object:
    """Return the band of a dataset."""
    found = butler.find_dataset("stats", data_id(), collections=RUN_A)
    assert found is not None
    return found.dataId["band"]


def test_implied_values_follow_a_record_that_changes(world: World) -> None:
    reader, writer = world.butler(writeable=False), world.butler()
    assert band(reader) == "r"
    record = {"instrument": "HSC", "name": "HSC-R", "band": "x"}
    writer.registry.syncDimensionData("physical_filter", record, update=True)
    assert band(reader) == "x"
