"""What a Butler takes over from another."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .butler_exporting import ExportingButler
from .dataset import DatasetRef
from .dimensions import DataCoordinate
from .reference_import import import_references

if TYPE_CHECKING:
    from .transfer_sources import TransferSource

__all__ = ["TransferringButler"]

_TOGETHER = 10_000  # datasets


class TransferringButler(ExportingButler):
    """A Butler that takes over from another; see `Butler`."""

    def transfer_from(
        self,
        source_butler: Any,
        source_refs: Iterable[DatasetRef],
        transfer: str = "auto",
        skip_missing: bool = True,
        register_dataset_types: bool = False,
        transfer_dimensions: bool = False,
        dry_run: bool = False,
    ) -> Collection[DatasetRef]:
        """Take over datasets from another repository, with their ids, runs and files.

        All of it happens, or nothing. Datasets that are here already stay as
        they are; tags, calibrations and chains are not taken over.

        Parameters
        ----------
        source_butler : `Butler`
            The other Butler; any that has Rubin's API.
        source_refs : `~collections.abc.Iterable` [ `DatasetRef` ]
            Its datasets.
        transfer : `str`, optional
            How files come here: ``copy``, ``move``, ``hardlink``,
            ``symlink``, ``relsymlink``, or ``link`` and ``auto``, which are a
            hard link where that can be and a symbolic one elsewhere. A file
            that is recorded there by its URI stays where it is with ``auto``;
            ``unsafe_direct`` leaves all there. One that is moved is gone there.
        skip_missing : `bool`, optional
            Whether datasets that have no file are passed over; they are
            registered if not.
        register_dataset_types : `bool`, optional
            Whether dataset types that do not exist here are registered.
        transfer_dimensions : `bool`, optional
            Whether the dimension records that the datasets need are taken over.
        dry_run : `bool`, optional
            Whether nothing is written.

        Returns
        -------
        refs : `~collections.abc.Collection` [ `DatasetRef` ]
            The datasets, but for those that were passed over.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        MissingDatasetTypeError
            If a dataset type does not exist here, and shall not be registered.
        ConflictingDefinitionError
            If one is registered otherwise; if a dataset differs from what is
            here, or its run has another of the same type and data ID.
        DataIdValueError
            If a value of a data ID has no record here.
        InconsistentUniverseError
            If the dimensions of a dataset are others here.
        MissingFileError
            If a file is gone.
        TransferError
            If there is no such mode of transfer.
        DatasetWriteError
            If a file cannot be transferred.
        """
        from .datastore.receiving import check_transfer

        repository = self._repository
        if not dry_run:
            repository.database.require_writeable()
        check_transfer(transfer)
        source = self._source(source_butler)
        refs = list({ref.id: ref for ref in source.refs(source_refs)}.values())
        if skip_missing:
            refs = [ref for page in _pages(refs) for ref in _with_files(source, page)]
        if dry_run or not refs:
            return refs
        with repository.database.transaction():
            if transfer_dimensions:
                self._take_over_records(source, refs)
            imported = import_references(
                repository,
                refs,
                register_types=register_dataset_types,
                documentation=source.documentation,
            )
            self.datastore.receive(
                (
                    (ref, files.get(ref.id, ()))
                    for page in _pages(imported)
                    for files in [source.files(page)]
                    for ref in page
                ),
                transfer=transfer,
                is_there=source.has_file,
            )
        return imported

    def transfer_dimension_records_from(
        self, source_butler: Any, source_refs: Iterable[DatasetRef | DataCoordinate]
    ) -> None:
        """Take over the dimension records that datasets or data IDs of another repository need.

        And those that are made together with these, such as the definition of
        a visit with its exposures. Records that are here already stay as they
        are.

        Parameters
        ----------
        source_butler : `Butler`
            The other Butler; any that has Rubin's API.
        source_refs : `~collections.abc.Iterable` of `DatasetRef` or `DataCoordinate`
            Its datasets, or data IDs.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        """
        self._repository.database.require_writeable()
        source = self._source(source_butler)
        with self._repository.database.transaction():
            self._take_over_records(source, source_refs)

    def _source(self, butler: Any) -> TransferSource:
        from .transfer_sources import source_of

        return source_of(butler, self.dimensions, self.datastore)

    def _take_over_records(self, source: TransferSource, given: Iterable[Any]) -> None:
        data_ids = {getattr(one, "dataId", one) for one in given}
        for element, records in source.records(data_ids):
            self._repository.records.insert(element, records, skip_existing=True)


def _with_files(source: TransferSource, refs: list[DatasetRef]) -> list[DatasetRef]:
    files = source.files(refs)
    return [ref for ref in refs if ref.id in files]


def _pages(refs: Iterable[DatasetRef]) -> Iterator[list[DatasetRef]]:
    waiting = iter(refs)
    while page := list(itertools.islice(waiting, _TOGETHER)):
        yield page
