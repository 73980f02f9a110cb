"""What a Butler removes."""

from __future__ import annotations

import warnings
from collections.abc import Iterable

from .butler_retrieving import RetrievingButler
from .dataset import DatasetRef, given_references
from .errors import ArgumentError, ComponentError
from .registry.collections import CollectionRecord, collection_names

__all__ = ["RemovingButler"]


class RemovingButler(RetrievingButler):
    """A Butler that removes datasets and runs; see `Butler`."""

    def pruneDatasets(
        self,
        refs: Iterable[DatasetRef],
        *,
        disassociate: bool = True,
        unstore: bool = False,
        tags: Iterable[str] = (),
        purge: bool = False,
    ) -> None:
        """Take datasets out of tagged collections, remove their files, or remove them wholly.

        All of it happens, or nothing. Files go when the outermost transaction
        has committed; those that are gone already, and datasets that do not
        exist, are passed over.

        Parameters
        ----------
        refs : `~collections.abc.Iterable` [ `DatasetRef` ]
            The datasets.
        disassociate : `bool`, optional
            Whether to take them out of ``tags``.
        unstore : `bool`, optional
            Whether to remove their files: they cannot be read any more, from
            no collection.
        tags : `~collections.abc.Iterable` [ `str` ], optional
            Tagged collections; of no account if ``disassociate`` is `False`
            or ``purge`` is `True`.
        purge : `bool`, optional
            Whether to remove them from the registry too, and so from all
            collections.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        ArgumentError
            If ``purge`` is `True`, but not ``disassociate`` and ``unstore``; if
            there is nothing to be disassociated from.
        CollectionTypeError
            If one of ``tags`` is not a tagged collection.
        ComponentError
            If one of ``refs`` is a component.
        DatasetWriteError
            If a file is in a folder that cannot be written.
        """
        repository = self._repository
        repository.database.require_writeable()
        given = self._whole_datasets(refs)
        if purge and not (disassociate and unstore):
            lacking = "unstore" if disassociate else "disassociate"
            raise ArgumentError(
                f"pruneDatasets(purge=True) needs {lacking}=True: what is removed from the registry"
                " has no files and is in no collection"
            )
        collections = self._tagged(tags) if disassociate and not purge else []
        with repository.database.transaction():
            for collection in collections:
                repository.datasets.disassociate(collection, given)
            if unstore:
                self.datastore.trash(ref.id for ref in given)
            if purge:
                repository.datasets.remove(given)

    def _whole_datasets(self, refs: Iterable[DatasetRef]) -> list[DatasetRef]:
        given = given_references(self.pruneDatasets, refs)
        for ref in given:
            if ref.isComponent():
                raise ComponentError(
                    f"{ref} is a component, and goes with its dataset: give ref.makeCompositeRef()"
                )
        return given

    def _tagged(self, tags: Iterable[str]) -> list[CollectionRecord]:
        names = collection_names(tags)
        if not names:
            raise ArgumentError(
                "pruneDatasets(disassociate=True), which is the default, needs tags=[...], the"
                " collections to take the datasets out of; disassociate=False with unstore=True"
                " removes just their files, and purge=True with unstore=True all of them"
            )
        return [self._repository.collections.get(name) for name in names]

    def removeRuns(
        self,
        names: Iterable[str],
        unstore: bool | None = None,
        *,
        unlink_from_chains: bool = False,
    ) -> None:
        """Remove runs with their datasets and files.

        All of it happens, or nothing.

        Parameters
        ----------
        names : `~collections.abc.Iterable` [ `str` ]
            The runs; globs may name several.
        unstore : `bool`, optional
            Not to be given: files are always removed.
        unlink_from_chains : `bool`, optional
            Whether to take them out of the chains that hold them, which keep
            them otherwise.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        MissingCollectionError
            If there is none of a name.
        CollectionTypeError
            If a collection is not a run.
        OrphanedRecordError
            If a chain holds one of them, and ``unlink_from_chains`` is `False`.
        ArgumentError
            If the files shall be left.
        DatasetWriteError
            If a file is in a folder that cannot be written.
        """
        self._repository.database.require_writeable()
        if unstore is not None:
            if not unstore:
                raise ArgumentError(
                    "removeRuns cannot leave the files of datasets behind: write it without"
                    " unstore=False to remove them too"
                )
            warnings.warn(
                "unstore= of removeRuns is not needed, as files are always removed, and goes after"
                " version 30",
                FutureWarning,
                stacklevel=2,
            )
        self._repository.remove_runs(collection_names(names), unlink_from_chains=unlink_from_chains)
