"""From what a user names a dataset by to the dataset."""

from __future__ import annotations

import operator
import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from types import EllipsisType
from typing import Any

from .collection import CollectionType
from .dataset import DatasetRef, DatasetType
from .defaults import RegistryDefaults
from .dimensions import DataCoordinate, DimensionGroup
from .dimensions.values import check_is_data_id, fits
from .errors import (
    ArgumentError,
    ConflictingDefinitionError,
    DataIdError,
    DatasetNotFoundError,
    DimensionNameError,
)
from .queries.constraints import checked_constraint
from .queries.dataset_query import DatasetQuery
from .queries.emptiness import why_empty
from .queries.expressions import Checked
from .queries.where import checked_where
from .record_values import has_record_values, without_record_values
from .registry.collections import CollectionExpression, CollectionRecord, collection_names
from .registry.dataset_types import DatasetTypeRecord
from .registry.expansion import expand, with_implied
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
        ArgumentError
            If ``given`` is something else.
        MissingDatasetTypeError
            If it is not registered.
        ConflictingDefinitionError
            If a `DatasetType` is given that differs from the registered one.
        """
        if not isinstance(given, str | DatasetType):
            raise ArgumentError(
                f"a dataset type is a DatasetType or the name of one, not {given!r}"
                f"{_instead(given)}"
            )
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
        given: Mapping[str, Any],
        collections: Sequence[CollectionRecord] = (),
    ) -> DataCoordinate:
        """Return a data ID of some dimensions, completed by the defaults.

        Fields of records may stand for the dimensions, as in
        ``day_obs=20250120, seq_num=7``.

        Raises
        ------
        DimensionValueError
            If a key is no dimension, nor a field of one's records, or these
            are not those of one record.
        DimensionNameError
            If a required dimension has no value.
        DataIdValueError
            If a value is not of the dimension's type, or has no record.
        InconsistentDataIdError
            If an implied value is given that contradicts the records.
        """
        if (
            isinstance(given, DataCoordinate)
            and given.dimensions == dimensions
            and (given.hasRecords() or not given.hasFull())
        ):
            return given
        plain = _of_plain_values(dimensions, given)
        if plain is not None:
            return plain
        check_is_data_id(given)
        if not isinstance(given, DataCoordinate) and has_record_values(dimensions, given):
            governors = [name for name in dimensions.governors if given.get(name) is None]
            own = self.defaults.data_id(self.repository, governors, collections)
            given = without_record_values(self.repository, dimensions, given, own)
        missing = [name for name in dimensions.required if given.get(name) is None]
        defaults: Mapping[str, Any] | None = None
        if missing:
            governors = [name for name in dimensions.governors if name in missing]
            defaults = self.defaults.data_id(self.repository, governors, collections)
        try:
            coordinate = DataCoordinate.standardize(given, dimensions=dimensions, defaults=defaults)
        except DimensionNameError as error:
            known = {**(defaults or {}), **given}
            offer = self._governors_offered(name for name in dimensions if name not in known)
            raise DimensionNameError(f"{error}{offer}") from None
        claimed = {name: given[name] for name in dimensions.implied if given.get(name) is not None}
        if claimed:
            expand(self.repository.records, coordinate, claimed)
        return coordinate

    def data_ids(
        self, dimensions: DimensionGroup, data_ids: Iterable[Mapping[str, Any]]
    ) -> list[DataCoordinate]:
        """Return many data IDs as `data_id` does; fast where nothing is to be done."""
        given = list(data_ids)
        rows = _rows_of_plain_values(dimensions, given)
        if rows is None:
            return [self.data_id(dimensions, one) for one in given]
        make = DataCoordinate.from_required_values
        return [make(dimensions, row) for row in rows]

    def _governors_offered(self, missing: Iterable[str]) -> str:
        """Return the end of a text that offers the values of a governor dimension."""
        universe, records = self.repository.universe, self.repository.records
        records.refresh()
        for name in missing:
            if universe[name].is_governor:
                values = [repr(key[0]) for key in records.all_cached(universe[name])]
                if not values:
                    return (
                        f" The repository has no {name} record: insert it with"
                        f" butler.registry.insertDimensionData({name!r}, ...)."
                    )
                if len(values) == 1:
                    return f" The repository has one: write {name}={values[0]}."
                return f" Write {name}=..., which may be {' or '.join(sorted(values))}."
        return ""

    def condition(
        self,
        dimensions: DimensionGroup,
        data_id: Mapping[str, Any],
        where: str,
        bind: Mapping[str, Any] | None,
        *,
        dataset_type: str | None = None,
        searched: Iterable[CollectionRecord] | None = None,
        check: bool = True,
    ) -> tuple[dict[str, Any], Checked]:
        """Return what the results of a query must be.

        Parameters
        ----------
        dimensions : `DimensionGroup`
            Dimensions of the query.
        data_id : `~collections.abc.Mapping`
            Values that a user gave.
        where, bind
            The user's expression, and values by name.
        dataset_type : `str`, optional
            The dataset type that the query is for.
        searched : `~collections.abc.Iterable` [ `CollectionRecord` ], optional
            The collections that the query is about, if it is about any.
        check : `bool`, optional
            Whether it is an error if it is open of which instrument.

        Returns
        -------
        values : `dict` [ `str`, `object` ]
            Values that dimensions must have, defaults among them.
        checked : `Checked`
            What must be true besides.

        Raises
        ------
        DimensionValueError, DataIdValueError
            If the data ID has a key that is no dimension, or a value of
            another type.
        InvalidQueryError
            If the expression is wrong, or it is open of which instrument.
        """
        given = checked_constraint(self.repository.universe, data_id)
        types = () if dataset_type is None else (dataset_type,)
        expression = checked_where(dimensions, where, bind, dataset_types=types)
        values, expression = expression.beside(given)
        constraint = self.defaults.constraint(
            self.repository, dimensions, values, searched, expression, check=check
        )
        return constraint, expression

    def find(
        self,
        given: str | DatasetType,
        data_id: Mapping[str, Any],
        collections: CollectionExpression | None,
        timespan: Timespan | None = None,
        *,
        calibrations_at_any_time: bool = True,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one, or `None`.

        Where nothing is said of time, calibration collections are searched for
        what is valid at the time of the data ID, or at any; or not at all.
        """
        if not isinstance(timespan, Timespan | None):
            raise ArgumentError(f"timespan= takes a Timespan, not {timespan!r}")
        record, asked = self.dataset_type(given)
        searched = self.defaults.search(self.repository, collections)
        coordinate = self.data_id(record.dataset_type.dimensions, data_id, searched)
        if timespan is None and record.calibs_table is not None:
            if calibrations_at_any_time:
                timespan = self.timespan_of(data_id)
            else:
                kind = CollectionType.CALIBRATION
                searched = tuple(one for one in searched if one.type is not kind)
        ref = self.repository.datasets.find(record, coordinate, searched, timespan)
        if ref is not None and asked != record.dataset_type:
            return DatasetRef.from_row(asked, ref.dataId, ref.run, ref.id)
        return ref

    def with_implied(self, ref: DatasetRef) -> DatasetRef:
        """Return a reference whose data ID has its implied values, such as the band of a visit."""
        if ref.dataId.hasFull():
            return ref
        full = with_implied(self.repository.records, ref.dataId)
        return DatasetRef.from_row(ref.datasetType, full, ref.run, ref.raw_id)

    def timespan_of(self, given: Mapping[str, Any]) -> Timespan | None:
        """Return when the exposure or visit of a data ID was taken, to choose calibrations by.

        Nothing is valid in the empty timespan, which is returned if the records have none.

        Returns
        -------
        timespan : `Timespan` or `None`
            `None` if the data ID says nothing of time.

        Raises
        ------
        DataIdValueError
            If there is no such record.
        InconsistentDataIdError
            If the exposure, the visit and what they imply do not agree.
        """
        universe = self.repository.universe
        temporal = [
            name
            for name, value in given.items()
            if value is not None and name in universe and universe[name].temporal is not None
        ]
        if not temporal:
            return None
        group = universe.conform(temporal)
        values = {**self.defaults.data_id(self.repository, group.governors), **given}
        required = {name: values[name] for name in group.required if name in values}
        coordinate = DataCoordinate.standardize(required, dimensions=group)
        claimed = {name: given[name] for name in group.names if given.get(name) is not None}
        expanded = expand(self.repository.records, coordinate, claimed)
        return expanded.timespan or Timespan.makeEmpty()

    def query_timespan(
        self, record: DatasetTypeRecord, constraint: Mapping[str, Any]
    ) -> Timespan | None:
        """Return what the validity ranges of the results of a query must overlap.

        `None` if anything does, or if no record has the constraint's values,
        so that there are no results.
        """
        if record.calibs_table is None:
            return None
        try:
            return self.timespan_of(constraint)
        except DataIdError:
            return None

    def require(
        self,
        given: str | DatasetType,
        data_id: Mapping[str, Any],
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
            collections = collection_names(collections)  # it is searched again to say why
        ref = self.find(given, data_id, collections, timespan)
        if ref is not None:
            return ref
        record, asked = self.dataset_type(given)
        searched = self.defaults.search(self.repository, collections)
        coordinate = self.data_id(record.dataset_type.dimensions, data_id, searched)
        where = f" in collections {[one.name for one in searched]}" if searched else ""
        reason = ""
        if not searched:
            reason = f": {self.defaults.nothing_to_search(self.repository, collections)}"
        else:
            query = DatasetQuery(record, searched, coordinate.required)
            reason = "".join(f": {why}" for why in why_empty(self.repository, query, execute=False))
            try:
                expand(self.repository.records, coordinate)
            except DataIdError as error:
                reason = f": {error}"
        raise DatasetNotFoundError(
            f"Dataset {asked.name} with data ID {coordinate} could not be found{where}{reason}"
        )


def _of_plain_values(dimensions: DimensionGroup, given: object) -> DataCoordinate | None:
    """Return the data ID of a `dict` in which nothing is to be completed or converted."""
    names = dimensions.required
    if type(given) is not dict or len(given) != len(names):
        return None
    values: tuple[Any, ...] = tuple([given.get(name) for name in names])
    if tuple(map(type, values)) != dimensions.required_types or not fits(values):
        return None
    return DataCoordinate.from_required_values(dimensions, values)


def _rows_of_plain_values(
    dimensions: DimensionGroup, given: list[Any]
) -> list[tuple[Any, ...]] | None:
    """Return the values of many that `_of_plain_values` takes, `None` if it does not take all."""
    names = dimensions.required
    if len(names) < 2 or set(map(type, given)) != {dict} or set(map(len, given)) != {len(names)}:
        return None
    try:
        rows = list(map(operator.itemgetter(*names), given))
    except KeyError:
        return None
    for kind, column in zip(dimensions.required_types, zip(*rows, strict=True), strict=True):
        if set(map(type, column)) != {kind}:
            return None
        if kind is int and not fits((min(column), max(column))):
            return None
    return rows


def _instead(given: object) -> str:
    """Return the end of a text that says what to write for what is not a dataset type."""
    if isinstance(given, DatasetRef):
        return "; give its datasetType"
    if isinstance(given, uuid.UUID):
        return "; butler.get(butler.get_dataset(id)) reads the dataset of an id"
    if isinstance(given, list | tuple | Set):
        return "; butler.registry.queryDatasets takes several"
    return ""
