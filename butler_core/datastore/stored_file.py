"""The record of a stored file, and what a datastore asks of the table of them."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

__all__ = ["FileRecords", "NewFile", "StoredFile", "TrashedFile"]

_Id = TypeVar("_Id", bound=uuid.UUID | str)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One row of ``file_datastore_records``.

    Parameters
    ----------
    dataset_id : `uuid.UUID`
        The dataset that the file holds.
    path : `str`
        Path of the file, relative to the root, with forward slashes, or its
        URI; and the member of it that is meant, see `RecordedPath`.
    formatter : `str`
        Full name of LSST's formatter class for the file.
    storage_class : `str`
        Name of the storage class the file was written with.
    component : `str` or `None`
        The component the file holds; `None` for a whole dataset.
    checksum : `str` or `None`
        Hexadecimal checksum of the file, if one was taken.
    file_size : `int`
        Size of the file in bytes.
    """

    dataset_id: uuid.UUID
    path: str
    formatter: str
    storage_class: str
    component: str | None
    checksum: str | None
    file_size: int


class NewFile(NamedTuple):
    """A row to be added; see `StoredFile`, of which many take longer to make."""

    dataset_id: uuid.UUID | str
    """The dataset, or the hexadecimal digits of its id."""

    path: str
    formatter: str
    storage_class: str
    component: str | None
    checksum: str | None
    file_size: int


@dataclass(frozen=True, slots=True)
class TrashedFile:
    """A file of datasets that were removed.

    Parameters
    ----------
    path : `str`
        Path of the file, as in `StoredFile`, but without a member of it.
    is_shared : `bool`
        Whether a dataset that is stored has its file at this path, or in it.
    """

    path: str
    is_shared: bool

    @property
    def is_elsewhere(self) -> bool:
        """Whether the path is a URI: the file was not made by the datastore, and is not its own."""
        return "://" in self.path


class FileRecords(Protocol):
    """The table of stored files, in the transactions of its database."""

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Return a context within which all writes happen, or none."""

    def require_writeable(self) -> None:
        """Raise `ReadOnlyError` if records cannot be written."""

    def insert(self, files: Iterable[StoredFile | NewFile]) -> None:
        """Add the records of new files."""

    def fetch(self, dataset_id: uuid.UUID) -> list[StoredFile]:
        """Return the records of one dataset."""

    def fetch_many(self, dataset_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[StoredFile]]:
        """Return the records of some datasets, by dataset; those without have none."""

    def known(self, dataset_ids: Iterable[_Id]) -> Set[_Id]:
        """Return those of some datasets that have records, as they were given."""

    def claims(self, paths: Iterable[str]) -> Mapping[str, uuid.UUID | None]:
        """Return those of some files that records name, with a dataset that is there or in it.

        `None`, if only datasets in the trash are.
        """

    def recorded(self) -> Iterator[tuple[str, uuid.UUID]]:
        """Yield what is recorded of each dataset, but for those in the trash, and it, by path."""

    def owners(self, path: str) -> list[uuid.UUID]:
        """Return the datasets whose records name a file, but for those in the trash."""

    def trash(self, dataset_ids: Iterable[uuid.UUID | str]) -> list[TrashedFile]:
        """Move the records of datasets to the trash, and return the files they name.

        An id may be given by its hexadecimal digits.
        """

    def trashed_paths(self) -> list[str]:
        """Return the paths of the files in the trash, each once."""

    def trashed(self, paths: Iterable[str]) -> list[TrashedFile]:
        """Return those of some files that are in the trash."""

    def may_return(self, path: str) -> bool:
        """Whether a file went to the trash in a transaction that may yet be undone."""

    def discard(self, files: Iterable[TrashedFile]) -> None:
        """Remove the records of files from the trash."""

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Call ``undo`` if the current transaction rolls back; outside one, never."""

    def on_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` after the current transaction commits; outside one, at once."""
