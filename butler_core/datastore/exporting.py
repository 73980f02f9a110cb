"""Files of a datastore that go into an export, or stay where they are for it."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from butler_core.errors import (
    ButlerUserError,
    DatasetWriteError,
    ExistingFileError,
    FileTemplateError,
    MissingFileError,
    TransferError,
)

from .file_uri import extension_of
from .locations import FileLocations, leaves_root
from .placing import PlacedFiles
from .recorded_path import RecordedPath, place_of_zip
from .stored_file import FileRecords, StoredFile
from .transfer_modes import MAKES_A_FILE, check_mode, transfer_file
from .zip_members import extract_member

if TYPE_CHECKING:
    import uuid

    from butler_core.dataset import DatasetRef

    from .templates import FileTemplates

__all__ = ["FileExport"]

_MODES: Final = (
    *("auto", "copy", "link", "hardlink", "symlink", "relsymlink"),
    *("direct", None),
)


class FileExport:
    """Says where the files of datasets are, having put them where they shall be.

    Parameters
    ----------
    locations : `FileLocations`
        Where the datastore's files are.
    records : `FileRecords`
        The table of files.
    templates : `FileTemplates`
        How files are named that are not in the root.
    directory : `str`
        Folder that the files shall be in, at the paths that they have in the
        root.
    transfer : `str` or `None`
        How they come there, see `transfer_modes`; ``auto`` links them. With
        `None` or ``direct`` they stay: `None` is for an import with the same
        root, ``direct`` records their URIs.

    Raises
    ------
    TransferError
        If there is no such mode, or none for an export.
    """

    def __init__(
        self,
        locations: FileLocations,
        records: FileRecords,
        templates: FileTemplates,
        *,
        directory: str,
        transfer: str | None,
    ) -> None:
        check_mode(transfer, _MODES)
        self._locations = locations
        self._records = records
        self._templates = templates
        self._directory = os.path.abspath(directory)
        self._mode = "link" if transfer == "auto" else transfer
        self._placed = PlacedFiles()
        self._calls: list[PlacedFiles] = []
        self._made: dict[str, str] = {}

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Remove what is put into the folder in the context, if it fails."""
        self._placed = PlacedFiles()
        self._calls.append(self._placed)
        before = self._made
        self._made = dict(before)
        try:
            yield
        except BaseException:
            self._calls.pop().undo()
            self._made = before
            raise

    def undo(self) -> None:
        """Remove what was put into the folder."""
        for placed in reversed(self._calls):
            placed.undo()

    def files(self, refs: Sequence[DatasetRef]) -> list[tuple[DatasetRef, str, str]]:
        """Return datasets with the path and the formatter of the file of each.

        Raises
        ------
        MissingFileError
            If a dataset has no file.
        TransferError
            If a dataset is stored in parts.
        DatasetWriteError
            If a file cannot be put into the folder.
        """
        known = self._records.fetch_many(ref.id for ref in refs)
        found = []
        for ref in refs:
            stored = _only(ref, known)
            found.append((ref, self._path(ref, stored), stored.formatter))
        self._placed.settle()
        return found

    def _path(self, ref: DatasetRef, stored: StoredFile) -> str:
        is_uri = "://" in stored.path
        if self._mode is None:
            return stored.path
        source = self._locations.path_of(stored.path, ref)
        recorded = RecordedPath.parse(stored.path)
        if self._mode not in MAKES_A_FILE:
            if is_uri:
                return stored.path
            return str(recorded._replace(file=source.absolute().as_uri()))
        path = stored.path
        if recorded.member is not None:
            path = _path_of_member(recorded)
        elif is_uri:
            path = self._templates.path(ref) + extension_of(stored.path)
        made = self._made.get(path)
        if made is None:
            self._place(ref, str(source), path, recorded)
            self._made[path] = stored.path
        elif recorded.member is not None and made != stored.path:
            raise ExistingFileError(
                f"{ref} cannot be exported to {path}, where {made} is: export it to another folder"
            )
        return path

    def _place(self, ref: DatasetRef, source: str, path: str, recorded: RecordedPath) -> None:
        """Make the file; a member of a Zip file becomes one of its own, in any mode."""
        place = f"{self._directory}/{path}"
        if not os.path.exists(source):
            raise MissingFileError(f"{ref} cannot be exported: its file {source} is gone")
        if os.path.lexists(place):
            if os.path.exists(place) and os.path.samefile(place, source):
                return  # it was linked there before
            raise ExistingFileError(
                f"{ref} cannot be exported to {place}, where there is a file already: export into"
                " an empty folder"
            )
        make = functools.partial(transfer_file, str(self._mode), source, place)
        if recorded.member is not None:
            make = functools.partial(extract_member, source, recorded, ref)
        try:
            self._placed.stage(place, make)
        except ButlerUserError:
            raise
        except OSError as error:
            raise DatasetWriteError(
                f"{ref} cannot be exported with transfer={self._mode!r} to {place}:"
                f" {error.strerror}"
            ) from error


def _path_of_member(recorded: RecordedPath) -> str:
    """Return the path of a file that is made of a member: in a folder named after its Zip file."""
    name = recorded.name
    if leaves_root(name):
        raise FileTemplateError(f"{recorded} cannot be exported: {name!r} would leave the folder")
    file = recorded.file
    if "://" in file:
        file = place_of_zip(file.rpartition("/")[2])
    return f"{os.path.splitext(file)[0]}/{name}"


def _only(ref: DatasetRef, known: Mapping[uuid.UUID, Sequence[StoredFile]]) -> StoredFile:
    stored = known.get(ref.id, ())
    if len(stored) == 1:
        return stored[0]
    if not stored:
        raise MissingFileError(f"{ref} cannot be exported: there is no record of a file of it")
    parts = ", ".join(sorted(str(one.component) for one in stored))
    raise TransferError(f"{ref} is stored in parts ({parts}), which cannot be exported")
