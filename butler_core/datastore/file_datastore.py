"""Datasets in files under the root of a repository."""

from __future__ import annotations

import contextlib
import functools
import os
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .exporting import FileExport
from .file_uri import DatasetRefURIs, FileURI
from .ingesting import FileIngest
from .locations import FileLocations
from .reading import FileReader
from .receiving import FileReception, ForeignFile
from .recorded_path import IN_ZIP, RecordedPath
from .retrieving import retrieve_files
from .stored_file import FileRecords
from .transfer_modes import mode_of_ingest
from .trash import FileTrash
from .writing import FileWriter, StagedDataset
from .zip_ingesting import take_zip
from .zip_members import has_member
from .zipping import zip_retrieved

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef
    from butler_core.file_dataset import FileDataset
    from butler_core.storage_class import StorageClass, StorageClassFactory

    from .formatter_factory import FormatterFactory
    from .templates import FileTemplates
    from .zip_index import ZipIndex

__all__ = ["FileDatastore", "StagedDataset"]


class FileDatastore:
    """Keeps each dataset in a file of its own.

    Parameters
    ----------
    root : `~pathlib.Path`
        Folder that holds the files.
    records : `FileRecords`
        The table of files.
    templates : `FileTemplates`
        How files are named.
    formatters : `FormatterFactory`
        How files are read and written.
    storage_classes : `StorageClassFactory`
        What files hold.

    Notes
    -----
    A file is complete and on the disk before its record is inserted, so that a
    process that is killed leaves at most a file that no record names; the next
    put of that dataset replaces it. Symbolic links under the root are followed:
    they are the owner's way to place data on other disks.
    """

    name = "FileDatastore@<butlerRoot>"
    """The name that LSST's Butler gives the datastore in the database."""

    def __init__(
        self,
        root: Path,
        records: FileRecords,
        *,
        templates: FileTemplates,
        formatters: FormatterFactory,
        storage_classes: StorageClassFactory,
    ) -> None:
        self.root = Path(root)
        self.locations = FileLocations(self.root)
        self.formatters = formatters
        self.templates = templates
        self._records = records
        self._reader = FileReader(
            self.locations, records, formatters=formatters, storage_classes=storage_classes
        )
        self._writer = FileWriter(self.locations, records, templates, formatters)
        self._trash = FileTrash(self.root, records)

    def __repr__(self) -> str:
        return f"FileDatastore({str(self.root)!r})"

    def put(self, obj: Any, ref: DatasetRef) -> None:
        """Write a dataset to its file; parameters and errors are those of `staged`."""
        with self.staged(obj, ref) as dataset:
            self.place(dataset)

    def staged(self, obj: Any, ref: DatasetRef) -> contextlib.AbstractContextManager[StagedDataset]:
        """Write a dataset to a file that nobody sees yet; see `FileWriter.staged`."""
        return self._writer.staged(obj, ref)

    def place(self, dataset: StagedDataset) -> None:
        """Give a staged file its name and its record; see `FileWriter.place`."""
        self._writer.place(dataset)

    def mode_of_ingest(
        self, paths: Iterable[str | os.PathLike[str]], transfer: str | None
    ) -> str | None:
        """Return what a mode means for some files together; see `transfer_modes`."""
        inside = [self.locations.source(path).inside is not None for path in paths]
        return mode_of_ingest(transfer, inside)

    def formatter_of(self, dataset: FileDataset) -> str:
        """Return the name of the formatter that is to read a file.

        Raises
        ------
        UnknownFormatterError
            There is no formatter of the name that was given.
        DatasetTypeNotSupportedError
            None was given, and none is configured for the dataset.
        """
        if dataset.formatter is None:
            return self.formatters.name_for(dataset.refs[0])[0]
        return self.formatters.name_of(dataset.formatter)

    def ingest(
        self,
        datasets: Iterable[FileDataset],
        *,
        transfer: str | None,
        record_validation_info: bool = True,
        skip_existing: bool = False,
    ) -> int:
        """Take in files that others made; see `FileIngest` for parameters and errors.

        Within one transaction: if that fails, the files are as they were.
        """
        ingest = FileIngest(
            *(self.locations, self._records, self.templates, self.formatters),
            transfer=transfer,
            record_validation_info=record_validation_info,
            skip_existing=skip_existing,
        )
        return ingest.run(datasets)

    def ingest_zip(self, index: ZipIndex, *, transfer: str | None, dry_run: bool) -> None:
        """Take in a Zip file of datasets; see `take_zip` for parameters and errors.

        Within one transaction: if that fails, the files are as they were.
        """
        take_zip(self.locations, self._records, index, transfer=transfer, dry_run=dry_run)

    def exporting(self, directory: str | os.PathLike[str], transfer: str | None) -> FileExport:
        """Return what puts files into a folder for an export; see `FileExport`."""
        return FileExport(
            *(self.locations, self._records, self.templates),
            directory=os.fspath(directory),
            transfer=transfer,
        )

    def receive(
        self,
        files: Iterable[tuple[DatasetRef, Sequence[ForeignFile]]],
        *,
        transfer: str,
        is_there: Callable[[str, uuid.UUID], bool],
    ) -> None:
        """Take over the files of another datastore; see `FileReception`.

        Within one transaction: if that fails, the files are as they were.
        """
        reception = FileReception(
            *(self.locations, self._records, self.templates),
            transfer=transfer,
            is_there=is_there,
        )
        reception.run(files)

    def recorded(self) -> Iterator[tuple[str, uuid.UUID]]:
        """Yield what is recorded of where each dataset is, and the dataset, by path."""
        return self._records.recorded()

    def known(self, dataset_ids: Iterable[uuid.UUID]) -> Set[uuid.UUID]:
        """Return those of some datasets that have a record of a file."""
        return self._records.known(dataset_ids)

    def claims(self, paths: Iterable[str]) -> Mapping[str, uuid.UUID | None]:
        """Return those of some files that are recorded, with a dataset that is there or in it."""
        return self._records.claims(paths)

    def owners(self, path: str) -> list[uuid.UUID]:
        """Return the datasets whose file, or whose Zip file, is at a path."""
        return self._records.owners(path)

    def files_of(self, refs: Sequence[DatasetRef]) -> dict[uuid.UUID, list[ForeignFile]]:
        """Return the files of datasets, as another datastore takes them over, by dataset."""
        found = self._records.fetch_many(ref.id for ref in refs)
        return {
            dataset_id: [
                ForeignFile(stored, str(path), path.absolute().as_uri())
                for stored in some
                for path in [self.locations.path_of(stored.path, dataset_id)]
            ]
            for dataset_id, some in found.items()
        }

    def get(
        self,
        ref: DatasetRef,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        storage_class: StorageClass | str | None = None,
    ) -> Any:
        """Read a dataset, or a component of it; see `FileReader.get`."""
        return self._reader.get(
            ref, component=component, parameters=parameters, storage_class=storage_class
        )

    def knows(self, ref: DatasetRef) -> bool:
        """Whether there is a record of a file for a dataset."""
        return bool(self._records.fetch(ref.id))

    def exists(self, ref: DatasetRef) -> bool:
        """Whether there are records of files for a dataset, and these files."""
        files = self._records.fetch(ref.id)
        return bool(files) and all(self._is_there(file.path, ref) for file in files)

    def exist(self, refs: Iterable[DatasetRef]) -> dict[uuid.UUID, bool]:
        """Return what `exists` does of those of some datasets that have records, by dataset."""
        found = self._records.fetch_many(ref.id for ref in refs)
        return {
            dataset_id: all(self._is_there(file.path, dataset_id) for file in files)
            for dataset_id, files in found.items()
        }

    def _is_there(self, recorded: str, what: object) -> bool:
        path = self.locations.path_of(recorded, what)
        if IN_ZIP in recorded:
            return has_member(path, RecordedPath.parse(recorded))
        return path.is_file()

    def _uri(self, recorded: str, what: object) -> FileURI:
        return FileURI(
            self.locations.path_of(recorded, what), RecordedPath.parse(recorded).fragment
        )

    def getURI(
        self, ref: DatasetRef, *, component: str | None = None, predict: bool = False
    ) -> FileURI:
        """Return where the file of a dataset is.

        Parameters
        ----------
        ref : `DatasetRef`
            The dataset.
        component : `str`, optional
            Name of a component, which may have a file of its own.
        predict : `bool`, optional
            Whether to answer with the place where the file would be written,
            marked by the fragment ``predicted``, if it is not stored.

        Raises
        ------
        MissingFileError
            The dataset is not stored, and ``predict`` was not asked for.
        """
        component = component or ref.datasetType.component()
        if predict and not self.knows(ref):
            whole = ref.makeCompositeRef() if ref.isComponent() else ref
            name, _ = self.formatters.name_for(whole)
            formatter = self.formatters.formatter(name, whole.datasetType.storageClass, str(ref))
            relative = self.templates.path(whole) + formatter.extension
            return FileURI(self.locations.path_of(relative, ref), "predicted")
        stored, _ = self._reader.stored(ref, component)
        return self._uri(stored.path, ref)

    def getURIs(self, ref: DatasetRef, predict: bool = False) -> DatasetRefURIs:
        """Return where the files of a dataset are, and those of its parts if it is stored in such.

        Parameters and errors are those of `getURI`.
        """
        files = self._records.fetch(ref.id)
        component = ref.datasetType.component()
        if component is None and files and all(file.component for file in files):
            return DatasetRefURIs(
                None,
                {
                    str(file.component): self._uri(file.path, ref)
                    for file in sorted(files, key=lambda file: str(file.component))
                },
            )
        return DatasetRefURIs(self.getURI(ref, predict=predict))

    def retrieveArtifacts(
        self,
        refs: Iterable[DatasetRef],
        destination: str | os.PathLike[str],
        transfer: str = "auto",
        preserve_path: bool = True,
        overwrite: bool = False,
    ) -> list[FileURI]:
        """Put the files of datasets into a folder; see `retrieve_files`."""
        places = retrieve_files(
            self.locations,
            self._records,
            refs,
            destination,
            transfer=transfer,
            preserve_path=preserve_path,
            overwrite=overwrite,
        )
        return [FileURI(Path(place)) for place in places]

    def retrieve_zip(
        self, refs: Sequence[DatasetRef], destination: str | os.PathLike[str], overwrite: bool
    ) -> FileURI:
        """Put the files of datasets into a Zip file; see `zip_retrieved`."""
        retrieve = functools.partial(
            retrieve_files,
            self.locations,
            self._records,
            refs,
            transfer="auto",
            preserve_path=False,  # LSST's Butler finds no file in a folder of a Zip file
            add_prefix=True,
            overwrite=False,
        )
        return FileURI(zip_retrieved(retrieve, destination, overwrite=overwrite))

    def trash(self, dataset_ids: Iterable[uuid.UUID | str]) -> None:
        """Remove datasets: their records at once, their files after the commit.

        Datasets that are not stored, and files that are gone, are passed over;
        a file that other datasets have too stays for them, and so does one that
        was recorded by a URI. Folders that become empty go as well.

        Raises
        ------
        DatasetWriteError
            A file is in a folder from which nothing can be removed.
        FileTemplateError
            A file is outside of the root.
        """
        self._trash.add(dataset_ids)

    def emptyTrash(self) -> None:
        """Remove the files that processes that were killed left in the trash."""
        self._trash.empty()
