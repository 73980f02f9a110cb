"""What a user says shall be in an export, and its writing."""

from __future__ import annotations

import heapq
import itertools
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from ..collection import CollectionType
from ..dataset import DatasetRef
from ..datastore.atomic_write import write_atomically
from ..dimensions import DataCoordinate, DimensionElement, DimensionRecord
from ..errors import ArgumentError, DimensionValueError
from ..file_dataset import FileDataset
from ..registry.collections import CollectionRecord
from ..registry.memberships import MembershipReader
from ..timespan import Timespan
from .records import DatasetTypeDefinition, ExportedCollection
from .selection import RecordSelection, ReferredRecords
from .spool import FileSpool
from .writer import ExportWriter, file_text, record_writer

if TYPE_CHECKING:
    from ..datastore.exporting import FileExport
    from ..repository import Repository

__all__ = ["RepoExportContext"]

_TOGETHER = 2000  # datasets or data IDs

_T = TypeVar("_T")


class RepoExportContext:
    """What ``with butler.export(...) as export`` gives: says what shall be exported.

    Each call adds all that it is given, or fails and adds nothing. The file is
    written when the context ends; if it fails, there is none.

    Parameters
    ----------
    repository : `Repository`
        What is exported from.
    files : `FileExport`
        Puts the files of datasets where they shall be.
    """

    def __init__(self, repository: Repository, files: FileExport) -> None:
        self._repository = repository
        self._files = files
        self._selection = RecordSelection(repository)
        self._spool = FileSpool()
        self._collections: dict[str, CollectionRecord] = {}

    def saveCollection(self, name: str) -> None:
        """Export a collection.

        Runs are exported with the datasets in them. Of a tagged or calibration
        collection, those of its datasets that are exported; of a chain, the
        names of its children.

        Raises
        ------
        MissingCollectionError
            If there is none of that name.
        """
        self._collections[name] = self._repository.collections.get(name)

    def saveDimensionData(
        self,
        element: str | DimensionElement,
        records: Iterable[Mapping[str, Any] | DimensionRecord],
    ) -> None:
        """Export dimension records, which need not be in the repository.

        Parameters
        ----------
        element : `str` or `DimensionElement`
            What they are records of.
        records : `~collections.abc.Iterable`
            The records; see `DimensionRecord` for the fields of mappings.

        Raises
        ------
        DimensionNameError
            If there is no such element, or a key is missing in a record.
        DimensionValueError
            If a record is one of another element.
        """
        target = self._repository.universe[element]
        given = []
        for record in records:
            if isinstance(record, Mapping):
                record = target.RecordClass(**record)
            elif not isinstance(record, DimensionRecord):
                raise ArgumentError(
                    f"a record of {target.name!r} is given as a mapping of its fields or as a"
                    f" DimensionRecord, not as {record!r}"
                )
            elif record.definition != target:
                raise DimensionValueError(
                    f"a record of {record.definition.name!r} was given for {target.name!r}"
                )
            given.append(record)
        self._selection.add_records(target, given)

    def saveDataIds(
        self,
        dataIds: Iterable[DataCoordinate],
        *,
        elements: Iterable[str | DimensionElement] | None = None,
    ) -> None:
        """Export the dimension records that data IDs refer to.

        And those that are made together with these, such as the definition of
        a visit with its exposures.

        Parameters
        ----------
        dataIds : `~collections.abc.Iterable` [ `DataCoordinate` ]
            The data IDs.
        elements : `~collections.abc.Iterable` [ `str` ], optional
            Of which elements; of all, if not given.

        Raises
        ------
        DataIdValueError
            If a dimension's value has no record.
        DimensionNameError
            If there is no such element.
        """
        referred = ReferredRecords(self._repository, self._elements(elements))
        for page in _pages(dataIds):
            for one in page:
                if not isinstance(one, DataCoordinate):
                    raise ArgumentError(
                        "saveDataIds takes instances of DataCoordinate, as"
                        f" butler.registry.expandDataId returns them, not {one!r}"
                    )
            referred.add(page)
        self._selection.add_keys(referred.complete())

    def saveDatasets(
        self,
        refs: Iterable[DatasetRef],
        *,
        elements: Iterable[str | DimensionElement] | None = None,
        rewrite: Callable[[FileDataset], FileDataset] | None = None,
    ) -> None:
        """Export datasets, with their types, runs and dimension records.

        Parameters
        ----------
        refs : `~collections.abc.Iterable` [ `DatasetRef` ]
            The datasets, in any order; of a component, the whole. Those that
            are exported already are passed over.
        elements : `~collections.abc.Iterable` [ `str` ], optional
            Of which elements to export records; of all, if not given.
        rewrite : `~collections.abc.Callable`, optional
            Called with the `FileDataset` of each file, returns what is
            exported instead, with another path for instance.

        Raises
        ------
        MissingFileError
            If a dataset has no file.
        TransferError
            If a dataset is stored in parts.
        DatasetWriteError
            If a file cannot be put into the folder.
        """
        referred = ReferredRecords(self._repository, self._elements(elements))
        with self._spool.all_or_nothing(), self._files.all_or_nothing():
            for page in _pages(refs):
                new = self._new(page)
                referred.add(ref.dataId for ref in new)
                self._spool.add_ids(ref.id.hex for ref in new)
                self._spool.add_files(self._rows(new, rewrite))
            keys = referred.complete()
        self._selection.add_keys(keys)

    def _elements(self, given: Iterable[str | DimensionElement] | None) -> Set[str]:
        universe = self._repository.universe
        chosen = universe.elements if given is None else [universe[one] for one in given]
        return {element.name for element in chosen if element.has_own_table}

    def _new(self, refs: Sequence[DatasetRef]) -> list[DatasetRef]:
        """Return whole datasets that are not exported yet, each once."""
        whole: dict[str, DatasetRef] = {}
        for ref in refs:
            if not isinstance(ref, DatasetRef):
                raise ArgumentError(f"saveDatasets takes instances of DatasetRef, not {ref!r}")
            whole.setdefault(ref.id.hex, ref.makeCompositeRef() if ref.isComponent() else ref)
        known = self._spool.known(whole)
        return [ref for id, ref in whole.items() if id not in known]

    def _rows(
        self, refs: Sequence[DatasetRef], rewrite: Callable[[FileDataset], FileDataset] | None
    ) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield rows of the spool."""
        for ref, path, formatter in self._files.files(refs):
            if rewrite is not None:
                yield from _rewritten(rewrite, FileDataset(path, [ref], formatter=formatter))
                continue
            name, data_id = ref.datasetType.name, ref.dataId
            text = file_text(
                [(ref.id, data_id.required_values)], data_id.dimensions, path, formatter
            )
            yield name, ref.run, path, ref.id.hex, text

    def write(self, place: Path) -> None:
        """Write the export.

        Parameters
        ----------
        place : `~pathlib.Path`
            The file.
        """
        write_atomically(place, self._write)

    def close(self) -> None:
        """Forget what is to be exported."""
        self._spool.close()

    def _write(self, temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as stream:
            writer = ExportWriter(stream)
            writer.begin(self._repository.universe)
            for element, rows in self._selection.rows():
                writer.dimension(element.name, map(record_writer(element), rows))
            for _, run in self._spool.runs():
                self._collections[run] = self._repository.collections.get(run)
            for collection in _children_first(self._collections.values()):
                doc, children = collection.doc or None, collection.children
                writer.collection(
                    ExportedCollection(collection.name, collection.type, doc, children)
                )
            for (name, run), texts in self._spool.texts():
                writer.dataset_type(self._definition(name))
                writer.files(name, run, texts)
            self._write_associations(writer)
            writer.end()

    def _definition(self, name: str) -> DatasetTypeDefinition:
        kind = self._repository.dataset_types.get(name).dataset_type
        return DatasetTypeDefinition(
            name, tuple(kind.dimensions), kind.storageClass_name, kind.isCalibration()
        )

    def _write_associations(self, writer: ExportWriter) -> None:
        database, schema = self._repository.database, self._repository.schema
        members = MembershipReader(database, schema)
        names = dict.fromkeys(name for name, _ in self._spool.runs())
        types = [self._repository.dataset_types.get(name) for name in names]
        for collection in sorted(self._collections.values(), key=lambda one: one.name):
            if collection.type is CollectionType.TAGGED:
                found = (members.tagged(one, collection) for one in types)
                ids = self._exported(itertools.chain.from_iterable(found), lambda id: id)
                for first in ids:
                    tagged = map(UUID, itertools.chain([first], ids))
                    writer.tagged(collection.name, tagged)
            elif collection.type is CollectionType.CALIBRATION:
                # LSST's Butler wants each range once, with the datasets of all types.
                ranges = heapq.merge(
                    *(members.calibrations(one, collection) for one in types if one.calibs_table)
                )
                valid = self._exported(ranges, lambda row: row[2])
                for first_row in valid:
                    rows = itertools.chain([first_row], valid)
                    writer.calibrations(
                        collection.name,
                        (
                            (Timespan.from_nanoseconds(*bounds), (UUID(row[2]) for row in group))
                            for bounds, group in itertools.groupby(rows, lambda row: row[:2])
                        ),
                    )

    def _exported(self, rows: Iterable[_T], id_of: Callable[[_T], str]) -> Iterator[_T]:
        """Yield those of some rows whose datasets are exported."""
        for page in _pages(rows):
            known = self._spool.known(map(id_of, page))
            yield from (row for row in page if id_of(row) in known)


def _rewritten(
    rewrite: Callable[[FileDataset], FileDataset], given: FileDataset
) -> Iterator[tuple[str, str, str, str, str]]:
    file = rewrite(given)
    if not isinstance(file, FileDataset):
        raise ArgumentError(f"rewrite= returns a FileDataset, not {file!r}")
    formatter = file.formatter
    if isinstance(formatter, type):
        formatter = f"{formatter.__module__}.{formatter.__qualname__}"
    path = os.fspath(file.path)
    refs = sorted(file.refs)
    datasets = [(ref.id, ref.dataId.required_values) for ref in refs]
    text = file_text(datasets, refs[0].datasetType.dimensions, path, formatter)
    for name in dict.fromkeys(ref.datasetType.name for ref in refs):
        yield name, refs[0].run, path, refs[0].id.hex, text


def _pages(items: Iterable[_T]) -> Iterator[list[_T]]:
    waiting = iter(items)
    while page := list(itertools.islice(waiting, _TOGETHER)):
        yield page


def _children_first(collections: Iterable[CollectionRecord]) -> Iterator[CollectionRecord]:
    """Yield collections by name, chains after the others and after chains that they hold."""
    chains = {}
    for one in sorted(collections, key=lambda one: one.name):
        if one.type is CollectionType.CHAINED:
            chains[one.name] = one
        else:
            yield one
    while chains:
        ready = [one for one in chains.values() if chains.keys().isdisjoint(one.children)]
        for one in ready:
            yield chains.pop(one.name)
