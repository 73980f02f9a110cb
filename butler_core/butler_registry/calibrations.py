"""The registry's calls about the validity ranges of calibrations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..dataset import DatasetRef, DatasetType, given_references
from ..errors import ArgumentError, ComponentError, UnstorableValueError
from ..timespan import Timespan
from .base import RegistryBase

__all__ = ["CalibrationCalls"]


class CalibrationCalls(RegistryBase):
    """Validity ranges: certify, decertify."""

    def certify(self, collection: str, refs: Iterable[DatasetRef], timespan: Timespan) -> None:
        """Add datasets to a calibration collection, with one validity range for all.

        Parameters
        ----------
        collection : `str`
            A calibration collection.
        refs : `~collections.abc.Iterable` [ `DatasetRef` ]
            The datasets; of types with ``isCalibration=True``.
        timespan : `Timespan`
            When they are valid.

        Raises
        ------
        MissingCollectionError
            If there is no such collection.
        CollectionTypeError
            If it is not a calibration collection.
        DatasetTypeError
            If datasets of one of the types are no calibrations.
        ConflictingDefinitionError
            If a dataset of the same type and data ID is valid there at some
            time in the range, or two are given, or a dataset is not in the
            registry.
        UnstorableValueError
            If the timespan is empty.
        """
        target = self._repository.collections.get(collection)
        given = given_references(self.certify, refs)
        if _checked(timespan).isEmpty():
            raise UnstorableValueError(
                "a dataset that is certified for an empty timespan would never be found: give one"
                " that ends after its begin, or Timespan(None, None) for all time"
            )
        self._repository.calibrations.certify(target, given, timespan)

    def decertify(
        self,
        collection: str,
        datasetType: str | DatasetType,
        timespan: Timespan,
        *,
        dataIds: Iterable[Mapping[str, Any]] | None = None,
    ) -> None:
        """Take a range of time out of the validity ranges of a dataset type.

        A range that reaches out of it on one side is shortened; one that does
        on both sides becomes two.

        Parameters
        ----------
        collection : `str`
            A calibration collection.
        datasetType : `str` or `DatasetType`
            The dataset type.
        timespan : `Timespan`
            When nothing shall be valid any more; nothing happens if it is empty.
        dataIds : `~collections.abc.Iterable` of `~collections.abc.Mapping`, optional
            Only datasets with these data IDs.

        Raises
        ------
        MissingCollectionError, MissingDatasetTypeError
            If there is no such collection or dataset type.
        CollectionTypeError
            If it is not a calibration collection.
        DatasetTypeError
            If datasets of the type are no calibrations.
        """
        self._repository.database.require_writeable()
        target = self._repository.collections.get(collection)
        record, asked = self._finder.dataset_type(datasetType)
        if asked.isComponent():
            raise ComponentError(f"{asked.name!r} is a component: its parent is what is certified")
        group = record.dataset_type.dimensions
        if isinstance(dataIds, Mapping) or not isinstance(dataIds, Iterable | None):
            raise ArgumentError(f"decertify takes data IDs in a list, [data_id], not {dataIds!r}")
        keys = None if dataIds is None else self._finder.data_ids(group, dataIds)
        self._repository.calibrations.decertify(target, record, _checked(timespan), keys)


def _checked(timespan: Any) -> Timespan:
    if not isinstance(timespan, Timespan):
        raise ArgumentError(f"timespan= takes a Timespan, not {timespan!r}")
    return timespan
