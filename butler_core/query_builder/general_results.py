"""Rows of dimensions and fields that a query finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from types import EllipsisType
from typing import Any, NamedTuple, Self

from ..dataset import DatasetRef, DatasetType
from ..dimensions import DataCoordinate, DimensionGroup
from ..errors import ArgumentError, DatasetTypeError, InvalidQueryError, UserExpressionError
from ..queries.data_id_results import data_ids_with_records
from ..queries.expressions import checked, tree
from ..queries.expressions.names import Context, column
from ..queries.general import GeneralQuery
from ..queries.memberships import DatasetSearch
from .given import checked_flag, listed_names
from .results import QueryResults
from .tree import QueryTree

__all__ = ["AskedFields", "GeneralQueryResults", "GeneralResultTuple", "asked_fields"]

_OF_A_REFERENCE = ("dataset_id", "run")


class AskedFields(NamedTuple):
    """What is in the rows.

    Attributes
    ----------
    dimensions : `DimensionGroup`
        Their dimensions.
    fields : `tuple` [ `tuple` [ `str`, `str` ] ]
        Fields of records: the element, and the field.
    dataset_fields : `tuple` [ `tuple` [ `str`, `str` ] ]
        Fields of datasets: the type, and the field.
    keys : `tuple` [ `str` ]
        What each of the names that were asked for is called in a row.
    """

    dimensions: DimensionGroup
    fields: tuple[tuple[str, str], ...]
    dataset_fields: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]


class GeneralResultTuple(NamedTuple):
    """A row, as objects.

    Attributes
    ----------
    data_id : `DataCoordinate`
        The values of its dimensions.
    refs : `list` [ `DatasetRef` ]
        Its datasets, in the order in which their types were asked for.
    raw_row : `dict` [ `str`, `object` ]
        The row.
    """

    data_id: DataCoordinate
    refs: list[DatasetRef]
    raw_row: dict[str, Any]


def asked_fields(
    query: QueryTree,
    dimensions: DimensionGroup | Iterable[str],
    names: Iterable[str],
    dimension_fields: Mapping[str, Set[str]],
    dataset_fields: Mapping[str, Set[str] | EllipsisType],
) -> AskedFields:
    """Return what shall be in rows.

    Parameters
    ----------
    query : `QueryTree`
        What the query has been told.
    dimensions : `DimensionGroup` or iterable of `str`
        Dimensions, to which those of the fields are added.
    names : `~collections.abc.Iterable` [ `str` ]
        Dimensions, and fields with a point before them.
    dimension_fields, dataset_fields : `~collections.abc.Mapping`
        Fields by elements, and by dataset types.

    Raises
    ------
    ArgumentError
        If names are given otherwise.
    InvalidQueryError
        If a name means nothing.
    """
    universe = query.dimensions.universe
    group = universe.conform(dimensions)
    asked = listed_names("names", names)
    for argument, given in (
        ("dimension_fields", dimension_fields),
        ("dataset_fields", dataset_fields),
    ):
        if not isinstance(given, Mapping):
            raise ArgumentError(
                f"{argument}= takes sets of fields by name, such as {{'visit': {{'name'}}}},"
                f" not {given!r}"
            )
        for one, some in given.items():
            every_field = argument == "dataset_fields" and isinstance(some, EllipsisType)
            fields = (
                _OF_A_REFERENCE if every_field else sorted(listed_names(f"{argument}: {one}", some))
            )
            asked += [f"{one}.{name}" for name in fields]
    context = Context(group, tuple(query.searches), {})
    every = set(group.names)
    fields_found: dict[tuple[str, str], None] = {}
    of_datasets: dict[tuple[str, str], None] = {}
    keys = []
    for name in asked:
        match _meant(name, context):
            case checked.DimensionKey(dimension, _):
                every.add(dimension)
                keys.append(dimension)
            case checked.Field(element, field, _):
                every.update(universe[element].dimensions.names)
                fields_found[element, field] = None
                keys.append(f"{element}.{field}")
            case checked.DatasetField(dataset_type, field, _):
                every.update(query.searches[dataset_type].group.names)
                of_datasets[dataset_type, field] = None
                keys.append(f"{dataset_type}.{field}")
            case _:
                raise InvalidQueryError(f"{name} is no field, but a bound of one: ask for that")
    whole = universe.conform(every)
    return AskedFields(whole, tuple(fields_found), tuple(of_datasets), tuple(keys))


def _meant(name: str, context: Context) -> checked.Value:
    """Return the column that a name means."""
    try:
        return column(name, context, tree.Name(0, len(name), name))
    except UserExpressionError as error:
        line, *_ = str(error).splitlines()
        # It says where in an expression, which this is not.
        raise InvalidQueryError(f"{name!r} in a row: {line.partition(': ')[2]}") from None


class GeneralQueryResults(QueryResults[dict[str, Any]]):
    """Rows that a query finds, by the names of dimensions and fields.

    Parameters
    ----------
    tree : `QueryTree`
        What the query has been told.
    asked : `AskedFields`
        What is in the rows.
    find_first : `bool` or `None`
        Whether, of datasets with the same data ID, only the one in the first
        collection is in a row.

    Raises
    ------
    InvalidQueryError
        If it is open which datasets are meant.
    """

    _what = "rows"
    _records = False

    def __init__(self, tree: QueryTree, asked: AskedFields, find_first: bool | None) -> None:
        super().__init__(tree, asked.dimensions)
        if find_first is not None:
            find_first = checked_flag("find_first", find_first)
        types = sorted({name for name, _ in asked.dataset_fields})
        if types and find_first is None:
            raise InvalidQueryError(
                f"rows with fields of {' and '.join(types)} need find_first=True, for the dataset"
                " in the first collection of each data ID, or find_first=False, for all of them"
            )
        if find_first and len(types) > 1:
            raise InvalidQueryError(
                f"find_first=True is for one dataset type, not for {', '.join(types)}: give"
                " find_first=False"
            )
        if find_first and "timespan" in (name for _, name in asked.dataset_fields):
            raise InvalidQueryError("rows with the timespans of datasets need find_first=False")
        self._asked = asked
        self._find_first = bool(find_first) and bool(types)

    @property
    def has_dimension_records(self) -> bool:
        """Whether the data IDs of `iter_tuples` have records."""
        return self._records

    def with_dimension_records(self) -> Self:
        """Return the results with dimension records in the data IDs of `iter_tuples`."""
        return self._changed(records=True)

    def _query(self, limit: int | None) -> GeneralQuery:
        asked = self._tree.restriction(self._dimensions)
        types = {name for name, _ in self._asked.dataset_fields}
        # What is in the rows comes last, so that the others have the places that they would have
        # without it.
        asked["datasets"] = tuple(
            sorted(
                asked["datasets"],
                key=lambda one: (
                    isinstance(one, DatasetSearch) and one.record.dataset_type.name in types
                ),
            )
        )
        return GeneralQuery(
            dimensions=self._dimensions,
            fields=self._asked.fields,
            dataset_fields=self._asked.dataset_fields,
            find_first=self._find_first,
            order_by=self._order_by,
            limit=limit,
            **asked,
        )

    def _run(self, limit: int | None) -> Iterator[dict[str, Any]]:
        return self._tree.finder.repository.general_queries.run(self._query(limit))

    def iter_tuples(self, *dataset_types: DatasetType) -> Iterator[GeneralResultTuple]:
        """Yield the data ID and the datasets of each row.

        Parameters
        ----------
        *dataset_types : `DatasetType`
            Types whose ``dataset_id`` and ``run`` are in the rows.

        Raises
        ------
        ArgumentError
            If one is something else.
        DatasetTypeError
            If they are not.
        """
        for one in dataset_types:
            if not isinstance(one, DatasetType):
                raise ArgumentError(
                    f"iter_tuples takes dataset types such as butler.get_dataset_type('raw'),"
                    f" not {one!r}"
                )
            for field in _OF_A_REFERENCE:
                if (one.name, field) not in self._asked.dataset_fields:
                    raise DatasetTypeError(
                        f"{one.name}.{field} is not in the rows: ask for"
                        f" dataset_fields={{{one.name!r}: ...}}"
                    )
        for row in self:
            data_id = self._data_id(self._dimensions, row)
            refs = [
                DatasetRef.from_row(
                    one,
                    self._data_id(one.dimensions, row),
                    row[f"{one.name}.run"],
                    row[f"{one.name}.dataset_id"],
                )
                for one in dataset_types
            ]
            yield GeneralResultTuple(data_id, refs, row)

    def _data_id(self, group: DimensionGroup, row: Mapping[str, Any]) -> DataCoordinate:
        full = tuple(row[name] for name in group.data_coordinate_keys)
        data_id = DataCoordinate.from_full_values(group, full)
        if not self._records:
            return data_id
        (expanded,) = data_ids_with_records(self._tree.finder.repository, [data_id])
        return expanded
