"""The SQL of memberships: which datasets are in a collection, and when they are valid there."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy

from ..collection import CollectionType
from ..dataset import DatasetRef
from ..dataset_association import DatasetAssociation
from ..dimensions import DataCoordinate
from ..registry.collections import CollectionRecord
from ..registry.database import Database
from ..registry.dataset_types import DatasetTypeRecord
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from ..timespan import Timespan
from .joins import DimensionJoins

__all__ = ["AssociationQueries"]


class AssociationQueries:
    """Runs queries for memberships, each form compiled once.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    schema : `Schema`
        Its tables.
    summaries : `CollectionSummaries`
        What collections may hold.
    """

    def __init__(self, database: Database, schema: Schema, summaries: CollectionSummaries) -> None:
        self._database = database
        self._schema = schema
        self._summaries = summaries
        self._statements = database.statements(schema, "association queries")

    def run(
        self,
        record: DatasetTypeRecord,
        collections: Iterable[CollectionRecord],
        run_names: Callable[[], Mapping[int, str]],
    ) -> Iterator[DatasetAssociation]:
        """Yield the datasets of a type in each of some collections, reading as it is iterated.

        Parameters
        ----------
        record : `DatasetTypeRecord`
            Their type.
        collections : `~collections.abc.Iterable` [ `CollectionRecord` ]
            The collections; no chains.
        run_names : `~collections.abc.Callable`
            Returns the names of runs by id.
        """
        dataset_type = record.dataset_type
        group = dataset_type.dimensions
        for collection in self._summaries.narrowed(record.key, tuple(collections)):
            calibrations = collection.type is CollectionType.CALIBRATION
            statement = self._statements.get(
                (record, calibrations), functools.partial(self._select, record, calibrations)
            )
            values = {"dataset_type": record.key, "collection": collection.key}
            rows = self._database.stream(statement, statement.bind(values))
            names = run_names()
            for id, run, begin, end, *full in rows:
                data_id = DataCoordinate.from_full_values(group, tuple(full))
                ref = DatasetRef.from_row(dataset_type, data_id, names[run], id)
                timespan = Timespan.from_nanoseconds(begin, end) if calibrations else None
                yield DatasetAssociation(ref, collection.name, timespan)

    def _select(self, record: DatasetTypeRecord, calibrations: bool) -> Any:
        group = record.dataset_type.dimensions
        null: Any = sqlalchemy.null()
        begin, end = null, null
        if calibrations:
            assert record.calibs_table is not None  # nothing else is in such a collection
            members = self._schema.calibs_table(record.calibs_table, group)
            begin, end = members.c.timespan_begin, members.c.timespan_end
        else:
            members = self._schema.tags_table(record.tags_table, group)
        joins = DimensionJoins(
            self._schema, group, members, {name: members.c[name] for name in group.required}
        )
        dataset = self._schema.table("dataset")
        joins.clause = joins.clause.join(dataset, dataset.c.id == members.c.dataset_id)
        columns = [joins.dimension(name) for name in group.data_coordinate_keys]
        return (
            sqlalchemy.select(members.c.dataset_id, dataset.c.run_id, begin, end, *columns)
            .select_from(joins.clause)
            .where(
                members.c.dataset_type_id == sqlalchemy.bindparam("dataset_type"),
                members.c.collection_id == sqlalchemy.bindparam("collection"),
            )
        )
