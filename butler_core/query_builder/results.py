"""What a query that is built step by step finds: iterables that run when they are iterated."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Generic, Self, TypeVar

from ..dataset import DatasetRef, DatasetType
from ..dimensions import DataCoordinate, DimensionElement, DimensionGroup, DimensionRecord
from ..errors import InvalidQueryError
from ..queries.data_id_results import data_ids_with_records
from ..queries.data_ids import DataIdQuery
from ..queries.datasets import DatasetQuery
from ..queries.emptiness import Query as AnyQuery
from ..queries.emptiness import why_empty
from ..queries.order_by import checked_terms
from ..queries.records import RecordQuery
from ..queries.results import DatasetQueryResults, checked_limit
from .columns import Expression, Order, Predicate, order_terms_of
from .tree import QueryTree

__all__ = [
    "DataCoordinateQueryResults",
    "DatasetRefQueryResults",
    "DimensionRecordQueryResults",
    "QueryResults",
]

_Found = TypeVar("_Found")


class QueryResults(Iterable[_Found], Generic[_Found]):
    """Results of a query; each method returns others, and leaves these as they are.

    Parameters
    ----------
    tree : `QueryTree`
        What the query has been told.
    dimensions : `DimensionGroup`
        The dimensions of the results.
    """

    _what: ClassVar[str] = "results"

    def __init__(self, tree: QueryTree, dimensions: DimensionGroup) -> None:
        self._tree = tree
        self._dimensions = dimensions
        self._order_by: tuple[str, ...] = ()
        self._limit: int | None = None

    @property
    def dimensions(self) -> DimensionGroup:
        """The dimensions of the results."""
        return self._dimensions

    @abstractmethod
    def _query(self, limit: int | None) -> AnyQuery:
        """Return what is asked for, not more than a limit."""

    @abstractmethod
    def _run(self, limit: int | None) -> Iterator[_Found]:
        """Return the results, not more than a limit."""

    def __iter__(self) -> Iterator[_Found]:
        return self._run(self._limit)

    def _changed(self, **changes: Any) -> Self:
        other = copy.copy(self)
        for name, value in changes.items():
            setattr(other, f"_{name}", value)
        return other

    def where(
        self,
        *args: str | Predicate | Mapping[str, Any],
        bind: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Self:
        """Return those of which a condition is true; see `Query.where`."""
        about = self._tree.with_dimensions(self._dimensions.names)
        return self._changed(tree=about.filtered(args, bind, kwargs))

    def order_by(self, *args: str | Order | Expression) -> Self:
        """Return the results in an order, in place of the one before.

        Parameters
        ----------
        *args : `str` or expression
            Dimensions and fields such as ``"-visit.exposure_time"``, downwards
            with ``-`` before; or ``x.visit.exposure_time.desc``.

        Raises
        ------
        InvalidQueryError
            If an expression is no column.
        """
        return self._changed(order_by=checked_terms(order_terms_of(args)))

    def limit(self, limit: int | None = None) -> Self:
        """Return the first so many of the results, all of them if `None`.

        Raises
        ------
        InvalidQueryError
            If the limit is negative.
        """
        size = checked_limit(limit)
        if size is not None and size < 0:
            raise InvalidQueryError(
                f"limit({size}): a query that is built step by step has no limit that warns;"
                f" ask for one more than you need, limit({1 - size}), and count what comes"
            )
        return self._changed(limit=size)

    def count(self, *, exact: bool = True, discard: bool = False) -> int:
        """Return how many results there are."""
        return sum(1 for _ in self)

    def any(self, *, execute: bool = True, exact: bool = True) -> bool:
        """Return whether there is any result."""
        return any(True for _ in self._run(1 if self._limit is None else min(self._limit, 1)))

    def explain_no_results(self, execute: bool = True) -> list[str]:
        """Return reasons why there are no results; none if there are some."""
        if execute and self.any():
            return []
        return why_empty(self._tree.finder.repository, self._query(self._limit), execute=execute)

    def __repr__(self) -> str:
        parts = [f"{self._what} of {self._dimensions}", *self._tree.described()]
        parts += [f"ordered by {', '.join(self._order_by)}"] if self._order_by else []
        parts += [f"limit {self._limit}"] if self._limit is not None else []
        return f"{type(self).__name__}({', '.join(parts)})"


class DataCoordinateQueryResults(QueryResults[DataCoordinate]):
    """Data IDs that a query finds, with implied values.

    Parameters
    ----------
    tree : `QueryTree`
        What the query has been told.
    dimensions : `DimensionGroup`
        The dimensions of the data IDs.
    """

    _what = "data IDs"
    _records = False

    @property
    def has_dimension_records(self) -> bool:
        """Whether the data IDs have records."""
        return self._records

    def with_dimension_records(self) -> Self:
        """Return the results with dimension records."""
        return self._changed(records=True)

    def _query(self, limit: int | None) -> DataIdQuery:
        return DataIdQuery(
            dimensions=self._dimensions,
            order_by=self._order_by,
            limit=limit,
            **self._tree.restriction(self._dimensions),
        )

    def _run(self, limit: int | None) -> Iterator[DataCoordinate]:
        repository = self._tree.finder.repository
        found = repository.data_id_queries.run(self._query(limit))
        return data_ids_with_records(repository, found) if self._records else found


class DimensionRecordQueryResults(QueryResults[DimensionRecord]):
    """Dimension records that a query finds.

    Parameters
    ----------
    tree : `QueryTree`
        What the query has been told.
    element : `DimensionElement`
        Of what the records are.
    """

    _what = "records"

    def __init__(self, tree: QueryTree, element: DimensionElement) -> None:
        super().__init__(tree, element.dimensions)
        self._element = element

    @property
    def element(self) -> DimensionElement:
        """Of what the records are."""
        return self._element

    def _query(self, limit: int | None) -> RecordQuery:
        return RecordQuery(
            element=self._element,
            order_by=self._order_by,
            limit=limit,
            **self._tree.restriction(self._dimensions),
        )

    def _run(self, limit: int | None) -> Iterator[DimensionRecord]:
        return self._tree.finder.repository.record_queries.run(self._query(limit))


class DatasetRefQueryResults(QueryResults[DatasetRef]):
    """Datasets of a type that a query finds.

    Parameters
    ----------
    tree : `QueryTree`
        What the query has been told, with a search for the type.
    dataset_type : `DatasetType`
        The type.
    find_first : `bool`
        Whether, of datasets with the same data ID, only the one in the first
        collection is found.
    """

    _what = "datasets"
    _records = False

    def __init__(self, tree: QueryTree, dataset_type: DatasetType, find_first: bool) -> None:
        super().__init__(tree, dataset_type.dimensions)
        self._dataset_type = dataset_type
        self._find_first = find_first

    @property
    def dataset_type(self) -> DatasetType:
        """The type of the datasets."""
        return self._dataset_type

    @property
    def data_ids(self) -> DataCoordinateQueryResults:
        """The data IDs of the datasets, each once."""
        found = DataCoordinateQueryResults(self._tree, self._dimensions)
        return found._changed(order_by=self._order_by, limit=self._limit, records=self._records)

    @property
    def has_dimension_records(self) -> bool:
        """Whether the data IDs have records."""
        return self._records

    def with_dimension_records(self) -> Self:
        """Return the results with dimension records in their data IDs."""
        return self._changed(records=True)

    def _query(self, limit: int | None) -> DatasetQuery:
        finder, name = self._tree.finder, self._dataset_type.name
        search = self._tree.searches[name]
        asked = self._tree.restriction(self._dimensions, name)
        return DatasetQuery(
            search.record,
            search.collections,
            asked["constraint"],
            self._find_first,
            self._order_by,
            limit,
            finder.query_timespan(search.record, asked["constraint"]),
            asked["where"],
            asked["datasets"],
        )

    def _run(self, limit: int | None) -> Iterator[DatasetRef]:
        repository = self._tree.finder.repository
        return iter(DatasetQueryResults(repository, [self._query(limit)], expand=self._records))
