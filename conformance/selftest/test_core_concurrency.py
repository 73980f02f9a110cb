"""Two Butlers on one repository, and a database that is locked."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
import time as clock
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from butler_core import (
    ArgumentError,
    Butler,
    CollectionType,
    DatasetType,
    MissingCollectionError,
    RepositoryLockedError,
)

from .core_world import CHAIN, RUN_A, RUN_B, TAGGED, World, data_id, visit_fields

VISIT = {"instrument": "HSC", "visit": 903334}


@pytest.fixture
def writer(world: World) -> Butler:
    return world.butler(run=RUN_A)


@pytest.fixture
def reader(world: World) -> Butler:
    """Return a Butler that has seen everything before it changes."""
    butler = world.butler(writeable=False, collections=CHAIN)
    butler.registry.queryDatasetTypes()
    butler.collections.query_info(include_summary=True)
    butler.query_datasets("stats", with_dimension_records=True)
    butler.registry.expandDataId(data_id())
    butler.query_dimension_records("detector")
    return butler


def test_collections_are_seen_at_once(writer: Butler, reader: Butler) -> None:
    writer.collections.register("new", doc="a doc")
    assert reader.collections.get_info("new").doc == "a doc"
    writer.collections.redefine_chain(CHAIN, ["new", RUN_A])
    assert reader.collections.query(CHAIN, flatten_chains=True) == ["new", RUN_A]
    writer.collections.redefine_chain(CHAIN, [RUN_A])
    writer.collections.x_remove("new")
    with pytest.raises(MissingCollectionError):
        reader.collections.get_info("new")


def test_dataset_types_and_datasets_are_seen_at_once(writer: Butler, reader: Butler) -> None:
    new = DatasetType("new", ["visit"], "StructuredDataDict", universe=writer.dimensions)
    writer.registry.registerDatasetType(new)
    assert reader.get_dataset_type("new") == new
    ref = writer.put({"a": 1}, "new", VISIT)
    assert reader.find_dataset("new", VISIT) == ref
    assert reader.get("new", VISIT) == {"a": 1}
    assert reader.query_datasets("new") == [ref]
    info = reader.collections.get_info(RUN_A, include_summary=True)
    assert info.dataset_types is not None
    assert "new" in info.dataset_types
    writer.collections.register("other run")
    moved = writer.put({"a": 2}, "new", VISIT, run="other run")
    writer.collections.prepend_chain(CHAIN, "other run")
    assert reader.find_dataset("new", VISIT) == moved


def test_records_are_seen_at_once(writer: Butler, reader: Butler) -> None:
    with pytest.raises(ValueError, match="detector"):
        reader.registry.expandDataId(instrument="HSC", detector=50)
    detector = {"instrument": "HSC", "id": 50, "full_name": "new"}
    writer.registry.insertDimensionData("detector", detector)
    assert reader.registry.expandDataId(instrument="HSC", detector=50).records["detector"]
    writer.registry.syncDimensionData("visit", visit_fields(903334, "HSC-I"), update=True)
    assert reader.registry.expandDataId(VISIT)["band"] == "i"
    (ref,) = reader.query_datasets("stats", visit=903334, detector=22, with_dimension_records=True)
    assert ref.dataId["band"] == "i"
    (record,) = reader.query_dimension_records("visit", data_id=VISIT)
    assert ref.dataId.records["visit"] == record


def test_tags_are_seen_at_once(writer: Butler, reader: Butler) -> None:
    refs = writer.query_datasets("stats", collections=TAGGED)
    writer.registry.disassociate(TAGGED, refs)
    assert reader.query_datasets("stats", collections=TAGGED, explain=False) == []
    writer.registry.associate(TAGGED, refs[:1])
    assert reader.query_datasets("stats", collections=TAGGED) == refs[:1]


def test_nothing_is_seen_before_it_is_committed(writer: Butler, reader: Butler) -> None:
    with writer.transaction():
        writer.collections.register("new")
        writer.put({"a": 1}, "summary", VISIT)
        assert "new" not in reader.collections.query()
        assert reader.find_dataset("summary", VISIT) is None
    assert "new" in reader.collections.query()
    assert reader.get("summary", VISIT) == {"a": 1}


def test_a_result_that_is_half_read_keeps_nobody_from_writing(
    world: World, writer: Butler, reader: Butler
) -> None:
    hasty = world.butler(run=RUN_A, timeout=0.2)
    results = iter(reader.registry.queryDatasets("stats"))
    records = iter(reader.registry.queryDimensionRecords("visit"))
    next(results)
    next(records)
    hasty.collections.register("new")
    assert len(list(results)) == 10
    assert len(list(records)) == 2


def test_a_large_transaction_leaves_readers_alone_until_it_ends(
    world: World, writer: Butler
) -> None:
    hasty = world.butler(writeable=False, timeout=0.2)
    with writer.transaction():
        for number in range(50):
            writer.collections.register(f"large {number}", doc="x" * 1_000_000)
        assert not [name for name in hasty.collections.query() if name.startswith("large")]
    assert "large 49" in hasty.collections.query()


def test_results_may_be_written_about_while_they_are_read(writer: Butler) -> None:
    results = writer.registry.queryDatasets("stats", collections=[RUN_A, RUN_B])
    writer.registry.registerCollection("copied")
    for number, ref in enumerate(results):
        if ref.run == RUN_A:
            writer.registry.associate("copied", [ref])
        with contextlib.suppress(ZeroDivisionError), writer.transaction():
            writer.collections.register(f"undone {number}")
            _ = 1 / 0
    assert len(writer.query_datasets("stats", collections="copied")) == 9


def test_two_writers_alternate(world: World) -> None:
    butlers = [world.butler(), world.butler()]
    for number in range(6):
        butlers[number % 2].collections.register(f"run {number}")
        butlers[number % 2].collections.extend_chain(CHAIN, f"run {number}")
        given = {"instrument": "HSC", "id": 60 + number, "full_name": str(number)}
        butlers[number % 2].registry.insertDimensionData("detector", given)
        butlers[(number + 1) % 2].registry.insertDatasets(
            "stats", [data_id(detector=60 + number)], run=f"run {number}"
        )
    for butler in butlers:
        assert list(butler.registry.getCollectionChain(CHAIN))[2:] == [
            f"run {number}" for number in range(6)
        ]
        assert len(butler.query_datasets("stats", collections=CHAIN)) == 15


def test_a_clone_sees_what_its_origin_writes(world: World) -> None:
    butler = world.butler()
    clone = butler.clone(collections=CHAIN)
    butler.collections.register("new")
    butler.collections.prepend_chain(CHAIN, "new")
    ref = butler.put({"a": 1}, "summary", VISIT, run="new")
    assert clone.find_dataset("summary", VISIT) == ref


def test_threads_register_one_collection_once(world: World) -> None:
    outcomes: list[Any] = []

    def register() -> None:
        with Butler(world.root, writeable=True) as butler:
            outcomes.extend(butler.collections.register(f"shared {n}") for n in range(8))

    threads = [threading.Thread(target=register) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 16 + [True] * 8


LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(f"BEGIN {sys.argv[2]}")
print("locked", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def locked(database: Path, kind: str) -> Iterator[int]:
    """Hold the lock of a database in another process; yield the process's id."""
    command = [sys.executable, "-c", LOCK, str(database), kind]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        yield process.pid
        process.communicate()


def in_time(call: Callable[[], object], timeout: float) -> str:
    """Return the message of a call that must give up after a time."""
    begin = clock.monotonic()
    with pytest.raises(RepositoryLockedError) as caught:
        call()
    assert timeout * 0.8 <= clock.monotonic() - begin < timeout + 3
    assert isinstance(caught.value, TimeoutError)
    return str(caught.value)


def test_a_locked_database_answers_in_time(world: World) -> None:
    butler = world.butler(run=RUN_A, timeout=0.3)
    before = world.snapshot()
    with locked(world.database, "IMMEDIATE") as pid:
        calls: list[Callable[[], object]] = [
            lambda: butler.put({}, "summary", VISIT),
            lambda: butler.collections.register("new"),
            lambda: world.butler(run="new run", timeout=0.3),
        ]
        for call in calls:
            message = in_time(call, 0.3)
            assert str(world.database) in message
            assert "0.3 s" in message
            if Path("/proc/locks").exists():
                assert f"process {pid}" in message
        assert len(butler.query_datasets("stats", collections=RUN_B)) == 2
        assert world.butler(writeable=False).collections.query(RUN_A) == [RUN_A]
    assert world.snapshot() == before
    butler.put({}, "summary", VISIT)


def test_an_exclusive_lock_stops_readers_too(world: World) -> None:
    butler = world.butler(writeable=False, collections=RUN_A, timeout=0.3)
    with locked(world.database, "EXCLUSIVE"):
        calls: list[Callable[[], object]] = [
            lambda: butler.query_datasets("stats"),
            lambda: butler.collections.query(),
            lambda: world.butler(writeable=False, timeout=0.3),
        ]
        for call in calls:
            assert "locked" in in_time(call, 0.3)
    assert len(butler.query_datasets("stats")) == 9


@pytest.mark.parametrize("timeout", ["soon", None, -1, float("nan")])
def test_what_is_no_time_to_wait_is_refused(world: World, timeout: Any) -> None:
    with pytest.raises(ArgumentError, match=r"timeout= takes the seconds"):
        world.butler(timeout=timeout)


def test_a_lock_is_waited_for_although_the_time_is_endless(world: World) -> None:
    connection = sqlite3.connect(world.database, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, connection.rollback)
    release.start()
    assert world.butler(timeout=float("inf")).collections.register("new")
    release.join()
    connection.close()


def test_a_lock_that_goes_in_time_is_waited_for(world: World) -> None:
    connection = sqlite3.connect(world.database, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, connection.rollback)
    release.start()
    assert world.butler(timeout=20).collections.register("new", CollectionType.RUN)
    release.join()
    connection.close()
