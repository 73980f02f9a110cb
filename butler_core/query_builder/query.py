"""A query that is built step by step."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Set
from types import EllipsisType, TracebackType
from typing import Any, Self

from ..dataset import DatasetType
from ..dimensions import DataCoordinate, DimensionGroup
from ..errors import ArgumentError, InvalidQueryError, nearest
from ..finder import DatasetFinder
from ..queries.memberships import GivenDataIds
from ..registry.collections import CollectionExpression
from .columns import Predicate, Value
from .expression_factory import ExpressionFactory
from .general_results import GeneralQueryResults, asked_fields
from .given import checked_flag, listed_names
from .results import (
    DataCoordinateQueryResults,
    DatasetRefQueryResults,
    DimensionRecordQueryResults,
)
from .tree import QueryTree

__all__ = ["Query"]


class Query:
    """Joins dimensions, datasets and conditions; `Butler.query` makes the first.

    Each method returns another query, or results, and leaves this as it is.

    Parameters
    ----------
    tree : `QueryTree`
        What it has been told.
    """

    def __init__(self, tree: QueryTree) -> None:
        self._tree = tree

    @classmethod
    def first(cls, finder: DatasetFinder) -> Self:
        """Return a query that has been told nothing."""
        return cls(QueryTree(finder=finder, dimensions=finder.repository.universe.conform(())))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Do nothing: nothing is held between one run and the next."""

    @property
    def constraint_dimensions(self) -> DimensionGroup:
        """The dimensions that something has been said of."""
        return self._tree.dimensions

    @property
    def constraint_dataset_types(self) -> Set[str]:
        """The names of the dataset types that have been joined."""
        return self._tree.searches.keys()

    @property
    def expression_factory(self) -> ExpressionFactory:
        """Columns to write conditions with: ``x.visit.exposure_time > 30``."""
        return ExpressionFactory(self._tree.dimensions.universe)

    def where(
        self,
        *args: str | Predicate | Mapping[str, Any],
        bind: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Query:
        """Return a query of which conditions must be true as well.

        Parameters
        ----------
        *args : `str`, `Predicate` or `~collections.abc.Mapping`
            Expressions, conditions made with `expression_factory`, and data IDs.
        bind : `~collections.abc.Mapping`, optional
            Values of the names in strings that have a colon before them.
        **kwargs
            Values of dimensions, which go before those of data IDs.

        Raises
        ------
        ArgumentError
            If a condition is something else.
        InvalidQueryError
            If an expression cannot be understood, or names a dataset type that
            has not been joined.
        DimensionValueError, DataIdValueError
            If a key is no dimension, or a value of another type.
        """
        return Query(self._tree.filtered(args, bind, kwargs))

    def join_dimensions(self, dimensions: DimensionGroup | Iterable[str] | str) -> Query:
        """Return a query with which there must be records of some dimensions as well."""
        group = self._tree.dimensions.universe.conform(dimensions)
        return Query(self._tree.with_dimensions(group.names))

    def join_dataset_search(
        self, dataset_type: str | DatasetType, collections: CollectionExpression | None = None
    ) -> Query:
        """Return a query with which there must be a dataset as well.

        Parameters
        ----------
        dataset_type : `str` or `DatasetType`
            Its type.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look, in order; the default collections if not given.

        Raises
        ------
        MissingDatasetTypeError, MissingCollectionError, NoDefaultCollectionError
            If what is named does not exist.
        DatasetTypeError
            If the type is that of a component.
        InvalidQueryError
            If it has been joined with other collections.
        """
        return Query(self._tree.with_search(dataset_type, collections)[1])

    def join_data_coordinates(self, iterable: Iterable[DataCoordinate]) -> Query:
        """Return a query whose results must agree with one of some data IDs.

        Raises
        ------
        ArgumentError
            If one is something else.
        InvalidQueryError
            If there are none, or their dimensions differ.
        """
        return Query(self._tree.with_data_ids(iterable))

    def join_data_coordinate_table(self, table: Any) -> Query:
        """Return a query whose results must agree with a row of a table of data IDs.

        Parameters
        ----------
        table : `astropy.table.Table`
            A column for each required dimension, by its name; what `where` has
            given a value may be left out, and what is implied is ignored.

        Raises
        ------
        ArgumentError
            If it is no table.
        DimensionValueError
            If a column is no dimension.
        DimensionNameError
            If a required dimension has no column.
        """
        known = {**self._tree.where.equalities, **self._tree.data_id}
        if not hasattr(table, "colnames"):
            raise ArgumentError(
                f"join_data_coordinate_table takes an astropy.table.Table, not {table!r}"
            )
        names = list(table.colnames)
        group = self._tree.dimensions.universe.conform(names)
        rows = zip(*(table[name].tolist() for name in names), strict=True)
        data_ids = (
            DataCoordinate.standardize(
                {name: known[name] for name in group.required if name in known}
                | dict(zip(names, row, strict=True)),
                dimensions=group,
            )
            for row in rows
        )
        return self.join_data_coordinates(
            DataCoordinate.from_required_values(group, one.required_values) for one in data_ids
        )

    def materialize(
        self,
        *,
        dimensions: DimensionGroup | Iterable[str] | None = None,
        datasets: Iterable[str] | None = None,
    ) -> Query:
        """Run the query, and return one of the data IDs that it found.

        What has been said of datasets is true of theirs still.

        Parameters
        ----------
        dimensions : `DimensionGroup` or iterable of `str`, optional
            Those of the data IDs; all dimensions of the query if not given.
        datasets : `~collections.abc.Iterable` [ `str` ], optional
            Dataset types that stay joined; all if not given.

        Raises
        ------
        ArgumentError
            If the dataset types are not given by their names in a list.
        InvalidQueryError
            If a dataset type has not been joined, or has other dimensions.
        """
        tree = self._tree
        group = tree.dimensions
        if dimensions is not None:
            group = group.universe.conform(dimensions)
        names = list(tree.searches) if datasets is None else listed_names("datasets", datasets)
        kept = set(names)
        for name in names:
            if name not in tree.searches:
                raise InvalidQueryError(
                    f"{name!r} has not been joined into this query{nearest(name, tree.searches)}"
                )
            theirs = tree.searches[name].group
            if not theirs.issubset(group):
                raise InvalidQueryError(
                    f"{name!r} has dimensions {theirs}, which are not all in {group}: leave"
                    f" dimensions= out, or give datasets= without {name!r}"
                )
        found = [one.required_values for one in self.data_ids(group)]
        of_datasets = [
            (one, said)
            for one, said in zip(tree.where.conjuncts, tree.where.said, strict=True)
            if one.dataset_fields and kept.issuperset(name for name, _ in one.dataset_fields)
        ]
        where = dataclasses.replace(
            tree.where,
            equalities={},
            conjuncts=tuple(one for one, _ in of_datasets),
            said=tuple(said for _, said in of_datasets),
        )
        known = {**tree.where.equalities, **tree.data_id}
        universe = tree.dimensions.universe
        after = dataclasses.replace(
            tree,
            dimensions=group,
            joined=frozenset(),
            searches={name: one for name, one in tree.searches.items() if name in kept},
            given=(),
            data_id={name: value for name, value in known.items() if universe[name].is_governor},
            where=where,
        )
        return Query(after.with_given(GivenDataIds.of(group, found)))

    def data_ids(
        self, dimensions: DimensionGroup | Iterable[str] | str | None = None
    ) -> DataCoordinateQueryResults:
        """Return the data IDs of some dimensions.

        Parameters
        ----------
        dimensions : `DimensionGroup`, `str` or iterable of `str`, optional
            Their dimensions; `constraint_dimensions` if not given.

        Raises
        ------
        DimensionNameError
            If one is no dimension.
        """
        tree = self._tree
        group = tree.dimensions
        if dimensions is not None:
            group = group.universe.conform(dimensions)
        return DataCoordinateQueryResults(tree, group)

    def dimension_records(self, element: str) -> DimensionRecordQueryResults:
        """Return the records of a dimension element.

        Raises
        ------
        DimensionNameError
            If there is no such element.
        """
        return DimensionRecordQueryResults(self._tree, self._tree.dimensions.universe[element])

    def datasets(
        self,
        dataset_type: str | DatasetType,
        collections: CollectionExpression | None = None,
        *,
        find_first: bool = True,
    ) -> DatasetRefQueryResults:
        """Return the datasets of a type.

        Parameters
        ----------
        dataset_type : `str` or `DatasetType`
            Their type.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look, in order; if not given, where the type has been
            joined from, or the default collections.
        find_first : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.

        Raises
        ------
        MissingDatasetTypeError, MissingCollectionError, NoDefaultCollectionError
            If what is named does not exist.
        DatasetTypeError
            If the type is that of a component.
        InvalidQueryError
            If it has been joined with other collections.
        """
        name, tree = self._tree.with_search(dataset_type, collections)
        found = tree.searches[name].record.dataset_type
        return DatasetRefQueryResults(tree, found, checked_flag("find_first", find_first))

    def general(
        self,
        dimensions: DimensionGroup | Iterable[str],
        *names: str,
        dimension_fields: Mapping[str, Set[str]] | None = None,
        dataset_fields: Mapping[str, Set[str] | EllipsisType] | None = None,
        find_first: bool | None = None,
    ) -> GeneralQueryResults:
        """Return rows of dimensions, fields of their records, and fields of datasets.

        Parameters
        ----------
        dimensions : `DimensionGroup` or iterable of `str`
            The dimensions of the rows; those of the fields are added.
        *names : `str`
            Dimensions and fields: ``visit.exposure_time``, ``raw.ingest_date``.
        dimension_fields : `~collections.abc.Mapping` [ `str`, set of `str` ], optional
            Fields by the elements whose records they are of.
        dataset_fields : `~collections.abc.Mapping`, optional
            Fields by joined dataset types; ``...`` for those of a reference.
        find_first : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is in the rows; needed where there are fields of
            datasets, and `False` for those of several types.

        Raises
        ------
        InvalidQueryError
            If a name means nothing, or it is open which datasets are meant.
        """
        asked = asked_fields(
            self._tree,
            dimensions,
            names,
            {} if dimension_fields is None else dimension_fields,
            {} if dataset_fields is None else dataset_fields,
        )
        return GeneralQueryResults(self._tree, asked, find_first)

    def values_of(self, column: Value) -> list[Any]:
        """Return the values that a column has in the rows of the query, each once.

        Raises
        ------
        ArgumentError
            If it is no column.
        """
        if not isinstance(column, Value):
            raise ArgumentError(f"a column such as x.visit is needed, not {column!r}")
        asked = asked_fields(self._tree, (), [column.column], {}, {})
        rows = GeneralQueryResults(self._tree, asked, False)
        (key,) = asked.keys
        return list(dict.fromkeys(row[key] for row in rows))

    def any(self, *, execute: bool = True, exact: bool = True) -> bool:
        """Return whether the query finds anything."""
        return self.data_ids().any()

    def explain_no_results(self, execute: bool = True) -> list[str]:
        """Return reasons why the query finds nothing; none if it finds something."""
        return self.data_ids().explain_no_results()

    def __repr__(self) -> str:
        tree = self._tree
        parts = [f"dimensions {tree.dimensions}"] if tree.dimensions else []
        return f"Query({', '.join([*parts, *tree.described()]) or 'of nothing yet'})"
