"""Files that others made, taken into a datastore in bulk."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Iterable, Sequence, Set
from typing import TYPE_CHECKING

from butler_core.errors import ComponentError, ConflictingDefinitionError, DatasetWriteError

from .arrivals import Arrival, FileArrivals, Held
from .file_uri import extension_of
from .locations import FileLocations, SourceFile
from .recorded_path import IN_ZIP, RecordedPath
from .stored_file import FileRecords
from .transfer_modes import AUTO, MAKES_A_FILE, check_mode, mode_of_ingest

if TYPE_CHECKING:
    from butler_core.dataset import DatasetType
    from butler_core.file_dataset import FileDataset

    from .formatter_factory import FormatterFactory
    from .templates import FileTemplates

__all__ = ["FileIngest"]

_TOGETHER = 2_000  # files, whose records are looked up and inserted together


class FileIngest:
    """Takes files into a datastore.

    Parameters
    ----------
    locations : `FileLocations`
        Where files are.
    records : `FileRecords`
        The table of files.
    templates : `FileTemplates`
        How files are named.
    formatters : `FormatterFactory`
        How files are read.
    transfer : `str` or `None`
        How files come into the datastore, see `transfer_modes`; ``auto``
        leaves those in the root in place, and links others.
    record_validation_info : `bool`, optional
        Whether the sizes of files are recorded.
    skip_existing : `bool`, optional
        Whether datasets that are stored already are passed over.
    """

    def __init__(
        self,
        locations: FileLocations,
        records: FileRecords,
        templates: FileTemplates,
        formatters: FormatterFactory,
        *,
        transfer: str | None,
        record_validation_info: bool = True,
        skip_existing: bool = False,
    ) -> None:
        check_mode(transfer)
        self._locations = locations
        self._records = records
        self._templates = templates
        self._formatters = formatters
        self._transfer = transfer
        self._size = None if record_validation_info else -1  # of all: that of each file, or none
        self._skip_existing = skip_existing
        self._whole: DatasetType | None = None  # the last that was seen to be no component
        # Datasets that share a file come after each other.
        self._seen = functools.lru_cache(maxsize=16)(self._source)

    def run(self, datasets: Iterable[FileDataset]) -> int:
        """Take in files, batch by batch, within the transaction that is open.

        All of them, or none: what was placed goes if the transaction fails.

        Parameters
        ----------
        datasets : `~collections.abc.Iterable` [ `FileDataset` ]
            The files, with the full names of their formatters or none, and
            datasets whose data IDs are expanded as far as the templates ask.

        Returns
        -------
        count : `int`
            How many datasets are new.

        Raises
        ------
        ConflictingDefinitionError
            A dataset is stored already, or its path is that of another.
        MissingFileError
            There is no such file.
        DatasetWriteError
            A file that is to stay in place is not in the root; one cannot be
            transferred.
        """
        count = 0
        arrivals = FileArrivals(self._locations, self._records)
        with arrivals.all_or_none():
            waiting = iter(datasets)
            while batch := list(itertools.islice(waiting, _TOGETHER)):
                count += arrivals.take([self._arrival(one) for one in self._new(batch)])
        return count

    def _new(self, batch: Sequence[FileDataset]) -> list[FileDataset]:
        """Return the files of a batch whose datasets are not stored yet."""
        paths: dict[str, FileDataset] = {}
        for dataset in batch:
            for ref in dataset.refs:
                other = paths.setdefault(ref.id_digits, dataset)
                if other is not dataset:
                    raise ConflictingDefinitionError(
                        f"{ref} was given with two files, {other.path} and {dataset.path}"
                    )
        known = self._records.known(paths)
        if not known:
            return list(batch)
        return [dataset for dataset in batch if not self._is_stored(dataset, known)]

    def _is_stored(self, dataset: FileDataset, known: Set[str]) -> bool:
        stored = [ref for ref in dataset.refs if ref.id_digits in known]
        if stored and (not self._skip_existing or len(stored) < len(dataset.refs)):
            raise ConflictingDefinitionError(
                f"{dataset.path} cannot be ingested: {stored[0]} is stored already;"
                " skip_existing=True passes over files all of whose datasets are"
            )
        return bool(stored)

    def _arrival(self, dataset: FileDataset) -> Arrival:
        ref = dataset.refs[0]
        for one in dataset.refs:
            if one.datasetType is not self._whole:
                if one.isComponent():
                    raise ComponentError(
                        f"{one} is a component: a file is ingested with its parent"
                    )
                self._whole = one.datasetType
        name = dataset.formatter
        if not isinstance(name, str):
            name = self._formatters.name_for(ref)[0]
        given = os.fspath(dataset.path)
        part = RecordedPath.parse(given) if IN_ZIP in given else None
        source, mode, recorded = self._seen(given if part is None else part.file)
        if mode in MAKES_A_FILE:
            if mode == "move" and source.inside is not None:
                self._refuse_owned(source, source.inside)
            extension = extension_of(source.path if part is None else part.name)
            self._formatters.check_extension(name, extension, given)
            recorded = self._templates.path(ref) + extension
        elif part is not None:
            recorded = str(part._replace(file=recorded))
        held = [Held(one.id_digits, one.datasetType.storageClass_name) for one in dataset.refs]
        return Arrival(ref, source.path, mode, recorded, held, name, self._size, part=part)

    def _source(self, path: str) -> tuple[SourceFile, str | None, str]:
        """Return a file, how it comes, and its path in the records if it stays where it is."""
        source = self._locations.source(path)
        mode = self._transfer
        if mode == AUTO:
            mode = mode_of_ingest(mode, [source.inside is not None])
        if mode is None or (mode == "split" and source.inside is not None):
            return source, mode, self._inside(source)
        return source, mode, source.uri

    def _refuse_owned(self, source: SourceFile, inside: str) -> None:
        owners = self._records.owners(inside)
        if owners:
            raise ConflictingDefinitionError(
                f"{source.path} cannot be moved: it is the file of dataset {owners[0]};"
                " transfer='copy' leaves it there"
            )

    def _inside(self, source: SourceFile) -> str:
        if source.inside is None:
            raise DatasetWriteError(
                f"{source.path} is not in {self._locations.root}, and would not be moved or copied"
                " there with transfer=None: give another transfer, 'copy' for instance"
            )
        return source.inside
