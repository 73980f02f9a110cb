"""The dimensions of 2020, universe 0, and their names in the universe of today.

The order, what each requires and what it implies are those of
``config/dimensions.yaml`` at daf_butler w.2020.03.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView, Set
from typing import Any

__all__ = [
    "CALIBRATION_LABEL",
    "HIDDEN",
    "Dimension",
    "DimensionGraph",
    "DimensionUniverse",
    "old_name",
    "today_name",
]

CALIBRATION_LABEL = "calibration_label"
"""The dimension that calibrations had, before there were calibration collections."""

HIDDEN = frozenset({"day_obs", "group", "visit_system"})
"""Dimensions of today that have no counterpart, and are never shown."""

_REQUIRES_AND_IMPLIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "htm7": ((), ()),
    "htm9": ((), ()),
    "abstract_filter": ((), ()),
    "instrument": ((), ()),
    "skymap": ((), ()),
    CALIBRATION_LABEL: (("instrument",), ()),
    "detector": (("instrument",), ()),
    "physical_filter": (("instrument",), ("abstract_filter",)),
    "tract": (("skymap",), ()),
    "patch": (("skymap", "tract"), ()),
    "visit": (("instrument",), ("physical_filter",)),
    "exposure": (("instrument",), ("visit", "physical_filter")),
}
_ORDER = {name: place for place, name in enumerate(_REQUIRES_AND_IMPLIES)}
_OLD_NAMES = {"band": "abstract_filter"}
_TODAY_NAMES = {old: new for new, old in _OLD_NAMES.items()}


def old_name(name: str) -> str:
    """Return the name in 2020 of a dimension of today."""
    return _OLD_NAMES.get(name, name)


def today_name(name: str) -> str:
    """Return the name today of a dimension of 2020."""
    return _TODAY_NAMES.get(name, name)


class Dimension:
    """A dimension, the key of data IDs.

    Parameters
    ----------
    name : `str`
        Its name in 2020.
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dimension) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Dimension({self.name})"


class DimensionGraph(Set[Dimension]):
    """A set of dimensions with all that they require and imply, in the order of universe 0.

    Parameters
    ----------
    names : `~collections.abc.Iterable` [ `str` ]
        Names of 2020. Those that came later stand at the end, in the order
        given.
    """

    __slots__ = ("_names",)

    def __init__(self, names: Iterable[str]) -> None:
        closed: dict[str, None] = {}
        pending = list(names)
        while pending:
            name = pending.pop(0)
            if name not in closed:
                closed[name] = None
                requires, implies = _REQUIRES_AND_IMPLIES.get(name, ((), ()))
                pending += [*requires, *implies]
        self._names = dict.fromkeys(sorted(closed, key=lambda name: _ORDER.get(name, len(_ORDER))))

    @property
    def names(self) -> KeysView[str]:
        """All names, in order."""
        return self._names.keys()

    @property
    def required(self) -> list[Dimension]:
        """The dimensions that no other one of the graph implies."""
        implied = self._implied_names()
        return [Dimension(name) for name in self._names if name not in implied]

    @property
    def implied(self) -> list[Dimension]:
        """The dimensions whose values follow from those of the others."""
        implied = self._implied_names()
        return [Dimension(name) for name in self._names if name in implied]

    def without(self, name: str) -> DimensionGraph:
        """Return the graph without one dimension."""
        return DimensionGraph(other for other in self._names if other != name)

    def _implied_names(self) -> set[str]:
        return {
            implied
            for name in self._names
            for implied in _REQUIRES_AND_IMPLIES.get(name, ((), ()))[1]
        }

    @classmethod
    def _from_iterable(cls, dimensions: Iterable[Any]) -> Set[Any]:
        return frozenset(dimensions)

    def __contains__(self, key: object) -> bool:
        return getattr(key, "name", key) in self._names

    def __iter__(self) -> Iterator[Dimension]:
        return (Dimension(name) for name in self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DimensionGraph) and self._names == other._names

    def __hash__(self) -> int:
        return hash(tuple(self._names))

    def __str__(self) -> str:
        return f"{{{', '.join(self._names)}}}"

    def __repr__(self) -> str:
        return f"DimensionGraph({self})"


class DimensionUniverse(DimensionGraph):
    """All dimensions of universe 0."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_REQUIRES_AND_IMPLIES)

    def __getitem__(self, name: str) -> Dimension:
        if name not in self._names:
            raise KeyError(name)
        return Dimension(name)

    def __repr__(self) -> str:
        return f"DimensionUniverse({self})"
