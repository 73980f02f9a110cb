"""Removing runs."""

from __future__ import annotations

from conformance.benchmarks import row
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.model import CHAIN, RUN
from conformance.benchmarks.raw import RawBench


def delete_run(raw: RawBench) -> None:
    """Delete a run, which its datasets follow by foreign keys, and records of files."""
    with raw.connected() as connection:
        key = raw.key(connection, RUN)
        connection.execute("DELETE FROM collection_chain")
        with raw.measured():
            connection.execute("BEGIN IMMEDIATE")
            for table in ("file_datastore_records", "dataset_location"):
                connection.execute(
                    f"DELETE FROM {table}"
                    " WHERE dataset_id IN (SELECT id FROM dataset WHERE run_id = ?)",
                    (key,),
                )
            connection.execute("DELETE FROM collection WHERE collection_id = ?", (key,))
            connection.execute("COMMIT")


def _remove(bench: Bench) -> None:
    with bench.open(writeable=True) as butler, bench.measured():
        butler.removeRuns([RUN])


@row("remove", "removeRuns", goal=4, writes=True, limit=delete_run)
def remove(bench: Bench) -> None:
    """Remove a run of datasets without files."""
    with bench.open(writeable=True) as butler:
        butler.collections.redefine_chain(CHAIN, [])
    _remove(bench)


@row(
    "remove-shared",
    "removeRuns where refs share a file",
    goal=4,
    starts_from="shared",
    writes=True,
    limit=delete_run,
)
def remove_sharing(bench: Bench) -> None:
    """Remove a run all of whose datasets are in one file."""
    _remove(bench)
