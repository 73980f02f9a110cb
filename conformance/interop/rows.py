"""The rows of a registry's tables, read with plain sqlite3, as texts that any registry shares.

The names of files stand beside them.

Numbers and identifiers that each registry gives in its own order become the names of what they
stand for; times of writing, and how a file was written, are left out.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

Row: TypeAlias = "dict[str, Any]"

DATABASE = "gen3.sqlite3"
MEMBERSHIP = re.compile(r"dataset_(tags|calibs)_(\d+)")
OWN_NUMBERS = {"collection": "collection_id", "dataset_type": "id", "dimension_graph_key": "id"}
"""Tables to the column of theirs that the registry numbers by itself."""

OF_ONE_WRITER = frozenset({"ingest_date", "file_size", "checksum"})
LEFT_OUT = frozenset({"butler_attributes", "sqlite_sequence"})
SIDE_FILES = ("-journal", "-wal", "-shm")
LONGEST = 100


def rows(root: Path) -> dict[str, frozenset[str]]:
    """Return the rows of each table that has some: the name of the table to a text for each row.

    Under ``files`` stand the names of the files.

    Parameters
    ----------
    root
        The folder of the repository; its database is only read.
    """
    address = f"{(root / DATABASE).resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as database:
        database.row_factory = sqlite3.Row
        names = _Names.of(database)
        found = {
            names.table(table): frozenset(_texts(_plain_rows(database, table, names)))
            for table in _tables(database)
            if table not in LEFT_OUT
        }
    files = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    found["files"] = frozenset(file for file in files if not file.endswith(SIDE_FILES))
    return {table: texts for table, texts in sorted(found.items()) if texts}


@dataclass(frozen=True, slots=True)
class _Names:
    """What the numbers of a registry stand for."""

    collections: Mapping[int, str]
    dataset_types: Mapping[int, str]
    dimensions: Mapping[int, str]
    datasets: Mapping[str, str]

    @classmethod
    def of(cls, database: sqlite3.Connection) -> _Names:
        dimensions: dict[int, list[str]] = {}
        for key, name in database.execute(
            "SELECT dimension_graph_id, dimension_name FROM dimension_graph_definition"
        ):
            dimensions.setdefault(key, []).append(name)
        made = cls(
            dict(database.execute("SELECT collection_id, name FROM collection").fetchall()),
            dict(database.execute("SELECT id, name FROM dataset_type").fetchall()),
            {key: ", ".join(sorted(names)) for key, names in dimensions.items()},
            {},
        )
        datasets = dict(made._datasets(database))
        return cls(made.collections, made.dataset_types, made.dimensions, datasets)

    def _datasets(self, database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
        """Yield the id of each dataset with its type, run and data ID, which no other has."""
        runs = dict(database.execute("SELECT id, run_id FROM dataset").fetchall())
        for table in _tables(database):
            found = MEMBERSHIP.fullmatch(table)
            if found is None or found[1] != "tags":
                continue
            for row in map(dict, database.execute(f"SELECT * FROM {table}")):
                dataset, collection = row.pop("dataset_id"), row.pop("collection_id")
                if runs.get(dataset) == collection:
                    kind, run = row.pop("dataset_type_id"), self.collections[collection]
                    yield dataset, f"{self.dataset_types[kind]} of {run} {_fields(row)}"

    def table(self, name: str) -> str:
        """Return the name of a table, with dimensions in place of their number."""
        found = MEMBERSHIP.fullmatch(name)
        if found is None:
            return name
        return f"dataset_{found[1]} of {self.dimensions.get(int(found[2]), found[2])}"

    def named(self, column: str, value: Any) -> Any:
        """Return what a value of a column stands for."""
        if value is None:
            return None
        match column:
            case "collection_id" | "run_id" | "parent" | "child":
                return self.collections.get(value, f"no collection ({value})")
            case "dataset_type_id":
                return self.dataset_types.get(value, f"no dataset type ({value})")
            case "dimensions_key" | "dimension_graph_id":
                return self.dimensions.get(value, "")
            case "dataset_id":
                return self.datasets.get(value, "no dataset of a run")
            case "tag_association_table" | "calibration_association_table":
                return self.table(value)
        return _short(value)


def _tables(database: sqlite3.Connection) -> list[str]:
    return [
        str(name)
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )
    ]


def _plain_rows(database: sqlite3.Connection, table: str, names: _Names) -> Iterator[Row]:
    own: Set[str] = OF_ONE_WRITER | {OWN_NUMBERS.get(table, "")}
    if MEMBERSHIP.fullmatch(table):
        own |= {"id"}
    read = map(dict, database.execute(f'SELECT * FROM "{table}"'))
    changed = SPECIAL.get(table, _unchanged)(read)
    for row in changed:
        yield {
            key.removesuffix("_id"): names.named(key, value)
            for key, value in row.items()
            if key not in own
        }


def _unchanged(read: Iterator[Row]) -> Iterator[Row]:
    return read


def _placed(read: Iterator[Row]) -> Iterator[Row]:
    """Yield the members of chains with their place from 0; a registry may leave gaps."""
    places: Counter[int] = Counter()
    for row in sorted(read, key=lambda row: (row["parent"], row["position"])):
        yield {"parent": row["parent"], "place": places[row["parent"]], "child": row["child"]}
        places[row["parent"]] += 1


def _identified(read: Iterator[Row]) -> Iterator[Row]:
    for row in read:
        yield {"dataset_id": row.pop("id"), **row}


SPECIAL: Mapping[str, Callable[[Iterator[Row]], Iterator[Row]]] = {
    "collection_chain": _placed,
    "dataset": _identified,
}


def _texts(read: Iterator[Row]) -> Iterator[str]:
    for text, count in Counter(map(_fields, read)).items():
        yield text if count == 1 else f"{text} ({count} times)"


def _fields(row: Row) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in row.items()) + "}"


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:20]}…{value[-20:]} ({hashlib.sha256(value.encode()).hexdigest()[:8]})"
    return value
