"""The datasets of a registry: inserting, finding one, tagging, removing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy

from ..collection import CollectionType
from ..dataset import DatasetIdGenEnum, DatasetRef, make_dataset_id
from ..dataset_id import uuid7_digits
from ..dimensions import DataCoordinate
from ..errors import (
    CalibrationLookupError,
    CollectionTypeError,
    ComponentError,
    ConflictingDefinitionError,
    OrphanedRecordError,
    RepositoryError,
)
from ..timespan import Timespan
from .collections import CollectionManager, CollectionRecord
from .database import Database
from .dataset_rows import DatasetRows
from .dataset_statements import DatasetStatements
from .dataset_types import DatasetTypeManager, DatasetTypeRecord
from .schema import Schema
from .summaries import CollectionSummaries

__all__ = ["DatasetManager"]


class DatasetManager:
    """Reads and writes the tables of datasets.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    collections : `CollectionManager`
        Its collections.
    dataset_types : `DatasetTypeManager`
        Its dataset types.
    """

    def __init__(
        self,
        database: Database,
        schema: Schema,
        collections: CollectionManager,
        dataset_types: DatasetTypeManager,
    ) -> None:
        self._database = database
        self._collections = collections
        self._dataset_types = dataset_types
        self.summaries = CollectionSummaries(database, schema)
        self._statements = DatasetStatements(database, schema)
        self._rows = DatasetRows(
            database, self._statements, self.summaries, collections, dataset_types
        )

    def insert(
        self,
        record: DatasetTypeRecord,
        data_ids: Sequence[DataCoordinate],
        run: CollectionRecord,
        *,
        mode: DatasetIdGenEnum = DatasetIdGenEnum.UNIQUE,
    ) -> list[DatasetRef]:
        """Insert datasets into a run.

        Raises
        ------
        CollectionTypeError
            If the collection is not a run.
        ConflictingDefinitionError
            If the run has a dataset of this type and data ID already, or an
            id exists.
        """
        dataset_type = record.dataset_type
        ids: Sequence[UUID | str]
        if mode is DatasetIdGenEnum.UNIQUE:
            ids = uuid7_digits(len(data_ids))
        else:
            ids = [make_dataset_id(run.name, dataset_type, one, mode) for one in data_ids]
        make, name = DatasetRef.from_row, run.name
        refs = [
            make(dataset_type, data_id, name, id) for data_id, id in zip(data_ids, ids, strict=True)
        ]
        self.insert_refs(record, refs, run)
        return refs

    def insert_refs(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> None:
        """Insert datasets that have ids; raises as `insert` does."""
        self._check_run(run)
        if not refs:
            return
        try:
            self._rows.write(record, refs, run)
        except sqlalchemy.exc.IntegrityError as error:
            self.check_new(record, refs, run)
            raise ConflictingDefinitionError(
                f"datasets of type {record.dataset_type.name!r} cannot be inserted into"
                f" {run.name!r}: {error.orig}"
            ) from error

    def import_refs(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> int:
        """Insert datasets that have ids from elsewhere; those that are there already stay.

        All are inserted, or none.

        Returns
        -------
        count : `int`
            How many are new.

        Raises
        ------
        CollectionTypeError
            If the collection is not a run.
        ConflictingDefinitionError
            If an id is that of a dataset of another type, run or data ID, or
            the run has a dataset with the same type and data ID under another
            id; if a dimension's value has no record.
        """
        self._check_run(run)
        return self._rows.write_missing(record, refs, run)

    def check_new(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> None:
        """Raise `ConflictingDefinitionError` if one of the datasets is there already.

        Raises
        ------
        CollectionTypeError
            If the collection is not a run.
        """
        self._check_run(run)
        seen = set()
        for ref in refs:
            name, data_id = record.dataset_type.name, ref.dataId
            if data_id in seen:
                raise ConflictingDefinitionError(
                    f"two datasets of type {name!r} were given with data ID {data_id}"
                )
            seen.add(data_id)
            existing = self.find(record, data_id, [run])
            if existing is not None:
                raise ConflictingDefinitionError(
                    f"run {run.name!r} has a dataset of type {name!r} with data ID {data_id}"
                    f" already (id={existing.id}): use another run, or remove that one first with"
                    " butler.pruneDatasets"
                )
            if self.get(ref.id) is not None:
                raise ConflictingDefinitionError(f"a dataset with id {ref.id} exists already")

    def find(
        self,
        record: DatasetTypeRecord,
        data_id: DataCoordinate,
        collections: Sequence[CollectionRecord],
        timespan: Timespan | None = None,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one.

        Parameters
        ----------
        record : `DatasetTypeRecord`
            Its type.
        data_id : `DataCoordinate`
            Its data ID.
        collections : `~collections.abc.Sequence` [ `CollectionRecord` ]
            Where to look, in order; no chains.
        timespan : `Timespan`, optional
            What the validity range of a calibration must overlap.

        Raises
        ------
        CalibrationLookupError
            If several calibrations of one collection fit.
        """
        collections = self.summaries.narrowed(record.key, collections)
        tagged = [one for one in collections if one.type is not CollectionType.CALIBRATION]
        best: dict[int, tuple[str, str | UUID]] = {}
        if tagged:
            statement = self._statements.find(record, len(tagged))
            values = (record.key, *(one.key for one in tagged), *data_id.required_values)
            rows = self._database.query(statement, values).fetchall()
            names = self._collections.names_by_key()
            for collection, dataset_id, run in rows:
                best[collection] = (names[run], dataset_id)
        for one in collections:
            if one.key in best:
                run_name, dataset_id = best[one.key]
                return DatasetRef.from_row(record.dataset_type, data_id, run_name, dataset_id)
            if one.type is CollectionType.CALIBRATION and record.calibs_table is not None:
                ref = self._find_calibration(record, data_id, one, timespan)
                if ref is not None:
                    return ref
        return None

    def _find_calibration(
        self,
        record: DatasetTypeRecord,
        data_id: DataCoordinate,
        collection: CollectionRecord,
        timespan: Timespan | None,
    ) -> DatasetRef | None:
        statement = self._statements.find_calibration(record)
        begin, end = (timespan or Timespan(None, None)).nsec
        values = (record.key, collection.key, *data_id.required_values, end, begin)
        rows = {tuple(row) for row in self._database.query(statement, values)}
        if len(rows) > 1:
            raise CalibrationLookupError(
                f"{len(rows)} datasets of type {record.dataset_type.name!r} with data ID {data_id}"
                f" are valid in {collection.name!r} at some time in"
                f" {timespan or Timespan(None, None)}: give a timespan= in which one is"
            )
        for dataset_id, run in rows:
            name = self._collections.name_of(run)
            return DatasetRef.from_row(record.dataset_type, data_id, name, dataset_id)
        return None

    def has(self, ref: DatasetRef) -> bool:
        """Return whether there is a dataset with the id, type, data ID and run of a reference."""
        found = self.get(ref.id)
        return (
            found is not None
            and found.datasetType.name == ref.datasetType.name
            and found.dataId == ref.dataId
            and found.run == ref.run
        )

    def get(self, dataset_id: UUID) -> DatasetRef | None:
        """Return the dataset with an id, or `None`."""
        row = self._database.query(
            "SELECT dataset_type.name, dataset.run_id FROM dataset"
            " JOIN dataset_type ON dataset_type.id = dataset.dataset_type_id"
            " WHERE dataset.id = :id",
            (self._database.encode_uuid(dataset_id),),
        ).fetchone()
        if row is None:
            return None
        record = self._dataset_types.get(row[0])
        group = record.dataset_type.dimensions
        statement = self._statements.values(record)
        values = self._database.query(
            statement, (self._database.encode_uuid(dataset_id), row[1])
        ).fetchone()
        if values is None:
            raise RepositoryError(
                f"dataset {dataset_id} has no row in {record.tags_table}: the registry is damaged"
            )
        data_id = DataCoordinate.from_required_values(group, tuple(values)[: len(group.required)])
        run = self._collections.name_of(row[1])
        return DatasetRef.from_row(record.dataset_type, data_id, run, dataset_id)

    def get_many(self, dataset_ids: Iterable[UUID]) -> dict[UUID, DatasetRef]:
        """Return the datasets with some ids, as far as they exist, by their ids."""
        return self._rows.by_id(dataset_ids)

    def associate(self, collection: CollectionRecord, refs: Iterable[DatasetRef]) -> None:
        """Add datasets to a tagged collection; those that are in it already stay.

        Raises
        ------
        CollectionTypeError
            If the collection is not tagged.
        ConflictingDefinitionError
            If it has another dataset of the same type and data ID, or a
            dataset is not in the registry.
        """
        self._check_tagged(collection)
        encode = self._database.encode_uuid
        with self._database.transaction():
            for dataset_type, group in DatasetRef.groupByType(refs).items():
                record = self._parent(dataset_type.name)
                data_ids = [ref.dataId for ref in group]
                dimensions = record.dataset_type.dimensions
                self.summaries.ensure(collection.key, record.key, dimensions, data_ids)
                rows = [
                    (record.key, encode(ref.raw_id), collection.key, *ref.dataId.required_values)
                    for ref in group
                ]
                try:
                    self._database.insert(self._statements.insert_missing(record), rows)
                except sqlalchemy.exc.IntegrityError as error:
                    raise self._why_not_associated(collection, record, group) from error

    def _why_not_associated(
        self, collection: CollectionRecord, record: DatasetTypeRecord, refs: Sequence[DatasetRef]
    ) -> Exception:
        first: dict[DataCoordinate, DatasetRef] = {}
        for ref in refs:
            if self.get(ref.id) is None:
                return ConflictingDefinitionError(f"{ref} is not in the registry")
            there = self.find(record, ref.dataId, [collection]) or first.setdefault(ref.dataId, ref)
            if there.id != ref.id:
                return ConflictingDefinitionError(
                    f"{ref} cannot be in collection {collection.name!r} beside {there}, which has"
                    " the same data ID: disassociate the one first"
                )
        return ConflictingDefinitionError(
            f"datasets of type {record.dataset_type.name!r} cannot be associated with"
            f" {collection.name!r}"
        )

    def disassociate(self, collection: CollectionRecord, refs: Iterable[DatasetRef]) -> None:
        """Take datasets out of a tagged collection; those that are not in it are passed over.

        Raises
        ------
        CollectionTypeError
            If the collection is not tagged.
        """
        self._check_tagged(collection)
        encode = self._database.encode_uuid
        with self._database.transaction():
            for dataset_type, group in DatasetRef.groupByType(refs).items():
                record = self._parent(dataset_type.name)
                self._database.execute(
                    self._statements.delete_membership(record),
                    [(encode(ref.raw_id), collection.key) for ref in group],
                )

    def remove(self, refs: Iterable[DatasetRef]) -> None:
        """Remove datasets, with their places in tags and calibrations; others are passed over.

        Raises
        ------
        OrphanedRecordError
            If one of them has a file.
        """
        refs = list(refs)
        encode = self._database.encode_uuid
        try:
            # The tables of memberships follow by their foreign keys.
            self._database.execute(
                "DELETE FROM dataset WHERE id = :id", [(encode(ref.raw_id),) for ref in refs]
            )
        except sqlalchemy.exc.IntegrityError as error:
            raise self._why_not_removed(refs) from error

    def _why_not_removed(self, refs: Iterable[DatasetRef]) -> Exception:
        for ref in refs:
            located = self._database.query(
                "SELECT 1 FROM dataset_location WHERE dataset_id = :id",
                (self._database.encode_uuid(ref.id),),
            )
            if located:
                return OrphanedRecordError(
                    f"{ref} has a file, which would be left behind: butler.pruneDatasets(refs,"
                    " purge=True, unstore=True) removes both"
                )
        return OrphanedRecordError("the datasets are still in use by rows of other tables")

    def stored_in_run(self, run: CollectionRecord) -> list[UUID | str]:
        """Return the ids, or their digits, of the datasets of a run that have files."""
        rows = self._database.query(
            "SELECT id FROM dataset WHERE run_id = :run AND ("
            " EXISTS (SELECT 1 FROM dataset_location WHERE dataset_id = dataset.id)"
            " OR EXISTS (SELECT 1 FROM file_datastore_records WHERE dataset_id = dataset.id))",
            (run.key,),
        )
        return [row[0] for row in rows]

    def _parent(self, name: str) -> DatasetTypeRecord:
        if "." in name:
            raise ComponentError(f"{name!r} is a component: its parent is what is associated")
        return self._dataset_types.get(name)

    @staticmethod
    def _check_run(collection: CollectionRecord) -> None:
        if collection.type is not CollectionType.RUN:
            raise CollectionTypeError(
                f"datasets are inserted into a RUN; collection {collection.name!r} is"
                f" {collection.type}"
            )

    @staticmethod
    def _check_tagged(collection: CollectionRecord) -> None:
        if collection.type is not CollectionType.TAGGED:
            raise CollectionTypeError(
                f"datasets are associated with TAGGED collections;"
                f" {collection.name!r} is {collection.type}"
            )
