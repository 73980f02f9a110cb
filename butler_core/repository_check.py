"""Whether the files of a repository are those that it records.

Both ways are streams: what is in memory does not grow with the repository.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from .errors import DatasetReadError

if TYPE_CHECKING:
    from .butler import Butler
    from .datastore.locations import FileLocations
    from .repository import Repository

__all__ = ["MissingFile", "missing_files", "orphaned_files"]

_TOGETHER = 900  # files, which are looked up together


class MissingFile(NamedTuple):
    """A file that is recorded, and is not there."""

    path: str
    """What is recorded: a path relative to the root, or a URI."""

    dataset_id: UUID
    """A dataset that has it."""


def missing_files(butler: Butler) -> Iterator[MissingFile]:
    """Yield files that are recorded and not there, once for each dataset that has one, by path.

    What is not on this machine is passed over.

    Parameters
    ----------
    butler : `Butler`
        A Butler on the repository.
    """
    datastore = butler._repository.datastore
    for path, rows in itertools.groupby(datastore.recorded(), key=lambda row: row[0]):
        if not _is_there(datastore.locations, path):
            yield from (MissingFile(path, dataset_id) for _, dataset_id in rows)


def _is_there(locations: FileLocations, path: str) -> bool:
    try:
        return locations.path_of(path, path).is_file()
    except DatasetReadError:  # on another machine
        return True


def orphaned_files(butler: Butler) -> Iterator[str]:
    """Yield the files under the root that belong to no dataset, relative to it, by folder.

    Such as one that a process was writing when it was killed. None of them are
    the configuration, the database, links to nothing, and files that wait to
    be removed. Links to folders are not followed.

    Parameters
    ----------
    butler : `Butler`
        A Butler on the repository.
    """
    repository = butler._repository
    own = _own_files(repository)
    found = (
        path
        for path in _files(repository.datastore.root)
        if not any(path == one or path.startswith(f"{one}-") for one in own)
    )
    while page := list(itertools.islice(found, _TOGETHER)):
        claimed = repository.datastore.claims(page)
        yield from (path for path in page if path not in claimed)


def _own_files(repository: Repository) -> list[str]:
    """Return the configuration and the database, whose journal is named after it."""
    root = repository.datastore.root
    own = [repository.config.file, repository.database.url.database]
    return [Path(os.path.relpath(one, root)).as_posix() for one in own if one]


def _files(root: Path) -> Iterator[str]:
    """Yield the paths of the files below a root, relative to it."""
    waiting = [""] if root.is_dir() else []
    while waiting:
        folder = waiting.pop()
        with os.scandir(root / folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        below = []
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                below.append(f"{folder}{entry.name}/")
            elif entry.is_file():
                yield f"{folder}{entry.name}"
        waiting += reversed(below)
