"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .syncing import sync_file

__all__ = [
    "StagedFile",
    "remove_empty_directories",
    "staged",
    "write_atomically",
]


@dataclass(slots=True)
class StagedFile:
    """A file that is complete and on the disk, under a temporary name beside its place."""

    path: Path
    temporary: Path
    size: int
    inode: int
    made: tuple[Path, ...]
    """Directories that were made for it, outermost first."""
    is_placed: bool = False
    """Whether it was given its name, and nothing is left of the temporary one."""

    def place(self) -> None:
        """Give the file its name; a file that is there is replaced."""
        try:
            self.temporary.replace(self.path)
            for folder in (self.path.parent, *(directory.parent for directory in self.made)):
                sync_file(folder)
            self.is_placed = True
        except BaseException:
            self.undo()
            raise

    def undo(self) -> None:
        """Remove the file from its place, unless another is there, and its directories."""
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_ino == self.inode:
                self.path.unlink()
        _remove_directories(self.made)


@contextlib.contextmanager
def staged(path: Path, write: Callable[[Path], None]) -> Iterator[StagedFile]:
    """Let a function write a file, beside the place that it shall have.

    Parameters
    ----------
    path : `~pathlib.Path`
        Where the file shall be.
    write : `~collections.abc.Callable`
        Called with a temporary name in the same folder.

    Yields
    ------
    staged : `StagedFile`
        The file, complete and on the disk. If it was not placed in the end,
        nothing is left of it.
    """
    made: list[Path] = []
    file: StagedFile | None = None
    temporary = path.with_name(f".writing-{secrets.token_hex(8)}{path.suffix}")
    try:
        _write_in_its_folder(write, temporary, made)
        sync_file(temporary)
        status = temporary.stat()
        file = StagedFile(path, temporary, status.st_size, status.st_ino, tuple(made))
        yield file
    finally:
        if file is None or not file.is_placed:
            with contextlib.suppress(OSError):
                temporary.unlink()
            _remove_directories(tuple(made))


def write_atomically(path: Path, write: Callable[[Path], None]) -> StagedFile:
    """Let a function write a file, and put it in place when it is on the disk.

    Parameters and errors are those of `staged`; a file that is there is replaced.
    """
    with staged(path, write) as file:
        file.place()
        return file


def remove_empty_directories(folder: Path, root: Path) -> None:
    """Remove a folder and those around it, up to the root, as far as they are empty."""
    while folder != root and folder.is_relative_to(root):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _write_in_its_folder(write: Callable[[Path], None], temporary: Path, made: list[Path]) -> None:
    """Make a file's folder and write it; anew, if another removes the folder as it is empty."""
    while True:
        _make_directories(temporary.parent, made)
        try:
            return write(temporary)
        except FileNotFoundError:
            if temporary.parent.is_dir():
                raise


def _make_directories(folder: Path, made: list[Path]) -> None:
    """Make a folder, after those around it; without asking first, as most are there or next."""
    made.append(folder)  # first: a signal may come right after it is there
    try:
        folder.mkdir()
    except FileExistsError:
        made.pop()
    except FileNotFoundError:
        made.pop()
        _make_directories(folder.parent, made)
        _make_directories(folder, made)


def _remove_directories(made: tuple[Path, ...]) -> None:
    for directory in reversed(made):
        with contextlib.suppress(OSError):
            directory.rmdir()
