"""Datasets in files under the root of a repository."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from butler_core.errors import (
    ButlerUserError,
    ConflictingDefinitionError,
    DatasetReadError,
    DatasetTypeNotSupportedError,
    DatasetWriteError,
    FileTemplateError,
    MissingFileError,
)

from .atomic_write import StagedFile, staged
from .file_uri import FileURI
from .stored_file import FileRecords, StoredFile
from .templates import leaves_root
from .trash import FileTrash

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef
    from butler_core.storage_class import StorageClass, StorageClassFactory

    from .formatter_factory import FormatterFactory
    from .templates import FileTemplates

__all__ = ["FileDatastore", "StagedDataset"]


@dataclasses.dataclass(frozen=True, slots=True)
class StagedDataset:
    """A dataset that was written, and is not stored yet."""

    ref: DatasetRef
    stored: StoredFile
    file: StagedFile


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
        self.formatters = formatters
        self.templates = templates
        self._records = records
        self._storage_classes = storage_classes
        self._trash = FileTrash(self.root, records)

    def __repr__(self) -> str:
        return f"FileDatastore({str(self.root)!r})"

    def put(self, obj: Any, ref: DatasetRef) -> None:
        """Write a dataset to its file; parameters and errors are those of `staged`."""
        with self.staged(obj, ref) as dataset:
            self.place(dataset)

    @contextlib.contextmanager
    def staged(self, obj: Any, ref: DatasetRef) -> Iterator[StagedDataset]:
        """Write a dataset to a file that nobody sees yet.

        Parameters
        ----------
        obj : `object`
            The dataset.
        ref : `DatasetRef`
            What it is, with an expanded data ID.

        Yields
        ------
        staged : `StagedDataset`
            To be given to `place`; if it is not, nothing is left of its file.

        Raises
        ------
        ConflictingDefinitionError
            The dataset is stored already, or its path is that of another.
        DatasetTypeNotSupportedError
            There is no formatter for it.
        DatasetWriteError
            The file cannot be written.
        FileTemplateError
            There is no usable template for its path.
        TypeError
            The object does not fit the storage class.
        """
        if ref.isComponent():
            raise DatasetTypeNotSupportedError(
                f"{ref} is a component; put the whole {ref.datasetType.nameAndComponent()[0]}"
            )
        storage_class = ref.datasetType.storageClass
        try:
            obj = storage_class.coerce_type(obj)
        except TypeError as error:
            raise TypeError(f"{ref} cannot be put: {error}") from error
        name, recipe = self.formatters.name_for(ref)
        formatter = self.formatters.formatter(name, storage_class, str(ref), recipe=recipe)
        relative = self._free_path(self.templates.path(ref), formatter.extension)
        path = self._absolute(relative, ref)
        self._refuse_taken(relative, path, ref)
        with contextlib.ExitStack() as stack:
            try:
                write = functools.partial(formatter.write, obj)
                file = stack.enter_context(staged(path, write))
            except ButlerUserError:
                raise
            except Exception as error:
                raise DatasetWriteError(
                    f"{ref} cannot be written to {path} with {name}: {_described(error)}"
                ) from error
            stored = StoredFile(ref.id, relative, name, storage_class.name, None, None, file.size)
            yield StagedDataset(ref, stored, file)

    def place(self, dataset: StagedDataset) -> None:
        """Give a staged file its name and its record, in the transaction that is open.

        Raises
        ------
        ConflictingDefinitionError
            Another dataset took the path meanwhile.
        """
        self._refuse_taken(dataset.stored.path, dataset.file.path, dataset.ref)
        undo = dataset.file.undo
        self._records.on_rollback(undo)  # first: a signal may come right after the file is there
        try:
            dataset.file.place()
            self._records.insert([dataset.stored])
        except BaseException:
            undo()
            raise

    def get(
        self,
        ref: DatasetRef,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        storage_class: StorageClass | str | None = None,
    ) -> Any:
        """Read a dataset, or a component of it.

        Parameters
        ----------
        ref : `DatasetRef`
            The dataset; a reference to a component asks for this component.
        component : `str`, optional
            Name of the component to return.
        parameters : `~collections.abc.Mapping`, optional
            Read parameters of the storage class.
        storage_class : `StorageClass` or `str`, optional
            What to return it as, if not what it is stored as.

        Raises
        ------
        MissingFileError
            There is no record of a file, or the file is gone.
        DatasetReadError
            The file cannot be read as what its record says.
        UnknownComponentError, UnknownParameterError
            The storage class has no such component or parameter.
        TypeError
            The dataset cannot be returned as ``storage_class``.
        """
        component = component or ref.datasetType.component()
        stored, separate = self._stored(ref, component)
        kept = self._storage_classes.getStorageClass(stored.storage_class)
        part = None if separate else component
        result_class = kept if part is None else kept.component(part)
        kept.validateParameters(parameters)
        wanted = self._wanted(ref, component, storage_class, result_class)
        obj = self._read(ref, stored, kept, wanted, part, parameters or {})
        if obj is None or wanted.name == result_class.name:
            return obj
        try:
            return wanted.coerce_type(obj)
        except TypeError as error:
            raise TypeError(f"{ref}: {error}") from error

    def knows(self, ref: DatasetRef) -> bool:
        """Whether there is a record of a file for a dataset."""
        return bool(self._records.fetch(ref.id))

    def exists(self, ref: DatasetRef) -> bool:
        """Whether there are records of files for a dataset, and these files."""
        files = self._records.fetch(ref.id)
        return bool(files) and all(self._absolute(file.path, ref).is_file() for file in files)

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
            return FileURI(self._absolute(relative, ref), "predicted")
        stored, _ = self._stored(ref, component)
        return FileURI(self._absolute(stored.path, ref))

    def trash(self, dataset_ids: Iterable[uuid.UUID]) -> None:
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

    def _absolute(self, relative: str, ref: DatasetRef) -> Path:
        if leaves_root(relative) or "://" in relative:
            raise FileTemplateError(
                f"The file of {ref} would be {relative!r}, which is outside of {self.root}"
            )
        return self.root / relative

    def _free_path(self, stem: str, extension: str) -> str:
        """Return a path; another than usual, if a file may have to be back there."""
        path, number = stem + extension, 1
        while self._records.may_return(path):
            number += 1
            path = f"{stem}-{number}{extension}"
        return path

    def _refuse_taken(self, relative: str, path: Path, ref: DatasetRef) -> None:
        if self._records.fetch(ref.id):
            raise ConflictingDefinitionError(
                f"{ref} is stored already: butler.pruneDatasets([ref], disassociate=False,"
                " unstore=True) removes its file"
            )
        if path.exists():
            owners = self._records.owners(relative)
            if owners:
                raise ConflictingDefinitionError(
                    f"{ref} would be written to {path}, which holds dataset {owners[0]}; "
                    "datastore.templates in butler.yaml must give them different paths"
                )

    def _stored(self, ref: DatasetRef, component: str | None) -> tuple[StoredFile, bool]:
        """Return the record to read, and whether the file is just the component's."""
        files = self._records.fetch(ref.id)
        if not files:
            raise MissingFileError(f"{ref} is not stored in {self.root}: no record of a file")
        whole = next((file for file in files if file.component is None), None)
        if whole is not None:
            return whole, False
        own = next((file for file in files if file.component == component), None)
        if own is not None:
            return own, True
        parts = ", ".join(sorted(str(file.component) for file in files))
        raise DatasetTypeNotSupportedError(
            f"{ref} is stored in parts ({parts}), which butler_core reads one by one: get "
            f"{ref.datasetType.nameAndComponent()[0]}.{files[0].component}, for instance"
        )

    def _wanted(
        self,
        ref: DatasetRef,
        component: str | None,
        override: StorageClass | str | None,
        result_class: StorageClass,
    ) -> StorageClass:
        if isinstance(override, str):
            return self._storage_classes.getStorageClass(override)
        if override is not None:
            return override
        if component is None or ref.isComponent():
            return ref.datasetType.storageClass
        return result_class

    def _read(
        self,
        ref: DatasetRef,
        stored: StoredFile,
        kept: StorageClass,
        wanted: StorageClass,
        component: str | None,
        parameters: Mapping[str, Any],
    ) -> Any:
        path = self._absolute(stored.path, ref)
        try:
            size = path.stat().st_size
        except OSError as error:
            raise MissingFileError(
                f"{ref} has no file any more: {path} cannot be found ({error.strerror})"
            ) from error
        if size != stored.file_size and stored.file_size >= 0:
            raise DatasetReadError(
                f"{ref} cannot be read: {path} has {size} bytes, not the {stored.file_size} "
                "that were stored"
            )
        formatter = self.formatters.formatter(stored.formatter, kept, str(ref))
        if component is None and wanted.pytype_name in formatter.interchangeable:
            formatter.storage_class = wanted
        try:
            return formatter.read(path, component=component, parameters=parameters)
        except DatasetReadError as error:  # a formatter's, which names the file alone
            raise DatasetReadError(f"{ref} cannot be read: {error}") from error
        except (ButlerUserError, MemoryError):
            raise
        except Exception as error:
            raise DatasetReadError(
                f"{ref} cannot be read from {path} with {stored.formatter}: {_described(error)}"
            ) from error


def _described(error: Exception) -> str:
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
