"""What a Butler is asked for: datasets and dimension records."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Mapping
from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypeVar

from .butler_opening import OpenButler
from .call_arguments import given_data_id
from .collector import Uncollected
from .dataset import DatasetRef, DatasetType
from .dimensions import DataCoordinate, DimensionGroup, DimensionRecord
from .errors import EmptyQueryResultError, MissingDatasetTypeError
from .queries.data_id_results import data_ids_with_records
from .queries.data_ids import DataIdQuery
from .queries.datasets import DatasetQuery
from .queries.emptiness import why_empty
from .queries.order_by import checked_terms
from .queries.records import RecordQuery
from .queries.results import DatasetQueryResults, RecordQueryResults, checked_limit
from .registry.collections import CollectionExpression, collection_names

if TYPE_CHECKING:
    from .query_builder import Query

__all__ = ["QueryingButler"]

_Found = TypeVar("_Found")


class QueryingButler(OpenButler):
    """A Butler that answers queries; see `Butler`."""

    def query(self) -> Query:
        """Return a query that is built step by step.

        It holds nothing, and may be used with or without ``with``:

        .. code-block:: python

            with butler.query() as query:
                x = query.expression_factory
                long = query.where(x.visit.exposure_time > 30, instrument="HSC")
                visits = list(long.data_ids(["visit"]).order_by("visit"))
        """
        from .query_builder import Query

        return Query.first(self._finder)

    def query_datasets(
        self,
        dataset_type: str | DatasetType,
        collections: CollectionExpression | None = None,
        *,
        find_first: bool = True,
        data_id: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        with_dimension_records: bool = False,
        order_by: Iterable[str] | str | None = None,
        limit: int | None = None,
        explain: bool = True,
        **kwargs: Any,
    ) -> list[DatasetRef]:
        """Return the datasets of a type.

        Parameters
        ----------
        dataset_type : `str` or `DatasetType`
            Their type.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look; the default collections if not given. What matches
            a name with wildcards is in the order of its registration.
        find_first : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.
        data_id : `~collections.abc.Mapping`, optional
            Values of dimensions that the datasets must have.
        where : `str`, optional
            A condition such as ``visit.exposure_time > 30 AND band IN ('g', :b)``.
        bind : `~collections.abc.Mapping`, optional
            Values of the names in ``where`` that have a colon before them.
        with_dimension_records : `bool`, optional
            Whether data IDs have records.
        order_by : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Dimensions and fields to order by, descending with ``-`` before.
        limit : `int`, optional
            How many to return at most; a negative number warns if there are more.
        explain : `bool`, optional
            Whether finding nothing is an error that says why.
        **kwargs
            More values of dimensions.

        Raises
        ------
        EmptyQueryResultError
            If there are none, and ``explain`` is `True`.
        MissingDatasetTypeError, MissingCollectionError, NoDefaultCollectionError
            If what is named does not exist.
        UserExpressionError
            If ``where`` cannot be understood; with the place.
        """
        record, asked = self._finder.dataset_type(dataset_type)
        given = given_data_id(self.dimensions, self.query_datasets, data_id, kwargs)
        if not isinstance(collections, str | EllipsisType | None):
            collections = collection_names(collections)  # they are asked for again to say why
        searched = self._defaults.search(self._repository, collections)
        parent = record.dataset_type
        constraint, condition = self._finder.condition(
            parent.dimensions, given, where, bind, dataset_type=parent.name, searched=searched
        )
        query = DatasetQuery(
            record,
            searched,
            constraint,
            find_first,
            _terms(order_by),
            _size(limit),
            self._finder.query_timespan(record, constraint),
            condition,
        )
        results = DatasetQueryResults(self._repository, [query], expand=with_dimension_records)
        refs = _limited(results, limit, "datasets")
        if not refs and explain and limit != 0:
            raise EmptyQueryResultError(self._why_empty(query, collections))
        if asked != record.dataset_type:
            return [DatasetRef.from_row(asked, ref.dataId, ref.run, ref.id) for ref in refs]
        return refs

    def _why_empty(
        self, query: DatasetQuery, collections: CollectionExpression | None
    ) -> list[str]:
        if query.collections:
            return why_empty(self._repository, query)
        name = query.record.dataset_type.name
        reason = self._defaults.nothing_to_search(self._repository, collections)
        return [f"no dataset of type {name!r}: {reason}"]

    def query_dimension_records(
        self,
        element: str,
        *,
        data_id: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        order_by: Iterable[str] | str | None = None,
        limit: int | None = None,
        explain: bool = True,
        **kwargs: Any,
    ) -> list[DimensionRecord]:
        """Return the records of a dimension element; parameters are as for `query_datasets`.

        Raises
        ------
        EmptyQueryResultError
            If there are none, and ``explain`` is `True`.
        InvalidQueryError
            If a key of the data ID says nothing about the element, or ``where``
            cannot be understood.
        """
        target = self.dimensions[element]
        given = given_data_id(self.dimensions, self.query_dimension_records, data_id, kwargs)
        constraint, condition = self._finder.condition(target.dimensions, given, where, bind)
        query = RecordQuery(
            element=target,
            constraint=constraint,
            where=condition,
            order_by=_terms(order_by),
            limit=_size(limit),
        )
        results = RecordQueryResults(self._repository, query)
        records = _limited(results, limit, "dimension records")
        if not records and explain and limit != 0:
            raise EmptyQueryResultError(why_empty(self._repository, query))
        return records

    def query_data_ids(
        self,
        dimensions: DimensionGroup | Iterable[str] | str,
        *,
        data_id: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        with_dimension_records: bool = False,
        order_by: Iterable[str] | str | None = None,
        limit: int | None = None,
        explain: bool = True,
        **kwargs: Any,
    ) -> list[DataCoordinate]:
        """Return the data IDs that records allow; other parameters are as for `query_datasets`.

        Parameters
        ----------
        dimensions : `str`, `~collections.abc.Iterable` [ `str` ] or `DimensionGroup`
            Dimensions of the data IDs.

        Raises
        ------
        EmptyQueryResultError
            If there are none, and ``explain`` is `True`.
        DimensionNameError
            If one of ``dimensions`` is no dimension.
        InvalidQueryError
            If a key of the data ID says nothing about them, or ``where``
            cannot be understood.
        """
        group = self.dimensions.conform(dimensions)
        given = given_data_id(self.dimensions, self.query_data_ids, data_id, kwargs)
        constraint, condition = self._finder.condition(group, given, where, bind)
        query = DataIdQuery(
            dimensions=group,
            constraint=constraint,
            where=condition,
            order_by=_terms(order_by),
            limit=_size(limit),
        )
        found: Iterable[DataCoordinate] = self._repository.data_id_queries.run(query)
        if with_dimension_records:
            found = data_ids_with_records(self._repository, found)
        data_ids = _limited(found, limit, "data IDs")
        if not data_ids and explain and limit != 0:
            raise EmptyQueryResultError(why_empty(self._repository, query))
        return data_ids

    def query_all_datasets(
        self,
        collections: CollectionExpression | None = None,
        *,
        name: str | Iterable[str] = "*",
        find_first: bool = True,
        data_id: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        limit: int | None = None,
        **kwargs: Any,
    ) -> list[DatasetRef]:
        """Return datasets of all types; other parameters are as for `query_datasets`.

        Types of which ``where`` or the data ID say nothing are passed over.

        Parameters
        ----------
        name : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Dataset types, by names and globs.

        Raises
        ------
        MissingDatasetTypeError
            If no dataset type matches.
        """
        given = given_data_id(self.dimensions, self.query_all_datasets, data_id, kwargs)
        searched = self._defaults.search(self._repository, collections)
        missing: list[str] = []
        names = [name] if isinstance(name, str) else list(name)
        types = self.registry.queryDatasetTypes(names, missing=missing)
        for one in missing:
            self._repository.dataset_types.get(one)  # raises, with the nearest names
        if not types:
            raise MissingDatasetTypeError(f"no dataset type matches {', '.join(names)}")
        results = self.registry.queryDatasets(
            types,
            collections=[one.name for one in searched],
            findFirst=find_first,
            dataId=given,
            where=where,
            bind=bind,
        )
        size = _size(limit)
        return _limited(itertools.islice(results, size), limit, "datasets")


def _terms(order_by: Iterable[str] | str | None) -> tuple[str, ...]:
    if order_by is None:
        return ()
    if isinstance(order_by, str) or not isinstance(order_by, Iterable):
        return checked_terms([order_by])
    return checked_terms(order_by)


def _size(limit: int | None) -> int | None:
    """Return how many to ask for: one more than a negative limit, to know if there are more."""
    checked = checked_limit(limit)
    return checked if checked is None or checked >= 0 else 1 - checked


def _limited(results: Iterable[_Found], limit: int | None, what: str) -> list[_Found]:
    with Uncollected():
        found = list(results)
    if limit is not None and limit < 0 and len(found) > -limit:
        logging.getLogger(__name__).warning(
            "More %s are available than the requested limit of %d.", what, -limit
        )
        del found[-limit:]
    return found
