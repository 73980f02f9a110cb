"""The validity ranges of datasets in calibration collections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy

from ..collection import CollectionType
from ..dataset import DatasetRef
from ..dimensions import DataCoordinate
from ..errors import (
    CollectionTypeError,
    ComponentError,
    ConflictingDefinitionError,
    DatasetTypeError,
)
from ..timespan import Timespan
from .calibration_statements import CalibrationStatements
from .collections import CollectionRecord
from .database import Database
from .dataset_types import DatasetTypeManager, DatasetTypeRecord
from .schema import Schema
from .summaries import CollectionSummaries

__all__ = ["CalibrationManager"]


class CalibrationManager:
    """Writes the tables of validity ranges.

    In one collection, ranges of datasets with the same type and data ID do not
    overlap. The format has no constraint for that: it is held here.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    dataset_types : `DatasetTypeManager`
        Its dataset types.
    summaries : `CollectionSummaries`
        What its collections may hold.
    """

    def __init__(
        self,
        database: Database,
        schema: Schema,
        dataset_types: DatasetTypeManager,
        summaries: CollectionSummaries,
    ) -> None:
        self._database = database
        self._dataset_types = dataset_types
        self._summaries = summaries
        self._statements = CalibrationStatements(database, schema)

    def certify(
        self, collection: CollectionRecord, refs: Iterable[DatasetRef], timespan: Timespan
    ) -> None:
        """Add datasets to a calibration collection, with one validity range for all.

        A dataset that is given twice is added once.

        Raises
        ------
        CollectionTypeError
            If it is not a calibration collection.
        DatasetTypeError
            If datasets of one of the types are no calibrations.
        ConflictingDefinitionError
            If a dataset of the same type and data ID is valid there at some
            time in the range, or two are given, or a dataset is not in the
            registry.
        """
        self._check_collection(collection)
        with self._database.transaction():
            for dataset_type, group in DatasetRef.groupByType(refs).items():
                record = self._calibration(dataset_type.name)
                once = list({ref.id: ref for ref in group}.values())
                self._certify(record, collection, once, timespan)

    def _certify(
        self,
        record: DatasetTypeRecord,
        collection: CollectionRecord,
        refs: Sequence[DatasetRef],
        timespan: Timespan,
    ) -> None:
        dimensions = record.dataset_type.dimensions
        data_ids = [ref.dataId for ref in refs]
        self._summaries.ensure(collection.key, record.key, dimensions, data_ids)
        encode = self._database.encode_uuid
        begin, end = timespan.nsec
        rows = []
        for ref in refs:
            values = ref.dataId.required_values
            row = (record.key, encode(ref.id), collection.key, *values, begin, end)
            rows.append((*row, record.key, collection.key, *values, end, begin))
        try:
            with self._database.transaction():
                if self._database.execute(self._statements.insert_if_free(record), rows) < len(
                    rows
                ):
                    raise ConflictingDefinitionError("a row was not free")
        except (ConflictingDefinitionError, sqlalchemy.exc.IntegrityError) as error:
            raise self._why_not_certified(record, collection, refs, timespan) from error

    def _why_not_certified(
        self,
        record: DatasetTypeRecord,
        collection: CollectionRecord,
        refs: Sequence[DatasetRef],
        timespan: Timespan,
    ) -> ConflictingDefinitionError:
        name = record.dataset_type.name
        statement = self._statements.overlapping(record)
        begin, end = timespan.nsec
        first: dict[DataCoordinate, DatasetRef] = {}
        for ref in refs:
            if not self._database.query(
                "SELECT 1 FROM dataset WHERE id = :id", (self._database.encode_uuid(ref.id),)
            ):
                return ConflictingDefinitionError(f"{ref} is not in the registry")
            other = first.setdefault(ref.dataId, ref)
            if other is not ref:
                return ConflictingDefinitionError(
                    f"{ref} and {other} have the same data ID, and cannot both be valid in"
                    f" {collection.name!r} for {timespan}"
                )
            key = (record.key, collection.key, *ref.dataId.required_values, end, begin)
            for dataset_id, other_begin, other_end in self._database.query(statement, key):
                there = Timespan.from_nanoseconds(other_begin, other_end)
                return ConflictingDefinitionError(
                    f"{ref} cannot be valid in {collection.name!r} for {timespan}: dataset"
                    f" {UUID(str(dataset_id))} of the same type and data ID is, for {there};"
                    " butler.registry.decertify ends or shortens that"
                )
        return ConflictingDefinitionError(
            f"datasets of type {name!r} cannot be certified into {collection.name!r}"
        )

    def decertify(
        self,
        collection: CollectionRecord,
        record: DatasetTypeRecord,
        timespan: Timespan,
        data_ids: Iterable[DataCoordinate] | None = None,
    ) -> None:
        """Take a range of time out of the validity ranges of a dataset type.

        A range that reaches out of it on one side is shortened; one that does
        on both sides becomes two.

        Parameters
        ----------
        collection : `CollectionRecord`
            The calibration collection.
        record : `DatasetTypeRecord`
            The dataset type.
        timespan : `Timespan`
            When nothing shall be valid any more.
        data_ids : `~collections.abc.Iterable` [ `DataCoordinate` ], optional
            Only datasets with these data IDs.

        Raises
        ------
        CollectionTypeError
            If it is not a calibration collection.
        DatasetTypeError
            If datasets of the type are no calibrations.
        """
        self._check_collection(collection)
        self._calibration(record.dataset_type.name)
        if timespan.isEmpty():
            return
        begin, end = timespan.nsec
        one_by_one = data_ids is not None
        keys: list[tuple[object, ...]] = [(record.key, collection.key)]
        if data_ids is not None:
            values = dict.fromkeys(data_id.required_values for data_id in data_ids)
            keys = [(record.key, collection.key, *one) for one in values]
        with self._database.transaction():
            # What is left before and after comes first; it does not overlap any more.
            self._database.execute(
                self._statements.copy_before(record, one_by_one=one_by_one),
                [(begin, *key, end, begin, begin) for key in keys],
            )
            self._database.execute(
                self._statements.copy_after(record, one_by_one=one_by_one),
                [(end, *key, end, begin, end) for key in keys],
            )
            self._database.execute(
                self._statements.delete_overlapping(record, one_by_one=one_by_one),
                [(*key, end, begin) for key in keys],
            )

    def _calibration(self, name: str) -> DatasetTypeRecord:
        if "." in name:
            raise ComponentError(f"{name!r} is a component: its parent is what is certified")
        record = self._dataset_types.get(name)
        if record.calibs_table is None:
            raise DatasetTypeError(
                f"datasets of type {name!r} have no validity ranges: the type was registered"
                " without isCalibration=True"
            )
        return record

    @staticmethod
    def _check_collection(collection: CollectionRecord) -> None:
        if collection.type is not CollectionType.CALIBRATION:
            raise CollectionTypeError(
                "datasets are certified into CALIBRATION collections;"
                f" {collection.name!r} is {collection.type}"
            )
