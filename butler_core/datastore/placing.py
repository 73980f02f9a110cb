"""Files that are put into place together, and go again together."""

from __future__ import annotations

import contextlib
import os
import secrets
import warnings
from collections.abc import Callable

from butler_core.errors import DatasetWriteError

__all__ = ["PlacedFiles"]


class PlacedFiles:
    """Puts files into place, each whole and on the disk before it has its name.

    Nothing of this uses `pathlib`: a hundred thousand files are placed at once.
    """

    def __init__(self) -> None:
        self._placed: list[tuple[str, int]] = []
        self._made: list[str] = []
        self._folders: set[str] = set()
        self._unsynced: set[str] = set()
        self._sources: list[str] = []

    def place(self, path: str, make: Callable[[str], None]) -> None:
        """Let a function make a file under a temporary name, and give it its own.

        Parameters
        ----------
        path : `str`
            Where the file shall be; what is there is replaced.
        make : `~collections.abc.Callable`
            Called with the temporary name, in the same folder.
        """
        folder, _, name = path.rpartition("/")
        extension = os.path.splitext(name)[1]
        temporary = f"{folder}/.writing-{secrets.token_hex(8)}{extension}"
        self._make_folder(folder)
        try:
            make(temporary)
            status = os.lstat(temporary)
            if not os.path.islink(temporary):
                _sync(temporary)
            self._placed.append((path, status.st_ino))  # first: a signal may come right after
            os.replace(temporary, path)
        finally:
            # Renamed to another name of the same file, it is still there.
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        self._unsynced.add(folder)

    def _make_folder(self, folder: str) -> None:
        if folder in self._folders and os.path.isdir(folder):
            return
        missing = []
        parent = folder
        while not os.path.isdir(parent):
            missing.append(parent)
            parent = parent.rpartition("/")[0] or "/"
        for one in reversed(missing):
            self._made.append(one)  # first: a signal may come right after
            try:
                os.mkdir(one)
            except FileExistsError:
                self._made.pop()
            self._unsynced.add(one.rpartition("/")[0] or "/")
        self._folders.add(folder)

    def remove_later(self, source: str) -> None:
        """Note a file that `remove_sources` shall remove."""
        self._sources.append(source)

    def settle(self) -> None:
        """Make sure that the names of all files placed so far are on the disk."""
        for folder in sorted(self._unsynced):
            _sync(folder)
        self._unsynced.clear()

    def undo(self) -> None:
        """Remove the files, but for what others have put in their place, and made folders."""
        for path, inode in reversed(self._placed):
            try:
                if os.lstat(path).st_ino == inode:
                    os.unlink(path)
            except FileNotFoundError:
                pass
            except OSError as error:
                _warn(f"{path} is left of a transfer that failed: {error.strerror}")
        for folder in reversed(self._made):
            with contextlib.suppress(OSError):
                os.rmdir(folder)
        self._placed.clear()
        self._made.clear()
        self._sources.clear()

    def remove_sources(self) -> None:
        """Remove the files that were moved, after the commit."""
        for source in self._sources:
            real = os.path.realpath(source)
            for path in dict.fromkeys((real, source)):
                try:
                    os.unlink(path)
                except FileNotFoundError:
                    pass
                except OSError as error:
                    _warn(f"{path} was ingested, but cannot be removed: {error.strerror}")


def refuse_unmovable(source: str) -> None:
    """Raise `DatasetWriteError` if a file that is to be moved is in a folder that is read only."""
    folder = os.path.dirname(os.path.realpath(source))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DatasetWriteError(
            f"{source} cannot be moved: {folder} is not writeable; transfer='copy' leaves it there"
        )


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=2)
