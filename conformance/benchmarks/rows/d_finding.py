"""One dataset at a time: finding it."""

from __future__ import annotations

import uuid

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import CHAIN, EARLIER, RUN, TYPE
from conformance.benchmarks.raw import RawBench


def _find_rows(raw: RawBench, collections: tuple[str, ...]) -> None:
    with raw.connected() as connection:
        kind, table = raw.dataset_type(connection, TYPE)
        keys = [raw.key(connection, name) for name in collections]
        query = (
            "SELECT m.collection_id, m.dataset_id, d.run_id"
            f" FROM {table} AS m JOIN dataset AS d ON d.id = m.dataset_id"
            f" WHERE m.dataset_type_id = ? AND m.collection_id IN ({', '.join('?' * len(keys))})"
            " AND m.instrument = ? AND m.detector = ? AND m.visit = ?"
        )
        some = raw.some()
        with raw.measured(len(some)):
            for values in some:
                connection.execute(query, (kind, *keys, *values)).fetchall()


def _find(bench: Bench, collection: str) -> None:
    first, *some = bench.some()
    with bench.open(collections=collection) as butler:
        butler.find_dataset(TYPE, first)
        with bench.measured(len(some)):
            found = [butler.find_dataset(TYPE, data_id) for data_id in some]
    if not all(ref is not None and ref.run == RUN for ref in found):
        raise ValueError(f"a dataset of run {RUN} was not found")


@row("find", "find_dataset, random data ID", goal=40, limit=lambda raw: _find_rows(raw, (RUN,)))
def find(bench: Bench) -> None:
    """Find datasets in a run."""
    _find(bench, RUN)


@row(
    "find-chain",
    "find_dataset through a chain of 5",
    goal=40,
    limit=lambda raw: _find_rows(raw, (*EARLIER, RUN)),
)
def find_in_chain(bench: Bench) -> None:
    """Find datasets in the last of five runs."""
    _find(bench, CHAIN)


def get_rows(raw: RawBench) -> None:
    """Select datasets by id."""
    with raw.connected() as connection:
        _, table = raw.dataset_type(connection, TYPE)
        query = (
            f"SELECT d.run_id, d.dataset_type_id, m.instrument, m.detector, m.visit"
            f" FROM dataset AS d JOIN {table} AS m"
            " ON m.dataset_id = d.id AND m.collection_id = d.run_id WHERE d.id = ?"
        )
        limit = len(raw.some())
        ids = connection.execute(f"SELECT id FROM dataset LIMIT {limit}").fetchall()
        with raw.measured(len(ids)):
            for values in ids:
                connection.execute(query, values).fetchall()


@row("get-dataset", "get_dataset by UUID", goal=10, limit=get_rows)
def get_dataset(bench: Bench) -> None:
    """Get references by their ids."""
    with bench.open(collections=RUN) as butler:
        ids: list[uuid.UUID] = [butler.find_dataset(TYPE, one).id for one in bench.some()]
        butler.get_dataset(ids[0])
        with bench.measured(len(ids)):
            for id in ids:
                butler.get_dataset(id)
