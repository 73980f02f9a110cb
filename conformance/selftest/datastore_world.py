"""A datastore over a table of files in memory, and datasets to put into it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from butler_core.dataset import DatasetRef, DatasetType
from butler_core.datastore import FileDatastore, FileTemplates, FormatterFactory, StoredFile
from butler_core.datastore.recorded_path import file_of
from butler_core.datastore.stored_file import NewFile, TrashedFile
from butler_core.dimensions import DataCoordinate, DimensionUniverse
from butler_core.storage_class import StorageClassFactory

_Id = TypeVar("_Id", bound=uuid.UUID | str)

UNIVERSE = DimensionUniverse()
RECORDS: Mapping[str, Mapping[str, Any]] = {
    "instrument": {"name": "HSC", "visit_max": 9, "exposure_max": 9, "detector_max": 9}
    | {"class_name": "x.y"},
    "band": {"name": "r"},
    "physical_filter": {"instrument": "HSC", "name": "HSC/R 2#%é", "band": "r"},
    "detector": {"instrument": "HSC", "id": 5, "full_name": "0_05.x"},
    "day_obs": {"instrument": "HSC", "id": 20140101},
    "group": {"instrument": "HSC", "name": "g1"},
    "visit": {"instrument": "HSC", "id": 1, "name": "v1", "physical_filter": "HSC/R 2#%é"}
    | {"day_obs": 20140101},
    "exposure": {"instrument": "HSC", "id": 1, "obs_id": "HSCA0001", "group": "g1"}
    | {"physical_filter": "HSC/R 2#%é", "day_obs": 20140101},
}


class MemoryRecords:
    """`FileRecords` in a dict, with one transaction at a time."""

    def __init__(self) -> None:
        self.rows: dict[tuple[uuid.UUID, str | None], StoredFile] = {}
        self.bin: dict[str, StoredFile] = {}
        self.undone: list[Callable[[], None]] | None = None
        self.committed: list[Callable[[], None]] = []

    def require_writeable(self) -> None:
        pass

    def insert(self, files: Iterable[StoredFile | NewFile]) -> None:
        for file in files:
            owner = uuid.UUID(str(file.dataset_id))
            self.rows[owner, file.component] = StoredFile(
                owner,
                file.path,
                file.formatter,
                file.storage_class,
                file.component,
                file.checksum,
                file.file_size,
            )

    def fetch(self, dataset_id: uuid.UUID) -> list[StoredFile]:
        return [file for (owner, _), file in self.rows.items() if owner == dataset_id]

    def fetch_many(self, dataset_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[StoredFile]]:
        found = {one: self.fetch(one) for one in dataset_ids}
        return {one: files for one, files in found.items() if files}

    def known(self, dataset_ids: Iterable[_Id]) -> set[_Id]:
        return {one for one in dataset_ids if self.fetch(uuid.UUID(str(one)))}

    def claims(self, paths: Iterable[str]) -> dict[str, uuid.UUID | None]:
        wanted = set(paths)
        found: dict[str, uuid.UUID | None] = dict.fromkeys(
            wanted & {file_of(file.path) for file in self.bin.values()}
        )
        stored = {file_of(file.path): file.dataset_id for file in self.rows.values()}
        return found | {path: owner for path, owner in stored.items() if path in wanted}

    def recorded(self) -> Iterator[tuple[str, uuid.UUID]]:
        yield from sorted((file.path, file.dataset_id) for file in self.rows.values())

    def owners(self, path: str) -> list[uuid.UUID]:
        return [file.dataset_id for file in self.rows.values() if file_of(file.path) == path]

    def trash(self, dataset_ids: Iterable[uuid.UUID | str]) -> list[TrashedFile]:
        gone = set(dataset_ids)
        new = {uuid.uuid4().hex: file for key, file in self.rows.items() if key[0] in gone}
        self.bin |= new
        self.rows = {key: file for key, file in self.rows.items() if key[0] not in gone}
        return self.trashed({file_of(file.path) for file in new.values()})

    def trashed_paths(self) -> list[str]:
        return sorted({file_of(file.path) for file in self.bin.values()})

    def trashed(self, paths: Iterable[str]) -> list[TrashedFile]:
        known = set(self.trashed_paths())
        return [TrashedFile(path, bool(self.owners(path))) for path in paths if path in known]

    def may_return(self, path: str) -> bool:
        return self.undone is not None and any(file.path == path for file in self.bin.values())

    def discard(self, files: Iterable[TrashedFile]) -> None:
        gone = {file.path for file in files}
        self.bin = {id: file for id, file in self.bin.items() if file_of(file.path) not in gone}

    def on_rollback(self, undo: Callable[[], None]) -> None:
        if self.undone is not None:
            self.undone.append(undo)

    def on_commit(self, action: Callable[[], None]) -> None:
        if self.undone is None:
            action()
        else:
            self.committed.append(action)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        if self.undone is not None:
            yield
            return
        before = dict(self.rows), dict(self.bin)
        self.undone, self.committed = [], []
        try:
            yield
        except BaseException:
            self.rows, self.bin = before
            for undo in reversed(self.undone):
                undo()
            raise
        finally:
            self.undone = None
        for action in self.committed:
            action()


class World:
    """A datastore in an empty folder."""

    def __init__(
        self,
        root: Path,
        *,
        storage_classes: Mapping[str, Any] | None = None,
        formatters: Mapping[str, Any] | None = None,
    ) -> None:
        self.root = root
        self.records = MemoryRecords()
        self.storage_classes = StorageClassFactory(storage_classes)
        self.formatters = FormatterFactory(formatters)
        self.datastore = FileDatastore(
            root,
            self.records,
            templates=FileTemplates(),
            formatters=self.formatters,
            storage_classes=self.storage_classes,
        )

    def ref(
        self,
        name: str = "stats",
        storage_class: str = "StructuredDataDict",
        run: str = "u/me/run 1",
        **data_id: int | str,
    ) -> DatasetRef:
        """Make a reference whose data ID is expanded with `RECORDS`."""
        dataset_type = DatasetType(
            name,
            tuple(data_id),
            self.storage_classes.getStorageClass(storage_class),
            universe=UNIVERSE,
        )
        group = dataset_type.dimensions
        plain = DataCoordinate.standardize(data_id, dimensions=group)
        records = {
            element: UNIVERSE[element].RecordClass(**RECORDS[element])
            for element in group.elements
            if element in RECORDS
        }
        return DatasetRef(dataset_type, plain.expanded(records), run)

    def files(self) -> list[str]:
        """Return all files and folders under the root, sorted."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*"))
