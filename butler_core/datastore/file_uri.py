"""Where a file is, as a path and as a URI."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

__all__ = ["DatasetRefURIs", "FileURI", "extension_of"]


def extension_of(path: str) -> str:
    """Return the extension of a file, together with that of its compression, ``.fits.gz``."""
    _, *extensions = path.rpartition("/")[2].split(".")
    if not extensions:
        return ""
    compressed = extensions[-1] in ("gz", "bz2", "xz", "fz")
    return "." + ".".join(extensions[-2:] if compressed else extensions[-1:])


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
        """Return the extension, with its dot and that of a compression, ``.fits.gz``."""
        return extension_of(self._path.name)

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

    def open(self, mode: str = "r", *, encoding: str | None = None) -> IO[Any]:
        """Open the file, as the built-in function does; text is UTF-8 unless ``encoding`` is given.

        For a ``with`` statement.
        """
        return self._path.open(mode, encoding=None if "b" in mode else encoding or "utf-8")

    @contextmanager
    def as_local(self) -> Iterator[FileURI]:
        """Give the file on this machine, which is itself; for a ``with`` statement."""
        yield self

    def isdir(self) -> bool:
        """Whether it is a folder."""
        return self._path.is_dir()

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


class DatasetRefURIs(Sequence[Any]):
    """Where the files of a dataset are.

    As a sequence, it is a pair: the file of the whole dataset, and those of its
    components.

    Parameters
    ----------
    primaryURI : `FileURI`, optional
        The file of the whole dataset, `None` if it is stored in parts.
    componentURIs : `~collections.abc.Mapping` [ `str`, `FileURI` ], optional
        The files of its components, if it is stored in parts.
    """

    def __init__(
        self,
        primaryURI: FileURI | None = None,
        componentURIs: Mapping[str, FileURI] | None = None,
    ) -> None:
        self.primaryURI = primaryURI
        self.componentURIs = dict(componentURIs or {})

    def __getitem__(self, index: Any) -> Any:
        return (self.primaryURI, self.componentURIs)[index]

    def __len__(self) -> int:
        return 2

    def iter_all(self) -> Iterator[FileURI]:
        """Yield all files."""
        if self.primaryURI is not None:
            yield self.primaryURI
        yield from self.componentURIs.values()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DatasetRefURIs):
            return NotImplemented
        return tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"DatasetRefURIs({self.primaryURI!r}, {self.componentURIs!r})"
