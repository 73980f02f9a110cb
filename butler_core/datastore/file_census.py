"""Which files of a repository are missing, and which nobody knows."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .locations import FileLocations

__all__ = ["FileCensus", "take_census"]


@dataclasses.dataclass(frozen=True, slots=True)
class FileCensus:
    """What is where it should be, and what is not.

    Parameters
    ----------
    missing : `tuple` [ `str` ]
        Paths, or URIs, that are recorded and have no file, in order.
    orphaned : `tuple` [ `str` ]
        Paths, relative to the root, of files that no record names, in order.
    """

    missing: tuple[str, ...]
    orphaned: tuple[str, ...]


def take_census(
    root: Path, recorded: Iterable[str], doomed: Iterable[str] = (), own: Iterable[Path] = ()
) -> FileCensus:
    """Compare the files below a root with what is recorded.

    Each folder is read once, however many files it has.

    Parameters
    ----------
    root : `~pathlib.Path`
        Root of the datastore.
    recorded : `~collections.abc.Iterable` [ `str` ]
        Paths relative to the root, and URIs of files elsewhere.
    doomed : `~collections.abc.Iterable` [ `str` ], optional
        Paths of files in the trash, which are neither missing nor orphaned.
    own : `~collections.abc.Iterable` [ `~pathlib.Path` ], optional
        Files of the repository that are not of datasets, such as its
        database; those beside it whose names begin like its own are too.
    """
    known = set(recorded)
    there = set(_files(root)) if root.is_dir() else set()
    locations = FileLocations(root)
    missing = [
        path
        for path in known - there
        if not locations.path_of(path, path).exists()  # a URI, or below a link to a folder
    ]
    kept = {os.path.relpath(path, root).replace(os.sep, "/") for path in own}
    orphaned = [
        path
        for path in there.difference(known, doomed)
        if not any(path == one or path.startswith(f"{one}-") for one in kept)
    ]
    return FileCensus(tuple(sorted(missing)), tuple(sorted(orphaned)))


def _files(root: Path) -> Iterator[str]:
    """Yield the paths, relative to a root, of the files below it; links to nothing are none."""
    waiting = [(os.fspath(root), "")]
    while waiting:
        folder, prefix = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, f"{prefix}{entry.name}/"))
                elif entry.is_file():
                    yield f"{prefix}{entry.name}"
