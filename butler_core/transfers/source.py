"""The text of an export, as often as it has to be read."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import unquote, urlsplit

from ..errors import ArgumentError, MissingFileError

__all__ = ["ExportSource", "local_path"]


class ExportSource:
    """A file, or a stream, that holds an export.

    Parameters
    ----------
    given : `~pathlib.Path` or file object
        The file, or one that is open, for text or bytes, where the export
        begins. It stays open.

    Notes
    -----
    A context, in which there is a copy of a stream that can be read once.
    """

    def __init__(self, given: Path | IO[Any]) -> None:
        self._given = given
        self._start = 0
        self._copy: IO[Any] | None = None
        if isinstance(given, Path):
            self.name = str(given)
            return
        name = getattr(given, "name", None)
        self.name = name if isinstance(name, str) else "the stream"
        if given.seekable():
            self._start = given.tell()
        else:
            self._given = self._copy = _kept(given)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._copy is not None:
            self._copy.close()

    @contextlib.contextmanager
    def opened(self) -> Iterator[IO[str]]:
        """Give the text from its beginning."""
        if isinstance(self._given, Path):
            try:
                stream = self._given.open(encoding="utf-8")
            except OSError as error:
                raise MissingFileError(
                    f"the export {self._given} cannot be read: {error.strerror}"
                ) from error
            with stream:
                yield stream
            return
        self._given.seek(self._start)
        if isinstance(self._given.read(0), str):
            yield self._given
            return
        wrapped = io.TextIOWrapper(self._given, encoding="utf-8")
        try:
            yield wrapped
        finally:
            wrapped.detach()


def _kept(stream: IO[Any]) -> IO[Any]:
    """Return a copy of what cannot be read twice."""
    first = stream.read(1 << 20)
    if isinstance(first, str):
        copy: IO[Any] = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115
    else:
        copy = tempfile.TemporaryFile()  # noqa: SIM115
    copy.write(first)
    shutil.copyfileobj(stream, copy)
    copy.seek(0)
    return copy


def local_path(given: str | os.PathLike[str], argument: str) -> Path:
    """Return the path that a user gave, as a path or as a URI of a local file.

    Raises
    ------
    ArgumentError
        If it is something else.
    """
    if not isinstance(given, str | os.PathLike):
        raise ArgumentError(f"{argument}= takes a path, not {given!r}")
    text = os.fspath(given)
    if "://" not in text:
        return Path(text)
    parts = urlsplit(text)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise ArgumentError(f"{argument}={text!r}: butler_core reads local files alone")
    return Path(unquote(parts.path))
