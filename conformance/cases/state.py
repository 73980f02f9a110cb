"""The state of a repository on disk: its files by checksum, its SQLite files by content."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MAGIC = b"SQLite format 3\0"
SIDE_FILES = ("-journal", "-wal", "-shm")
TABLE = re.compile(r'(?:INSERT INTO|CREATE (?:TABLE|(?:UNIQUE )?INDEX)) "?(\w+)"?')


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds.

    Attributes
    ----------
    checksum
        SHA-256, of the committed content where it is a database.
    database
        A database as SQLite serialises it; None for any other file.
    """

    checksum: str
    database: bytes | None = None


def state(root: Path) -> dict[str, Content]:
    """Return the content of each file below a folder by its name there."""
    return {
        path.relative_to(root).as_posix(): _content(path)
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.name.endswith(SIDE_FILES)
    }


def changes(before: Mapping[str, Content], after: Mapping[str, Content]) -> list[str]:
    """Return in words what is another; nothing where the two states are the same."""
    found = [f"{name} is gone" for name in before if name not in after]
    found += [f"{name} is new" for name in after if name not in before]
    for name in before:
        if name in after and before[name].checksum != after[name].checksum:
            found += _changed(name, before[name], after[name])
    return found


def _content(path: Path) -> Content:
    with path.open("rb") as stream:
        is_database = stream.read(len(MAGIC)) == MAGIC
    if is_database:
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as found:
                data = found.serialize()
            return Content(hashlib.sha256(data).hexdigest(), data)
        except sqlite3.Error:  # locked or damaged: then its bytes must do
            pass
    facts = path.stat()
    return Content(
        _checksum(path, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    )


@lru_cache(maxsize=20_000)
def _checksum(path: Path, *_changed_with_the_file: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _changed(name: str, before: Content, after: Content) -> Iterator[str]:
    if before.database is None or after.database is None:
        yield f"{name} has another content"
        return
    old, new = Counter(_dump(before.database)), Counter(_dump(after.database))
    for lines, word in ((new - old, "more"), (old - new, "less")):
        for table, count in sorted(Counter(map(_table, lines.elements())).items()):
            yield f"{name}: {count} row{'s' if count > 1 else ''} {word} in {table}"


def _dump(data: bytes) -> Iterator[str]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(
            data[:18] + b"\1\1" + data[20:]
        )  # no journal beside it is in WAL mode
        yield from connection.iterdump()


def _table(line: str) -> str:
    found = TABLE.match(line)
    return found[1] if found else "the schema"
