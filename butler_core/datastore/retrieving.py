"""Copies of the files of datasets, for who wants to have them outside of the repository."""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from butler_core.errors import (
    ButlerUserError,
    DatasetWriteError,
    ExistingFileError,
    FileTemplateError,
    MissingFileError,
    NotADirectoryGivenError,
    TransferError,
    UnstoredDatasetError,
)

from .artifact_index import INDEX_NAME, Artifact, write_index
from .locations import FileLocations, leaves_root, local_path
from .placing import PlacedFiles
from .recorded_path import RecordedPath
from .stored_file import FileRecords, StoredFile
from .transfer_modes import check_mode, transfer_file
from .zip_members import extract_member

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef

__all__ = ["folder_path", "retrieve_files"]

_MODES: Final = ("auto", "copy", "link", "hardlink", "symlink", "relsymlink")


class _Copy(NamedTuple):
    source: str
    recorded: RecordedPath
    place: str
    """Path relative to the destination."""
    artifact: Artifact


def retrieve_files(
    locations: FileLocations,
    records: FileRecords,
    refs: Iterable[DatasetRef],
    destination: str | os.PathLike[str],
    *,
    transfer: str,
    preserve_path: bool,
    overwrite: bool,
    add_prefix: bool = False,
) -> list[str]:
    """Put the files of datasets, and an index of them, into a folder.

    All of it, or nothing.

    Parameters
    ----------
    locations : `FileLocations`
        Where the datastore's files are.
    records : `FileRecords`
        The table of files.
    refs : `~collections.abc.Iterable` [ `DatasetRef` ]
        The datasets.
    destination : `str` or `os.PathLike`
        The folder, which is made if it does not exist.
    transfer : `str`
        How files come there; ``auto`` links them.
    preserve_path : `bool`
        Whether they have the paths there that they have in the root.
    overwrite : `bool`
        Whether files that are there may be replaced.
    add_prefix : `bool`, optional
        Whether names begin with the id of a dataset, which makes them unique.

    Returns
    -------
    paths : `list` [ `str` ]
        Where the files are now, each once.

    Raises
    ------
    TransferError
        There is no such mode, or it would take files out of the datastore.
    UnstoredDatasetError
        A dataset has no file.
    MissingFileError
        A file is gone.
    ExistingFileError
        A file is in the way, or two would be at one place.
    NotADirectoryGivenError
        The destination is not a folder.
    DatasetWriteError
        A file cannot be put there.
    """
    if transfer == "move":
        raise TransferError(
            "transfer='move' would take files out of the repository, which records them: 'copy'"
            " leaves them there"
        )
    check_mode(transfer, _MODES)
    folder = folder_path(destination)
    given = sorted({ref.id: ref for ref in refs}.values())
    copies = _copies(locations, records, given, preserve_path=preserve_path, add_prefix=add_prefix)
    placed = PlacedFiles()
    mode = "link" if transfer == "auto" else transfer
    try:
        for copy in copies:
            _stage(placed, copy, f"{folder}/{copy.place}", mode, overwrite=overwrite)
        index = {copy.place: copy.artifact for copy in copies}
        placed.stage(f"{folder}/{INDEX_NAME}", functools.partial(write_index, given, index))
        placed.settle()
    except BaseException:
        placed.undo()
        raise
    return [f"{folder}/{copy.place}" for copy in copies]


def folder_path(destination: str | os.PathLike[str]) -> str:
    """Return the path of a folder that a user names.

    Raises
    ------
    NotADirectoryGivenError
        It is something else, or on another machine.
    """
    given = os.fspath(destination)
    path = local_path(given) if "://" in given else given
    if path is None or (os.path.lexists(path) and not os.path.isdir(path)):
        raise NotADirectoryGivenError(
            f"datasets are retrieved into a folder of this machine, not into {given}"
        )
    return os.path.abspath(path)


def _copies(
    locations: FileLocations,
    records: FileRecords,
    refs: Sequence[DatasetRef],
    *,
    preserve_path: bool,
    add_prefix: bool,
) -> list[_Copy]:
    """Return what is to be copied, each file once."""
    known = records.fetch_many(ref.id for ref in refs)
    copies: dict[str, _Copy] = {}
    by_place: dict[str, str] = {}
    for ref in refs:
        for stored in _files_of(ref, known):
            copy = copies.get(stored.path)
            if copy is not None:
                copy.artifact.ids.append(ref.id)
                continue
            source = str(locations.path_of(stored.path, ref))
            recorded = RecordedPath.parse(stored.path)
            place = _place(ref, recorded, source, preserve_path=preserve_path)
            prefix, name = f"{ref.id}-", os.path.basename(place)
            if add_prefix and not name.startswith(prefix):  # as one from a Zip file may
                place = os.path.join(os.path.dirname(place), f"{prefix}{name}")
            other = by_place.setdefault(place, stored.path)
            if other != stored.path:
                raise ExistingFileError(
                    f"{other} and {stored.path} cannot both be retrieved as {place}:"
                    " preserve_path=True keeps their folders"
                )
            copies[stored.path] = _Copy(source, recorded, place, Artifact(stored, [ref.id]))
    return list(copies.values())


def _files_of(
    ref: DatasetRef, known: Mapping[uuid.UUID, Sequence[StoredFile]]
) -> Sequence[StoredFile]:
    files = known.get(ref.id)
    if not files:
        raise UnstoredDatasetError(f"{ref} is not stored: there is no file to retrieve")
    return files


def _place(ref: DatasetRef, recorded: RecordedPath, source: str, *, preserve_path: bool) -> str:
    is_member = recorded.member is not None
    if not preserve_path:
        return os.path.basename(recorded.name if is_member else source)
    place = source.lstrip("/") if "://" in recorded.file else recorded.file
    if leaves_root(place) or (is_member and leaves_root(recorded.name)):
        raise FileTemplateError(f"the file of {ref}, {recorded}, would leave the folder")
    return os.path.join(os.path.dirname(place), recorded.name) if is_member else place


def _stage(placed: PlacedFiles, copy: _Copy, path: str, mode: str, *, overwrite: bool) -> None:
    if not os.path.exists(copy.source):
        raise MissingFileError(f"{copy.source} cannot be retrieved: it is gone")
    if os.path.lexists(path):
        is_member = copy.recorded.member is not None
        if not is_member and os.path.exists(path) and os.path.samefile(path, copy.source):
            return  # it was linked there before
        if not overwrite:
            raise ExistingFileError(
                f"{path} is there already: overwrite=True replaces it, another folder keeps it"
            )
        if Path(path).is_dir():
            raise ExistingFileError(f"{path} is a folder, and cannot be replaced by a file")
    make = functools.partial(transfer_file, mode, copy.source, path)
    if copy.recorded.member is not None:  # there is nothing to link to
        what = f"dataset {copy.artifact.ids[0]}"
        make = functools.partial(extract_member, copy.source, copy.recorded, what)
    try:
        placed.stage(path, make)
    except ButlerUserError:
        raise
    except OSError as error:
        raise DatasetWriteError(
            f"{copy.source} cannot be retrieved with transfer={mode!r} as {path}: {error.strerror}"
        ) from error
