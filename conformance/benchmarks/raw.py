"""What a row has at hand for the limit: the tables of the format, and plain sqlite3."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from conformance.benchmarks.bench import CALLS
from conformance.benchmarks.clock import Clock
from conformance.benchmarks.model import INSTRUMENT, Model

__all__ = ["RawBench"]


class RawBench(Clock):
    """A repository of the model without any Butler.

    Parameters
    ----------
    size
        How many datasets are asked for.
    root
        The repository.
    folder
        A folder that is this row's alone.
    """

    def __init__(self, size: int, root: Path, folder: Path) -> None:
        super().__init__()
        self.model = Model(size)
        self.root = root
        self.folder = folder

    @property
    def database(self) -> Path:
        """The file of the registry."""
        return next(self.root.glob("*.sqlite3"))

    @contextmanager
    def connected(self) -> Iterator[sqlite3.Connection]:
        """Open the registry as the format asks for."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys=ON")
            yield connection

    def key(self, connection: sqlite3.Connection, collection: str) -> int:
        """Return the id of a collection."""
        query = "SELECT collection_id FROM collection WHERE name = ?"
        return int(connection.execute(query, (collection,)).fetchone()[0])

    def dataset_type(self, connection: sqlite3.Connection, name: str) -> tuple[int, str]:
        """Return the id of a dataset type, and the table of its members."""
        query = "SELECT id, tag_association_table FROM dataset_type WHERE name = ?"
        key, table = connection.execute(query, (name,)).fetchone()
        return int(key), str(table)

    def some(self, most: int = CALLS) -> list[tuple[Any, ...]]:
        """Return instrument, detector and visit of data IDs by chance."""
        data_ids = self.model.data_ids()
        found = random.Random(0).sample(data_ids, min(most, len(data_ids)))
        return [(INSTRUMENT, one["detector"], one["visit"]) for one in found]
