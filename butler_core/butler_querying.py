"""What a Butler is asked for: datasets and dimension records."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from types import EllipsisType
from typing import Any, TypeVar

from .butler_opening import OpenButler
from .call_arguments import given_data_id
from .dataset import DatasetRef, DatasetType
from .dimensions import DimensionRecord
from .errors import EmptyQueryResultError
from .queries.constraints import checked_constraint
from .queries.datasets import DatasetQuery
from .queries.order_by import checked_terms
from .queries.results import DatasetQueryResults, RecordQueryResults, checked_limit
from .queries.where import checked_where
from .registry.collections import CollectionExpression, collection_names

__all__ = ["QueryingButler"]

_Found = TypeVar("_Found")


class QueryingButler(OpenButler):
    """A Butler that answers queries; see `Butler`."""

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
            Where to look; the default collections if not given.
        find_first : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.
        data_id : `~collections.abc.Mapping`, optional
            Values of dimensions that the datasets must have.
        where, bind
            Accepted only if empty: see `InvalidQueryError`.
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
        """
        record, asked = self._finder.dataset_type(dataset_type)
        given = given_data_id(self.dimensions, self.query_datasets, data_id, kwargs)
        if not isinstance(collections, str | EllipsisType | None):
            collections = collection_names(collections)  # they are asked for again to say why
        searched = self._defaults.search(self._repository, collections)
        dimensions = record.dataset_type.dimensions
        condition = checked_where(dimensions, where, bind, dataset_type=record.dataset_type.name)
        values, condition = condition.beside(checked_constraint(self.dimensions, given))
        constraint = self._defaults.constraint(
            self._repository, dimensions, values, searched, condition.checked
        )
        query = DatasetQuery(
            record,
            searched,
            constraint,
            find_first,
            _terms(order_by),
            _size(limit),
            self._finder.query_timespan(record, constraint),
            condition.checked,
        )
        results = DatasetQueryResults(self._repository, [query], expand=with_dimension_records)
        refs = _limited(results, limit, "datasets")
        if not refs and explain and limit != 0:
            raise EmptyQueryResultError(self._why_empty(query, collections))
        if asked != record.dataset_type:
            return [DatasetRef.from_row(asked, ref.dataId, ref.run, ref.id) for ref in refs]
        return refs

    def _why_empty(self, query: DatasetQuery, collections: CollectionExpression | None) -> str:
        name = query.record.dataset_type.name
        if not query.collections:
            reason = self._defaults.nothing_to_search(self._repository, collections)
            return f"no dataset of type {name!r}: {reason}"
        where = ", ".join(repr(one.name) for one in query.collections)
        held = self._repository.datasets.summaries
        if query.record.key not in held.dataset_types(one.key for one in query.collections):
            return f"no dataset of type {name!r} was ever put into {where}"
        for dimension, value in query.constraint.items():
            element = self.dimensions[dimension]
            constraint = {
                key: query.constraint[key]
                for key in element.required_names
                if key in query.constraint
            }
            if element.skypix is None and not any(
                True for _ in self._repository.record_queries.run(element, constraint, limit=1)
            ):
                return f"no {dimension} record has the value {value!r} of the data ID"
        return f"no dataset of type {name!r} in {where} matches data ID {dict(query.constraint)}"

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
            If a key of the data ID says nothing about the element.
        """
        target = self.dimensions[element]
        given = given_data_id(self.dimensions, self.query_dimension_records, data_id, kwargs)
        condition = checked_where(target.dimensions, where, bind)
        values, condition = condition.beside(checked_constraint(self.dimensions, given))
        constraint = self._defaults.constraint(
            self._repository, target.dimensions, values, where=condition.checked
        )
        results = RecordQueryResults(
            self._repository.record_queries,
            target,
            constraint,
            _terms(order_by),
            _size(limit),
            condition.checked,
        )
        records = _limited(results, limit, "dimension records")
        if not records and explain and limit != 0:
            raise EmptyQueryResultError(
                f"no {element} record matches data ID {constraint}"
                if constraint
                else f"there are no {element} records"
            )
        return records


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
    found = list(results)
    if limit is not None and limit < 0 and len(found) > -limit:
        logging.getLogger(__name__).warning(
            "More %s are available than the requested limit of %d.", what, -limit
        )
        del found[-limit:]
    return found
