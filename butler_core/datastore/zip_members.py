"""Members of Zip files: which there are, and their contents as files."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO

from butler_core.errors import DatasetReadError, MissingFileError

from .file_uri import extension_of
from .recorded_path import RecordedPath

__all__ = ["BROKEN", "extract_member", "extracted", "has_member", "member_info", "members"]

BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,  # a compression that Python does not know
    RuntimeError,  # encrypted
    EOFError,
    ValueError,
    zlib.error,
)
"""What Python raises over Zip files that it cannot read."""

_HEADER = struct.Struct("<26sHH")
"""What comes before the name of a member: the last two are how long it is, and what follows it."""

_ENCRYPTED = 0x41
"""Flags of a member that is encrypted, in one way or the other."""


def members(path: str | os.PathLike[str]) -> Mapping[str, zipfile.ZipInfo]:
    """Return the members of a Zip file by name, read once as long as the file is the same.

    Raises
    ------
    OSError
        It cannot be opened.
    Exception
        One of `BROKEN`, if it is no Zip file.
    """
    state = os.stat(path)
    return _members(os.fspath(path), state.st_ino, state.st_size, state.st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _members(path: str, *state: int) -> Mapping[str, zipfile.ZipInfo]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: info for info in archive.infolist()}


def has_member(path: str | os.PathLike[str], recorded: RecordedPath) -> bool:
    """Whether a Zip file is there, can be read and has a member."""
    try:
        there = members(path)
    except (OSError, *BROKEN):
        return False
    return any(name in there for name in recorded.names)


def member_info(
    path: str | os.PathLike[str], recorded: RecordedPath, what: object
) -> zipfile.ZipInfo:
    """Return a member of a Zip file.

    Parameters
    ----------
    path : `str` or `os.PathLike`
        The Zip file.
    recorded : `RecordedPath`
        Names the member.
    what : `object`
        The dataset, as errors shall name it.

    Raises
    ------
    MissingFileError
        The file is gone, or the member.
    DatasetReadError
        It is no Zip file.
    """
    try:
        there = members(path)
    except OSError as error:
        raise MissingFileError(
            f"{what} has no file any more: {path} cannot be found ({error.strerror})"
        ) from error
    except BROKEN as error:
        raise DatasetReadError(
            f"{what} cannot be read: {path} is no Zip file that can be ({error})"
        ) from error
    for name in recorded.names:
        if name in there:
            return there[name]
    raise MissingFileError(
        f"{what} has no file any more: {path} has no member {recorded.names[0]!r}"
    )


def extract_member(
    path: str | os.PathLike[str], recorded: RecordedPath, what: object, name: str
) -> None:
    """Make a file of a member of a Zip file.

    Parameters
    ----------
    path, recorded, what
        As for `member_info`.
    name : `str`
        The file to make, whatever the member is called.

    Raises
    ------
    MissingFileError
        The Zip file is gone, or the member.
    DatasetReadError
        The member is damaged or encrypted.
    """
    info = member_info(path, recorded, what)
    try:
        with open(path, "rb") as stream, open(name, "wb") as file:
            shutil.copyfileobj(_content(stream, info), file)
    except BROKEN as error:
        raise DatasetReadError(
            f"{what} cannot be read: {info.filename!r} in {path} is damaged or encrypted ({error})"
        ) from error


def _content(stream: IO[bytes], info: zipfile.ZipInfo) -> zipfile.ZipExtFile:
    """Return the content of a member of an open Zip file.

    `zipfile.ZipFile` would read the directory of all members anew, for each of
    them.
    """
    if info.flag_bits & _ENCRYPTED:
        raise zipfile.BadZipFile("it is encrypted")
    stream.seek(info.header_offset)
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(b"PK\3\4"):
        raise zipfile.BadZipFile("it does not begin where the directory says")
    _, name_length, extra_length = _HEADER.unpack(header)
    stream.seek(name_length + extra_length, os.SEEK_CUR)
    return zipfile.ZipExtFile(stream, "r", info)


@contextlib.contextmanager
def extracted(path: str | os.PathLike[str], recorded: RecordedPath, what: object) -> Iterator[Path]:
    """Give a member of a Zip file as a temporary file; parameters are those of `member_info`."""
    info = member_info(path, recorded, what)
    handle, name = tempfile.mkstemp(suffix=extension_of(info.filename)[-32:], prefix="butler-")
    os.close(handle)
    try:
        extract_member(path, recorded, what, name)
        yield Path(name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
