"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["WrittenFile", "remove_empty_directories", "write_atomically"]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was put in place, and what is needed to take it back."""

    path: Path
    size: int
    inode: int
    made: tuple[Path, ...]
    """Directories that were made for it, outermost first."""

    def undo(self) -> None:
        """Remove the file, unless another has taken its place, and its directories."""
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_ino == self.inode:
                self.path.unlink()
        _remove_directories(self.made)


def write_atomically(path: Path, write: Callable[[Path], None]) -> WrittenFile:
    """Let a function write a file, and put it in place when it is on the disk.

    Parameters
    ----------
    path : `~pathlib.Path`
        Where the file shall be; a file that is there is replaced.
    write : `~collections.abc.Callable`
        Called with a temporary name in the same folder.

    Returns
    -------
    written : `WrittenFile`
        What was done. After an error nothing is left of it.
    """
    made: list[Path] = []
    temporary = path.with_name(f".writing-{secrets.token_hex(8)}{path.suffix}")
    try:
        _make_directories(path.parent, made)
        write(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
            status = os.fstat(stream.fileno())
        temporary.replace(path)
        for folder in (path.parent, *(directory.parent for directory in made)):
            _sync_directory(folder)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        _remove_directories(tuple(made))
        raise
    return WrittenFile(path, status.st_size, status.st_ino, tuple(made))


def remove_empty_directories(folder: Path, root: Path) -> None:
    """Remove a folder and those around it, up to the root, as far as they are empty."""
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _make_directories(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for directory in reversed(missing):
        try:
            directory.mkdir()
        except FileExistsError:
            continue
        made.append(directory)


def _remove_directories(made: tuple[Path, ...]) -> None:
    for directory in reversed(made):
        with contextlib.suppress(OSError):
            directory.rmdir()


def _sync_directory(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
