"""Loading of the pieces of an export into a registry."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence, Set
from typing import TYPE_CHECKING
from uuid import UUID

from ..collection import CollectionType
from ..dataset import DatasetRef, DatasetType
from ..datastore.locations import leaves_root
from ..datastore.transfer_modes import IN_PLACE
from ..dimensions.record import make_records
from ..errors import ConflictingDefinitionError, ExportFileError
from ..file_dataset import FileDataset
from ..registry.expansion import expand_many
from ..registry.memberships import MembershipReader
from .data_ids import references
from .records import (
    AssociatedDatasets,
    DatasetTypeDefinition,
    DimensionRecords,
    ExportedCollection,
    ExportedFiles,
    ExportPiece,
    FileRecord,
)

if TYPE_CHECKING:
    from ..repository import Repository

__all__ = ["ImportOptions", "PieceLoader"]


@dataclasses.dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an export is imported.

    Parameters
    ----------
    directory : `str` or `None`
        Folder that paths of files are relative to; the root of the repository,
        if there is none.
    transfer : `str` or `None`
        How files come into the repository.
    skip_dimensions : `~collections.abc.Set` [ `str` ]
        Elements whose records are not imported.
    record_validation_info : `bool`
        Whether the sizes of files are recorded.
    without_datastore : `bool`
        Whether the registry alone is written.
    """

    directory: str | None = None
    transfer: str | None = None
    skip_dimensions: Set[str] = frozenset()
    record_validation_info: bool = True
    without_datastore: bool = False

    @property
    def needs_records(self) -> bool:
        """Whether files may be given names, which are made of dimension records."""
        return not self.without_datastore and self.transfer not in IN_PLACE


class PieceLoader:
    """Writes the pieces of an export into a registry, and says which files belong to them.

    Parameters
    ----------
    repository : `Repository`
        Where to.
    options : `ImportOptions`
        How.
    """

    def __init__(self, repository: Repository, options: ImportOptions) -> None:
        self._repository = repository
        self._options = options
        self._members = MembershipReader(repository.database, repository.schema)
        root = options.directory or os.path.abspath(repository.datastore.root)  # noqa: PTH100
        self._prefix = f"{root}{os.sep}"
        self._formatters: dict[str, str] = {}

    def load(self, piece: ExportPiece) -> list[FileDataset]:
        """Write one piece; return the files that are to be ingested for it."""
        if isinstance(piece, ExportedFiles):
            return self._files(piece)
        if isinstance(piece, DimensionRecords):
            self._dimension(piece)
        elif isinstance(piece, ExportedCollection):
            self._collection(piece)
        elif isinstance(piece, DatasetTypeDefinition):
            self._dataset_type(piece)
        else:
            self._associations(piece)
        return []

    def _dimension(self, piece: DimensionRecords) -> None:
        element = self._repository.universe[piece.element]
        if piece.element in self._options.skip_dimensions:
            return
        records = make_records(element, piece.records)
        self._repository.records.insert(element, records, skip_existing=True)

    def _collection(self, piece: ExportedCollection) -> None:
        collections = self._repository.collections
        collections.register(piece.name, piece.type, piece.doc)
        is_chain = piece.type is CollectionType.CHAINED
        if is_chain and collections.get(piece.name).children != piece.children:
            collections.set_chain(piece.name, piece.children)

    def _dataset_type(self, piece: DatasetTypeDefinition) -> None:
        kind = DatasetType(
            piece.name,
            self._repository.universe.conform(piece.dimensions),
            piece.storage_class,
            isCalibration=piece.is_calibration,
        )
        self._repository.dataset_types.register(kind)

    def _files(self, piece: ExportedFiles) -> list[FileDataset]:
        repository = self._repository
        record = repository.dataset_types.get(piece.dataset_type)
        run = repository.collections.get(piece.run)
        refs = references(repository.records, record.dataset_type, run.name, piece.files)
        if self._options.needs_records:
            refs = self._expanded(refs)
        try:
            repository.datasets.import_refs(record, refs, run)
        except ConflictingDefinitionError:
            self._expanded(refs)  # which tells if a record is missing
            raise
        if self._options.without_datastore:
            return []
        rest = iter(refs)
        return [
            FileDataset.of_checked(
                self._path(file), [next(rest) for _ in file.ids], self._formatter(file.formatter)
            )
            for file in piece.files
        ]

    def _expanded(self, refs: Sequence[DatasetRef]) -> list[DatasetRef]:
        if not refs:
            return []
        given = [ref.dataId for ref in refs]
        data_ids = expand_many(self._repository.records, given, of_datasets=True)
        return [ref.expanded(one) for ref, one in zip(refs, data_ids, strict=True)]

    def _path(self, file: FileRecord) -> str:
        if file.path is None:
            raise ExportFileError(
                f"dataset {UUID(hex=file.ids[0])} has no path:"
                " import_(without_datastore=True) imports what the registry holds of it"
            )
        directory = self._options.directory
        if "://" in file.path or file.path.startswith("/"):
            return file.path
        if ".." in file.path and leaves_root(file.path):
            where = "the root of the repository" if directory is None else directory
            raise ExportFileError(
                f"the file of dataset {UUID(hex=file.ids[0])}, {file.path!r}, is outside of {where}"
            )
        return f"{self._prefix}{file.path}"

    def _formatter(self, name: str | None) -> str | None:
        if name is None:
            return None
        if name not in self._formatters:
            self._formatters[name] = self._repository.datastore.formatters.name_of(name)
        return self._formatters[name]

    def _associations(self, piece: AssociatedDatasets) -> None:
        repository = self._repository
        collection = repository.collections.get(piece.collection)
        ids = [UUID(hex=id) for id in piece.ids]
        found = repository.datasets.get_many(ids)
        for id in ids:
            if id not in found:
                raise ExportFileError(
                    f"collection {piece.collection!r} has dataset {id}, which is neither before"
                    " this in the file nor in the repository"
                )
        refs = [found[id] for id in ids]
        if piece.timespan is None:
            repository.datasets.associate(collection, refs)
            return
        new = []
        for dataset_type, group in DatasetRef.groupByType(refs).items():
            record = repository.dataset_types.get(dataset_type.name)
            known: Set[UUID] = set()
            if record.calibs_table is not None:
                known = self._members.certified(
                    record, collection, piece.timespan, (ref.id for ref in group)
                )
            new += [ref for ref in group if ref.id not in known]
        repository.calibrations.certify(collection, new, piece.timespan)
