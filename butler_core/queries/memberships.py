"""Datasets as a condition: the data IDs that some collections have datasets of a type with.

Data IDs that are given, and not found, are a condition of the same kind.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy

from ..collection import CollectionType
from ..dimensions import DimensionGroup
from ..registry.collections import CollectionRecord
from ..registry.dataset_types import DatasetTypeRecord
from ..registry.schema import Schema
from ..registry.summaries import CollectionSummaries
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS
from .expressions import Checked

__all__ = [
    "DatasetSearch",
    "GivenDataIds",
    "Membership",
    "Search",
    "Span",
    "dataset_fields",
    "membership",
    "memberships",
    "search_rank",
]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetSearch:
    """Datasets that there shall be; true where there may be some.

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

    @property
    def has_timespans(self) -> bool:
        """Whether what it finds may have validity ranges."""
        return any(one.type is CollectionType.CALIBRATION for one in self.collections)

    def __bool__(self) -> bool:
        return bool(self.collections)

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
class GivenDataIds:
    """Data IDs that are given; true where there are some.

    Parameters
    ----------
    group : `DimensionGroup`
        Their dimensions.
    rows : `str`
        The values of the required ones, a list each, as JSON.
    """

    group: DimensionGroup
    rows: str

    @classmethod
    def of(cls, group: DimensionGroup, rows: Iterable[Sequence[Any]]) -> GivenDataIds:
        """Return data IDs by the values of their required dimensions, each once."""
        return cls(group, json.dumps(list(dict.fromkeys(map(tuple, rows)))))

    @property
    def shape(self) -> tuple[Any, ...]:
        """What its SQL depends on."""
        return (self.group.names,)

    def __bool__(self) -> bool:
        return self.rows != "[]"

    def narrowed(self, summaries: CollectionSummaries) -> GivenDataIds:
        """Return the same data IDs, of which collections say nothing."""
        return self

    def values(self, place: int) -> Iterator[tuple[str, Any]]:
        """Yield the parameters of a membership, by name."""
        yield f"data_ids_{place}", self.rows


class Span(NamedTuple):
    """When something in a table is valid.

    Attributes
    ----------
    begin, end : `sqlalchemy.ColumnElement`
        The bounds, in nanoseconds.
    always : `sqlalchemy.ColumnElement` or `None`
        Whether it is valid whatever the time is, and where that is not known:
        it is in a run, not certified. `None` if nothing in the table is.
    """

    begin: Any
    end: Any
    always: Any = None

    def overlaps(self, begin: Any, end: Any) -> Any:
        """Return the condition that it is valid at some time between two bounds."""
        then = sqlalchemy.and_(self.begin < end, self.end > begin)
        return then if self.always is None else sqlalchemy.or_(self.always == _ONE, then)


Search: TypeAlias = DatasetSearch | GivenDataIds
"""What gives data IDs that others must agree with."""


@dataclasses.dataclass(frozen=True, slots=True)
class Membership:
    """A table of data IDs that have a dataset, or are given.

    Parameters
    ----------
    table : `sqlalchemy.FromClause`
        Each data ID once, or each with a validity range, or with each dataset.
    group : `DimensionGroup`
        Their dimensions.
    timed : `bool`
        Whether it has validity ranges.
    fields : `~collections.abc.Mapping` [ `tuple` [ `str`, `str` ], `object` ]
        Columns of the datasets, by the type and the name of the field.
    given : `bool`
        Whether the data IDs are given.
    """

    table: Any
    group: DimensionGroup
    timed: bool = False
    fields: Mapping[tuple[str, str], Any] = dataclasses.field(default_factory=dict)
    given: bool = False

    @property
    def span(self) -> Span | None:
        """When the datasets are valid, if that matters."""
        if not self.timed:
            return None
        columns = self.table.c
        return Span(columns.timespan_begin, columns.timespan_end, columns.get(_ALWAYS_VALID))


def memberships(
    schema: Schema,
    searches: Sequence[Search],
    constraint: Collection[str],
    where: Checked,
    done: Collection[int] = (),
) -> Iterator[Membership]:
    """Yield the tables of the searches of a query.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    searches : `~collections.abc.Sequence` [ `Search` ]
        What the results must agree with.
    constraint : `~collections.abc.Collection` [ `str` ]
        Dimensions whose values, ``:value_<name>``, they must have.
    where : `Checked`
        What they must be besides, which may ask for fields of datasets.
    done : `~collections.abc.Collection` [ `int` ], optional
        The places of searches which are dealt with already.
    """
    needed = {key for one in where.conjuncts for key in one.dataset_fields}
    for place, search in enumerate(searches):
        if place not in done:
            yield membership(schema, search, place, constraint, timed=True, fields=needed)


def membership(
    schema: Schema,
    search: Search,
    place: int,
    constraint: Collection[str] = (),
    *,
    within: DimensionGroup | None = None,
    timed: bool = False,
    fields: Set[tuple[str, str]] = frozenset(),
    ranked: bool = False,
) -> Membership:
    """Return the table of the data IDs that a search finds datasets with, or that are given.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    search : `Search`
        The datasets, or data IDs.
    place : `int`
        The number of the search in its query, which its parameters have.
    constraint : `~collections.abc.Collection` [ `str` ], optional
        Dimensions whose values, ``:value_<name>``, they must have.
    within : `DimensionGroup`, optional
        Whether only values of these dimensions are wanted.
    timed : `bool`, optional
        Whether the validity ranges of calibrations are wanted.
    fields : `~collections.abc.Set` [ `tuple` [ `str`, `str` ] ], optional
        Fields of datasets that are wanted, of this type and of others.
    ranked : `bool`, optional
        Whether a column ``search_rank`` is wanted: the place of the collection
        in the order of the search.
    """
    group = search.group
    names = [name for name in group.required if within is None or name in within]
    name = f"related_{place}" if within is None else f"members_{place}"
    if isinstance(search, GivenDataIds):
        return Membership(_given(search, place, names).subquery(name), group, given=True)
    own = search.record.dataset_type.name
    wanted = sorted(field for kind, field in fields if kind == own)
    timed = timed and search.has_timespans
    mixed = (
        timed and len({one.type is CollectionType.CALIBRATION for one in search.collections}) > 1
    )
    parts = []
    for calibrations in (False, True):
        keys = {
            number: sqlalchemy.bindparam(
                f"collection_{place}_{number}", type_=sqlalchemy.BigInteger
            )
            for number, one in enumerate(search.collections)
            if (one.type is CollectionType.CALIBRATION) is calibrations
        }
        if not keys:
            continue
        table: Any
        if calibrations:
            assert search.record.calibs_table is not None
            table = schema.calibs_table(search.record.calibs_table, group)
        else:
            table = schema.tags_table(search.record.tags_table, group)
        columns: list[Any] = [table.c[name] for name in names]
        source, found = dataset_fields(
            schema, table, table.c.dataset_id, table.c.collection_id, set(wanted)
        )
        columns += [column.label(f"of_dataset_{field}") for field, column in found.items()]
        if timed or "timespan" in wanted:
            columns += [table.c.timespan_begin, table.c.timespan_end] if calibrations else _ALWAYS
        if mixed:
            columns.append(
                sqlalchemy.literal_column(str(int(not calibrations))).label(_ALWAYS_VALID)
            )
        if ranked:
            columns.append(search_rank(table.c.collection_id, keys))
        parts.append(
            sqlalchemy.select(*columns or [sqlalchemy.literal_column("1").label("found")])
            .select_from(source)
            .where(
                table.c.dataset_type_id == sqlalchemy.bindparam(f"type_{place}"),
                table.c.collection_id.in_(list(keys.values())),
                *(
                    table.c[name] == sqlalchemy.bindparam(f"value_{name}")
                    for name in group.required
                    if name in constraint
                ),
            )
            .distinct()
        )
    whole: Any = (parts[0] if len(parts) == 1 else sqlalchemy.union(*parts)).subquery(name)
    offered: dict[tuple[str, str], Any] = {}
    for field in wanted:
        if field == "timespan":
            offered[own, "timespan.begin"] = whole.c.timespan_begin
            offered[own, "timespan.end"] = whole.c.timespan_end
        else:
            offered[own, field] = whole.c[f"of_dataset_{field}"]
    return Membership(whole, group, timed, offered)


def search_rank(collection_id: Any, keys: Mapping[int, Any]) -> Any:
    """Return a column ``search_rank``: the number of a collection in the order of a search.

    Parameters
    ----------
    collection_id : `sqlalchemy.ColumnElement`
        The column with the ids of collections.
    keys : `~collections.abc.Mapping` [ `int`, `sqlalchemy.ColumnElement` ]
        These ids by their numbers.
    """
    cases: list[Any] = [
        (collection_id == key, sqlalchemy.literal_column(str(number)))
        for number, key in keys.items()
    ]
    return sqlalchemy.case(*cases).label("search_rank")


def dataset_fields(
    schema: Schema, clause: Any, dataset_id: Any, collection_id: Any, fields: Set[str]
) -> tuple[Any, dict[str, Any]]:
    """Join what holds fields of datasets, which are found by their ids.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    clause : `sqlalchemy.FromClause`
        Where the datasets are from.
    dataset_id, collection_id : `sqlalchemy.ColumnElement`
        The columns with the ids of them and of the collections that they are in.
    fields : `~collections.abc.Set` [ `str` ]
        Fields that are wanted; a timespan is not found here.

    Returns
    -------
    clause : `sqlalchemy.FromClause`
        The same with what was joined.
    columns : `dict` [ `str`, `sqlalchemy.ColumnElement` ]
        The fields.
    """
    columns: dict[str, Any] = {"dataset_id": dataset_id} if "dataset_id" in fields else {}
    keys: dict[str, Any] = {}
    if fields & {"ingest_date", "run"}:
        dataset = schema.table("dataset").alias("fields_of_dataset")
        clause = clause.join(dataset, dataset.c.id == dataset_id)
        if "ingest_date" in fields:
            columns["ingest_date"] = dataset.c.ingest_date
        keys.update({"run": dataset.c.run_id} if "run" in fields else {})
    if "collection" in fields:
        keys["collection"] = collection_id
    for name, key in keys.items():
        table = schema.table("collection").alias(f"{name}_of_dataset")
        clause = clause.join(table, table.c.collection_id == key)
        columns[name] = table.c.name
    return clause, columns


def _given(search: GivenDataIds, place: int, names: Sequence[str]) -> Any:
    """Return the values of some dimensions in a parameter that holds data IDs."""
    rows: Any = sqlalchemy.bindparam(f"data_ids_{place}", type_=sqlalchemy.String)
    listed = sqlalchemy.func.json_each(rows).table_valued("value", name=f"data_ids_{place}")
    universe = search.group.universe
    columns = []
    for name in names:
        path: Any = sqlalchemy.literal_column(f"'$[{search.group.required.index(name)}]'")
        key = universe[name].primary_key
        kind = sqlalchemy.BigInteger if key is None or key.type == "int" else sqlalchemy.String
        value = sqlalchemy.func.json_extract(listed.c.value, path, type_=kind)
        columns.append(value.label(name))
    found = sqlalchemy.select(*columns or [sqlalchemy.literal_column("1").label("found")])
    return found.select_from(listed).distinct()


_ALWAYS_VALID = "is_always_valid"
_ONE: Any = sqlalchemy.literal_column("1")
_ALWAYS: list[Any] = [
    sqlalchemy.literal_column(str(MIN_NANOSECONDS)).label("timespan_begin"),
    sqlalchemy.literal_column(str(MAX_NANOSECONDS)).label("timespan_end"),
]
