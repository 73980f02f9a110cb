"""The dimension records that an export holds."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from ..dimensions import DataCoordinate, DimensionElement, DimensionRecord
from ..registry.expansion import expand_many

if TYPE_CHECKING:
    from ..registry.dimension_records import DimensionRecordManager
    from ..repository import Repository

__all__ = ["RecordSelection", "ReferredRecords"]

_MOST_FETCHED = 5000  # records by their keys; of more, the whole table is read

_Key: TypeAlias = tuple[Any, ...]
_Keys: TypeAlias = dict[str, set[_Key]]


class ReferredRecords:
    """The keys of the records that some data IDs refer to.

    Parameters
    ----------
    repository : `Repository`
        Where the records are.
    elements : `~collections.abc.Set` [ `str` ]
        The elements of which there shall be records.
    """

    def __init__(self, repository: Repository, elements: Set[str]) -> None:
        self._records = repository.records
        self._universe = repository.universe
        self._elements = elements
        self._keys: _Keys = {}

    def add(self, data_ids: Iterable[DataCoordinate]) -> None:
        """Add what some data IDs refer to.

        Raises
        ------
        DataIdValueError
            If a dimension's value has no record.
        """
        groups: dict[Any, list[DataCoordinate]] = {}
        for data_id in data_ids:
            groups.setdefault(data_id.dimensions, []).append(data_id)
        for group, members in groups.items():
            if not all(data_id.hasFull() for data_id in members):
                members = expand_many(self._records, members, of_datasets=True)
            rows = [data_id.full_values for data_id in members]
            for name in group.elements:
                element = self._universe[name]
                if name in self._elements and element.has_own_table:
                    key = _getter([group.key_index[one] for one in element.required_names])
                    self._keys.setdefault(name, set()).update(map(key, rows))

    def complete(self) -> _Keys:
        """Return the keys, with those of records that are made together with others.

        Such as definitions of visits, and the exposures that these need.
        """
        found = dict(self._keys)
        for element in self._universe.elements:
            source = element.populated_by
            if source in found and element.name in self._elements and element.name != source:
                own = found.get(element.name, set())
                if next(_rows(self._records, element, own), None) is None:
                    self._add_populated(element, self._universe[source])
        return self._keys

    def _add_populated(self, element: DimensionElement, source: DimensionElement) -> None:
        names = element.required_names
        key, count = _getter(map(names.index, source.required_names)), len(names)
        wanted = self._keys[source.name]
        rows = {row[:count] for row in self._records.rows(element) if key(row) in wanted}
        for name in names:
            needed = self._universe[name]
            part = _getter(map(names.index, needed.required_names))
            missing = {part(row) for row in rows} - self._keys.get(name, set())
            self.add(
                DataCoordinate.from_required_values(needed.dimensions, one)
                for one in sorted(missing)
            )
        self._keys.setdefault(element.name, set()).update(rows)


class RecordSelection:
    """Records by the element they are of; those of the repository by their keys alone.

    Parameters
    ----------
    repository : `Repository`
        Where the records are.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._keys: _Keys = {}
        self._given: dict[str, dict[_Key, _Key]] = {}

    def add_records(self, element: DimensionElement, records: Iterable[DimensionRecord]) -> None:
        """Add records; of several with one key, the first counts."""
        count = len(element.required_names)
        given = self._given.setdefault(element.name, {})
        known = self._keys.get(element.name, set())
        for record in records:
            if record.row[:count] not in known:
                given.setdefault(record.row[:count], record.row)

    def add_keys(self, keys: _Keys) -> None:
        """Add records of the repository."""
        for name, some in keys.items():
            self._keys.setdefault(name, set()).update(some)

    def rows(self) -> Iterator[tuple[DimensionElement, Iterator[_Key]]]:
        """Yield each element of which there are records, with their rows, by key."""
        for element in self._repository.universe.elements:
            given = self._given.get(element.name, {})
            keys = self._keys.get(element.name, set()) - given.keys()
            merged = heapq.merge(
                (given[key] for key in sorted(given)),
                _rows(self._repository.records, element, keys),
                key=_getter(range(len(element.required_names))),
            )
            first = next(merged, None)
            if first is not None:
                yield element, _beginning_with(first, merged)


def _beginning_with(first: _Key, others: Iterator[_Key]) -> Iterator[_Key]:
    yield first
    yield from others


def _rows(
    records: DimensionRecordManager, element: DimensionElement, keys: set[_Key]
) -> Iterator[_Key]:
    """Yield the rows of an element with some keys, by key."""
    count = len(element.required_names)
    if len(keys) > _MOST_FETCHED:
        yield from (row for row in records.rows(element) if row[:count] in keys)
    elif keys:
        found = records.fetch_many(element, keys)
        for key in sorted(keys):
            record = found.get(key)
            if record is not None:
                yield record.row


def _getter(places: Iterable[int]) -> Callable[[Sequence[Any]], _Key]:
    """Return a function that returns the values at some places as a tuple."""
    places = tuple(places)
    if len(places) == 1:
        place = places[0]
        return lambda row: (row[place],)
    return itemgetter(*places) if places else lambda row: ()
