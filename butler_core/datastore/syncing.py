"""Files and folders that are on the disk, a few or many at once."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable

__all__ = ["sync_file", "sync_files"]

_MANY = 32
"""So many files are written out together, which takes no longer than a few one by one."""


def sync_file(path: str | os.PathLike[str]) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_files(paths: Iterable[str]) -> None:
    """Wait until files, or the names in folders, are on the disk."""
    by_device: dict[int, list[str]] = {}
    for path in paths:
        by_device.setdefault(os.stat(path).st_dev, []).append(path)
    for together in by_device.values():
        if len(together) < _MANY or not _sync_filesystem(together[0]):
            for path in together:
                sync_file(path)


def _sync_filesystem(path: str) -> bool:
    """Write out all of the file system that holds a file, if the system can do that."""
    syncfs = _syncfs()
    if syncfs is None:
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        return syncfs(handle) == 0
    finally:
        os.close(handle)


@functools.cache
def _syncfs() -> Callable[[int], int] | None:
    """Return Linux's ``syncfs``, which Python does not offer."""
    import ctypes

    try:
        function = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError, TypeError):
        return None
    function.argtypes, function.restype = [ctypes.c_int], ctypes.c_int
    found: Callable[[int], int] = function
    return found
