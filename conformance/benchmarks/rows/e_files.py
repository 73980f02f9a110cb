"""One dataset at a time: writing and reading its file."""

from __future__ import annotations

import os
import sqlite3
import uuid
from typing import Any

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import FILES, RUN, STORED, VALUE, Model
from conformance.benchmarks.raw import RawBench


def most(model: Model) -> int:
    """Return how many are written or read: in a small repository few, as each write takes long."""
    return min(100, max(10, model.datasets // 10))


def write_files(raw: RawBench) -> None:
    """Write YAML files that are on the disk, and insert the rows of each in a transaction."""
    import yaml

    some = raw.some(most(raw.model))
    with raw.connected() as connection:
        kind, table = raw.dataset_type(connection, FILES)
        run = raw.key(connection, RUN)
        summary = "INSERT INTO collection_summary_dataset_type VALUES (?, ?)"
        connection.execute(summary, (run, kind))
        with raw.measured(len(some)):
            for number, values in enumerate(some):
                path = raw.folder / f"{number}.yaml"
                with path.with_suffix(".new").open("wb") as stream:
                    stream.write(yaml.dump(VALUE, Dumper=yaml.CSafeDumper, encoding="utf-8"))
                    stream.flush()
                    os.fsync(stream.fileno())
                    size = stream.tell()
                path.with_suffix(".new").rename(path)
                _insert(connection, table, (uuid.uuid4().hex, kind, run), values, (path.name, size))


def _insert(
    connection: sqlite3.Connection,
    table: str,
    dataset: tuple[str, int, int],
    values: tuple[Any, ...],
    file: tuple[str, int],
) -> None:
    id, kind, run = dataset
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT INTO dataset (id, dataset_type_id, run_id, ingest_date) VALUES (?, ?, ?, 0)",
        dataset,
    )
    connection.execute(
        f"INSERT INTO {table} (dataset_type_id, dataset_id, collection_id, instrument, detector,"
        " visit) VALUES (?, ?, ?, ?, ?, ?)",
        (kind, id, run, *values),
    )
    connection.execute("INSERT INTO dataset_location VALUES ('a datastore', ?)", (id,))
    connection.execute(
        "INSERT INTO file_datastore_records (dataset_id, path, formatter, storage_class, component,"
        " file_size) VALUES (?, ?, 'a.b', 'StructuredDataDict', '-', ?)",
        (id, *file),
    )
    connection.execute("COMMIT")


@row("put", "put a small dict", goal=6, writes=True, limit=write_files)
def put(bench: Bench) -> None:
    """Put small dicts, each into a file."""
    first, *some = bench.some(most(bench.model))
    with bench.open(writeable=True, run="bench/put") as butler:
        butler.put(VALUE, FILES, first)
        with bench.measured(len(some)):
            for data_id in some:
                butler.put(VALUE, FILES, data_id)


def read_files(raw: RawBench) -> None:
    """Read YAML files."""
    import yaml

    paths = list((raw.root / STORED).rglob("*.yaml"))[: most(raw.model)]
    assert paths, "the stored datasets have no YAML files"
    with raw.measured(len(paths)):
        for path in paths:
            yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)


@row("get-ref", "get a small dict, by ref", goal=5, limit=read_files)
def get_by_ref(bench: Bench) -> None:
    """Get what was put, by reference."""
    with bench.open(collections=STORED) as butler:
        first, *refs = butler.query_datasets(FILES, limit=most(bench.model))
        butler.get(first)
        with bench.measured(len(refs)):
            for ref in refs:
                butler.get(ref)


@row("get-id", "get a small dict, by type + data ID", goal=20, limit=read_files)
def get_by_data_id(bench: Bench) -> None:
    """Get what was put, by type and data ID."""
    first, *some = bench.some(most(bench.model))
    with bench.open(collections=[STORED, RUN]) as butler:
        butler.get(FILES, first)
        with bench.measured(len(some)):
            for data_id in some:
                butler.get(FILES, data_id)
