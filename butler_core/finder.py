"""From what a user names a dataset by to the dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import EllipsisType
from typing import Any

from .dataset import DatasetRef, DatasetType
from .defaults import RegistryDefaults
from .dimensions import DataCoordinate, DimensionGroup
from .dimensions.values import fits
from .errors import (
    ConflictingDefinitionError,
    DataIdError,
    DatasetNotFoundError,
    DimensionValueError,
    nearest,
)
from .registry.collections import CollectionExpression, CollectionRecord
from .registry.dataset_types import DatasetTypeRecord
from .registry.expansion import expand
from .repository import Repository
from .timespan import Timespan

__all__ = ["DatasetFinder"]


class DatasetFinder:
    """Resolves names, data IDs and collections with the defaults of a Butler.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """

    def __init__(self, repository: Repository, defaults: RegistryDefaults) -> None:
        self.repository = repository
        self.defaults = defaults

    def dataset_type(self, given: str | DatasetType) -> tuple[DatasetTypeRecord, DatasetType]:
        """Return the registered type, and the type that was asked for.

        The latter is that of a component, or has another storage class, if
        ``given`` says so.

        Raises
        ------
        MissingDatasetTypeError
            If it is not registered.
        ConflictingDefinitionError
            If a `DatasetType` is given that differs from the registered one.
        """
        name = given if isinstance(given, str) else given.name
        parent, component = DatasetType.splitDatasetTypeName(name)
        record = self.repository.dataset_types.get(parent)
        asked = record.dataset_type
        if component is not None:
            asked = asked.makeComponentDatasetType(component)
        if isinstance(given, DatasetType) and given != asked:
            if not given.is_compatible_with(asked):
                raise ConflictingDefinitionError(
                    f"{given} is not the dataset type that is registered, {asked}"
                )
            asked = given
        return record, asked

    def data_id(
        self,
        dimensions: DimensionGroup,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        collections: Sequence[CollectionRecord] = (),
    ) -> DataCoordinate:
        """Return a data ID of some dimensions, completed by the defaults.

        Raises
        ------
        DimensionValueError
            If a key is no dimension.
        DimensionNameError
            If a required dimension has no value.
        DataIdValueError
            If a value is not of the dimension's type, or has no record.
        InconsistentDataIdError
            If an implied value is given that contradicts the records.
        """
        if (
            isinstance(data_id, DataCoordinate)
            and not keywords
            and data_id.dimensions == dimensions
            and (data_id.hasRecords() or not data_id.hasFull())
        ):
            return data_id
        given = {**(data_id or {}), **keywords}
        self._check_keys(given)
        missing = [name for name in dimensions.required if given.get(name) is None]
        defaults: Mapping[str, Any] | None = None
        if missing:
            defaults = self.defaults.data_id(self.repository, collections)
        coordinate = DataCoordinate.standardize(given, dimensions=dimensions, defaults=defaults)
        claimed = {name: given[name] for name in dimensions.implied if given.get(name) is not None}
        if claimed:
            expand(self.repository.records, coordinate, claimed)
        return coordinate

    def data_ids(
        self, dimensions: DimensionGroup, data_ids: Iterable[Mapping[str, Any]]
    ) -> list[DataCoordinate]:
        """Return many data IDs as `data_id` does; fast where nothing is to be done."""
        names, types = dimensions.required, dimensions.required_types
        make = DataCoordinate.from_required_values
        found = []
        for given in data_ids:
            if type(given) is dict and len(given) == len(names):
                values: tuple[Any, ...] = tuple([given.get(name) for name in names])
                if tuple(map(type, values)) == types and fits(values):
                    found.append(make(dimensions, values))
                    continue
            found.append(self.data_id(dimensions, given, {}))
        return found

    def _check_keys(self, given: Mapping[str, Any]) -> None:
        universe = self.repository.universe
        for name in given:
            if name not in universe or not universe[name].is_dimension:
                known = [element.name for element in universe.dimensions]
                raise DimensionValueError(
                    f"{name!r} in data ID {dict(given)} is not a dimension"
                    f"{nearest(str(name), known)}"
                )

    def find(
        self,
        given: str | DatasetType,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        collections: CollectionExpression | None,
        timespan: Timespan | None = None,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one, or `None`."""
        record, asked = self.dataset_type(given)
        searched = self.defaults.search(self.repository, collections)
        coordinate = self.data_id(record.dataset_type.dimensions, data_id, keywords, searched)
        if timespan is None and record.calibs_table is not None:
            timespan = self._timespan_of({**(data_id or {}), **keywords})
        ref = self.repository.datasets.find(record, coordinate, searched, timespan)
        if ref is not None and asked != record.dataset_type:
            return DatasetRef.from_row(asked, ref.dataId, ref.run, ref.id)
        return ref

    def _timespan_of(self, given: Mapping[str, Any]) -> Timespan | None:
        """Return when an exposure or visit of a data ID was taken, to choose calibrations by."""
        universe = self.repository.universe
        values = {**self.defaults.data_id(self.repository), **given}
        temporal = [
            name for name in given if name in universe and universe[name].temporal is not None
        ]
        self.repository.records.refresh()
        for name in universe.sorted(temporal, reverse=True):
            group = universe.conform([name])
            coordinate = DataCoordinate.standardize(values, dimensions=group)
            record = self.repository.records.fetch(universe[name], coordinate.required_values)
            if record is not None:
                timespan: Timespan | None = record.get("timespan")
                return timespan
        return None

    def require(
        self,
        given: str | DatasetType,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        collections: CollectionExpression | None,
        timespan: Timespan | None = None,
    ) -> DatasetRef:
        """Return the dataset in the first collection that has one.

        Raises
        ------
        DatasetNotFoundError
            If none has; naming the record that is missing, if one is.
        """
        if not isinstance(collections, str | EllipsisType | None):
            collections = tuple(collections)  # it is searched again to say why
        ref = self.find(given, data_id, keywords, collections, timespan)
        if ref is not None:
            return ref
        record, asked = self.dataset_type(given)
        searched = self.defaults.search(self.repository, collections)
        coordinate = self.data_id(record.dataset_type.dimensions, data_id, keywords, searched)
        reason = ""
        try:
            expand(self.repository.records, coordinate)
        except DataIdError as error:
            reason = f": {error}"
        names = ", ".join(repr(one.name) for one in searched)
        raise DatasetNotFoundError(
            f"Dataset {asked.name} with data ID {coordinate} could not be found in collections"
            f" [{names}]{reason}"
        )
