"""What a Butler finds and reads."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .butler_querying import QueryingButler
from .call_arguments import given_data_id
from .dataset import DatasetRef, DatasetType, given_references
from .dataset_id import parsed_id
from .deferred import DeferredDatasetHandle
from .errors import (
    ArgumentError,
    DatasetNotFoundError,
    InconsistentDataIdError,
)
from .existence import DatasetExistence
from .registry.collections import CollectionExpression
from .registry.expansion import expand
from .timespan import Timespan

if TYPE_CHECKING:
    from .datastore.file_uri import FileURI
    from .storage_class import StorageClass

__all__ = ["ReadingButler"]


class ReadingButler(QueryingButler):
    """A Butler without the methods that write; see `Butler`."""

    def get(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        collections: CollectionExpression | None = None,
        storageClass: StorageClass | str | None = None,
        timespan: Timespan | None = None,
        **kwargs: Any,
    ) -> Any:
        """Read a dataset, or a component of it.

        Parameters
        ----------
        datasetRefOrType : `DatasetRef`, `DatasetType` or `str`
            The dataset, or its type: ``"calexp"``, or ``"calexp.wcs"`` for a
            component.
        dataId : `~collections.abc.Mapping`, optional
            Data ID, if a type is given.
        parameters : `~collections.abc.Mapping`, optional
            What to read of it, such as ``{"bbox": box}``.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look, in order.
        storageClass : `StorageClass` or `str`, optional
            What to return, if not what the type says.
        timespan : `Timespan`, optional
            When a calibration must be valid.
        **kwargs
            More values of dimensions.

        Raises
        ------
        MissingDatasetTypeError
            If there is no such type.
        DatasetNotFoundError
            If there is no such dataset.
        FileNotFoundError
            If its file is gone.
        DatasetReadError
            If its file cannot be read.
        """
        ref = self._ref(self.get, datasetRefOrType, dataId, kwargs, collections, timespan)
        if not isinstance(parameters, Mapping | None):
            raise ArgumentError(f"parameters= takes a mapping, not {parameters!r}")
        return self.datastore.get(ref, parameters=parameters, storage_class=storageClass)

    def getDeferred(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        collections: CollectionExpression | None = None,
        storageClass: StorageClass | str | None = None,
        timespan: Timespan | None = None,
        **kwargs: Any,
    ) -> DeferredDatasetHandle:
        """Return a handle that reads the dataset later; parameters are as for `get`.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, or it has no file.
        """
        ref = self._ref(self.getDeferred, datasetRefOrType, dataId, kwargs, collections, timespan)
        if not self.datastore.exists(ref):
            raise DatasetNotFoundError(f"Dataset {ref} has no file to read later")
        if not isinstance(datasetRefOrType, DatasetRef):
            with self._repository.database.reading:
                ref = self._finder.with_implied(ref)
        return DeferredDatasetHandle(self, ref, parameters, storageClass)

    def getURI(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        predict: bool = False,
        collections: CollectionExpression | None = None,
        run: str | None = None,
        **kwargs: Any,
    ) -> FileURI:
        """Return where the file of a dataset is.

        Parameters
        ----------
        datasetRefOrType, dataId, collections, **kwargs
            As for `get`.
        predict : `bool`, optional
            Whether to return where it would be written, if it is not there.
        run : `str`, optional
            The run to predict for; the default run if not given.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, and it is not predicted.
        FileNotFoundError
            If it has no file, and it is not predicted.
        """
        ref = self._ref_to_locate(
            self.getURI, datasetRefOrType, dataId, kwargs, predict, collections, run
        )
        return self.datastore.getURI(ref, predict=predict)

    def find_dataset(
        self,
        dataset_type: DatasetType | str,
        data_id: Mapping[str, Any] | None = None,
        *,
        collections: CollectionExpression | None = None,
        timespan: Timespan | None = None,
        storage_class: StorageClass | str | None = None,
        dimension_records: bool = False,
        **kwargs: Any,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one, or `None`.

        Its data ID has the implied values as well.

        Parameters
        ----------
        dataset_type : `DatasetType` or `str`
            Its type.
        data_id : `~collections.abc.Mapping`, optional
            Its data ID.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look, in order; chains are searched in theirs.
        timespan : `Timespan`, optional
            When a calibration must be valid; without it, calibration collections
            are not searched.
        storage_class : `StorageClass` or `str`, optional
            Storage class of the returned reference.
        dimension_records : `bool`, optional
            Whether its data ID shall have records.
        **kwargs
            More values of dimensions.
        """
        given = given_data_id(self.dimensions, self.find_dataset, data_id, kwargs, with_fields=True)
        with self._repository.database.reading:
            ref = self._finder.find(
                dataset_type, given, collections, timespan, calibrations_at_any_time=False
            )
            if ref is None:
                return None
            if storage_class is not None:
                ref = ref.overrideStorageClass(storage_class)
            return self._expanded(ref) if dimension_records else self._finder.with_implied(ref)

    def get_dataset(
        self,
        id: uuid.UUID | str,
        *,
        storage_class: StorageClass | str | None = None,
        dimension_records: bool = False,
    ) -> DatasetRef | None:
        """Return the dataset with an id, or `None`; parameters are as for `find_dataset`."""
        ref = self.registry.getDataset(id)
        if ref is None:
            return None
        if storage_class is not None:
            ref = ref.overrideStorageClass(storage_class)
        return self._expanded(ref) if dimension_records else ref

    def get_many_datasets(self, ids: Iterable[uuid.UUID | str]) -> list[DatasetRef]:
        """Return the datasets with some ids, each once, as far as they exist.

        Parameters
        ----------
        ids : `~collections.abc.Iterable` [ `uuid.UUID` or `str` ]
            Their ids.

        Raises
        ------
        DatasetIdError
            One of them is no UUID.
        ArgumentError
            It is a single id.
        """
        if isinstance(ids, str | uuid.UUID):
            raise ArgumentError(f"get_many_datasets takes ids in a list, [{str(ids)!r}]")
        parsed = dict.fromkeys(parsed_id(id) for id in ids)
        with self._repository.database.reading:
            found = self._repository.datasets.get_many(parsed)
        return [found[id] for id in parsed if id in found]

    def get_dataset_type(self, name: str) -> DatasetType:
        """Return a dataset type.

        Raises
        ------
        MissingDatasetTypeError
            If there is none of that name.
        """
        return self.registry.getDatasetType(name)

    def exists(
        self,
        dataset_ref_or_type: DatasetRef | DatasetType | str,
        /,
        data_id: Mapping[str, Any] | None = None,
        *,
        full_check: bool = True,
        collections: CollectionExpression | None = None,
        **kwargs: Any,
    ) -> DatasetExistence:
        """Return what is known of a dataset; it is true if the dataset can be read.

        Parameters
        ----------
        dataset_ref_or_type, data_id, collections, **kwargs
            As for `get`.
        full_check : `bool`, optional
            Whether to look if the file is there.
        """
        if isinstance(dataset_ref_or_type, DatasetRef):
            ref: DatasetRef | None = dataset_ref_or_type
            recorded = self.registry.getDataset(dataset_ref_or_type.id) is not None
        else:
            given = given_data_id(self.dimensions, self.exists, data_id, kwargs, with_fields=True)
            ref = self._finder.find(dataset_ref_or_type, given, collections)
            recorded = ref is not None
        existence = DatasetExistence.RECORDED if recorded else DatasetExistence.UNRECOGNIZED
        known = ref is not None and self.datastore.knows(ref)
        if known:
            existence |= DatasetExistence.DATASTORE
        if not full_check:
            assumed = existence is not DatasetExistence.UNRECOGNIZED
            return existence | DatasetExistence._ASSUMED if assumed else existence
        if ref is not None and known and self.datastore.exists(ref):
            existence |= DatasetExistence._ARTIFACT
        return existence

    def stored(self, ref: DatasetRef) -> bool:
        """Return whether the file of a dataset is recorded, and there."""
        if not isinstance(ref, DatasetRef):
            raise ArgumentError(
                f"stored takes a DatasetRef, not {ref!r}; butler.exists takes a type and a data ID"
            )
        return self.datastore.exists(ref)

    def stored_many(self, refs: Iterable[DatasetRef]) -> dict[DatasetRef, bool]:
        """Return for each dataset whether its file is recorded, and there."""
        given = given_references(self.stored_many, refs)
        found = self.datastore.exist(given)
        return {ref: found.get(ref.id, False) for ref in given}

    def _new_ref(
        self,
        call: Callable[..., Any],
        dataset_type: DatasetType | str,
        data_id: Mapping[str, Any],
        run: str | None,
    ) -> DatasetRef:
        target = self._defaults.run_to_write(self._repository, call.__name__, run)
        _, asked = self._finder.dataset_type(dataset_type)
        coordinate = self._finder.data_id(asked.dimensions, data_id)
        return DatasetRef(asked, coordinate, target)

    def _ref_to_locate(
        self,
        call: Callable[..., Any],
        given: DatasetRef | DatasetType | str,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        predict: bool,
        collections: CollectionExpression | None,
        run: str | None,
    ) -> DatasetRef:
        """Return the dataset whose file is asked for, which need not be there if predicted."""
        if not predict:
            return self._ref(call, given, data_id, keywords, collections)
        if isinstance(given, DatasetRef):
            return self._expanded(self._ref(call, given, data_id, keywords, collections))
        merged = given_data_id(self.dimensions, call, data_id, keywords, with_fields=True)
        searched = collections or self._defaults.collections
        found = self._finder.find(given, merged, collections) if searched else None
        return self._expanded(found or self._new_ref(call, given, merged, run))

    def _expanded(self, ref: DatasetRef) -> DatasetRef:
        if ref.dataId.hasRecords():
            return ref
        return ref.expanded(expand(self._repository.records, ref.dataId))

    def _ref(
        self,
        call: Callable[..., Any],
        given: DatasetRef | DatasetType | str,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        collections: CollectionExpression | None,
        timespan: Timespan | None = None,
    ) -> DatasetRef:
        if not isinstance(given, DatasetRef):
            merged = given_data_id(self.dimensions, call, data_id, keywords, with_fields=True)
            with self._repository.database.reading:
                return self._finder.require(given, merged, collections, timespan)
        if data_id is not None or keywords:
            raise InconsistentDataIdError(
                f"a data ID was given beside {given}, which has its own: give the one or the other"
            )
        return given
