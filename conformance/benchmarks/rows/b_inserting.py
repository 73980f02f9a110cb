"""Datasets by the many: inserting them, and tagging them."""

from __future__ import annotations

import sqlite3
import uuid

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import INSTRUMENT, RUN, TYPE
from conformance.benchmarks.raw import RawBench

NEW, TAG = "bench/new", "bench/tag"
ADD_COLLECTION = "INSERT INTO collection (name, type) VALUES (?, ?)"


def _members(connection: sqlite3.Connection, table: str) -> str:
    names = "dataset_type_id, dataset_id, collection_id, instrument, detector, visit"
    return f"INSERT INTO {table} ({names}) VALUES (?, ?, ?, ?, ?, ?)"


def insert_rows(raw: RawBench) -> None:
    """Insert the rows of the datasets into both tables."""
    with raw.connected() as connection:
        kind, table = raw.dataset_type(connection, TYPE)
        key = connection.execute(ADD_COLLECTION, (NEW, 1)).lastrowid
        connection.execute("INSERT INTO run (collection_id) VALUES (?)", (key,))
        summary = "INSERT INTO collection_summary_"
        connection.execute(f"{summary}dataset_type VALUES (?, ?)", (key, kind))
        connection.execute(f"{summary}instrument VALUES (?, ?)", (key, INSTRUMENT))
        data_ids = raw.model.data_ids()
        with raw.measured():
            ids = [uuid.uuid4().hex for _ in data_ids]
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT INTO dataset (id, dataset_type_id, run_id, ingest_date) VALUES (?,?,?,?)",
                [(id, kind, key, 0) for id in ids],
            )
            connection.executemany(
                _members(connection, table),
                [
                    (kind, id, key, one["instrument"], one["detector"], one["visit"])
                    for id, one in zip(ids, data_ids, strict=True)
                ],
            )
            connection.execute("COMMIT")


@row(
    "insert",
    "insertDatasets, dict data IDs",
    goal=5,
    starts_from="records",
    writes=True,
    limit=insert_rows,
)
def insert(bench: Bench) -> None:
    """Insert the many datasets into a run that is empty."""
    data_ids = bench.model.data_ids()
    with bench.open(writeable=True) as butler:
        butler.collections.register(NEW)
        with bench.measured():
            butler.registry.insertDatasets(TYPE, data_ids, run=NEW)


def tag_rows(raw: RawBench) -> None:
    """Insert the rows of membership."""
    with raw.connected() as connection:
        kind, table = raw.dataset_type(connection, TYPE)
        run = raw.key(connection, RUN)
        key = connection.execute(ADD_COLLECTION, (TAG, 2)).lastrowid
        connection.execute(
            f"INSERT INTO collection_summary_dataset_type VALUES ({key}, {kind})",
        )
        connection.execute(
            "INSERT INTO collection_summary_instrument VALUES (?, ?)", (key, INSTRUMENT)
        )
        query = f"SELECT dataset_id, instrument, detector, visit FROM {table}"
        found = connection.execute(f"{query} WHERE collection_id = ?", (run,)).fetchall()
        with raw.measured():
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                _members(connection, table), [(kind, id, key, *rest) for id, *rest in found]
            )
            connection.execute("COMMIT")


@row("associate", "associate into TAGGED", goal=3, writes=True, limit=tag_rows)
def associate(bench: Bench) -> None:
    """Tag all of the many datasets."""
    with bench.open(writeable=True) as butler:
        refs = list(butler.query_datasets(TYPE, RUN, limit=None))
        butler.collections.register(TAG, bench.api.CollectionType.TAGGED)
        with bench.measured():
            butler.registry.associate(TAG, refs)
