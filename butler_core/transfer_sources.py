"""Other Butlers, as `Butler.transfer_from` takes datasets over from them."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from .dataset import DatasetRef, DatasetType
from .datastore.file_datastore import FileDatastore
from .datastore.locations import local_path
from .datastore.receiving import ForeignFile
from .datastore.recorded_path import RecordedPath, file_of
from .datastore.stored_file import StoredFile
from .dimensions import DataCoordinate, DimensionElement, DimensionRecord, DimensionUniverse
from .errors import ArgumentError, InconsistentUniverseError, TransferError
from .repository import Repository
from .transfers.selection import RecordSelection, ReferredRecords

__all__ = ["OtherSource", "RepositorySource", "TransferSource", "source_of"]

_TOGETHER = 10_000  # records, which are inserted together

_Files = Mapping[uuid.UUID, Sequence[ForeignFile]]
_Records = tuple[DimensionElement, Sequence[DimensionRecord]]


class TransferSource(Protocol):
    """What a Butler tells of its datasets to one that takes them over."""

    def refs(self, given: Iterable[Any]) -> list[DatasetRef]:
        """Return the datasets, with dimensions of the universe that they go to."""

    def files(self, refs: Sequence[DatasetRef]) -> _Files:
        """Return the files of datasets; those that have none may be left out."""

    def has_file(self, path: str, dataset_id: uuid.UUID) -> bool:
        """Whether a dataset has its file at a path relative to the root."""

    def documentation(self, run: str) -> str | None:
        """Return that of a run, if there is such a run."""

    def records(self, data_ids: Collection[DataCoordinate]) -> Iterator[_Records]:
        """Yield the dimension records of data IDs by element, those that others need first."""


class RepositorySource:
    """A repository of ours.

    Parameters
    ----------
    repository : `Repository`
        It.
    universe : `DimensionUniverse`
        What it is taken over to.
    """

    def __init__(self, repository: Repository, universe: DimensionUniverse) -> None:
        self._repository = repository
        self._universe = universe
        self._types: dict[DatasetType, DatasetType] = {}

    def refs(self, given: Iterable[Any]) -> list[DatasetRef]:
        """Return the datasets, with dimensions of the universe that they go to."""
        found = []
        for ref in given:
            if not isinstance(ref, DatasetRef):
                raise ArgumentError(
                    f"transfer_from takes instances of DatasetRef in a list, [ref], not {ref!r}"
                )
            found.append(self._conformed(ref))
        return found

    def _conformed(self, ref: DatasetRef) -> DatasetRef:
        dataset_type = ref.datasetType
        if dataset_type.dimensions.universe == self._universe:
            return ref
        here = self._types.get(dataset_type)
        if here is None:
            here = self._types[dataset_type] = _conformed(dataset_type, self._universe)
        data_id = DataCoordinate.from_required_values(here.dimensions, ref.dataId.required_values)
        return DatasetRef.from_row(here, data_id, ref.run, ref.raw_id)

    def files(self, refs: Sequence[DatasetRef]) -> _Files:
        """Return the files of datasets; those that have none are left out."""
        return self._repository.datastore.files_of(refs)

    def has_file(self, path: str, dataset_id: uuid.UUID) -> bool:
        """Whether a dataset has its file at a path relative to the root."""
        return dataset_id in self._repository.datastore.owners(path)

    def documentation(self, run: str) -> str | None:
        """Return that of a run, if there is such a run."""
        collections = self._repository.collections
        return collections.get(run).doc or None if run in collections else None

    def records(self, data_ids: Collection[DataCoordinate]) -> Iterator[_Records]:
        """Yield the dimension records of data IDs by element, those that others need first."""
        theirs = self._repository.universe
        elements = {one.name for one in self._universe.elements if one.has_own_table}
        referred = ReferredRecords(self._repository, elements)
        referred.add(
            data_id
            if data_id.universe == theirs
            else DataCoordinate.standardize(
                dict(data_id.required), dimensions=theirs.conform(data_id.dimensions.required)
            )
            for data_id in data_ids
        )
        selection = RecordSelection(self._repository)
        selection.add_keys(referred.complete())
        for there, rows in selection.rows():
            here = self._universe[there.name]
            made = (there.RecordClass.from_row(row) for row in rows)
            records = made if theirs == self._universe else _records_of(here, made)
            while page := list(itertools.islice(records, _TOGETHER)):
                yield here, page


class OtherSource:
    """A Butler that is not ours, but has Rubin's API.

    Parameters
    ----------
    butler : `object`
        It.
    universe : `DimensionUniverse`
        What it is taken over to.
    datastore : `FileDatastore`
        Tells which formatter reads files of which it is not known.
    """

    def __init__(self, butler: Any, universe: DimensionUniverse, datastore: FileDatastore) -> None:
        self._butler = butler
        self._universe = universe
        self._datastore = datastore
        self._given: dict[uuid.UUID, Any] = {}

    def refs(self, given: Iterable[Any]) -> list[DatasetRef]:
        """Return the datasets, as ours."""
        types: dict[Any, DatasetType] = {}
        found = []
        for ref in given:
            theirs = ref.datasetType
            if theirs not in types:
                types[theirs] = _conformed(theirs, self._universe)
            data_id = DataCoordinate.standardize(
                dict(ref.dataId.required), dimensions=types[theirs].dimensions
            )
            found.append(DatasetRef.from_row(types[theirs], data_id, ref.run, ref.id))
            self._given[ref.id] = ref
        return found

    def files(self, refs: Sequence[DatasetRef]) -> _Files:
        """Return the files of datasets; those that have none are left out."""
        source = getattr(self._butler, "_file_transfer_source", None)
        if source is not None:  # tells what was recorded of each file
            found = source.get_file_info_for_transfer([ref.id for ref in refs])
            return {
                ref.id: [_file(ref, str(one.location.uri), one.file_info) for one in found[ref.id]]
                for ref in refs
                if ref.id in found
            }
        stored = self._butler.stored_many([self._given[ref.id] for ref in refs])
        return {ref.id: self._located(ref) for ref in refs if stored[self._given[ref.id]]}

    def _located(self, ref: DatasetRef) -> list[ForeignFile]:
        primary, components = self._butler.getURIs(self._given[ref.id])
        formatter = self._datastore.formatters.name_for(ref)[0]
        parts = dict(components) if primary is None else {None: primary}
        found = []
        for component, uri in parts.items():
            kind = ref.makeComponentRef(component) if component else ref
            storage_class = kind.datasetType.storageClass_name
            place = RecordedPath.parse(str(uri))
            size = uri.size() if place.member is None else -1
            path = str(place._replace(file=""))  # which is not known
            stored = StoredFile(*(ref.id, path, formatter, storage_class, component, None, size))
            found.append(ForeignFile(stored, _path(ref, place.file), place.file))
        return found

    def has_file(self, path: str, dataset_id: uuid.UUID) -> bool:
        """Whether a dataset has its file at a path relative to the root."""
        source = getattr(self._butler, "_file_transfer_source", None)
        if source is None:
            return False
        found = source.get_file_info_for_transfer([dataset_id])
        return any(file_of(str(one.file_info.path)) == path for one in found.get(dataset_id, ()))

    def documentation(self, run: str) -> str | None:
        """Return that of a run."""
        text = self._butler.registry.getCollectionDocumentation(run)
        return None if text is None else str(text)

    def records(self, data_ids: Collection[DataCoordinate]) -> Iterator[_Records]:
        """Yield the dimension records of data IDs by element, those that others need first."""
        found: dict[str, dict[Any, Any]] = {}
        waiting = [dict(data_id.required) for data_id in data_ids]
        self._add(found, waiting)
        for element in self._universe.elements:
            source = element.populated_by
            if source not in found or element.name in found or element.name == source:
                continue
            records = self._populated(element, source, found[source])
            self._add(found, [dict(record.dataId.required) for record in records])
        for element in self._universe.elements:
            if element.name in found and element.has_own_table:
                yield element, list(_records_of(element, found[element.name].values()))

    def _add(self, found: dict[str, dict[Any, Any]], data_ids: Iterable[dict[str, Any]]) -> None:
        for data_id in data_ids:
            expanded = self._butler.registry.expandDataId(data_id)
            for name in expanded.dimensions.elements:
                record = expanded.records[name]
                if record is not None and name in self._universe:
                    key = tuple(record.dataId.required_values)
                    found.setdefault(name, {}).setdefault(key, record)

    def _populated(
        self, element: DimensionElement, source: str, sources: Mapping[Any, Any]
    ) -> Iterator[Any]:
        """Yield the records that are made together with others."""
        for record in sources.values():
            yield from self._butler.query_dimension_records(
                element.name, data_id=dict(record.dataId.required), explain=False
            )


def source_of(butler: Any, universe: DimensionUniverse, datastore: FileDatastore) -> TransferSource:
    """Return a Butler as what datasets are taken over from.

    Raises
    ------
    ArgumentError
        If it is no Butler.
    """
    repository = getattr(butler, "_repository", None)
    if isinstance(repository, Repository):
        return RepositorySource(repository, universe)
    if not (hasattr(butler, "getURIs") and hasattr(butler, "registry")):
        raise ArgumentError(f"transfer_from takes over from another Butler, not from {butler!r}")
    return OtherSource(butler, universe, datastore)


def _conformed(theirs: Any, universe: DimensionUniverse) -> DatasetType:
    """Return a dataset type with dimensions of another universe."""
    group, there = theirs.dimensions, theirs.dimensions.universe
    required, implied = tuple(group.required), tuple(group.implied)
    known = all(name in universe for name in (*required, *implied))
    here = universe.conform(required) if known and there.namespace == universe.namespace else None
    if here is None or (here.required, here.implied) != (required, implied):
        raise InconsistentUniverseError(
            f"dataset type {theirs.name!r} has dimensions {group} of universe"
            f" {there.namespace} {there.version}; in {universe.namespace} {universe.version},"
            f" {'there are no such' if here is None else f'they are {here}'}"
        )
    return DatasetType(
        theirs.name, here, theirs.storageClass_name, isCalibration=theirs.isCalibration()
    )


def _records_of(element: DimensionElement, records: Iterable[Any]) -> Iterator[DimensionRecord]:
    """Yield records of another universe or Butler as ours."""
    for record in records:
        yield element.RecordClass(**record.toDict(splitTimespan=True))


def _file(ref: DatasetRef, uri: str, info: Any) -> ForeignFile:
    stored = StoredFile(
        *(ref.id, str(info.path), str(info.formatter), str(info.storage_class_name)),
        *(info.component, info.checksum, int(info.file_size)),
    )
    uri = file_of(uri)
    return ForeignFile(stored, _path(ref, uri), uri)


def _path(ref: DatasetRef, uri: str) -> str:
    path = local_path(uri)
    if path is None:
        raise TransferError(f"the file of {ref} is {uri}; butler_core reads local files alone")
    return path
