"""Whether the files of a repository are those that it records.

Both ways are streams: what is in memory does not grow with the repository.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from .datastore.recorded_path import IN_ZIP, RecordedPath, file_of
from .datastore.zip_members import has_member
from .errors import DatasetReadError

if TYPE_CHECKING:
    from .butler import Butler
    from .datastore.file_datastore import FileDatastore
    from .datastore.locations import FileLocations
    from .repository import Repository

__all__ = ["MissingFile", "compared_files", "missing_files", "orphaned_files"]

_TOGETHER = 900  # files, which are looked up together


class MissingFile(NamedTuple):
    """A file that is recorded, and is not there."""

    path: str
    """What is recorded: a path relative to the root, or a URI; of a member, with its name."""

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
    return (one for one in compared_files(butler) if isinstance(one, MissingFile))


def orphaned_files(butler: Butler) -> Iterator[str]:
    """Yield the files under the root that belong to no dataset, relative to it, by path.

    Such as one that a process was writing when it was killed. None of them are
    the configuration, the database, links to nothing, and files that wait to
    be removed. Links to folders are not followed.

    Parameters
    ----------
    butler : `Butler`
        A Butler on the repository.
    """
    return (one for one in compared_files(butler) if isinstance(one, str))


def compared_files(butler: Butler) -> Iterator[MissingFile | str]:
    """Yield what both `missing_files` and `orphaned_files` yield, having looked once.

    Files and records are read side by side, each by path; only where one has
    a path that the other lacks is the disk, or the database, asked again.

    Parameters
    ----------
    butler : `Butler`
        A Butler on the repository.
    """
    repository = butler._repository
    datastore = repository.datastore
    own = _own_files(repository)
    there = (
        path
        for path in _files(datastore.root)
        if not any(path == one or path.startswith(f"{one}-") for one in own)
    )
    unclaimed: list[str] = []
    found = next(there, None)
    for path, rows in itertools.groupby(datastore.recorded(), key=lambda row: file_of(row[0])):
        while found is not None and found < path:
            unclaimed.append(found)
            found = next(there, None)
        if found == path:
            found = next(there, None)
            yield from _missing_members(datastore.locations, rows)
        elif not _is_there(datastore.locations, path):
            yield from (MissingFile(path, dataset_id) for _, dataset_id in rows)
        else:
            yield from _missing_members(datastore.locations, rows)
        if len(unclaimed) >= _TOGETHER:
            yield from _orphans(datastore, unclaimed)
            unclaimed = []
    rest = itertools.chain(unclaimed, () if found is None else (found,), there)
    while page := list(itertools.islice(rest, _TOGETHER)):
        yield from _orphans(datastore, page)


def _is_there(locations: FileLocations, path: str) -> bool:
    try:
        return locations.path_of(path, path).is_file()
    except DatasetReadError:  # on another machine
        return True


def _missing_members(
    locations: FileLocations, rows: Iterable[tuple[str, UUID]]
) -> Iterator[MissingFile]:
    """Yield the members of a Zip file, which is there, that it has not."""
    for recorded, dataset_id in rows:
        if IN_ZIP not in recorded:
            continue  # the whole file is a dataset
        place = RecordedPath.parse(recorded)
        with contextlib.suppress(DatasetReadError):  # it is on another machine
            if not has_member(locations.path_of(recorded, recorded), place):
                yield MissingFile(recorded, dataset_id)


def _orphans(datastore: FileDatastore, paths: list[str]) -> list[str]:
    """Return those of some paths that no record names, of files in the trash neither."""
    claimed = datastore.claims(paths)
    return [path for path in paths if path not in claimed]


def _own_files(repository: Repository) -> list[str]:
    """Return the configuration and the database, whose journal is named after it."""
    root = repository.datastore.root
    own = [repository.config.file, repository.database.url.database]
    return [Path(os.path.relpath(one, root)).as_posix() for one in own if one]


def _files(root: Path) -> Iterator[str]:
    """Yield the paths of the files below a root, relative to it, in order."""
    waiting = [iter([""])] if root.is_dir() else []
    while waiting:
        path = next(waiting[-1], None)
        if path is None:
            waiting.pop()
        elif path and not path.endswith("/"):
            yield path
        else:
            with os.scandir(root / path) as entries:
                below = sorted(
                    f"{path}{entry.name}/" if is_folder else f"{path}{entry.name}"
                    for entry in entries
                    if (is_folder := entry.is_dir(follow_symlinks=False)) or entry.is_file()
                )
            waiting.append(iter(below))
