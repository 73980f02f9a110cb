"""Where a file is, as a path and as a URI."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["FileURI"]


class FileURI(os.PathLike[str]):
    """The place of a file, with the members of LSST's ``ResourcePath`` for it.

    Parameters
    ----------
    path : `~pathlib.Path`
        Absolute path of the file.
    fragment : `str`, optional
        What stands after ``#``; ``predicted`` for a file that is not there yet.
    """

    __slots__ = ("_path", "fragment")

    scheme = "file"
    isLocal = True

    def __init__(self, path: Path, fragment: str = "") -> None:
        self._path = path
        self.fragment = fragment

    @property
    def ospath(self) -> str:
        """The path, as the operating system writes it (`str`)."""
        return str(self._path)

    @property
    def path(self) -> str:
        """The path with its special characters quoted, as in the URI (`str`)."""
        return self._path.as_uri().removeprefix("file://")

    def geturl(self) -> str:
        """Return the URI."""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self._path.as_uri()}{fragment}"

    def basename(self) -> str:
        """Return the name of the file."""
        return self._path.name

    def getExtension(self) -> str:
        """Return the extension, with its dot."""
        return self._path.suffix

    def exists(self) -> bool:
        """Whether the file is there."""
        return self._path.exists()

    def size(self) -> int:
        """Return the size of the file in bytes."""
        return self._path.stat().st_size

    def read(self, size: int = -1) -> bytes:
        """Return the bytes of the file, all of them unless ``size`` is given."""
        with self._path.open("rb") as stream:
            return stream.read(size)

    def __fspath__(self) -> str:
        return self.ospath

    def __str__(self) -> str:
        return self.geturl()

    def __repr__(self) -> str:
        return f"FileURI({self.geturl()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileURI) and self.geturl() == other.geturl()

    def __hash__(self) -> int:
        return hash(self.geturl())
