"""How many datasets there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from .collections import CollectionRecord
from .database import Database

__all__ = ["count_in_runs"]


def count_in_runs(
    database: Database, runs: Iterable[CollectionRecord] | None = None
) -> Counter[tuple[int, int]]:
    """Return how many datasets each run has of each type.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    runs : `~collections.abc.Iterable` [ `CollectionRecord` ], optional
        The runs; all if not given.

    Returns
    -------
    counts : `~collections.Counter`
        Counts by the ids of run and dataset type; no entry is 0.
    """
    select = "SELECT run_id, dataset_type_id, count(*) FROM dataset"
    group = " GROUP BY run_id, dataset_type_id"
    if runs is None:
        rows = database.query(select + group).fetchall()
    else:
        rows = [
            row
            for run in runs
            for row in database.query(f"{select} WHERE run_id = :run{group}", (run.key,))
        ]
    return Counter({(run, dataset_type): count for run, dataset_type, count in rows})
