"""The dataset types of a registry, kept in memory while nobody changes them."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterable, Iterator
from types import EllipsisType
from typing import Any

from ..dataset import DatasetType
from ..dimensions import DimensionGroup, DimensionUniverse
from ..errors import (
    ConflictingDefinitionError,
    DatasetTypeError,
    DatasetTypeExpressionError,
    MissingDatasetTypeError,
    OrphanedRecordError,
    nearest,
)
from ..storage_class import StorageClass, StorageClassFactory, UndefinedStorageClass
from .database import Database
from .schema import Schema

__all__ = ["DatasetTypeManager", "DatasetTypeRecord"]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetTypeRecord:
    """A row of the dataset_type table.

    Parameters
    ----------
    key : `int`
        The dataset type's id.
    dataset_type : `DatasetType`
        The dataset type.
    tags_table : `str`
        Table of its RUN and TAGGED memberships.
    calibs_table : `str` or `None`
        Table of its CALIBRATION memberships.
    """

    key: int
    dataset_type: DatasetType
    tags_table: str
    calibs_table: str | None


class DatasetTypeManager:
    """Reads and writes the tables of dataset types.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    """

    def __init__(self, database: Database, schema: Schema) -> None:
        self._database = database
        self._schema = schema
        self._token: object = None
        self._records: dict[str, DatasetTypeRecord] = {}
        self._rows: list[tuple[Any, ...]] = []

    @property
    def _universe(self) -> DimensionUniverse:
        return self._schema.universe

    def _current(self) -> dict[str, DatasetTypeRecord]:
        with self._database.lock:
            token = self._database.change_token()
            if token != self._token or not self._records:
                self._records = self._read(self._records)
                self._token = token
            return self._records

    def _read(self, known: dict[str, DatasetTypeRecord]) -> dict[str, DatasetTypeRecord]:
        rows = self._database.query(
            "SELECT id, name, storage_class, dimensions_key, tag_association_table,"
            " calibration_association_table FROM dataset_type ORDER BY id"
        ).fetchall()
        rows = [tuple(row) for row in rows]
        if rows == self._rows:
            return known
        self._rows = rows
        groups: dict[int, list[str]] = {}
        definitions = "SELECT dimension_graph_id, dimension_name FROM dimension_graph_definition"
        for key, name in self._database.query(definitions).fetchall():
            groups.setdefault(key, []).append(name)
        return {
            name: DatasetTypeRecord(
                key,
                DatasetType(
                    name,
                    self._universe.conform(groups.get(graph, ())),
                    self._storage_class(storage_class),
                    isCalibration=calibs is not None,
                ),
                tags,
                calibs,
            )
            for key, name, storage_class, graph, tags, calibs in rows
        }

    @staticmethod
    def _storage_class(name: str) -> StorageClass:
        """Return a storage class; one that nobody defined can be listed, and no more."""
        known = StorageClassFactory.default()
        return known[name] if name in known else UndefinedStorageClass(name)

    def __iter__(self) -> Iterator[DatasetTypeRecord]:
        return iter(list(self._current().values()))

    def __contains__(self, name: str) -> bool:
        return name in self._current()

    def get(self, name: str) -> DatasetTypeRecord:
        """Return a dataset type, not that of a component.

        Raises
        ------
        MissingDatasetTypeError
            If there is none of that name.
        """
        records = self._current()
        record = records.get(name)
        if record is None:
            raise MissingDatasetTypeError(
                f"no dataset type is named {name!r}{nearest(str(name), records)}"
            )
        return record

    def query(self, expression: str | Iterable[str] | EllipsisType) -> list[DatasetTypeRecord]:
        """Return the dataset types that names and globs match; unknown ones match none."""
        if isinstance(expression, EllipsisType):
            return list(self)
        records = self._current()
        found: dict[str, DatasetTypeRecord] = {}
        alone = isinstance(expression, str) or not isinstance(expression, Iterable)
        patterns: list[Any] = [expression] if alone else list(expression)
        for pattern in patterns:
            if not isinstance(pattern, str):
                raise DatasetTypeExpressionError(
                    "dataset types are named by strings and globs, or all by ..., not by"
                    f" {pattern!r}"
                )
        for pattern in patterns:
            for name, record in records.items():
                if fnmatch.fnmatchcase(name, pattern):
                    found.setdefault(name, record)
        return list(found.values())

    def register(self, dataset_type: DatasetType) -> bool:
        """Make sure that a dataset type exists.

        Returns
        -------
        registered : `bool`
            Whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If one of that name exists with another definition.
        DatasetTypeError
            If it is the type of a component.
        """
        if dataset_type.isComponent():
            raise DatasetTypeError(
                f"{dataset_type.name!r} is the type of a component: register its parent"
            )
        if self._is_registered(dataset_type):
            return False
        with self._database.transaction():
            if self._is_registered(dataset_type):  # by another process, just now
                return False
            graph = self._graph_key(dataset_type.dimensions)
            tags = self._schema.tags_table(f"dataset_tags_{graph:08d}", dataset_type.dimensions)
            tables = [tags]
            calibs_name = None
            if dataset_type.isCalibration():
                calibs_name = f"dataset_calibs_{graph:08d}"
                tables.append(self._schema.calibs_table(calibs_name, dataset_type.dimensions))
            for table in tables:
                if not self._database.has_table(table.name):
                    self._schema.add_references(table)
                    self._database.create(table)
            self._token = None
            self._database.execute(
                "INSERT INTO dataset_type (name, storage_class, dimensions_key,"
                " tag_association_table, calibration_association_table)"
                " VALUES (:name, :storage_class, :dimensions_key, :tags, :calibs)",
                [
                    (
                        dataset_type.name,
                        dataset_type.storageClass_name,
                        graph,
                        tags.name,
                        calibs_name,
                    )
                ],
            )
        return True

    def _is_registered(self, given: DatasetType) -> bool:
        record = self._current().get(given.name)
        if record is None:
            return False
        existing = record.dataset_type
        differences = [
            f"{what} {old} there and {new} here"
            for what, old, new in (
                ("dimensions", existing.dimensions, given.dimensions),
                ("storage class", existing.storageClass_name, given.storageClass_name),
                ("isCalibration", existing.isCalibration(), given.isCalibration()),
            )
            if old != new
        ]
        if differences:
            raise ConflictingDefinitionError(
                f"dataset type {given.name!r} is registered otherwise: {'; '.join(differences)}"
            )
        return True

    def _graph_key(self, dimensions: DimensionGroup) -> int:
        """Return the integer of a set of required dimensions; 0 is the empty set."""
        if not dimensions.required:
            return 0
        groups: dict[int, set[str]] = {}
        definitions = "SELECT dimension_graph_id, dimension_name FROM dimension_graph_definition"
        for key, name in self._database.query(definitions).fetchall():
            groups.setdefault(key, set()).add(name)
        wanted = set(dimensions.required)
        for key, names in groups.items():
            if names == wanted:
                return key
        key = max(groups, default=0) + 1
        self._database.execute("INSERT INTO dimension_graph_key (id) VALUES (:id)", [(key,)])
        self._database.execute(
            "INSERT INTO dimension_graph_definition (dimension_graph_id, dimension_name)"
            " VALUES (:id, :name)",
            [(key, name) for name in dimensions.required],
        )
        return key

    def remove(self, name: str) -> None:
        """Remove a dataset type that has no datasets.

        Raises
        ------
        OrphanedRecordError
            If it has.
        """
        record = self.get(name)
        used = self._database.query(
            "SELECT 1 FROM dataset WHERE dataset_type_id = :id LIMIT 1", (record.key,)
        ).fetchone()
        if used:
            raise OrphanedRecordError(f"dataset type {name!r} has datasets: remove them first")
        with self._database.lock:
            self._token = None
            self._database.execute("DELETE FROM dataset_type WHERE id = :id", [(record.key,)])
