"""The datastore's tables in the registry's database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from ..datastore.stored_file import StoredFile
from .database import Database
from .schema import NULL_COMPONENT

__all__ = ["DatabaseFileRecords"]

DATASTORE_NAME = "FileDatastore@<butlerRoot>"
"""The name of the datastore in the format, ``<butlerRoot>`` being meant literally."""

_COLUMNS = "dataset_id, path, formatter, storage_class, component, checksum, file_size"


class DatabaseFileRecords:
    """Records of files in ``file_datastore_records`` and ``dataset_location``.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, files: Iterable[StoredFile]) -> None:
        """Add the records of new files."""
        files = list(files)
        encode = self._database.encode_uuid
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO dataset_location (datastore_name, dataset_id)"
                " VALUES (:name, :id) ON CONFLICT DO NOTHING",
                [(DATASTORE_NAME, encode(file.dataset_id)) for file in files],
            )
            self._database.execute(
                f"INSERT INTO file_datastore_records ({_COLUMNS}) VALUES (:id, :path, :formatter,"
                " :storage_class, :component, :checksum, :file_size)",
                [
                    (
                        encode(file.dataset_id),
                        file.path,
                        file.formatter,
                        file.storage_class,
                        file.component or NULL_COMPONENT,
                        file.checksum,
                        file.file_size,
                    )
                    for file in files
                ],
            )

    def fetch(self, dataset_id: uuid.UUID) -> list[StoredFile]:
        """Return the records of one dataset."""
        rows = self._database.query(
            f"SELECT {_COLUMNS} FROM file_datastore_records WHERE dataset_id = :id",
            (self._database.encode_uuid(dataset_id),),
        )
        return [
            StoredFile(
                dataset_id,
                path,
                formatter,
                storage_class,
                None if component == NULL_COMPONENT else component,
                checksum,
                -1 if file_size is None else file_size,
            )
            for _, path, formatter, storage_class, component, checksum, file_size in rows
        ]

    def owners(self, path: str) -> list[uuid.UUID]:
        """Return the datasets whose records name a path."""
        rows = self._database.query(
            "SELECT dataset_id FROM file_datastore_records WHERE path = :path", (path,)
        )
        return [uuid.UUID(str(row[0])) for row in rows]

    def delete(self, dataset_ids: Iterable[uuid.UUID]) -> None:
        """Remove the records of datasets."""
        rows = [(self._database.encode_uuid(dataset_id),) for dataset_id in dataset_ids]
        with self._database.transaction():
            for table in ("file_datastore_records", "dataset_location"):
                self._database.execute(f"DELETE FROM {table} WHERE dataset_id = :id", rows)

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Call ``undo`` if the current transaction rolls back; outside one, never."""
        self._database.transactions.on_rollback(undo)

    def on_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` after the current transaction commits; outside one, at once."""
        self._database.transactions.after_commit(action)
