"""Folders that are there whole, or not at all."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from conformance.stopping import check_stopped, undisturbed


@contextlib.contextmanager
def staged(destination: Path) -> Iterator[Path]:
    """Give an empty folder whose content becomes that of the destination, at the end at once.

    Whatever ends the work early leaves the destination and its surroundings as they were; only
    a process that is killed leaves a folder named ``.….partial``.

    Parameters
    ----------
    destination
        An empty folder, or one that is not there yet; its parents are made where missing.

    Raises
    ------
    FileExistsError
        Raised where the destination holds something, or is no folder.
    OSError
        Raised where the folder cannot be made.
    """
    destination = destination.absolute()
    is_there = destination.is_symlink() or destination.exists()
    if is_there:
        if not destination.is_dir():
            raise FileExistsError(0, "it is not a folder")
        if any(destination.iterdir()):
            raise FileExistsError(0, "it is not empty")
    missing = [] if is_there else _missing_parents(destination)
    above = missing[-1].parent if missing else destination.parent
    if not above.is_dir():
        raise NotADirectoryError(0, f"{above} is not a folder")
    place = destination if is_there else destination.parent
    work = place / f".{secrets.token_hex(4)}.partial"
    try:
        place.mkdir(parents=True, exist_ok=True)
        work.mkdir()
        yield work
        check_stopped()
        if is_there:
            for path in list(work.iterdir()):
                path.rename(destination / path.name)
        else:
            _rename(work, destination)
            missing = []
    finally:
        _remove(work)
        for parent in missing:
            with contextlib.suppress(OSError):
                parent.rmdir()


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Give a temporary folder, which is removed at the end whatever ends it.

    Raises
    ------
    OSError
        Raised where none can be made.
    """
    folder = Path(tempfile.mkdtemp(prefix="butler-conformance-"))
    try:
        yield folder
    finally:
        _remove(folder)


def _missing_parents(path: Path) -> list[Path]:
    """Return the parents that are not there, the innermost first."""
    missing = []
    for parent in path.parents:
        if parent.exists():
            break
        missing.append(parent)
    return missing


def _rename(folder: Path, destination: Path) -> None:
    try:
        folder.rename(destination)
    except OSError as error:
        if not destination.exists():
            raise
        raise FileExistsError(0, "it has been filled meanwhile") from error


def _remove(folder: Path) -> None:
    with undisturbed():
        shutil.rmtree(folder, ignore_errors=True)
