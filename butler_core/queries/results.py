"""Results of the registry's queries: iterables that run when they are iterated."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..dataset import DatasetRef, DatasetType
from ..dimensions import DataCoordinate, DimensionElement, DimensionRecord
from ..errors import ArgumentError, DatasetTypeError
from ..registry.expansion import expand_many
from .datasets import DatasetQuery
from .emptiness import why_empty
from .expressions import Checked
from .order_by import checked_terms
from .query_source import QuerySource
from .records import RecordQuery

__all__ = [
    "DatasetQueryResults",
    "QuerySource",
    "RecordQueryResults",
    "checked_limit",
    "conditions",
    "with_records",
]


_TOGETHER = 10_000  # references whose records are fetched together
_ENDLESS = 1 << 63


class DatasetQueryResults(Iterable[DatasetRef]):
    """Datasets that queries find, of one or more types.

    Iterating runs the queries anew each time, and reads rows as it goes.

    Parameters
    ----------
    source : `QuerySource`
        What the queries run on.
    queries : `~collections.abc.Sequence` [ `DatasetQuery` ]
        One query a dataset type.
    expand : `bool`, optional
        Whether data IDs have records.
    """

    def __init__(
        self, source: QuerySource, queries: Sequence[DatasetQuery], *, expand: bool = False
    ) -> None:
        self._source = source
        self._queries = tuple(queries)
        self._expand = expand

    def __iter__(self) -> Iterator[DatasetRef]:
        run_names = self._source.collections.names_by_key
        for query in self._queries:
            refs = self._source.dataset_queries.run(query, run_names)
            yield from with_records(self._source, refs) if self._expand else refs

    def expanded(self) -> DatasetQueryResults:
        """Return the results with dimension records in their data IDs."""
        return DatasetQueryResults(self._source, self._queries, expand=True)

    def order_by(self, *args: str) -> DatasetQueryResults:
        """Return the results in an order, for each dataset type."""
        return self._replaced(order_by=checked_terms(args))

    def limit(self, limit: int | None) -> DatasetQueryResults:
        """Return at most so many results for each dataset type."""
        return self._replaced(limit=checked_limit(limit))

    def _replaced(self, **changes: Any) -> DatasetQueryResults:
        queries = [replace(query, **changes) for query in self._queries]
        return DatasetQueryResults(self._source, queries, expand=self._expand)

    def byParentDatasetType(self) -> Iterator[DatasetQueryResults]:
        """Yield the results of each dataset type."""
        for query in self._queries:
            yield DatasetQueryResults(self._source, [query], expand=self._expand)

    @property
    def parentDatasetType(self) -> DatasetType:
        """The dataset type, where it is one alone.

        Raises
        ------
        DatasetTypeError
            If there are several, or none.
        """
        types = [query.record.dataset_type for query in self._queries]
        if len(types) != 1:
            raise DatasetTypeError(f"these are results of {len(types)} dataset types: {self!r}")
        return types[0]

    @property
    def dataIds(self) -> Iterator[DataCoordinate]:
        """The data IDs of the datasets, one for each of these."""
        return (ref.dataId for ref in self)

    def explain_no_results(self, execute: bool = True) -> list[str]:
        """Return reasons why there are no results; none if there are some, or without running."""
        if not self._queries:
            return ["no dataset type was asked for"]
        if execute and self.any():
            return []
        whys = (why_empty(self._source, query, execute=execute) for query in self._queries)
        return list(dict.fromkeys(itertools.chain.from_iterable(whys)))

    def count(self, *, exact: bool = True, discard: bool = False) -> int:
        """Return how many datasets there are."""
        return sum(1 for _ in DatasetQueryResults(self._source, self._queries))

    def any(self, *, execute: bool = True, exact: bool = True) -> bool:
        """Return whether there is any dataset."""
        return any(True for _ in self)

    def __repr__(self) -> str:
        if not self._queries:
            return "DatasetQueryResults(no dataset types)"
        first = self._queries[0]
        types = _listed([query.record.dataset_type.name for query in self._queries])
        names = _listed([collection.name for collection in first.collections])
        how = conditions(first.constraint, first.order_by, first.limit, first.where)
        return f"DatasetQueryResults({', '.join([f'{types} in {names}', *how])})"


class RecordQueryResults(Iterable[DimensionRecord]):
    """Dimension records that a query finds.

    Iterating runs the query anew each time, and reads rows as it goes.

    Parameters
    ----------
    source : `QuerySource`
        What the query runs on.
    query : `RecordQuery`
        The query.
    """

    def __init__(self, source: QuerySource, query: RecordQuery) -> None:
        self._source = source
        self._query = query

    @property
    def element(self) -> DimensionElement:
        """Of what the records are."""
        return self._query.element

    def __iter__(self) -> Iterator[DimensionRecord]:
        return self._source.record_queries.run(self._query)

    def order_by(self, *args: str) -> RecordQueryResults:
        """Return the results in an order."""
        return RecordQueryResults(self._source, replace(self._query, order_by=checked_terms(args)))

    def limit(self, limit: int | None) -> RecordQueryResults:
        """Return at most so many results."""
        return RecordQueryResults(self._source, replace(self._query, limit=checked_limit(limit)))

    def explain_no_results(self, execute: bool = True) -> list[str]:
        """Return reasons why there are no results; none if there are some, or without running."""
        if execute and self.any():
            return []
        return why_empty(self._source, self._query, execute=execute)

    def count(self, *, exact: bool = True, discard: bool = False) -> int:
        """Return how many records there are."""
        return sum(1 for _ in self)

    def any(self, *, execute: bool = True, exact: bool = True) -> bool:
        """Return whether there is any record."""
        return any(True for _ in self)

    def __repr__(self) -> str:
        query = self._query
        how = conditions(query.constraint, query.order_by, query.limit, query.where)
        return f"RecordQueryResults({', '.join([repr(self.element.name), *how])})"


def _listed(names: Sequence[str], most: int = 3) -> str:
    shown = [repr(name) for name in names[:most]]
    if len(names) > most:
        shown.append(f"and {len(names) - most} more")
    return ", ".join(shown) or "no collections"


def conditions(
    constraint: Mapping[str, Any], order_by: Sequence[str], limit: int | None, where: Checked
) -> Iterator[str]:
    """Yield the parts of a text that says what a query asks for."""
    if where.text:
        yield f"where {where.text!r}"
    if constraint:
        yield f"data ID {dict(constraint)}"
    if order_by:
        yield f"ordered by {', '.join(map(repr, order_by))}"
    if limit is not None:
        yield f"limit {limit}"


def checked_limit(limit: int | None) -> int | None:
    """Return how many results are wanted, which is an integer or `None`.

    More than a registry can count are all of them.

    Raises
    ------
    ArgumentError
        If it is something else.
    """
    try:
        wanted = None if limit is None else operator.index(limit)
    except TypeError:
        raise ArgumentError(f"limit= takes an integer or None, not {limit!r}") from None
    return None if wanted is None or abs(wanted) >= _ENDLESS else wanted


def with_records(source: QuerySource, refs: Iterable[DatasetRef]) -> Iterator[DatasetRef]:
    """Yield references of one dataset type, which are not in use yet, with records."""
    waiting = iter(refs)
    while batch := list(itertools.islice(waiting, _TOGETHER)):
        data_ids = expand_many(source.records, [ref.dataId for ref in batch], of_datasets=True)
        for ref, data_id in zip(batch, data_ids, strict=True):
            ref.dataId = data_id
        yield from batch
