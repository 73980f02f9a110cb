"""Groups of dimensions: what a dataset type or a data ID is identified by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .element import DimensionElement
    from .universe import DimensionUniverse

__all__ = ["DimensionGroup", "DimensionNames"]


class DimensionNames(tuple[str, ...]):
    """Names of dimensions in the universe's order, written as a set, whose operations they have."""

    __slots__ = ()

    def __and__(self, other: Iterable[str]) -> frozenset[str]:
        return frozenset(self).intersection(other)

    def __or__(self, other: Iterable[str]) -> frozenset[str]:
        return frozenset(self).union(other)

    def __sub__(self, other: Iterable[str]) -> frozenset[str]:
        return frozenset(self).difference(other)

    def __repr__(self) -> str:
        return f"{{{', '.join(self)}}}"

    __str__ = __repr__


class DimensionGroup(Set[str]):
    """A complete set of dimensions: with each, all that it requires and implies.

    `DimensionUniverse.conform` makes groups, one object for each set.

    Parameters
    ----------
    universe : `DimensionUniverse`
        Where the dimensions are from.
    names : `~collections.abc.Sequence` [ `str` ]
        All names, in the universe's order.
    """

    def __init__(self, universe: DimensionUniverse, names: Sequence[str]) -> None:
        self.universe = universe
        self._names = DimensionNames(names)
        self._name_set = frozenset(names)
        implied = {other for name in names for other in universe[name].implied_names}
        self._required = DimensionNames(name for name in names if name not in implied)
        self._implied = DimensionNames(name for name in names if name in implied)
        self.data_coordinate_keys = (*self._required, *self._implied)
        self.key_index = {name: index for index, name in enumerate(self.data_coordinate_keys)}

    @property
    def names(self) -> DimensionNames:
        """All names, in the universe's order."""
        return self._names

    @property
    def required(self) -> DimensionNames:
        """The dimensions whose values identify a data ID of the group."""
        return self._required

    @property
    def implied(self) -> DimensionNames:
        """The dimensions whose values follow from those of the required ones."""
        return self._implied

    @cached_property
    def elements(self) -> DimensionNames:
        """The dimensions, and the elements that join them."""
        joins = [
            element.name
            for element in self.universe.elements
            if not element.is_dimension and self._name_set.issuperset(element.required_names)
        ]
        return DimensionNames((*self._names, *joins))

    @cached_property
    def required_types(self) -> tuple[type, ...]:
        """The Python types of the required values."""
        columns = (self.universe[name].primary_key for name in self._required)
        return tuple(str if column and column.type == "string" else int for column in columns)

    @cached_property
    def governors(self) -> DimensionNames:
        """The governor dimensions of the group."""
        return DimensionNames(name for name in self._names if self.universe[name].is_governor)

    @cached_property
    def resolution_order(self) -> tuple[DimensionElement, ...]:
        """The elements, each after those whose records give what it needs."""
        known = set(self._required)
        waiting = [self.universe[name] for name in self.elements]
        ordered: list[DimensionElement] = []
        while waiting:
            ready = [element for element in waiting if known.issuperset(element.required_names)]
            for element in ready:
                known.update(element.implied_names)
            ordered += ready
            waiting = [element for element in waiting if element not in ready]
        return tuple(ordered)

    @cached_property
    def implying(self) -> tuple[DimensionElement, ...] | None:
        """The elements whose records give the implied values, in the order they are needed.

        `None` where records may contradict each other: where two elements
        imply the same, or one that joins dimensions must have a record.
        """
        elements = tuple(one for one in self.resolution_order if one.implied_names)
        names = [name for element in elements for name in element.implied_names]
        joined = any(self.universe[name].always_join for name in self.elements)
        given = len({*names, *self._required}) < len(names) + len(self._required)
        return None if joined or given else elements

    @cached_property
    def region_elements(self) -> tuple[DimensionElement, ...]:
        """For each spatial family, the element whose region fits the group best."""
        return self._best_of_families("spatial")

    @cached_property
    def timespan_elements(self) -> tuple[DimensionElement, ...]:
        """For each temporal family, the element whose timespan fits the group best."""
        return self._best_of_families("temporal")

    def _best_of_families(self, kind: str) -> tuple[DimensionElement, ...]:
        best: dict[str, DimensionElement] = {}
        for name in self.elements:
            family = getattr(self.universe[name], kind)
            if family is None or family in best:
                continue
            members = self.universe.family_members(family) or (name,)
            chosen = next(member for member in members if member in self.elements)
            best[family] = self.universe[chosen]
        return tuple(best.values())

    def __reduce__(self) -> tuple[Callable[..., DimensionGroup], tuple[Any, ...]]:
        return type(self.universe).conform, (self.universe, self._names)

    def __contains__(self, name: object) -> bool:
        return getattr(name, "name", name) in self._name_set

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DimensionGroup):
            return self is other or self._names == other._names
        return super().__eq__(other)

    def __hash__(self) -> int:
        return hash(self._names)

    def __le__(self, other: Set[object]) -> bool:
        if isinstance(other, DimensionGroup):
            return self._name_set <= other._name_set
        return all(name in other for name in self)

    def __or__(self, other: Set[Any]) -> Set[Any]:
        return self.union(other) if isinstance(other, DimensionGroup) else super().__or__(other)

    def __and__(self, other: Set[Any]) -> Set[Any]:
        return (
            self.intersection(other)
            if isinstance(other, DimensionGroup)
            else super().__and__(other)
        )

    def __sub__(self, other: Set[Any]) -> Set[Any]:
        return (
            self.difference(other) if isinstance(other, DimensionGroup) else super().__sub__(other)
        )

    def issubset(self, other: Iterable[str]) -> bool:
        """Return whether all dimensions are in the other."""
        return self._name_set.issubset(other)

    def issuperset(self, other: Iterable[str]) -> bool:
        """Return whether all dimensions of the other are in this one."""
        return self._name_set.issuperset(other)

    def union(self, *others: DimensionGroup) -> DimensionGroup:
        """Return the group of all dimensions of the groups."""
        return self.universe.conform(self._name_set.union(*others))

    def intersection(self, *others: DimensionGroup) -> DimensionGroup:
        """Return the group of the dimensions that all groups have."""
        return self.universe.conform(self._name_set.intersection(*others))

    def difference(self, other: DimensionGroup) -> DimensionGroup:
        """Return the group of the dimensions that the other lacks."""
        return self.universe.conform(self._name_set.difference(other))

    @classmethod
    def _from_iterable(cls, names: Iterable[str]) -> Set[str]:  # type: ignore[override]
        return frozenset(names)

    def __str__(self) -> str:
        return f"{{{', '.join(self._names)}}}"

    def __repr__(self) -> str:
        return f"DimensionGroup({self})"
