"""Files that are put into place together, and go again together."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import warnings
from collections.abc import Callable

from butler_core.errors import DatasetWriteError

from .syncing import sync_files

__all__ = ["PlacedFiles"]


class PlacedFiles:
    """Files that are made under temporary names, and given their own together.

    Each is whole and on the disk before it has its name.
    """

    def __init__(self) -> None:
        self._staged: list[tuple[str, str]] = []
        self._placed: list[tuple[str, int]] = []
        self._made: list[str] = []
        self._folders: set[str] = set()
        self._unsynced: set[str] = set()
        self._sources: list[str] = []

    def stage(self, path: str, make: Callable[[str], None]) -> None:
        """Let a function make a file under a temporary name, in the folder that it shall be in.

        Parameters
        ----------
        path : `str`
            Where the file shall be.
        make : `~collections.abc.Callable`
            Called with the temporary name.
        """
        folder, _, name = path.rpartition("/")
        extension = os.path.splitext(name)[1]
        temporary = f"{folder}/.writing-{secrets.token_hex(8)}{extension}"
        self._make_folder(folder)
        self._staged.append((temporary, path))  # first: a signal may come right after
        make(temporary)
        self._unsynced.add(folder)

    def settle(self) -> None:
        """Give the staged files their names, replacing what is there, and sync it all."""
        states = [os.lstat(temporary) for temporary, _ in self._staged]
        links = [stat.S_ISLNK(state.st_mode) for state in states]
        sync_files(
            path for (path, _), is_link in zip(self._staged, links, strict=True) if not is_link
        )
        for (temporary, path), state in zip(self._staged, states, strict=True):
            self._placed.append((path, state.st_ino))  # first: a signal may come right after
            os.replace(temporary, path)
            # If it has the name already, and so has two, the other is still there.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
        self._staged.clear()
        sync_files(sorted(self._unsynced))
        self._unsynced.clear()

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

    def undo(self) -> None:
        """Remove the files, but for what others have put in their place, and made folders."""
        for temporary, _ in self._staged:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
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
        self._staged.clear()
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


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=2)
