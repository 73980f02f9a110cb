"""Files of removed datasets, on their way out."""

from __future__ import annotations

import itertools
import os
import uuid
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from butler_core.errors import DatasetWriteError, FileTemplateError, RepositoryLockedError

from .atomic_write import remove_empty_directories
from .locations import leaves_root
from .stored_file import FileRecords, TrashedFile

__all__ = ["FileTrash"]

_PAGE = 1000  # files, which are removed while nobody else can write


class FileTrash:
    """Removes the files of datasets once nothing can bring them back.

    The record of a file goes to the trash in the transaction that removes the
    dataset. The file itself goes when that has committed, and its record with
    it, so that one whose process was killed in between is removed by the next.

    Parameters
    ----------
    root : `~pathlib.Path`
        Folder that holds the files.
    records : `FileRecords`
        The table of files.
    """

    def __init__(self, root: Path, records: FileRecords) -> None:
        self._root = root
        self._records = records

    def add(self, dataset_ids: Iterable[uuid.UUID | str]) -> None:
        """Remove the files of datasets when the transaction has committed.

        Datasets without files are passed over.

        Raises
        ------
        DatasetWriteError
            A file is in a folder from which nothing can be removed.
        FileTemplateError
            A file is outside of the root.
        """
        with self._records.transaction():
            files = self._records.trash(dataset_ids)
            if files:
                self._refuse_outside(files)
                self._refuse_unwriteable(files)
                self._records.on_commit(self.empty)

    def _refuse_outside(self, files: Iterable[TrashedFile]) -> None:
        for file in files:
            if not file.is_elsewhere and leaves_root(file.path):
                raise FileTemplateError(
                    f"A dataset that is to be removed has its file at {file.path!r}, which is"
                    f" outside of {self._root}"
                )

    def _refuse_unwriteable(self, files: Iterable[TrashedFile]) -> None:
        for folder in {self._path(file).parent for file in files if not file.is_elsewhere}:
            if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
                raise DatasetWriteError(
                    f"nothing was removed: {folder} is not writeable, and holds files of datasets"
                    " that are to be removed"
                )

    def empty(self) -> None:
        """Remove the files that are in the trash, and the folders that become empty.

        Those that cannot be removed stay in the trash, for the next time.

        Warns
        -----
        UserWarning
            If some cannot be removed.
        """
        left: dict[str, str] = {}
        try:
            self._records.require_writeable()
            waiting = iter(self._records.trashed_paths())
            while paths := list(itertools.islice(waiting, _PAGE)):
                self._empty_some(paths, left)
        except RepositoryLockedError as error:
            _warn(f"files of datasets that were removed are left for the next removal: {error}")
        for path, reason in left.items():
            _warn(
                f"the dataset was removed, but its file {self._root / path} cannot be ({reason}):"
                " the next removal tries again"
            )

    def _empty_some(self, paths: Iterable[str], left: dict[str, str]) -> None:
        """Remove some files, but for those that are left, with the reason."""
        # Nobody can store a dataset at one of the paths meanwhile.
        with self._records.transaction():
            files = self._records.trashed(paths)
            left |= self._unlinked(files)
            self._records.discard([file for file in files if file.path not in left])

    def _unlinked(self, files: Sequence[TrashedFile]) -> dict[str, str]:
        """Remove files, and return those that cannot be, with the reason."""
        left = {}
        folders = set()
        for file in files:
            if file.is_shared or file.is_elsewhere or leaves_root(file.path):
                continue
            path = self._path(file)
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                pass
            except OSError as error:
                left[file.path] = error.strerror or type(error).__name__
            folders.add(path.parent)
        for folder in folders:
            remove_empty_directories(folder, self._root)
        return left

    def _path(self, file: TrashedFile) -> Path:
        return self._root / file.path


def _warn(text: str) -> None:
    warnings.warn(text, stacklevel=2)
