"""Files of a datastore that go into an export, or stay where they are for it."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from butler_core.errors import (
    DatasetWriteError,
    ExistingFileError,
    MissingFileError,
    TransferError,
)

from .file_uri import extension_of
from .locations import FileLocations
from .placing import PlacedFiles
from .stored_file import FileRecords, StoredFile
from .transfer_modes import MAKES_A_FILE, check_mode, transfer_file

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
        self._made: set[str] = set()

    @contextlib.contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Remove what is put into the folder in the context, if it fails."""
        self._placed = PlacedFiles()
        self._calls.append(self._placed)
        before = self._made
        self._made = set(before)
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
        if self._mode not in MAKES_A_FILE:
            return stored.path if is_uri else source.absolute().as_uri()
        path = stored.path
        if is_uri:
            path = self._templates.path(ref) + extension_of(stored.path)
        if path not in self._made:
            self._place(ref, str(source), path)
            self._made.add(path)
        return path

    def _place(self, ref: DatasetRef, source: str, path: str) -> None:
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
        try:
            self._placed.stage(place, make)
        except OSError as error:
            raise DatasetWriteError(
                f"{ref} cannot be exported with transfer={self._mode!r} to {place}:"
                f" {error.strerror}"
            ) from error


def _only(ref: DatasetRef, known: Mapping[uuid.UUID, Sequence[StoredFile]]) -> StoredFile:
    stored = known.get(ref.id, ())
    if len(stored) == 1:
        return stored[0]
    if not stored:
        raise MissingFileError(f"{ref} cannot be exported: there is no record of a file of it")
    parts = ", ".join(sorted(str(one.component) for one in stored))
    raise TransferError(f"{ref} is stored in parts ({parts}), which cannot be exported")
