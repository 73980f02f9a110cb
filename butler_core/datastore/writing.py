"""Writing datasets to files of their own."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from butler_core.errors import (
    ButlerUserError,
    ConflictingDefinitionError,
    DatasetTypeNotSupportedError,
    DatasetWriteError,
)

from .atomic_write import StagedFile, staged
from .locations import FileLocations
from .reading import described
from .stored_file import FileRecords, StoredFile

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef

    from .formatter_factory import FormatterFactory
    from .templates import FileTemplates

__all__ = ["FileWriter", "StagedDataset"]


@dataclasses.dataclass(frozen=True, slots=True)
class StagedDataset:
    """A dataset that was written, and is not stored yet."""

    ref: DatasetRef
    stored: StoredFile
    file: StagedFile


class FileWriter:
    """Writes datasets to files, which appear whole or not at all.

    Parameters
    ----------
    locations : `FileLocations`
        Where files are.
    records : `FileRecords`
        The table of files.
    templates : `FileTemplates`
        How files are named.
    formatters : `FormatterFactory`
        How files are written.
    """

    def __init__(
        self,
        locations: FileLocations,
        records: FileRecords,
        templates: FileTemplates,
        formatters: FormatterFactory,
    ) -> None:
        self._locations = locations
        self._records = records
        self._templates = templates
        self._formatters = formatters

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
        name, recipe = self._formatters.name_for(ref)
        formatter = self._formatters.formatter(name, storage_class, ref, recipe=recipe)
        relative = self._free_path(self._templates.path(ref), formatter.extension)
        path = self._locations.path_of(relative, ref)
        if path.exists():  # else `place` asks, which it has to do anyway
            self._refuse_taken(relative, path, ref)
        with contextlib.ExitStack() as stack:
            try:
                write = functools.partial(formatter.write, obj)
                file = stack.enter_context(staged(path, write))
            except ButlerUserError:
                raise
            except Exception as error:
                raise DatasetWriteError(
                    f"{ref} cannot be written to {path} with {name}: {described(error)}"
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
