"""Datasets as a condition: the data IDs that some collections have datasets of a type with."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy

from ..collection import CollectionType
from ..dimensions import DimensionGroup
from ..registry.collections import CollectionRecord
from ..registry.dataset_types import DatasetTypeRecord
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS

__all__ = ["DatasetSearch", "Membership", "membership"]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetSearch:
    """Datasets that there shall be.

    Parameters
    ----------
    record : `DatasetTypeRecord`
        Their type.
    collections : `tuple` [ `CollectionRecord` ]
        Where; no chains.
    """

    record: DatasetTypeRecord
    collections: tuple[CollectionRecord, ...]

    @property
    def group(self) -> DimensionGroup:
        """The dimensions of the type."""
        return self.record.dataset_type.dimensions

    @property
    def shape(self) -> tuple[Any, ...]:
        """What its SQL depends on."""
        return self.record, tuple(one.type for one in self.collections)

    def narrowed(self, summaries: CollectionSummaries) -> DatasetSearch:
        """Return the search in those collections that may hold such datasets."""
        held = summaries.narrowed(self.record.key, self.collections)
        return DatasetSearch(self.record, held)

    def values(self, place: int) -> Iterator[tuple[str, Any]]:
        """Yield the parameters of a membership, by name."""
        yield f"type_{place}", self.record.key
        for number, collection in enumerate(self.collections):
            yield f"collection_{place}_{number}", collection.key


@dataclasses.dataclass(frozen=True, slots=True)
class Membership:
    """A table of data IDs that have a dataset.

    Parameters
    ----------
    table : `sqlalchemy.FromClause`
        Each data ID once, or each with a validity range.
    group : `DimensionGroup`
        The dimensions of the dataset type.
    timed : `bool`
        Whether it has validity ranges.
    """

    table: Any
    group: DimensionGroup
    timed: bool = False


def membership(
    schema: Schema,
    search: DatasetSearch,
    place: int,
    constraint: Collection[str] = (),
    *,
    within: DimensionGroup | None = None,
    timed: bool = False,
) -> Membership:
    """Return the table of the data IDs that a search finds datasets with.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    search : `DatasetSearch`
        The datasets.
    place : `int`
        The number of the search in its query, which its parameters have.
    constraint : `~collections.abc.Collection` [ `str` ], optional
        Dimensions whose values, ``:value_<name>``, they must have.
    within : `DimensionGroup`, optional
        Whether only values of these dimensions are wanted.
    timed : `bool`, optional
        Whether the validity ranges of calibrations are wanted.
    """
    group = search.group
    names = [name for name in group.required if within is None or name in within]
    timed = timed and any(one.type is CollectionType.CALIBRATION for one in search.collections)
    parts = []
    for calibrations in (False, True):
        keys = [
            sqlalchemy.bindparam(f"collection_{place}_{number}", type_=sqlalchemy.BigInteger)
            for number, one in enumerate(search.collections)
            if (one.type is CollectionType.CALIBRATION) is calibrations
        ]
        if not keys:
            continue
        table: Any
        if calibrations:
            assert search.record.calibs_table is not None
            table = schema.calibs_table(search.record.calibs_table, group)
        else:
            table = schema.tags_table(search.record.tags_table, group)
        columns: list[Any] = [table.c[name] for name in names]
        if timed and calibrations:
            columns += [table.c.timespan_begin, table.c.timespan_end]
        elif timed:
            columns += _ALWAYS
        parts.append(
            sqlalchemy.select(*columns or [sqlalchemy.literal_column("1").label("found")])
            .where(
                table.c.dataset_type_id == sqlalchemy.bindparam(f"type_{place}"),
                table.c.collection_id.in_(keys),
                *(
                    table.c[name] == sqlalchemy.bindparam(f"value_{name}")
                    for name in group.required
                    if name in constraint
                ),
            )
            .distinct()
        )
    whole: Any = parts[0] if len(parts) == 1 else sqlalchemy.union(*parts)
    name = f"related_{place}" if within is None else f"members_{place}"
    return Membership(whole.subquery(name), group, timed)


_ALWAYS: list[Any] = [
    sqlalchemy.literal_column(str(MIN_NANOSECONDS)).label("timespan_begin"),
    sqlalchemy.literal_column(str(MAX_NANOSECONDS)).label("timespan_end"),
]
