"""References to datasets as they were in 2020, with integer ids."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from .data_id import DataCoordinate
from .dataset_type import DatasetType
from .dimensions import DimensionGraph

__all__ = ["DatasetRef"]


class DatasetRef:
    """A reference to a dataset.

    Parameters
    ----------
    datasetType : `DatasetType`
        Its type.
    dataId : `DataCoordinate` or `~collections.abc.Mapping`
        Its data ID.
    id : `int`, optional
        Its id: the integer value of its UUID.
    run : `str`, optional
        Its run; the results of queries have none, as in 2020.
    components : `~collections.abc.Mapping`, optional
        References to its components.
    conform : `bool`, optional
        Whether to make a data ID of the type's dimensions of ``dataId``.
    """

    __slots__ = ("_components", "_data_id", "_dataset_type", "_id", "_run")

    def __init__(
        self,
        datasetType: DatasetType,
        dataId: DataCoordinate | Mapping[str, Any],
        *,
        id: int | None = None,
        run: str | None = None,
        components: Mapping[str, DatasetRef] | None = None,
        conform: bool = True,
    ) -> None:
        self._dataset_type = datasetType
        if conform or not isinstance(dataId, DataCoordinate):
            dataId = DataCoordinate.standardize(dataId, graph=datasetType.data_id_graph)
        self._data_id = dataId
        self._id = id
        self._run = run
        self._components = dict(components or {})

    @property
    def datasetType(self) -> DatasetType:
        """Its type (`DatasetType`)."""
        return self._dataset_type

    @property
    def dataId(self) -> DataCoordinate:
        """Its data ID (`DataCoordinate`)."""
        return self._data_id

    @property
    def id(self) -> int | None:
        """Its id; `None` if it is not in the registry."""
        return self._id

    @property
    def run(self) -> str | None:
        """Its run, if it is known."""
        return self._run

    @property
    def components(self) -> Mapping[str, DatasetRef]:
        """References to its components, by name."""
        return MappingProxyType(self._components)

    @property
    def dimensions(self) -> DimensionGraph:
        """The dimensions of its type."""
        return self._dataset_type.dimensions

    def isComponent(self) -> bool:
        """Whether it refers to a component."""
        return self._dataset_type.isComponent()

    def isComposite(self) -> bool:
        """Whether the dataset has components."""
        return self._dataset_type.isComposite()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DatasetRef):
            return NotImplemented
        return (self._dataset_type, self._data_id, self._id) == (
            other._dataset_type,
            other._data_id,
            other._id,
        )

    def __hash__(self) -> int:
        raise TypeError("hash() takes exactly one argument (3 given)")  # a bug of 2020, kept

    def __str__(self) -> str:
        parts = f", components=[{', '.join(self._components)}]" if self._components else ""
        return f"{self._dataset_type.name}@{self._data_id} (id={self._id}{parts})"

    def __repr__(self) -> str:
        return (
            f"DatasetRef({self._dataset_type}, {self._data_id}, id={self._id}, run={self._run}, "
            f"components={self._components})"
        )
