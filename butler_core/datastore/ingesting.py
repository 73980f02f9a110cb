"""Files that others made, taken into a datastore in bulk."""

from __future__ import annotations

import functools
import itertools
import os
import posixpath
import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, NamedTuple

from butler_core.errors import (
    ComponentError,
    ConflictingDefinitionError,
    DatasetWriteError,
    MissingFileError,
)

from .file_uri import extension_of
from .locations import FileLocations, SourceFile
from .placing import PlacedFiles, refuse_unmovable
from .stored_file import FileRecords, StoredFile
from .transfer_modes import AUTO, MAKES_A_FILE, check_mode, mode_of_ingest, transfer_file

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef
    from butler_core.file_dataset import FileDataset

    from .formatter_factory import FormatterFactory
    from .templates import FileTemplates

__all__ = ["FileIngest"]

_TOGETHER = 2_000  # files, whose records are looked up and inserted together


class _Arrival(NamedTuple):
    """A file on its way into the datastore."""

    refs: Sequence[DatasetRef]
    source: SourceFile
    mode: str | None
    recorded: str
    """What its records will say: a path relative to the root, or a URI."""
    formatter: str


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
        self._with_size = record_validation_info
        self._skip_existing = skip_existing
        self._placed = PlacedFiles()

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
        with self._records.transaction():
            self._records.on_rollback(self._placed.undo)
            self._records.on_commit(self._placed.remove_sources)
            waiting = iter(datasets)
            while batch := list(itertools.islice(waiting, _TOGETHER)):
                count += self._take(self._new(batch))
        return count

    def _new(self, batch: Sequence[FileDataset]) -> list[FileDataset]:
        """Return the files of a batch whose datasets are not stored yet."""
        paths: dict[uuid.UUID, FileDataset] = {}
        for dataset in batch:
            for ref in dataset.refs:
                other = paths.setdefault(ref.id, dataset)
                if other is not dataset:
                    raise ConflictingDefinitionError(
                        f"{ref} was given with two files, {other.path} and {dataset.path}"
                    )
        known = self._records.known(paths)
        if not known:
            return list(batch)
        return [dataset for dataset in batch if not self._is_stored(dataset, known)]

    def _is_stored(self, dataset: FileDataset, known: Set[uuid.UUID]) -> bool:
        stored = [ref for ref in dataset.refs if ref.id in known]
        if stored and (not self._skip_existing or len(stored) < len(dataset.refs)):
            raise ConflictingDefinitionError(
                f"{dataset.path} cannot be ingested: {stored[0]} is stored already;"
                " skip_existing=True passes over files all of whose datasets are"
            )
        return bool(stored)

    def _take(self, datasets: Sequence[FileDataset]) -> int:
        arrivals = self._with_free_paths([self._arrival(one) for one in datasets])
        files: list[StoredFile] = []
        for arrival in arrivals:
            size = self._size(arrival)
            if arrival.mode in MAKES_A_FILE:
                self._place(arrival)
            for ref in arrival.refs:
                storage_class = ref.datasetType.storageClass_name
                files.append(
                    StoredFile(
                        *(ref.id, arrival.recorded, arrival.formatter, storage_class),
                        component=None,
                        checksum=None,
                        file_size=size,
                    )
                )
        self._placed.settle()
        self._records.insert(files)
        return len(files)

    def _arrival(self, dataset: FileDataset) -> _Arrival:
        ref = dataset.refs[0]
        for one in dataset.refs:
            if one.isComponent():
                raise ComponentError(f"{one} is a component: a file is ingested with its parent")
        source = self._locations.source(dataset.path)
        given = dataset.formatter
        name = given if isinstance(given, str) else self._formatters.name_for(ref)[0]
        mode = self._transfer
        if mode == AUTO:
            mode = mode_of_ingest(mode, [source.inside is not None])
        if mode is None or (mode == "split" and source.inside is not None):
            return _Arrival(dataset.refs, source, None, self._inside(source), name)
        if mode in MAKES_A_FILE:
            extension = extension_of(source.path)
            self._formatters.check_extension(name, extension, source.path)
            stem = self._templates.path(ref)
            return _Arrival(dataset.refs, source, mode, stem + extension, name)
        return _Arrival(dataset.refs, source, "direct", source.uri, name)

    def _inside(self, source: SourceFile) -> str:
        if source.inside is None:
            raise DatasetWriteError(
                f"{source.path} is not in {self._locations.root}, and would not be moved or copied"
                " there with transfer=None: give another transfer, 'copy' for instance"
            )
        return source.inside

    def _with_free_paths(self, arrivals: Sequence[_Arrival]) -> list[_Arrival]:
        """Return files on their way, none to the place of another."""
        made = [one for one in arrivals if one.mode in MAKES_A_FILE]
        if not made:
            return list(arrivals)
        claims = self._records.claims(one.recorded for one in made)
        seen: dict[str, _Arrival] = {}
        free = []
        for one in arrivals:
            if one.mode in MAKES_A_FILE:
                one = self._freed(one, claims)
                other = seen.setdefault(one.recorded, one)
                if other is not one:
                    raise self._same_path(one, other.refs[0])
            free.append(one)
        return free

    def _freed(self, arrival: _Arrival, claims: Mapping[str, uuid.UUID | None]) -> _Arrival:
        path = arrival.recorded
        owner = claims.get(path)
        if owner is not None:
            raise self._same_path(arrival, owner)
        if path not in claims:
            return arrival
        # A file that was removed may have to be back there.
        stem, extension = posixpath.splitext(path)
        number = 1
        while path in claims:
            number += 1
            path = f"{stem}-{number}{extension}"
            claims = self._records.claims([path])
        return arrival._replace(recorded=path)

    def _same_path(self, arrival: _Arrival, other: object) -> ConflictingDefinitionError:
        return ConflictingDefinitionError(
            f"{arrival.refs[0]} would be stored at {arrival.recorded}, which is the place of"
            f" {other}; datastore.templates in butler.yaml must give them different paths"
        )

    def _size(self, arrival: _Arrival) -> int:
        path = arrival.source.path
        try:
            status = os.stat(path)
        except OSError as error:
            raise MissingFileError(
                f"{path} cannot be ingested ({error.strerror}); a relative path is relative to"
                f" {self._locations.root}"
            ) from error
        return status.st_size if self._with_size else -1

    def _place(self, arrival: _Arrival) -> None:
        place = f"{self._locations.root}/{arrival.recorded}"
        source, mode = arrival.source.path, str(arrival.mode)
        if os.path.exists(place) and os.path.samefile(source, place):
            return  # it is there
        if mode == "move":
            refuse_unmovable(source)
        try:
            self._placed.stage(place, functools.partial(transfer_file, mode, source, place))
        except OSError as error:
            raise DatasetWriteError(
                f"{source} cannot be ingested with transfer={mode!r} as {place}: {error.strerror}"
            ) from error
        if mode == "move":
            self._placed.remove_later(source)
