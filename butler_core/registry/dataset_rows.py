"""The rows of new datasets, and of those that come from another registry."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy

from ..dataset import DatasetRef
from ..dimensions import DataCoordinate
from ..errors import ConflictingDefinitionError
from .collections import CollectionManager, CollectionRecord
from .database import Database
from .dataset_statements import DatasetStatements
from .dataset_types import DatasetTypeManager, DatasetTypeRecord
from .summaries import CollectionSummaries

__all__ = ["DatasetRows"]

_MOST_IDS = 900  # of a statement; SQLite's oldest builds take 999 parameters

_TAI_MINUS_UTC = 37 * 10**9
"""Nanoseconds, since 2017-01-01 (IERS Bulletin C)."""


class DatasetRows:
    """Writes the rows of datasets, and tells what conflicts with them.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    statements : `DatasetStatements`
        Statements on the tables of memberships.
    summaries : `CollectionSummaries`
        What its collections may hold.
    collections : `CollectionManager`
        Its collections.
    dataset_types : `DatasetTypeManager`
        Its dataset types.
    """

    def __init__(
        self,
        database: Database,
        statements: DatasetStatements,
        summaries: CollectionSummaries,
        collections: CollectionManager,
        dataset_types: DatasetTypeManager,
    ) -> None:
        self._database = database
        self._statements = statements
        self._collections = collections
        self._dataset_types = dataset_types
        self._summaries = summaries

    def write(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> None:
        """Insert the rows of datasets, or let the database's error through."""
        if not refs:
            return
        date = time.time_ns() + _TAI_MINUS_UTC
        encode = self._database.encode_uuid
        ids = [encode(ref.raw_id) for ref in refs]
        datasets = [(id, record.key, date, run.key) for id in ids]
        members = [
            (record.key, id, run.key, *ref.dataId.required_values)
            for id, ref in zip(ids, refs, strict=True)
        ]
        with self._database.transaction():
            self._summaries.ensure(
                run.key, record.key, record.dataset_type.dimensions, [ref.dataId for ref in refs]
            )
            self._database.insert(
                "INSERT INTO dataset (id, dataset_type_id, ingest_date, run_id)"
                " VALUES (:id, :dataset_type_id, :ingest_date, :run_id)",
                datasets,
            )
            self._database.insert(self._statements.insert(record), members)

    def by_id(self, dataset_ids: Iterable[UUID]) -> dict[UUID, DatasetRef]:
        """Return the datasets with some ids; see `DatasetManager.get_many`."""
        found: dict[UUID, DatasetRef] = {}
        waiting = iter(dataset_ids)
        while page := tuple(itertools.islice(waiting, _MOST_IDS)):
            ids = {self._database.encode_uuid(one): one for one in page}
            places = ", ".join(f":id_{place}" for place in range(len(ids)))
            keys: dict[int, list[Any]] = {}
            types = f"SELECT id, dataset_type_id FROM dataset WHERE id IN ({places})"
            for id, key in self._database.query(types, list(ids)):
                keys.setdefault(key, []).append(id)
            for record in self._dataset_types:
                of_type = keys.get(record.key)
                if of_type is None:
                    continue
                statement = self._statements.described(record, len(of_type))
                group = record.dataset_type.dimensions
                for id, _, run, *values in self._database.query(statement, of_type):
                    data_id = DataCoordinate.from_required_values(group, tuple(values))
                    found[ids[id]] = DatasetRef.from_row(
                        record.dataset_type, data_id, self._collections.name_of(run), ids[id]
                    )
        return found

    def write_missing(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> int:
        """Insert datasets of one type into a run; see `DatasetManager.import_refs`."""
        with self._database.transaction():
            try:
                # Nearly always all are new: the database is the one to tell if not.
                self.write(record, refs, run)
            except sqlalchemy.exc.IntegrityError:
                new = self._new(record, refs, run)
                self._check_data_ids(record, new, run)
                try:
                    self.write(record, new, run)
                except sqlalchemy.exc.IntegrityError as error:
                    raise ConflictingDefinitionError(
                        f"datasets of type {record.dataset_type.name!r} cannot be imported into"
                        f" {run.name!r}: {error.orig}"
                    ) from error
                return len(new)
        return len(refs)

    def _new(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> list[DatasetRef]:
        """Return those that are not there, each once, if the others are what is there."""
        new: dict[Any, DatasetRef] = {}
        for start in range(0, len(refs), _MOST_IDS):
            page = refs[start : start + _MOST_IDS]
            ids = [self._database.encode_uuid(ref.id) for ref in page]
            rows = self._database.query(self._statements.described(record, len(ids)), ids)
            there = {row[0]: tuple(row[1:]) for row in rows}
            for id, ref in zip(ids, page, strict=True):
                given = (record.key, run.key, *ref.dataId.required_values)
                known = there.get(id)
                if known is not None and known != given:
                    raise self._other(ref, known)
                if known is None and new.setdefault(id, ref).dataId != ref.dataId:
                    raise ConflictingDefinitionError(
                        f"dataset {ref.id} was given with data ID {new[id].dataId} and with"
                        f" {ref.dataId}"
                    )
        return list(new.values())

    def _other(self, ref: DatasetRef, known: tuple[Any, ...]) -> ConflictingDefinitionError:
        types = {one.key: one.dataset_type.name for one in self._dataset_types}
        name, run = types[known[0]], self._collections.name_of(known[1])
        if (name, run) != (ref.datasetType.name, ref.run):
            there = f"of type {name!r} in run {run!r}"
        else:
            there = str(dict(zip(ref.datasetType.dimensions.required, known[2:], strict=True)))
        return ConflictingDefinitionError(
            f"{ref} cannot be imported: the registry has a dataset with this id already, {there}"
        )

    def _check_data_ids(
        self, record: DatasetTypeRecord, refs: Sequence[DatasetRef], run: CollectionRecord
    ) -> None:
        """Refuse datasets with data IDs that others in the run have, or each other."""
        seen: dict[Any, DatasetRef] = {}
        statement = self._statements.find(record, 1)
        for ref in refs:
            other = seen.setdefault(ref.dataId, ref)
            if other is not ref:
                raise ConflictingDefinitionError(
                    f"{ref} cannot be imported beside {other}: they have the same data ID"
                )
            values = (record.key, run.key, *ref.dataId.required_values)
            row = self._database.query(statement, values).fetchone()
            if row is not None:
                there = DatasetRef.from_row(record.dataset_type, ref.dataId, run.name, row[1])
                raise ConflictingDefinitionError(
                    f"{ref} cannot be imported: run {run.name!r} has {there.id} with the same"
                    " dataset type and data ID; remove that one first with butler.pruneDatasets,"
                    " or import into another repository"
                )
