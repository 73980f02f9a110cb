"""How a Butler takes in files that others made."""

from __future__ import annotations

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
