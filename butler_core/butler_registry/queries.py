"""The registry's queries: dataset types, datasets, data IDs, dimension records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import EllipsisType
from typing import Any

from ..call_arguments import given_data_id
from ..collection import CollectionType
from ..dataset import DatasetRef, DatasetType
from ..dataset_association import DatasetAssociation
from ..dimensions import DimensionElement, DimensionGroup
from ..errors import ArgumentError, DatasetTypeExpressionError
from ..queries.data_id_results import DataCoordinateQueryResults
from ..queries.data_ids import DataIdQuery
from ..queries.datasets import DatasetQuery
from ..queries.memberships import DatasetSearch
from ..queries.records import RecordQuery
from ..queries.results import DatasetQueryResults, RecordQueryResults
from ..registry.collections import CollectionExpression
from .base import RegistryBase

__all__ = ["QueryCalls"]

DatasetTypes = str | DatasetType | Iterable[str | DatasetType]


class QueryCalls(RegistryBase):
    """Queries; their results are iterables that run when they are iterated."""

    def queryDatasetTypes(
        self,
        expression: str | DatasetType | Iterable[str | DatasetType] | EllipsisType = ...,
        *,
        missing: list[str] | None = None,
    ) -> list[DatasetType]:
        """Return dataset types by names and globs.

        Parameters
        ----------
        expression : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``, optional
            Names and globs.
        missing : `list` [ `str` ], optional
            Filled with the names that are those of none.

        Raises
        ------
        DatasetTypeExpressionError
            If a name is that of a component.
        """
        if isinstance(expression, EllipsisType):
            return [record.dataset_type for record in self._repository.dataset_types]
        given: Iterable[Any] = [expression]
        if isinstance(expression, Iterable) and not isinstance(expression, str):
            given = expression
        names = [one.name if isinstance(one, DatasetType) else one for one in given]
        for name in names:
            if isinstance(name, str) and "." in name:
                raise DatasetTypeExpressionError(
                    f"{name!r} names a component: ask for its parent {name.partition('.')[0]!r}"
                )
        found = [record.dataset_type for record in self._repository.dataset_types.query(names)]
        if missing is not None:
            known = {one.name for one in found}
            missing += [name for name in names if name not in known and not set(name) & set("*?[")]
        return found

    def queryDatasets(
        self,
        datasetType: DatasetTypes | EllipsisType,
        *,
        collections: CollectionExpression | None = None,
        dimensions: DimensionGroup | Iterable[str] | None = None,
        dataId: Mapping[str, Any] | None = None,
        where: str = "",
        findFirst: bool = False,
        bind: Mapping[str, Any] | None = None,
        check: bool = True,
        **kwargs: Any,
    ) -> DatasetQueryResults:
        """Return datasets, as an iterable that runs when iterated.

        Parameters
        ----------
        datasetType : `str`, `DatasetType`, iterable of them, or ``...``
            Types, or globs of their names.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look; the default collections if not given.
        dimensions : `DimensionGroup` or iterable of `str`, optional
            Dimensions beside those of the types, of which there must be records
            that agree with each dataset.
        dataId : `~collections.abc.Mapping`, optional
            Values of dimensions that the datasets must have.
        where : `str`, optional
            A condition such as ``visit.exposure_time > 30 AND band IN ('g', :b)``.
        findFirst : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.
        bind : `~collections.abc.Mapping`, optional
            Values of the names in ``where`` that have a colon before them.
        check : `bool`, optional
            Whether it is an error if the instrument of a visit is left open.
        **kwargs
            More values of dimensions.

        Raises
        ------
        MissingDatasetTypeError
            If a name, not a glob, is that of no dataset type.
        MissingCollectionError
            If a name, not a glob, is that of no collection.
        UserExpressionError
            If ``where`` cannot be understood; with the place.
        """
        given = given_data_id(self.dimensions, self.queryDatasets, dataId, kwargs)
        searched = self._defaults.search(self._repository, collections)
        missing: list[str] = []
        types = self.queryDatasetTypes(datasetType, missing=missing)
        for name in missing:
            self._repository.dataset_types.get(name)  # raises, with the nearest names
        queries = []
        for one in types:
            record = self._repository.dataset_types.get(one.name)
            group = self.dimensions.conform({*one.dimensions.names, *(dimensions or ())})
            values, condition = self._finder.condition(
                group,
                given,
                where,
                bind,
                dataset_type=one.name,
                searched=searched,
                check=check,
            )
            if group != one.dimensions:
                condition = condition.with_records_of(group.names)
            timespan = self._finder.query_timespan(record, values)
            queries.append(
                DatasetQuery(
                    record, searched, values, findFirst, timespan=timespan, where=condition
                )
            )
        return DatasetQueryResults(self._repository, queries)

    def queryDataIds(
        self,
        dimensions: DimensionGroup | Iterable[str] | str,
        *,
        dataId: Mapping[str, Any] | None = None,
        datasets: DatasetTypes | None = None,
        collections: CollectionExpression | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        check: bool = True,
        **kwargs: Any,
    ) -> DataCoordinateQueryResults:
        """Return data IDs, as an iterable that runs when iterated.

        Parameters
        ----------
        dimensions : `str`, `~collections.abc.Iterable` [ `str` ] or `DimensionGroup`
            Their dimensions.
        datasets : `str`, `DatasetType` or iterable of them, optional
            Types of which there must be a dataset each, with a data ID that
            agrees.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where; the default collections if not given.
        dataId, where, bind, check, **kwargs
            As for `queryDatasets`.

        Raises
        ------
        DimensionNameError
            If one of ``dimensions`` is no dimension.
        ArgumentError
            If collections are given, and no datasets.
        """
        group = self.dimensions.conform(dimensions)
        given = given_data_id(self.dimensions, self.queryDataIds, dataId, kwargs)
        if collections is not None and datasets is None:
            raise ArgumentError(
                f"collections={collections!r} says where datasets must be: give datasets=... as"
                " well, or leave it out"
            )
        searches = self._searches(datasets, collections)
        values, condition = self._finder.condition(group, given, where, bind, check=check)
        query = DataIdQuery(dimensions=group, constraint=values, where=condition, datasets=searches)
        return DataCoordinateQueryResults(self._repository, query, self._found)

    def _found(
        self, dataset_type: DatasetType | str, collections: CollectionExpression, find_first: bool
    ) -> Iterable[DatasetRef]:
        record, _ = self._finder.dataset_type(dataset_type)
        searched = self._defaults.search(self._repository, collections)
        return DatasetQueryResults(
            self._repository, [DatasetQuery(record, searched, {}, find_first)]
        )

    def queryDimensionRecords(
        self,
        element: DimensionElement | str,
        *,
        dataId: Mapping[str, Any] | None = None,
        datasets: DatasetTypes | None = None,
        collections: CollectionExpression | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        check: bool = True,
        **kwargs: Any,
    ) -> RecordQueryResults:
        """Return dimension records, as an iterable that runs when iterated.

        Parameters
        ----------
        element : `str` or `DimensionElement`
            Of what.
        dataId, datasets, collections, where, bind, check, **kwargs
            As for `queryDataIds`.

        Raises
        ------
        InvalidQueryError
            If a key of the data ID says nothing about the element, or
            ``where`` cannot be understood.
        """
        target = self.dimensions[element]
        given = given_data_id(self.dimensions, self.queryDimensionRecords, dataId, kwargs)
        searches = self._searches(datasets, collections)
        values, condition = self._finder.condition(
            target.dimensions, given, where, bind, check=check
        )
        query = RecordQuery(element=target, constraint=values, where=condition, datasets=searches)
        return RecordQueryResults(self._repository, query)

    def _searches(
        self, datasets: DatasetTypes | None, collections: CollectionExpression | None
    ) -> tuple[DatasetSearch, ...]:
        """Return what datasets there must be."""
        if datasets is None:
            return ()
        if isinstance(datasets, EllipsisType):
            raise DatasetTypeExpressionError(
                "datasets=... is no condition: name the dataset types that there must be"
            )
        alone = isinstance(datasets, str | DatasetType) or not isinstance(datasets, Iterable)
        given: list[Any] = [datasets] if alone else list(datasets)  # type: ignore[arg-type]
        for one in given:
            if isinstance(one, str) and set(one) & set("*?["):
                raise DatasetTypeExpressionError(
                    f"datasets={one!r}: there must be a dataset of each type, which are named"
                    " without globs"
                )
        records = [self._finder.dataset_type(one)[0] for one in given]
        searched = self._defaults.search(self._repository, collections)
        return tuple(DatasetSearch(record, searched) for record in records)

    def queryDatasetAssociations(
        self,
        datasetType: str | DatasetType,
        collections: CollectionExpression | None = ...,
        *,
        collectionTypes: Iterable[CollectionType] | CollectionType | None = None,
        flattenChains: bool = False,
    ) -> Iterator[DatasetAssociation]:
        """Yield the datasets of a type in collections: each once for each of these.

        Parameters
        ----------
        datasetType : `str` or `DatasetType`
            Their type.
        collections : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``, optional
            Names and globs; the default collections if `None`.
        collectionTypes : `CollectionType` or iterable of them, optional
            Types of collections to look in.
        flattenChains : `bool`, optional
            Accepted for the sake of the interface: what is in a chain is in its
            children, which are always looked in.

        Yields
        ------
        association : `DatasetAssociation`
            A dataset, the collection, and its validity range there.
        """
        record, _ = self._finder.dataset_type(datasetType)
        if collections is None:
            searched = self._defaults.search(self._repository, None)
            collections = [one.name for one in searched]
        found = self._repository.collections.query(
            collections, collectionTypes, flatten_chains=True
        )
        queries = self._repository.association_queries
        return queries.run(record, found, self._repository.collections.names_by_key)
