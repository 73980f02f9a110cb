"""The registry as it was in 2020, translated call by call to that of today."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from butler_core.collection import CollectionType
from butler_core.errors import (
    DataIdError,
    DatasetNotFoundError,
    InvalidQueryError,
    MissingDatasetTypeError,
)

from ..data_id import DataCoordinate, ExpandedDataCoordinate
from ..dataset_ref import DatasetRef
from ..dataset_type import DatasetType, components_of
from ..dimensions import DimensionGraph, DimensionUniverse, today_name
from ..translation import Translator, known_dimension
from .queries import CollectionsExpression, DatasetTypeExpression, matcher, refuse_ranking

if TYPE_CHECKING:
    from butler_core.butler import Butler as TodayButler

__all__ = ["Registry"]

_SEARCHED = (CollectionType.RUN, CollectionType.TAGGED)


class Registry:
    """The registry of a repository.

    Parameters
    ----------
    today : `butler_core.Butler`
        The Butler that does the work.
    label : `str`
        What ``str`` shows.
    """

    def __init__(self, today: TodayButler, label: str) -> None:
        self._today = today
        self._translate = Translator(today)
        self._label = label

    def __str__(self) -> str:
        return self._label

    @property
    def dimensions(self) -> DimensionUniverse:
        """All dimensions (`DimensionUniverse`)."""
        return DimensionUniverse()

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Return a context within which all writes happen, or none."""
        return self._today.transaction()

    # Collections

    def getAllCollections(self) -> set[str]:
        """Return the names of the collections that hold datasets."""
        infos = self._today.collections.query_info(
            "*", collection_types=_SEARCHED, include_summary=True
        )
        return {info.name for info in infos if info.dataset_types}

    def registerRun(self, name: str) -> None:
        """Make sure that a run exists."""
        self._today.collections.register(name, CollectionType.RUN)

    # Dataset types

    def getAllDatasetTypes(self) -> frozenset[DatasetType]:
        """Return all dataset types, those of components among them."""
        return frozenset(self._all_types())

    def getDatasetType(self, name: str) -> DatasetType:
        """Return a dataset type, or that of a component.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        whole, _, component = name.partition(".")
        try:
            found = DatasetType.from_today(self._today.registry.getDatasetType(whole))
        except MissingDatasetTypeError:
            found = None
        if found is None or (component and component not in components_of(found.storageClass)):
            raise KeyError(f"Could not find entry for datasetType {name}")
        return found.makeComponentDatasetType(component) if component else found

    def registerDatasetType(self, datasetType: DatasetType) -> bool:
        """Make sure that a dataset type exists; return whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            It exists with another definition.
        """
        return self._today.registry.registerDatasetType(
            datasetType.to_today(self._today.dimensions)
        )

    def _all_types(self) -> Iterator[DatasetType]:
        for today in self._today.registry.queryDatasetTypes(...):
            whole = DatasetType.from_today(today)
            yield whole
            yield from whole.makeAllComponentDatasetTypes()

    # Data IDs

    def expandDataId(
        self,
        dataId: Mapping[Any, Any] | None = None,
        *,
        graph: DimensionGraph | None = None,
        **kwds: Any,
    ) -> ExpandedDataCoordinate:
        """Return a data ID with the records of its dimensions.

        Raises
        ------
        KeyError
            A required dimension has no value.
        LookupError
            A value has no record.
        """
        plain = DataCoordinate.standardize(dataId, graph=graph, **kwds)
        expanded = ExpandedDataCoordinate(plain.graph, plain.byName(), self._translate.expand)
        _ = expanded.full
        return expanded

    # Datasets

    def find(
        self,
        collection: str,
        datasetType: DatasetType | str,
        dataId: Mapping[Any, Any] | None = None,
        **kwds: Any,
    ) -> DatasetRef | None:
        """Return the dataset of one collection, or `None`.

        Raises
        ------
        KeyError
            There is no such dataset type, or a required dimension has no
            value.
        """
        if isinstance(datasetType, str):
            datasetType = self.getDatasetType(datasetType)
        coordinate = DataCoordinate.standardize(dataId, graph=datasetType.data_id_graph, **kwds)
        today_type = self._translate.today_type(datasetType)
        given = {str(getattr(key, "name", key)): value for key, value in (dataId or {}).items()}
        values = self._translate.today_values(
            today_type.dimensions.required, coordinate, {**given, **kwds}
        )
        if values is None or collection not in self._searchable():
            return None
        try:
            found = self._today.find_dataset(today_type.name, values, collections=[collection])
        except (DataIdError, DatasetNotFoundError):
            return None
        return None if found is None else self._translate.ref(found, datasetType)

    def queryDatasets(
        self,
        datasetType: DatasetTypeExpression | DatasetType,
        *,
        collections: CollectionsExpression,
        dimensions: Iterable[Any] | None = None,
        dataId: Mapping[Any, Any] | None = None,
        where: str | None = None,
        deduplicate: bool = False,
        expand: bool = True,
        **kwds: Any,
    ) -> Iterator[DatasetRef]:
        """Yield references to datasets; arguments are checked when the first is asked for.

        Parameters
        ----------
        datasetType : `DatasetType`, `str`, `Like` or ``...``
            Types; a name that is that of none finds nothing.
        collections : `~collections.abc.Iterable` [ `str` or `Like` ] or ``...``
            Where to look; a name that is that of none finds nothing. A `str`
            is an iterable of one-letter names.
        dimensions : `~collections.abc.Iterable`, optional
            More dimensions to relate the datasets to; only those of the
            dataset type can be had.
        dataId : `~collections.abc.Mapping`, optional
            Values that the datasets must have.
        where : `str`, optional
            An expression; none can be had.
        deduplicate : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is wanted.
        expand : `bool`, optional
            Whether data IDs know their records.
        **kwds
            More values that the datasets must have.

        Raises
        ------
        KeyError
            A key is no dimension, or a required dimension has no value.
        TypeError
            ``deduplicate`` needs an order of collections.
        InvalidQueryError
            ``where`` or ``dimensions`` ask for what today's core cannot do.
        """
        if where:
            raise InvalidQueryError(
                f"where={where!r} cannot be evaluated; constrain the query with a data ID, as in "
                "queryDatasets('src', collections=..., instrument='HSC', visit=903334)"
            )
        if deduplicate:
            refuse_ranking(collections)
        constraint = self._translate.constraint(dataId, kwds)
        asked = self._collections(collections)
        for one in self._types(datasetType):
            for dimension in dimensions or ():
                if dimension not in one.dimensions:
                    raise InvalidQueryError(
                        f"dimensions={dimension!s} is not a dimension of {one}; datasets can "
                        "be related to their own dimensions alone"
                    )
            if not asked or not constraint.keys() <= {today_name(n) for n in one.dimensions.names}:
                continue
            whole = one.nameAndComponent()[0]
            found = self._today.registry.queryDatasets(
                whole, collections=asked, findFirst=deduplicate, dataId=constraint
            )
            for today in found:
                yield self._translate.ref(today, one, expand=expand)

    def queryDimensions(
        self,
        dimensions: Iterable[Any],
        *,
        dataId: Mapping[Any, Any] | None = None,
        datasets: Mapping[Any, Any] | None = None,
        where: str | None = None,
        expand: bool = True,
        **kwds: Any,
    ) -> Iterator[DataCoordinate]:
        """Yield the data IDs that the records of a dimension make.

        Parameters
        ----------
        dimensions : `~collections.abc.Iterable`
            Dimensions, or names, that one of them requires or implies.
        dataId, **kwds
            Values that the data IDs must have.
        datasets, where
            None can be had.
        expand : `bool`, optional
            Whether data IDs know their records.

        Raises
        ------
        KeyError
            A key is no dimension.
        InvalidQueryError
            The arguments ask for what today's core cannot do.
        """
        if where or datasets:
            raise InvalidQueryError(
                f"queryDimensions cannot evaluate where={where!r} and datasets={datasets!r}; "
                "use queryDatasets and the data IDs of its results"
            )
        graph = DimensionGraph(known_dimension(getattr(each, "name", each)) for each in dimensions)
        element = next(
            (each for each in graph if DimensionGraph([each.name]).names == graph.names), None
        )
        if element is None:
            raise InvalidQueryError(
                f"queryDimensions cannot join {graph}; ask for a dimension and those that it "
                "requires and implies"
            )
        records = self._today.registry.queryDimensionRecords(
            today_name(element.name), dataId=self._translate.constraint(dataId, kwds)
        )
        for record in records:
            mapping = record.dataId.mapping
            values = {each.name: mapping[today_name(each.name)] for each in graph.required}
            yield (
                ExpandedDataCoordinate(graph, values, self._translate.expand)
                if expand
                else DataCoordinate(graph, values)
            )

    def _types(self, expression: DatasetTypeExpression | DatasetType) -> list[DatasetType]:
        if isinstance(expression, DatasetType):
            expression = expression.name
        if isinstance(expression, str):
            try:
                return [self.getDatasetType(expression)]
            except KeyError:
                return []
        matches = matcher(expression if isinstance(expression, EllipsisType) else [expression])
        return [one for one in self._all_types() if matches(one.name)]

    def _searchable(self) -> list[str]:
        return self._today.collections.query("*")

    def _collections(self, expression: CollectionsExpression) -> list[str]:
        if isinstance(expression, EllipsisType):
            return self._today.collections.query("*", collection_types=_SEARCHED)
        terms = list(expression)
        existing = self._searchable()
        asked: dict[str, None] = {}
        for term in terms:
            matches = matcher([term])
            asked.update(dict.fromkeys(name for name in existing if matches(name)))
        return list(asked)
