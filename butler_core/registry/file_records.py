"""The datastore's tables in the registry's database."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ..dataset_id import uuid7_digits
from ..datastore.recorded_path import IN_ZIP, file_of
from ..datastore.stored_file import NewFile, StoredFile, TrashedFile
from .database import Database
from .schema import NULL_COMPONENT
from .transactions import Transaction

__all__ = ["DatabaseFileRecords"]

DATASTORE_NAME = "FileDatastore@<butlerRoot>"
"""The name of the datastore in the format, ``<butlerRoot>`` being meant literally."""

_Id = TypeVar("_Id", bound=uuid.UUID | str)

_COLUMNS = "dataset_id, path, formatter, storage_class, component, checksum, file_size"
_TRASH = "SELECT dataset_id FROM dataset_location_trash WHERE datastore_name = :datastore"
_PARAMETERS = 900  # of a statement; SQLite's oldest builds take 999
_PAST_ZIP = f"{IN_ZIP[:-1]}{chr(ord(IN_ZIP[-1]) + 1)}"
"""What comes after the paths of all members of a file, in order."""

_OF_FILES = (
    "WITH wanted (name) AS (VALUES {0})"
    " SELECT name, dataset_id, path FROM wanted"
    " JOIN file_datastore_records ON path = name"
    " UNION ALL SELECT name, dataset_id, path FROM wanted"
    f" JOIN file_datastore_records ON path >= name || '{IN_ZIP}' AND path < name || '{_PAST_ZIP}'"
)
_IS_TRASHED = (
    "EXISTS (SELECT 1 FROM dataset_location_trash AS trash"
    " WHERE trash.datastore_name = :datastore AND trash.dataset_id = file.dataset_id)"
)


class DatabaseFileRecords:
    """Records of files in ``file_datastore_records`` and ``dataset_location``.

    Those in the trash are named by ``dataset_location_trash`` instead, by an id
    of their own: the dataset may be stored anew before the trash is emptied.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def transaction(self) -> Transaction:
        """Return a context within which all writes happen, or none."""
        return self._database.transaction()

    def require_writeable(self) -> None:
        """Raise `ReadOnlyError` if the database was opened for reading."""
        self._database.require_writeable()

    def insert(self, files: Iterable[StoredFile | NewFile]) -> None:
        """Add the records of new files."""
        files = list(files)
        encode = self._database.encode_uuid
        with self._database.transaction():
            ids = [encode(file.dataset_id) for file in files]
            self._database.insert(
                "INSERT INTO dataset_location (datastore_name, dataset_id)"
                " VALUES (:name, :id) ON CONFLICT DO NOTHING",
                [(DATASTORE_NAME, id) for id in ids],
            )
            self._database.insert(
                f"INSERT INTO file_datastore_records ({_COLUMNS}) VALUES (:id, :path, :formatter,"
                " :storage_class, :component, :checksum, :file_size)",
                [
                    (
                        id,
                        file.path,
                        file.formatter,
                        file.storage_class,
                        file.component or NULL_COMPONENT,
                        file.checksum,
                        file.file_size,
                    )
                    for id, file in zip(ids, files, strict=True)
                ],
            )

    def fetch(self, dataset_id: uuid.UUID) -> list[StoredFile]:
        """Return the records of one dataset."""
        rows = self._database.query(
            f"SELECT {_COLUMNS} FROM file_datastore_records WHERE dataset_id = :id",
            (self._database.encode_uuid(dataset_id),),
        )
        return [_stored_file(dataset_id, row) for row in rows]

    def fetch_many(self, dataset_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[StoredFile]]:
        """Return the records of some datasets, by dataset; those without have none."""
        found: dict[uuid.UUID, list[StoredFile]] = {}
        by_id = {self._database.encode_uuid(one): one for one in dataset_ids}
        statement = f"SELECT {_COLUMNS} FROM file_datastore_records WHERE dataset_id"
        for row in self._select_any(statement, by_id):
            dataset_id = by_id[row[0]]
            found.setdefault(dataset_id, []).append(_stored_file(dataset_id, row))
        return found

    def known(self, dataset_ids: Iterable[_Id]) -> set[_Id]:
        """Return those of some datasets that have records, as they were given."""
        by_id = {self._database.encode_uuid(one): one for one in dataset_ids}
        rows = self._select_any(
            "SELECT dataset_id FROM file_datastore_records WHERE dataset_id", by_id
        )
        return {by_id[row[0]] for row in rows}

    def claims(self, paths: Iterable[str]) -> dict[str, uuid.UUID | None]:
        """Return those of some files that records name, with a dataset that is there or in it.

        `None`, if only datasets in the trash are.
        """
        trashed = {row[0] for row in self._database.query(_TRASH, (DATASTORE_NAME,))}
        found: dict[str, uuid.UUID | None] = {}
        for path, dataset_id in self._of_files("name, dataset_id", paths):
            if dataset_id not in trashed:
                found[path] = uuid.UUID(str(dataset_id))
            else:
                found.setdefault(path, None)
        return found

    def _select_any(
        self, statement: str, values: Iterable[Any], after: str = "", *others: object
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, completed by ``IN``, for values of its last column.

        Before the values come ``others``, the values of parameters that the statement has.
        """
        waiting = iter(values)
        while chunk := tuple(itertools.islice(waiting, _PARAMETERS)):
            places = ", ".join(f":value_{place}" for place in range(len(chunk)))
            yield from self._database.query(f"{statement} IN ({places}){after}", (*others, *chunk))

    def _of_files(
        self,
        columns: str,
        files: Iterable[str],
        rest: str = "",
        after: tuple[object, ...] = (),
        before: tuple[object, ...] = (),
    ) -> Iterator[tuple[Any, ...]]:
        """Yield columns of the records of some files, and of members of them; a file is ``name``.

        ``before`` and ``after`` are values of parameters that ``columns`` and
        the ``rest`` of the statement have.
        """
        waiting = iter(files)
        while chunk := tuple(itertools.islice(waiting, _PARAMETERS)):
            places = ", ".join(f"(:value_{place})" for place in range(len(chunk)))
            statement = f"SELECT {columns} FROM ({_OF_FILES.format(places)}) AS file {rest}"
            yield from self._database.query(statement, (*before, *chunk, *after))

    def recorded(self) -> Iterator[tuple[str, uuid.UUID]]:
        """Yield what is recorded of each dataset, but for those in the trash, and it, by path."""
        rows = self._database.stream(
            "SELECT path, dataset_id FROM file_datastore_records AS file"
            f" WHERE NOT {_IS_TRASHED} ORDER BY path, dataset_id",
            (DATASTORE_NAME,),
        )
        for path, dataset_id in rows:
            yield path, uuid.UUID(str(dataset_id))

    def owners(self, path: str) -> list[uuid.UUID]:
        """Return the datasets whose records name a file, but for those in the trash."""
        rows = self._database.query(
            "SELECT dataset_id FROM file_datastore_records AS file"
            f" WHERE (path = :path OR path >= :first AND path < :last) AND NOT {_IS_TRASHED}",
            (path, f"{path}{IN_ZIP}", f"{path}{_PAST_ZIP}", DATASTORE_NAME),
        )
        return [uuid.UUID(str(row[0])) for row in rows]

    def trash(self, dataset_ids: Iterable[uuid.UUID | str]) -> list[TrashedFile]:
        """Move the records of datasets to the trash, and return the files they name."""
        encode = self._database.encode_uuid
        given = list(dict.fromkeys(map(encode, dataset_ids)))
        with self._database.transaction():
            stored: dict[Any, None] = {}
            for table in ("file_datastore_records", "dataset_location"):
                rows = self._select_any(f"SELECT dataset_id FROM {table} WHERE dataset_id", given)
                stored.update(dict.fromkeys(row[0] for row in rows))
            new_ids = [encode(digits) for digits in uuid7_digits(len(stored))]
            renamed = list(zip(new_ids, stored, strict=True))
            self._database.execute(
                "INSERT INTO dataset_location_trash (datastore_name, dataset_id)"
                " SELECT DISTINCT :name, :new FROM file_datastore_records WHERE dataset_id = :old",
                [(DATASTORE_NAME, new, old) for new, old in renamed],
            )
            self._database.execute(
                "UPDATE file_datastore_records SET dataset_id = :new WHERE dataset_id = :old",
                renamed,
            )
            # LSST's Butler keeps a dataset's id in the trash, which must not name what comes.
            for table in ("dataset_location", "dataset_location_trash"):
                self._database.execute(
                    f"DELETE FROM {table} WHERE dataset_id = :old", [(old,) for old in stored]
                )
            paths = "SELECT DISTINCT path FROM file_datastore_records WHERE dataset_id"
            return self.trashed({file_of(row[0]) for row in self._select_any(paths, new_ids)})

    def trashed_paths(self) -> list[str]:
        """Return the paths of the files in the trash, each once."""
        rows = self._database.query(
            "SELECT DISTINCT file.path FROM dataset_location_trash AS trash"
            " JOIN file_datastore_records AS file ON file.dataset_id = trash.dataset_id"
            " WHERE trash.datastore_name = :datastore ORDER BY file.path",
            (DATASTORE_NAME,),
        )
        return list(dict.fromkeys(file_of(row[0]) for row in rows))

    def trashed(self, paths: Iterable[str]) -> list[TrashedFile]:
        """Return those of some files that are in the trash."""
        rows = self._of_files(
            f"name, {_IS_TRASHED}", paths, "GROUP BY name, 2 ORDER BY name", (), (DATASTORE_NAME,)
        )
        states: dict[str, set[int]] = {}
        for path, is_trashed in rows:
            states.setdefault(path, set()).add(is_trashed)
        return [TrashedFile(path, 0 in state) for path, state in states.items() if 1 in state]

    def may_return(self, path: str) -> bool:
        """Whether a file went to the trash in a transaction that may yet be undone."""
        return bool(self._database.transactions.depth) and bool(
            self._database.query(
                "SELECT 1 FROM file_datastore_records AS file"
                f" WHERE path = :path AND {_IS_TRASHED}",
                (path, DATASTORE_NAME),
            )
        )

    def discard(self, files: Iterable[TrashedFile]) -> None:
        """Remove the records of files from the trash."""
        with self._database.transaction():
            names = [file.path for file in files]
            where = f"WHERE {_IS_TRASHED}"
            rows = list(self._of_files("dataset_id, path", names, where, (DATASTORE_NAME,)))
            ids = {dataset_id for dataset_id, _ in rows}
            self._database.execute(
                # By the dataset: of many that share a file, the index of the path finds all.
                "DELETE FROM file_datastore_records WHERE dataset_id = :id AND path || '' = :path",
                rows,
            )
            # A dataset of several files is in the trash as long as one of them is.
            self._database.execute(
                "DELETE FROM dataset_location_trash WHERE datastore_name = :datastore"
                " AND dataset_id = :id AND NOT EXISTS"
                " (SELECT 1 FROM file_datastore_records WHERE dataset_id = :id)",
                [(DATASTORE_NAME, id, id) for id in ids],
            )

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Call ``undo`` if the current transaction rolls back; outside one, never."""
        self._database.transactions.on_rollback(undo)

    def on_commit(self, action: Callable[[], None]) -> None:
        """Call ``action`` after the current transaction commits; outside one, at once."""
        self._database.transactions.after_commit(action)


def _stored_file(dataset_id: uuid.UUID, row: tuple[Any, ...]) -> StoredFile:
    _, path, formatter, storage_class, component, checksum, file_size = row
    return StoredFile(
        dataset_id,
        path,
        formatter,
        storage_class,
        None if component == NULL_COMPONENT else component,
        checksum,
        -1 if file_size is None else file_size,
    )
