"""The registry's calls about dataset types and datasets."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ..call_arguments import given_data_id
from ..collector import Uncollected
from ..dataset import DatasetIdGenEnum, DatasetRef, DatasetType, given_references
from ..dataset_id import parsed_id
from ..errors import (
    ArgumentError,
    DatasetTypeNotSupportedError,
)
from ..registry.collections import CollectionExpression
from ..registry.expansion import expand_many
from ..timespan import Timespan
from .base import RegistryBase

__all__ = ["DatasetCalls"]

_TOGETHER = 10_000  # datasets that are inserted at a time, for what that needs of memory


class DatasetCalls(RegistryBase):
    """Dataset types and datasets: register, insert, find, associate."""

    def registerDatasetType(self, datasetType: DatasetType) -> bool:
        """Make sure that a dataset type exists; return whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with another definition; with the difference.
        """
        if not isinstance(datasetType, DatasetType):
            raise ArgumentError(f"registerDatasetType takes a DatasetType, not {datasetType!r}")
        return self._repository.dataset_types.register(datasetType)

    def removeDatasetType(self, name: str | Iterable[str]) -> None:
        """Remove dataset types that have no datasets; globs may name several."""
        repository = self._repository
        with repository.database.transaction():
            for record in repository.dataset_types.query(name):
                repository.dataset_types.remove(record.dataset_type.name)
            repository.datasets.summaries.forget()

    def getDatasetType(self, name: str) -> DatasetType:
        """Return a dataset type, or that of a component.

        Raises
        ------
        MissingDatasetTypeError
            If there is none of that name.
        """
        return self._finder.dataset_type(name)[1]

    def insertDatasets(
        self,
        datasetType: DatasetType | str,
        dataIds: Iterable[Mapping[str, Any]],
        run: str | None = None,
        expand: bool = True,
        idGenerationMode: DatasetIdGenEnum = DatasetIdGenEnum.UNIQUE,
    ) -> list[DatasetRef]:
        """Insert datasets without files.

        Parameters
        ----------
        datasetType : `DatasetType` or `str`
            Their type.
        dataIds : `~collections.abc.Iterable` of `~collections.abc.Mapping`
            Their data IDs.
        run : `str`, optional
            Where to; the default run if not given.
        expand : `bool`, optional
            Whether the returned references know their records.
        idGenerationMode : `DatasetIdGenEnum`, optional
            How ids are made.

        Raises
        ------
        ConflictingDefinitionError
            If the run has a dataset of the type and data ID already.
        DataIdValueError
            If a value has no record.
        """
        record, asked = self._finder.dataset_type(datasetType)
        if asked.isComponent():
            raise DatasetTypeNotSupportedError(
                f"{asked.name!r} is a component: insert its parent {record.dataset_type.name!r}"
            )
        name = self._defaults.run_to_write(self._repository, "insertDatasets", run)
        target = self._repository.collections.get(name)
        group = record.dataset_type.dimensions
        if isinstance(dataIds, Mapping) or not isinstance(dataIds, Iterable):
            raise ArgumentError(
                f"insertDatasets takes data IDs in a list, [data_id], not {dataIds!r}"
            )
        with self._repository.database.reading:
            coordinates = self._finder.data_ids(group, dataIds)
        if not coordinates:
            return []
        repository, refs = self._repository, []
        with Uncollected(), repository.database.transaction():
            for start in range(0, len(coordinates), _TOGETHER):
                batch = coordinates[start : start + _TOGETHER]
                expanded = expand_many(repository.records, batch)
                refs += repository.datasets.insert(
                    record, expanded if expand else batch, target, mode=idGenerationMode
                )
        return refs

    def getDataset(self, id: uuid.UUID | str) -> DatasetRef | None:
        """Return the dataset with an id, or `None`."""
        parsed = parsed_id(id)
        with self._repository.database.reading:
            return self._repository.datasets.get(parsed)

    def findDataset(
        self,
        datasetType: DatasetType | str,
        dataId: Mapping[str, Any] | None = None,
        *,
        collections: CollectionExpression | None = None,
        timespan: Timespan | None = None,
        **kwargs: Any,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one, or `None`.

        Its data ID has the implied values as well. Without ``timespan``,
        calibration collections are not searched.
        """
        given = given_data_id(self.dimensions, self.findDataset, dataId, kwargs, with_fields=True)
        with self._repository.database.reading:
            ref = self._finder.find(
                datasetType, given, collections, timespan, calibrations_at_any_time=False
            )
            return None if ref is None else self._finder.with_implied(ref)

    def removeDatasets(self, refs: Iterable[DatasetRef]) -> None:
        """Remove datasets that have no files from the registry, its tags and calibrations.

        Those that do not exist are passed over.

        Raises
        ------
        OrphanedRecordError
            If one of them has a file: see `Butler.pruneDatasets`.
        """
        given = given_references(self.removeDatasets, refs)
        self._repository.database.require_writeable()
        self._repository.datasets.remove(given)

    def associate(self, collection: str, refs: Iterable[DatasetRef]) -> None:
        """Add datasets to a tagged collection; those that are in it already stay.

        Raises
        ------
        CollectionTypeError
            If the collection is not tagged.
        ConflictingDefinitionError
            If it has another dataset of the same type and data ID, or a
            dataset is not in the registry.
        """
        target = self._repository.collections.get(collection)
        self._repository.datasets.associate(target, given_references(self.associate, refs))

    def disassociate(self, collection: str, refs: Iterable[DatasetRef]) -> None:
        """Take datasets out of a tagged collection; others are passed over.

        Raises
        ------
        CollectionTypeError
            If the collection is not tagged.
        """
        target = self._repository.collections.get(collection)
        self._repository.datasets.disassociate(target, given_references(self.disassociate, refs))
