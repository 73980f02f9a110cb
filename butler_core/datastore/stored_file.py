"""The record of a stored file, and what a datastore asks of the table of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

__all__ = ["FileRecords", "StoredFile"]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One row of ``file_datastore_records``.

    Parameters
    ----------
    dataset_id : `uuid.UUID`
        The dataset that the file holds.
    path : `str`
        Path of the file, relative to the root, with forward slashes.
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


class FileRecords(Protocol):
    """The table of stored files, in the transactions of its database."""

    def insert(self, files: Iterable[StoredFile]) -> None:
        """Add the records of new files."""

    def fetch(self, dataset_id: uuid.UUID) -> list[StoredFile]:
        """Return the records of one dataset."""

    def owners(self, path: str) -> list[uuid.UUID]:
        """Return the datasets whose records name a path."""

    def delete(self, dataset_ids: Iterable[uuid.UUID]) -> None:
        """Remove the records of datasets."""

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Call ``undo`` if the current transaction rolls back; outside one, never."""

    def on_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` after the current transaction commits; outside one, at once."""
