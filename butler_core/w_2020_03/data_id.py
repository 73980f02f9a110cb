"""Data IDs as they were in 2020: mappings keyed by dimensions, which hold required values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .dimensions import Dimension, DimensionGraph

if TYPE_CHECKING:
    from butler_core.timespan import Timespan

__all__ = ["DataCoordinate", "DataId", "ExpandedDataCoordinate", "IndexedTupleDict"]


class IndexedTupleDict(Mapping[Dimension, Any]):
    """An immutable mapping from dimensions to values, which names look up too.

    Parameters
    ----------
    values : `~collections.abc.Mapping` [ `str`, `object` ]
        The values by name, in order.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: Dimension | str) -> Any:
        return self._values[_name(key)]

    def __iter__(self) -> Iterator[Dimension]:
        return (Dimension(name) for name in self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return getattr(key, "name", key) in self._values

    def byName(self) -> dict[str, Any]:
        """Return a `dict` keyed by names."""
        return dict(self._values)

    def __str__(self) -> str:
        return f"{{{', '.join(f'{name}: {value}' for name, value in self._values.items())}}}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self})"


class DataCoordinate(IndexedTupleDict):
    """A data ID: a value for each required dimension of a graph.

    Parameters
    ----------
    graph : `DimensionGraph`
        The dimensions that it identifies.
    values : `~collections.abc.Mapping` [ `str`, `object` ]
        Values of the required ones, in order.
    """

    __slots__ = ("graph",)

    def __init__(self, graph: DimensionGraph, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.graph = graph

    @staticmethod
    def standardize(
        mapping: Mapping[Any, Any] | None = None,
        *,
        graph: DimensionGraph | None = None,
        **kwds: Any,
    ) -> DataCoordinate:
        """Make a data ID of a user's input.

        Parameters
        ----------
        mapping : `~collections.abc.Mapping`, optional
            Values by name; what the graph does not require is ignored.
        graph : `DimensionGraph`, optional
            The dimensions to identify; those of the keys if not given.
        **kwds
            More values.

        Raises
        ------
        KeyError
            A required dimension has no value.
        """
        given = _by_name(mapping)
        given.update(kwds)
        if graph is None:
            graph = DimensionGraph(given)
        values = {}
        for dimension in graph.required:
            if dimension.name not in given:
                raise KeyError(f"No value in data ID for required dimension {dimension.name!r}.")
            values[dimension.name] = given[dimension.name]
        return DataCoordinate(graph, values)

    def matches(self, other: Mapping[Any, Any]) -> bool:
        """Whether the values of all common keys are equal."""
        mine, others = _by_name(self), _by_name(other)
        return all(mine[name] == others[name] for name in mine.keys() & others.keys())

    def subset(self, graph: DimensionGraph) -> DataCoordinate:
        """Return the values that identify a smaller graph."""
        return DataCoordinate.standardize(self, graph=graph)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DataCoordinate):
            return self.graph == other.graph and self._values == other._values
        return self._values == other

    def __hash__(self) -> int:
        return hash((self.graph, tuple(self._values.values())))

    def __str__(self) -> str:
        return str(self._values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.graph}, {tuple(self._values.values())})"


class ExpandedDataCoordinate(DataCoordinate):
    """A data ID that knows the records of its dimensions.

    It still has the length and keys of the required dimensions alone, but
    looks up the implied ones too.

    Parameters
    ----------
    graph, values
        As for `DataCoordinate`.
    expand : `~collections.abc.Callable`
        Returns all values and all records by name, the region and the
        timespan; it is called when the first of them is needed.
    """

    __slots__ = ("_expand", "_expanded")

    def __init__(
        self,
        graph: DimensionGraph,
        values: Mapping[str, Any],
        expand: Callable[[DataCoordinate], Expansion],
    ) -> None:
        super().__init__(graph, values)
        self._expand = expand
        self._expanded: Expansion | None = None

    def _known(self) -> Expansion:
        if self._expanded is None:
            self._expanded = self._expand(self)
        return self._expanded

    @property
    def full(self) -> IndexedTupleDict:
        """Values of all dimensions, the implied ones among them (`IndexedTupleDict`)."""
        return IndexedTupleDict(self._known().values)

    @property
    def records(self) -> IndexedTupleDict:
        """Records of all elements (`IndexedTupleDict`)."""
        return IndexedTupleDict(self._known().records)

    @property
    def region(self) -> Any:
        """Region on the sky, if there is one (`lsst.sphgeom.Region`)."""
        return self._known().region

    @property
    def timespan(self) -> Timespan | None:
        """When it was, if there is a time (`Timespan`)."""
        return self._known().timespan

    def __getitem__(self, key: Dimension | str) -> Any:
        name = _name(key)
        return self._values[name] if name in self._values else self._known().values[name]

    def __contains__(self, key: object) -> bool:
        return key in self.graph


class Expansion:
    """What the registry knows of a data ID.

    Parameters
    ----------
    values, records : `dict` [ `str`, `object` ]
        Values of all dimensions, and records of all elements, by name.
    region, timespan : `object` or `None`
        Where and when it was.
    """

    __slots__ = ("records", "region", "timespan", "values")

    def __init__(
        self,
        values: dict[str, Any],
        records: dict[str, Any],
        region: Any,
        timespan: Timespan | None,
    ) -> None:
        self.values = values
        self.records = records
        self.region = region
        self.timespan = timespan


DataId = DataCoordinate | Mapping[str, Any]
"""What is accepted as a data ID."""


def _name(key: Dimension | str) -> str:
    return key.name if isinstance(key, Dimension) else key


def _by_name(mapping: Mapping[Any, Any] | None) -> dict[str, Any]:
    if mapping is None:
        return {}
    if isinstance(mapping, ExpandedDataCoordinate):
        return mapping.full.byName()
    return {getattr(key, "name", key): value for key, value in mapping.items()}
