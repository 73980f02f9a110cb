"""How a Butler takes in files that others made."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from .butler_removing import RemovingButler
from .errors import ArgumentError
from .file_dataset import FileDataset
from .reference_import import import_references

__all__ = ["IngestingButler"]

_TOGETHER = 5_000  # datasets, whose rows are inserted together


class IngestingButler(RemovingButler):
    """A Butler that takes in files; see `Butler`."""

    def ingest(
        self,
        *datasets: FileDataset,
        transfer: str | None = "auto",
        record_validation_info: bool = True,
        skip_existing: bool = False,
    ) -> None:
        """Take in files that others made, and register their datasets.

        Runs and dataset types that do not exist are registered. All of it
        happens, or nothing; a file that is moved stays where it was until its
        datasets are committed.

        Parameters
        ----------
        *datasets : `FileDataset`
            Files, each with its datasets. Their formatters are set to the
            names of those that were chosen.
        transfer : `str`, optional
            How files come into the repository: ``copy``, ``move``,
            ``hardlink``, ``symlink``, ``relsymlink``, or ``link``, which is a
            hard link where that can be and a symbolic one elsewhere. `None`
            leaves them in place, which is in the root; ``direct`` does so
            wherever they are, and ``split`` means `None` for those in the root
            and ``direct`` for others. ``auto`` is `None` if all are in the
            root, ``link`` if none is, and ``split`` otherwise.
        record_validation_info : `bool`, optional
            Whether the sizes of files are recorded, and checked when they are
            read.
        skip_existing : `bool`, optional
            Whether datasets that are stored already are passed over.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        ConflictingDefinitionError
            If a dataset is stored already, or differs from what is registered,
            or its run has another of the same type and data ID.
        DataIdValueError
            If a value of a data ID has no record.
        MissingFileError
            If there is no such file.
        DatasetWriteError
            If a file that is to stay in place is not in the root, or one cannot
            be transferred.
        TransferError
            If there is no such mode of transfer.
        FileExtensionError, UnknownFormatterError
            If a formatter does not read a file of this name, or does not exist.
        """
        if not datasets:
            return
        self._repository.database.require_writeable()
        for one in datasets:
            if not isinstance(one, FileDataset):
                raise ArgumentError(
                    f"ingest takes instances of FileDataset, ingest(*datasets), not {one!r}"
                )
        mode = self.datastore.mode_of_ingest([one.path for one in datasets], transfer)
        formatters = [self.datastore.formatter_of(one) for one in datasets]
        with self._repository.database.transaction():
            self.datastore.ingest(
                self._registered(zip(datasets, formatters, strict=True)),
                transfer=mode,
                record_validation_info=record_validation_info,
                skip_existing=skip_existing,
            )
        for one, formatter in zip(datasets, formatters, strict=True):
            one.formatter = formatter

    def ingest_zip(
        self,
        zip_file: str | os.PathLike[str],
        transfer: str | None = "auto",
        *,
        transfer_dimensions: bool = False,
        dry_run: bool = False,
        skip_existing: bool = False,
    ) -> None:
        """Take in a Zip file that `retrieve_artifacts_zip` wrote, and register its datasets.

        It stays one file, which goes with the last of its datasets. Runs and
        dataset types that do not exist are registered. All of it happens, or
        nothing; a file that is moved stays where it was until its datasets are
        committed.

        Parameters
        ----------
        zip_file : `str` or `os.PathLike`
            Path or URI of the Zip file, with the index
            ``_butler_zip_index.json`` in it.
        transfer : `str`, optional
            How it comes into the repository, where it is below ``zips``:
            ``copy``, ``move``, ``hardlink``, ``symlink``, ``relsymlink``, or
            ``link`` and ``auto``, which are a hard link where that can be and a
            symbolic one elsewhere. `None` leaves it in place, which is in the
            root; ``direct`` does so wherever it is.
        transfer_dimensions : `bool`, optional
            Whether the dimension records in it, if there are any, are taken
            over. Those that are here already stay as they are.
        dry_run : `bool`, optional
            Whether nothing is written: errors are those that there would be.
        skip_existing : `bool`, optional
            Whether a file all of whose datasets are stored already is passed
            over.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        ZipFileError
            If it is no Zip file, has no index or not such a one; if a file in
            it is missing, damaged, encrypted or twice there, or its name leads
            elsewhere.
        MissingFileError
            If there is no such file.
        ConflictingDefinitionError
            If the datasets are stored already, or some of them are; if one
            differs from what is registered, or its run has another of the same
            type and data ID.
        DataIdValueError
            If a value of a data ID has no record.
        InconsistentUniverseError
            If dimensions in it are unknown here.
        DatasetWriteError
            If it is to stay in place and is not in the root, or cannot be
            transferred.
        TransferError
            If there is no such mode of transfer.
        """
        from .zip_ingest import ingest_zip

        self._repository.database.require_writeable()
        ingest_zip(
            self._repository,
            zip_file,
            transfer=transfer,
            transfer_dimensions=transfer_dimensions,
            dry_run=dry_run,
            skip_existing=skip_existing,
        )

    def _registered(self, datasets: Iterable[tuple[FileDataset, str]]) -> Iterator[FileDataset]:
        """Yield files with their formatters, once their datasets are in the registry."""
        for batch in _batches(datasets):
            refs = [ref for one, _ in batch for ref in one.refs]
            known = iter(import_references(self._repository, refs, register_types=True))
            for one, formatter in batch:
                yield FileDataset.of_checked(one.path, [next(known) for _ in one.refs], formatter)


def _batches(
    datasets: Iterable[tuple[FileDataset, str]],
) -> Iterator[list[tuple[FileDataset, str]]]:
    """Yield files, as many together as have some thousands of datasets."""
    batch: list[tuple[FileDataset, str]] = []
    count = 0
    for one in datasets:
        batch.append(one)
        count += len(one[0].refs)
        if count >= _TOGETHER:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
