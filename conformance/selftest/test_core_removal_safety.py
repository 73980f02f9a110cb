"""A removal that is undone, fails or is interrupted: nothing is lost, and nothing is left."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from butler_core import Butler, DatasetExistence, DatasetWriteError, FileTemplateError
from butler_core.registry.datasets import DatasetManager

from .core_world import CHAIN, RUN_A, RUN_B, World
from .stored_datasets import PURGE, UNSTORE, Stored, at

Call = Callable[[Stored], None]


@pytest.fixture
def stored(world: World) -> Stored:
    return Stored(world)


@contextlib.contextmanager
def changed_mind(butler: Butler) -> Iterator[None]:
    """Run a transaction that is rolled back."""
    with contextlib.suppress(ZeroDivisionError), butler.transaction():
        yield
        raise ZeroDivisionError


def purge(stored: Stored) -> None:
    stored.butler.pruneDatasets(stored.refs, **PURGE)


def unstore(stored: Stored) -> None:
    stored.butler.pruneDatasets(stored.refs, **UNSTORE)


def remove_run(stored: Stored) -> None:
    stored.butler.removeRuns([RUN_A], unlink_from_chains=True)


def put_again(stored: Stored) -> None:
    purge(stored)
    for number in range(3):
        stored.butler.put({"n": f"new {number}"}, "summary", at(number))


def store_again(stored: Stored) -> None:
    for turn in range(3):
        unstore(stored)
        for ref in stored.refs:
            stored.butler.put({"n": f"turn {turn}"}, ref)


@pytest.mark.parametrize("call", [purge, unstore, remove_run, put_again, store_again])
def test_a_rollback_brings_rows_and_files_back(stored: Stored, call: Call) -> None:
    butler = stored.butler
    with stored.world.unchanged():
        with changed_mind(butler):
            call(stored)
        assert [butler.get(ref) for ref in stored.refs] == [{"n": 0}, {"n": 1}, {"n": 2}]
        with changed_mind(butler), butler.transaction():
            call(stored)
    call(stored)
    assert stored.trash() == []


@pytest.mark.parametrize("call", [purge, remove_run])
def test_within_a_transaction_what_was_removed_is_not_seen(stored: Stored, call: Call) -> None:
    butler, paths = stored.butler, stored.files()
    with butler.transaction():
        call(stored)
        assert not any(butler.exists(ref) or butler.stored(ref) for ref in stored.refs)
        assert butler.query_datasets("summary", collections="*", explain=False) == []
        with pytest.raises(FileNotFoundError):
            butler.get(stored.refs[0])
        assert stored.files() == paths, "files go when nothing can bring them back"
    assert stored.files() == []


def test_an_inner_failure_leaves_what_the_outer_one_removed(stored: Stored) -> None:
    butler = stored.butler
    with butler.transaction():
        butler.pruneDatasets(stored.refs[:1], **PURGE)
        with changed_mind(butler):
            butler.pruneDatasets(stored.refs[1:], **PURGE)
        assert butler.get(stored.refs[1]) == {"n": 1}
    assert set(butler.query_datasets("summary")) == set(stored.refs[1:])
    assert len(stored.files()) == 2


def test_what_takes_the_place_of_what_was_removed(stored: Stored) -> None:
    butler = stored.butler
    with butler.transaction():
        put_again(stored)
        assert butler.get("summary", at(0)) == {"n": "new 0"}
    assert [butler.get("summary", at(number)) for number in range(3)] == [
        {"n": f"new {number}"} for number in range(3)
    ]
    assert len(stored.files()) == 3
    refs = butler.query_datasets("summary")
    butler.pruneDatasets(refs, **PURGE)
    assert stored.files() == []


def test_what_is_stored_again_and_again(stored: Stored) -> None:
    with stored.butler.transaction():
        store_again(stored)
    assert [stored.butler.get(ref) for ref in stored.refs] == [{"n": "turn 2"}] * 3
    assert len(stored.files()) == 3
    assert stored.trash() == []


@pytest.mark.parametrize("call", [purge, remove_run])
def test_a_failure_halfway_leaves_rows_and_files(
    stored: Stored, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any, **keywords: Any) -> None:
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(DatasetManager, "remove", fail)
    monkeypatch.setattr(
        "butler_core.registry.collections.CollectionManager.remove",
        fail,
    )
    with stored.world.unchanged(), pytest.raises(RuntimeError, match="the last step"):
        call(stored)
    monkeypatch.undo()
    assert [stored.butler.get(ref) for ref in stored.refs] == [{"n": 0}, {"n": 1}, {"n": 2}]


@pytest.mark.parametrize("call", [purge, unstore, remove_run])
def test_a_folder_from_which_nothing_can_be_removed(
    stored: Stored, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = stored.file(1).parent
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != folder and access(path, mode))
    with stored.world.refuses(DatasetWriteError, "nothing was removed", str(folder)):
        call(stored)


def test_a_record_that_leads_out_of_the_root(stored: Stored) -> None:
    outside = stored.world.root.parent / "theirs.yaml"
    outside.write_text("{}", "utf-8")
    row = (f"../{outside.name}", stored.refs[1].id.hex)
    stored.world.write("UPDATE file_datastore_records SET path = ? WHERE dataset_id = ?", *row)
    with stored.world.refuses(FileTemplateError, "'../theirs.yaml'", "outside of"):
        purge(stored)
    assert outside.exists()


def test_a_file_that_cannot_be_removed_is_tried_again(stored: Stored) -> None:
    butler, path = stored.butler, stored.file(0)
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    with pytest.warns(UserWarning, match="cannot be .* the next removal tries again") as caught:
        butler.pruneDatasets(stored.refs[:2], **PURGE)
    assert len(caught) == 1
    assert str(path) in str(caught[0].message)
    assert butler.query_datasets("summary") == [stored.refs[2]]
    with pytest.warns(UserWarning, match="tries again"):
        butler.datastore.emptyTrash()
    assert len(stored.trash()) == 1
    (path / "in the way").unlink()
    path.rmdir()
    path.touch()
    butler.pruneDatasets(stored.refs[2:], **PURGE)
    assert stored.trash() == []
    assert stored.files() == []


def test_a_writer_that_waits_for_the_trash_is_let_in(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("butler_core.datastore.trash._PAGE", 1)
    other = stored.world.butler(timeout=0)
    unlink = Path.unlink
    seen = []

    def interrupted(path: Path, missing_ok: bool = False) -> None:
        seen.append(len(stored.trash()))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", interrupted)
    purge(stored)
    assert seen == [3, 2, 1]
    other.collections.register("new")


def test_a_locked_database_leaves_the_files_for_later(stored: Stored) -> None:
    world = stored.world
    butler = world.butler(timeout=0)

    other = sqlite3.connect(world.database, isolation_level=None)

    def lock() -> None:
        other.execute("BEGIN IMMEDIATE")

    def remove() -> None:
        with butler.transaction():
            butler.registry._repository.database.transactions.after_commit(lock)
            butler.pruneDatasets(stored.refs, **PURGE)

    with pytest.warns(UserWarning, match=r"left for the next removal: .* was locked"):
        remove()
    other.close()
    assert butler.query_datasets("summary", collections="*", explain=False) == []
    assert (len(stored.files()), len(stored.trash())) == (3, 3)
    butler.datastore.emptyTrash()
    assert (stored.files(), stored.trash()) == ([], [])


def test_the_trash_of_lssts_butler(stored: Stored) -> None:
    world, butler = stored.world, stored.butler
    ids = [ref.id.hex for ref in stored.refs]
    name = "FileDatastore@<butlerRoot>"
    for one in ids[:2]:
        world.write("DELETE FROM dataset_location WHERE dataset_id = ?", one)
        world.write("INSERT INTO dataset_location_trash VALUES (?, ?)", one, name)
    butler.pruneDatasets(stored.refs[:1], **UNSTORE)
    assert len(stored.files()) == 1
    assert stored.trash() == []
    butler.put({"n": "again"}, stored.refs[0])
    butler.pruneDatasets(stored.refs[2:], **UNSTORE)
    assert butler.get(stored.refs[0]) == {"n": "again"}


def test_a_file_at_the_place_of_one_in_the_trash_stays(stored: Stored) -> None:
    world, butler = stored.world, stored.butler
    path = stored.file(0)
    left = {"path": str(path.relative_to(world.root)), "id": "f" * 32}
    world.write(
        "INSERT INTO dataset_location_trash VALUES (?, 'FileDatastore@<butlerRoot>')", left["id"]
    )
    world.write(
        "INSERT INTO file_datastore_records SELECT ?, path, formatter, storage_class, component,"
        " checksum, file_size FROM file_datastore_records WHERE path = ?",
        left["id"],
        left["path"],
    )
    butler.pruneDatasets(stored.refs[1:], **UNSTORE)
    assert stored.trash() == []
    assert butler.exists(stored.refs[0]) == DatasetExistence.VERIFIED


def test_a_chain_is_as_it_was_after_a_refusal(stored: Stored) -> None:
    with stored.world.unchanged(), pytest.raises(Exception, match="x_remove"):
        stored.butler.removeRuns([RUN_A, CHAIN], unlink_from_chains=True)
    assert stored.butler.collections.get_info(CHAIN).children == (RUN_B, RUN_A)
