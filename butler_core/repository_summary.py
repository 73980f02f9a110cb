"""What a repository holds, told at a glance."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy

from .dimensions import DimensionElement
from .repository import Repository
from .repository_check import MissingFile, compared_files
from .timespan import MAX_NANOSECONDS, MIN_NANOSECONDS

if TYPE_CHECKING:
    from .butler import Butler

__all__ = [
    "CollectionSummary",
    "DatasetTypeSummary",
    "FileCensus",
    "GovernorSummary",
    "RepositorySummary",
    "summarize",
]


@dataclasses.dataclass(frozen=True, slots=True)
class CollectionSummary:
    """A collection, and how many datasets it has.

    Parameters
    ----------
    name, type : `str`
        Name, and type such as ``RUN``.
    children : `tuple` [ `str` ]
        The collections of a chain.
    datasets : `int`
        How many datasets are in it, those of its children not counted.
    dataset_types : `dict` [ `str`, `int` ]
        How many they are of each type that it has, by the type's name.
    """

    name: str
    type: str
    children: tuple[str, ...]
    datasets: int
    dataset_types: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetTypeSummary:
    """A dataset type, and how much there is of it.

    Parameters
    ----------
    name, storage_class : `str`
        Names of the type and of its storage class.
    dimensions : `tuple` [ `str` ]
        What identifies a dataset.
    datasets, files, bytes : `int`
        How many datasets, how many files they have, and their size.
    """

    name: str
    storage_class: str
    dimensions: tuple[str, ...]
    datasets: int
    files: int
    bytes: int


@dataclasses.dataclass(frozen=True, slots=True)
class GovernorSummary:
    """An instrument or a sky map, and how many records belong to it.

    Parameters
    ----------
    dimension, name : `str`
        ``instrument`` or ``skymap``, and its name.
    records : `dict` [ `str`, `int` ]
        How many records each dimension has of it, those that have some.
    timespan : `tuple` [ `int`, `int` ] or `None`
        First begin and last end of its observations, in nanoseconds of TAI
        since 1970.
    """

    dimension: str
    name: str
    records: Mapping[str, int]
    timespan: tuple[int, int] | None


@dataclasses.dataclass(frozen=True, slots=True)
class FileCensus:
    """Which files are not where they should be, and which are where none should be.

    Parameters
    ----------
    missing : `tuple` [ `str` ]
        Paths, or URIs, that are recorded and have no file, in order.
    orphaned : `tuple` [ `str` ]
        Paths, relative to the root, of files that no record names, in order.
    """

    missing: tuple[str, ...]
    orphaned: tuple[str, ...]

    @classmethod
    def take(cls, butler: Butler) -> FileCensus:
        """Look for them in the repository of a Butler."""
        missing: dict[str, None] = {}
        orphaned = []
        for one in compared_files(butler):
            if isinstance(one, MissingFile):
                missing[one.path] = None
            else:
                orphaned.append(one)
        return cls(tuple(missing), tuple(sorted(orphaned)))


@dataclasses.dataclass(frozen=True, slots=True)
class RepositorySummary:
    """What a repository holds.

    Parameters
    ----------
    collections : `tuple` [ `CollectionSummary` ]
        By name.
    dataset_types : `tuple` [ `DatasetTypeSummary` ]
        By name.
    governors : `tuple` [ `GovernorSummary` ]
        Instruments, then sky maps, by name.
    files : `FileCensus` or `None`
        Files that are missing, and that nobody knows; `None` if they were not
        looked for.
    """

    collections: tuple[CollectionSummary, ...]
    dataset_types: tuple[DatasetTypeSummary, ...]
    governors: tuple[GovernorSummary, ...]
    files: FileCensus | None


def summarize(butler: Butler, *, check_files: bool = True) -> RepositorySummary:
    """Return what a repository holds.

    It takes a few statements that count in the database, and reading each
    folder once.

    Parameters
    ----------
    butler : `Butler`
        A Butler on it.
    check_files : `bool`, optional
        Whether to look for missing and orphaned files.
    """
    repository = butler._repository
    return RepositorySummary(
        tuple(_collections(repository)),
        tuple(_dataset_types(repository)),
        tuple(_governors(repository)),
        FileCensus.take(butler) if check_files else None,
    )


def _collections(repository: Repository) -> Iterator[CollectionSummary]:
    counts = _memberships(repository)
    for one in sorted(repository.collections, key=lambda record: record.name):
        own = dict(sorted(counts[one.key].items()))
        yield CollectionSummary(one.name, one.type.name, one.children, sum(own.values()), own)


def _memberships(repository: Repository) -> Mapping[int, Counter[str]]:
    """Return how many datasets of each type a collection has, by its id."""
    names = {record.key: record.dataset_type.name for record in repository.dataset_types}
    counts: defaultdict[int, Counter[str]] = defaultdict(Counter)
    seen: set[str] = set()
    for record in repository.dataset_types:
        dimensions = record.dataset_type.dimensions
        tables = [repository.schema.tags_table(record.tags_table, dimensions)]
        if record.calibs_table is not None:
            tables.append(repository.schema.calibs_table(record.calibs_table, dimensions))
        for table in tables:
            if table.name in seen:
                continue
            seen.add(table.name)
            count: Any = sqlalchemy.func.count(table.c.dataset_id.distinct())
            if table.name == record.tags_table:
                count = sqlalchemy.func.count()
            both = (table.c.collection_id, table.c.dataset_type_id)
            for key, kind, found in _rows(
                repository, sqlalchemy.select(*both, count).group_by(*both)
            ):
                counts[key][names[kind]] += found
    return counts


def _dataset_types(repository: Repository) -> list[DatasetTypeSummary]:
    dataset = repository.schema.table("dataset")
    file = repository.schema.table("file_datastore_records")
    kind = dataset.c.dataset_type_id
    number = sqlalchemy.func.count()
    datasets = dict(_rows(repository, sqlalchemy.select(kind, number).group_by(kind)))
    size = sqlalchemy.func.coalesce(sqlalchemy.func.sum(file.c.file_size), 0)
    joined = file.join(dataset, file.c.dataset_id == dataset.c.id)
    stored = sqlalchemy.select(kind, number, size).select_from(joined).group_by(kind)
    files = {key: (count, int(total)) for key, count, total in _rows(repository, stored)}
    return [
        DatasetTypeSummary(
            record.dataset_type.name,
            record.dataset_type.storageClass_name,
            tuple(record.dataset_type.dimensions.required),
            datasets.get(record.key, 0),
            *files.get(record.key, (0, 0)),
        )
        for record in sorted(repository.dataset_types, key=lambda one: one.dataset_type.name)
    ]


def _governors(repository: Repository) -> Iterator[GovernorSummary]:
    universe = repository.universe
    for governor in universe.governor_dimensions:
        dependents = [
            element
            for element in universe.dimensions
            if element.has_own_table
            and not element.is_governor
            and governor.name in element.required_names
        ]
        counts = {element.name: _records(repository, element, governor) for element in dependents}
        spans = _timespans(repository, governor, dependents)
        table = repository.schema.table(governor.name)
        for (name,) in sorted(_rows(repository, sqlalchemy.select(table.c.name))):
            records = {key: found[name] for key, found in counts.items() if name in found}
            yield GovernorSummary(governor.name, name, records, spans.get(name))


def _records(
    repository: Repository, element: DimensionElement, governor: DimensionElement
) -> dict[str, int]:
    """Return how many records of an element there are, by the name of the governor."""
    owner = repository.schema.table(element.name).c[governor.name]
    counted = sqlalchemy.select(owner, sqlalchemy.func.count()).group_by(owner)
    return dict(_rows(repository, counted))


def _timespans(
    repository: Repository, governor: DimensionElement, elements: Iterable[DimensionElement]
) -> dict[str, tuple[int, int]]:
    """Return from when to when there are observations, by the name of the governor.

    Exposures tell it, visits where no exposure has a time, and days where no visit has one.
    """
    families = sorted({element.temporal for element in elements if element.temporal is not None})
    ranked = [name for family in families for name in repository.universe.family_members(family)]
    spans: dict[str, tuple[int, int]] = {}
    for name in ranked:
        table = repository.schema.table(name)
        begin, end, owner = (
            table.c[column] for column in ("timespan_begin", "timespan_end", governor.name)
        )
        bounded = sqlalchemy.select(
            owner, sqlalchemy.func.min(begin), sqlalchemy.func.max(end)
        ).where(begin > MIN_NANOSECONDS, end < MAX_NANOSECONDS, begin < end)
        for value, first, last in _rows(repository, bounded.group_by(owner)):
            spans.setdefault(value, (first, last))
    return spans


def _rows(repository: Repository, statement: Any) -> list[Any]:
    compiled = repository.database.compile(statement)
    return list(repository.database.query(compiled, compiled.bind({})))
