"""Where files are: from what records and users name them by to paths."""

from __future__ import annotations

import functools
import os
import posixpath
import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote, urlsplit

from butler_core.errors import DatasetReadError, DatasetWriteError, FileTemplateError, TransferError

from .recorded_path import file_of

__all__ = ["FileLocations", "SourceFile", "leaves_root", "local_path"]


_UNTIDY = re.compile(r"/\.|//|/$|:")
"""Hints of a path that is not in its shortest form, or a URI."""


def leaves_root(path: str) -> bool:
    """Whether a path, relative to a root, stands for a place outside of it."""
    normal = posixpath.normpath(path)
    return normal.startswith("/") or normal == ".." or normal.startswith("../")


class SourceFile(NamedTuple):
    """A file that a user names."""

    path: str
    """Its absolute path."""

    inside: str | None
    """Its path relative to the root, if it is there."""

    @property
    def uri(self) -> str:
        """Its URI."""
        return _uri(self.path)


class FileLocations:
    """The files under a root, and those that are recorded by a URI.

    Parameters
    ----------
    root : `~pathlib.Path`
        Folder that holds the files.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._prefix = f"{os.path.abspath(root)}{os.sep}"

    def path_of(self, recorded: str, what: object) -> Path:
        """Return the path of a file.

        Parameters
        ----------
        recorded : `str`
            Path relative to the root, or an absolute URI, as a record has it;
            of a member of a Zip file, the path of that is returned.
        what : `object`
            The dataset, as errors shall name it.

        Raises
        ------
        FileTemplateError
            The path leads out of the root.
        DatasetReadError
            The URI is not that of a local file.
        """
        if "#" in recorded:
            recorded = file_of(recorded)
        if "://" in recorded:
            path = local_path(recorded)
            if path is None:
                raise DatasetReadError(
                    f"the file of {what} is {recorded}; butler_core reads local files alone"
                )
            return Path(path)
        if leaves_root(recorded):
            raise FileTemplateError(
                f"The file of {what} would be {recorded!r}, which is outside of {self.root}"
            )
        return self.root / recorded

    def source(self, given: str | os.PathLike[str]) -> SourceFile:
        """Return a file that a user names; a relative path is relative to the root.

        Raises
        ------
        TransferError
            It is a URI, and not that of a local file.
        DatasetWriteError
            It is a relative path that leads out of the root.
        """
        path = os.fspath(given)
        if path.startswith(self._prefix) and _UNTIDY.search(path) is None:
            return SourceFile(path, path[len(self._prefix) :])  # most are
        if path.startswith(os.sep) and _UNTIDY.search(path) is None:
            return SourceFile(path, None)
        if "://" in path:
            local = local_path(path)
            if local is None:
                raise TransferError(f"{path} cannot be ingested: butler_core reads local files")
            path = local
        elif leaves_root(path) and not os.path.isabs(path):
            raise DatasetWriteError(
                f"{path!r} is relative to {self.root}, and leads out of it: give an absolute path"
            )
        absolute = os.path.normpath(os.path.join(self._prefix, path))
        inside = absolute.startswith(self._prefix)
        relative = absolute.removeprefix(self._prefix).replace(os.sep, "/") if inside else None
        return SourceFile(absolute, relative)


@functools.lru_cache(maxsize=16)
def _uri(path: str) -> str:
    """Return the URI of a path, which many datasets in a row may have."""
    return f"file://{quote_from_bytes(os.fsencode(path))}"


def local_path(uri: str) -> str | None:
    """Return the path that a URI stands for, `None` if it is not a local file."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return unquote(parts.path)
