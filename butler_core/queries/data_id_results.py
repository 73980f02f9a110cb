"""The data IDs that a query finds: an iterable that runs when it is iterated."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..dataset import DatasetRef, DatasetType
from ..dimensions import DataCoordinate, DimensionGroup, DimensionUniverse
from ..errors import DimensionNameError
from ..registry.collections import CollectionExpression
from ..registry.expansion import expand_many
from .data_ids import DataIdQuery
from .emptiness import why_empty
from .memberships import DatasetSearch
from .order_by import checked_terms
from .query_source import QuerySource
from .results import checked_limit, conditions

__all__ = ["DataCoordinateQueryResults", "FindDatasets", "data_ids_with_records"]

_TOGETHER = 10_000  # data IDs whose records are fetched together

FindDatasets = Callable[[DatasetType | str, CollectionExpression, bool], Iterable[DatasetRef]]
"""Returns the datasets of a type in collections, the first of each data ID or all."""


class DataCoordinateQueryResults(Iterable[DataCoordinate]):
    """Data IDs that a query finds, with implied values.

    Iterating runs the query anew each time, and reads rows as it goes.

    Parameters
    ----------
    source : `QuerySource`
        What the query runs on.
    query : `DataIdQuery`
        The query.
    find : `~collections.abc.Callable`
        Finds datasets.
    expand : `bool`, optional
        Whether data IDs have records.
    """

    def __init__(
        self, source: QuerySource, query: DataIdQuery, find: FindDatasets, *, expand: bool = False
    ) -> None:
        self._source = source
        self._query = query
        self._find = find
        self._expand = expand

    @property
    def dimensions(self) -> DimensionGroup:
        """The dimensions of the data IDs."""
        return self._query.dimensions

    @property
    def universe(self) -> DimensionUniverse:
        """Where the dimensions are from."""
        return self.dimensions.universe

    def hasFull(self) -> bool:
        """Return whether data IDs have implied values, as they always do."""
        return True

    def hasRecords(self) -> bool:
        """Return whether data IDs have records."""
        return self._expand

    def __iter__(self) -> Iterator[DataCoordinate]:
        found = self._source.data_id_queries.run(self._query)
        return data_ids_with_records(self._source, found) if self._expand else found

    def expanded(self) -> DataCoordinateQueryResults:
        """Return the results with dimension records."""
        return DataCoordinateQueryResults(self._source, self._query, self._find, expand=True)

    def order_by(self, *args: str) -> DataCoordinateQueryResults:
        """Return the results in an order."""
        return self._replaced(replace(self._query, order_by=checked_terms(args)))

    def limit(self, limit: int | None) -> DataCoordinateQueryResults:
        """Return at most so many results."""
        return self._replaced(replace(self._query, limit=checked_limit(limit)))

    def subset(
        self,
        dimensions: DimensionGroup | Iterable[str] | str | None = None,
        *,
        unique: bool = False,
    ) -> DataCoordinateQueryResults:
        """Return data IDs of some of the dimensions, each once, with the same conditions.

        Raises
        ------
        DimensionNameError
            If a dimension is not one of these.
        """
        if dimensions is None:
            return self
        group = self.universe.conform(dimensions)
        if not group.issubset(self.dimensions):
            raise DimensionNameError(f"{group} is not a subset of {self.dimensions}")
        return self._replaced(replace(self._query, dimensions=group))

    def _replaced(self, query: DataIdQuery) -> DataCoordinateQueryResults:
        return DataCoordinateQueryResults(self._source, query, self._find, expand=self._expand)

    def findDatasets(
        self,
        datasetType: DatasetType | str,
        collections: CollectionExpression,
        *,
        findFirst: bool = True,
    ) -> Iterator[DatasetRef]:
        """Yield the datasets of a type whose data IDs agree with one of the results."""
        found: dict[DatasetRef, None] = {}
        for _, ref in self.findRelatedDatasets(datasetType, collections, findFirst=findFirst):
            found.setdefault(ref)
        yield from found

    def findRelatedDatasets(
        self,
        datasetType: DatasetType | str,
        collections: CollectionExpression,
        *,
        findFirst: bool = True,
        dimensions: DimensionGroup | Iterable[str] | None = None,
    ) -> Iterator[tuple[DataCoordinate, DatasetRef]]:
        """Yield each of the results with each dataset of a type whose data ID agrees with it.

        Parameters
        ----------
        datasetType : `DatasetType` or `str`
            The type.
        collections : `str` or `~collections.abc.Iterable` [ `str` ]
            Where to look, in order.
        findFirst : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.
        dimensions : `DimensionGroup` or iterable of `str`, optional
            Those of the returned data IDs, some of these.
        """
        wanted = self.dimensions if dimensions is None else self.universe.conform(dimensions)
        refs = list(self._find(datasetType, collections, findFirst))
        if not refs:
            return
        theirs = refs[0].datasetType.dimensions
        shared = [name for name in theirs.data_coordinate_keys if name in self.dimensions]
        by_key: dict[tuple[object, ...], list[DatasetRef]] = {}
        for ref in refs:
            by_key.setdefault(tuple(ref.dataId[name] for name in shared), []).append(ref)
        pairs = (
            (data_id.subset(wanted), ref)
            for data_id in self
            for ref in by_key.get(tuple(data_id[name] for name in shared), ())
        )
        yield from dict.fromkeys(pairs)

    @contextlib.contextmanager
    def materialize(self) -> Iterator[DataCoordinateQueryResults]:
        """Return a context with these results; nothing is copied."""
        yield self

    def toSet(self) -> frozenset[DataCoordinate]:
        """Return the data IDs in a set."""
        return frozenset(self)

    def toSequence(self) -> tuple[DataCoordinate, ...]:
        """Return the data IDs in the order of the query."""
        return tuple(self)

    def explain_no_results(self, execute: bool = True) -> list[str]:
        """Return reasons why there are no results; none if there are some, or without running."""
        if execute and self.any():
            return []
        return why_empty(self._source, self._query, execute=execute)

    def count(self, *, exact: bool = True, discard: bool = False) -> int:
        """Return how many data IDs there are."""
        return sum(1 for _ in self._source.data_id_queries.run(self._query))

    def any(self, *, execute: bool = True, exact: bool = True) -> bool:
        """Return whether there is any data ID."""
        return any(True for _ in self)

    def __repr__(self) -> str:
        query = self._query
        how = list(conditions(query.constraint, query.order_by, query.limit, query.where))
        how += [
            f"with {one.record.dataset_type.name!r}"
            for one in query.datasets
            if isinstance(one, DatasetSearch)
        ]
        return f"DataCoordinateQueryResults({', '.join([str(self.dimensions), *how])})"


def data_ids_with_records(
    source: QuerySource, data_ids: Iterable[DataCoordinate]
) -> Iterator[DataCoordinate]:
    """Yield data IDs of one group of dimensions with records."""
    waiting = iter(data_ids)
    while batch := list(itertools.islice(waiting, _TOGETHER)):
        yield from expand_many(source.records, batch)
