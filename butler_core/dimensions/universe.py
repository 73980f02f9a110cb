"""The universe of dimensions, made from a repository's configuration."""

from __future__ import annotations

import importlib.resources
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from typing import Any, Self
from weakref import WeakValueDictionary

from ..errors import ArgumentError, ButlerConfigError, DimensionNameError, nearest
from ..iterating import is_iterable
from ..named_set import NamedSet
from .element import DimensionElement
from .group import DimensionGroup

__all__ = ["DimensionUniverse"]


_known: WeakValueDictionary[str, DimensionUniverse] = WeakValueDictionary()
"""The universes of the process by their configuration, in an order of its own."""

_lock = threading.Lock()


@cache
def _default_config() -> Mapping[str, Any]:
    import yaml

    text = (
        importlib.resources.files("butler_core")
        .joinpath("configs/dimensions.yaml")
        .read_text("utf-8")
    )
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    config: Mapping[str, Any] = yaml.load(text, Loader=loader)
    return config


class DimensionUniverse:
    """All dimensions that a repository may organise its data by.

    Parameters
    ----------
    config : `~collections.abc.Mapping`, optional
        Dimension configuration, such as the one that a repository keeps in
        its ``config:dimensions.json`` attribute. The default is universe 8 of
        namespace ``daf_butler``.

    Raises
    ------
    ButlerConfigError
        If the configuration is incomplete, or its dimensions require each
        other in a circle.

    Notes
    -----
    A process has one universe of a configuration, whoever makes, opens,
    copies or unpickles it.
    """

    _config: Mapping[str, Any]

    def __new__(cls, config: Mapping[str, Any] | None = None) -> Self:
        """Return the universe of a configuration, made if nobody has it."""
        try:
            text = json.dumps(_default_config() if config is None else config)
            own_copy = json.loads(text)
            key = json.dumps(own_copy, sort_keys=True)
        except (TypeError, ValueError) as error:
            raise ButlerConfigError(
                f"the dimension configuration cannot be used: {error}"
            ) from error
        with _lock:
            known = _known.get(key)
            if isinstance(known, cls):
                return known
            self = super().__new__(cls)
            self._build(own_copy)
            _known[key] = self
            return self

    def _build(self, config: Mapping[str, Any]) -> None:
        self._config = config
        try:
            self.version = int(self._config["version"])
            self.namespace = str(self._config.get("namespace", "daf_butler"))
            self._elements = self._make_elements()
            self.common_skypix_name = str(self._config["skypix"]["common"])
        except KeyError as error:
            raise ButlerConfigError(
                f"the dimension configuration cannot be used: it has no {error}"
            ) from error
        except (TypeError, AttributeError) as error:
            raise ButlerConfigError(
                f"the dimension configuration cannot be used: {error}"
            ) from error
        self._index = {name: index for index, name in enumerate(self._elements)}
        self._groups: dict[frozenset[str], DimensionGroup] = {}

    def __reduce__(self) -> tuple[Callable[..., DimensionUniverse], tuple[Any, ...]]:
        if self._config == _default_config():
            return _default_universe, (self.version, self.namespace)
        return type(self), (self._config,)

    @staticmethod
    @lru_cache(maxsize=8)
    def from_json(text: str) -> DimensionUniverse:
        """Return the universe of a repository's ``config:dimensions.json``.

        All repositories of one make have the same text: those that were read
        last are not read again.
        """
        return DimensionUniverse(json.loads(text))

    def to_json(self) -> str:
        """Return the configuration as a repository keeps it."""
        return json.dumps(self._config)

    def element_config(self, name: str) -> Mapping[str, Any]:
        """Return the configuration of an element, empty for a skypix dimension."""
        config: Mapping[str, Any] = self._config["elements"].get(name, {})
        return config

    def _make_elements(self) -> dict[str, DimensionElement]:
        config = self._config["elements"]
        families: dict[str, dict[str, str]] = {"spatial": {}, "temporal": {}}
        self._family_members: dict[str, tuple[str, ...]] = {}
        for kind, by_family in self._config.get("topology", {}).items():
            for family, members in by_family.items():
                self._family_members[family] = tuple(members)
                families[kind].update(dict.fromkeys(members, family))
        skypix = self._skypix_levels()
        generations = self._generations(config, skypix)
        order = {name: index for index, name in enumerate(generations)}
        elements: dict[str, DimensionElement] = {}
        for name in generations:
            if name in skypix:
                system, _ = skypix[name]
                elements[name] = DimensionElement(
                    self,
                    name,
                    required=(name,),
                    implied=(),
                    config={"keys": [{"name": "id", "type": "int"}]},
                    spatial=system,
                    skypix=skypix[name],
                )
                continue
            required = {name} if config[name].get("keys") else set()
            for other in config[name].get("requires", ()):
                required.update(elements[other].required_names)
            elements[name] = DimensionElement(
                self,
                name,
                required=tuple(sorted(required, key=order.__getitem__)),
                implied=tuple(sorted(config[name].get("implies", ()), key=order.__getitem__)),
                config=config[name],
                spatial=families["spatial"].get(name),
                temporal=families["temporal"].get(name),
            )
        return elements

    def _skypix_levels(self) -> dict[str, tuple[str, int]]:
        return {
            f"{system}{level}": (system, level)
            for system, entry in self._config["skypix"].items()
            if isinstance(entry, Mapping)
            for level in range(1, int(entry["max_level"]) + 1)
        }

    def _generations(self, config: Mapping[str, Any], skypix: Mapping[str, Any]) -> list[str]:
        """Sort elements so that each follows what it refers to, then by name."""
        waiting = {
            name: {*entry.get("requires", ()), *entry.get("implies", ())}
            for name, entry in config.items()
        }
        placed: list[str] = []
        unplaced = dict.fromkeys(skypix)
        while waiting or unplaced:
            ready = [name for name, needs in waiting.items() if needs.issubset(placed)]
            if not ready and not unplaced:
                for name, needs in waiting.items():
                    for other in sorted(needs.difference(config, skypix)):
                        raise ButlerConfigError(
                            f"dimension {name!r} refers to {other!r}, which is not defined"
                            f"{nearest(other, config)}"
                        )
                names = ", ".join(sorted(waiting))
                raise ButlerConfigError(f"dimensions refer to each other in a circle: {names}")
            ready += unplaced
            unplaced = {}
            # Levels are ordered as numbers: htm9 comes before htm10.
            ready.sort(key=lambda name: (skypix.get(name, (name, 0)), name))
            placed += ready
            for name in ready:
                waiting.pop(name, None)
        joins = [name for name in placed if name in config and not config[name].get("keys")]
        return [name for name in placed if name not in joins] + joins

    def __getitem__(self, name: str | DimensionElement) -> DimensionElement:
        try:
            return self._elements[name if isinstance(name, str) else name.name]
        except (KeyError, AttributeError):
            raise DimensionNameError(
                f"there is no dimension {name!r} in {self}{nearest(str(name), self._elements)}"
            ) from None

    def get(self, name: str, default: DimensionElement | None = None) -> DimensionElement | None:
        """Return an element, or a default if there is none of that name."""
        return self._elements.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._elements

    def __iter__(self) -> Iterator[DimensionElement]:
        return iter(self._elements.values())

    def index(self, name: str) -> int:
        """Return the place of an element in the universe's order."""
        return self._index[name]

    def conform(self, dimensions: Iterable[str] | str | DimensionGroup, /) -> DimensionGroup:
        """Return the group of some dimensions and all that they require and imply.

        Parameters
        ----------
        dimensions : `~collections.abc.Iterable` [ `str` ], `str` or `DimensionGroup`
            Names of dimensions.

        Raises
        ------
        DimensionNameError
            If one of them is not a dimension of this universe.
        """
        if isinstance(dimensions, DimensionGroup):
            if dimensions.universe is self:
                return dimensions
            dimensions = dimensions.names
        given = [dimensions] if isinstance(dimensions, str) else dimensions
        if not is_iterable(given):
            raise ArgumentError(f"dimensions are given by their names in a list, not by {given!r}")
        names = frozenset(str(getattr(name, "name", name)) for name in given)
        group = self._groups.get(names)
        if group is None:
            group = self._group_of_closure(names)
            self._groups[names] = group
        return group

    def _group_of_closure(self, names: frozenset[str]) -> DimensionGroup:
        closure: set[str] = set()
        pending = list(names)
        while pending:
            element = self[pending.pop()]
            if not element.is_dimension:
                raise DimensionNameError(f"{element.name!r} is not a dimension but joins some")
            if element.name not in closure:
                closure.add(element.name)
                pending += (*element.required_names, *element.implied_names)
        key = frozenset(closure)
        if key not in self._groups:
            self._groups[key] = DimensionGroup(self, sorted(closure, key=self._index.__getitem__))
        return self._groups[key]

    def sorted(self, elements: Iterable[str], *, reverse: bool = False) -> list[str]:
        """Return names of elements in the universe's order."""
        return sorted(elements, key=self._index.__getitem__, reverse=reverse)

    @cached_property
    def empty(self) -> DimensionGroup:
        """The group without dimensions."""
        return self.conform(())

    @cached_property
    def dimensions(self) -> NamedSet[DimensionElement]:
        """All dimensions, in order (`NamedSet`)."""
        return NamedSet(element for element in self if element.is_dimension)

    def getStaticDimensions(self) -> NamedSet[DimensionElement]:
        """Return all dimensions, in order, as `dimensions`."""
        return self.dimensions

    def getStaticElements(self) -> NamedSet[DimensionElement]:
        """Return all dimensions and what joins them, in order."""
        return NamedSet(self)

    @cached_property
    def elements(self) -> tuple[DimensionElement, ...]:
        """All elements but the skypix dimensions, in order."""
        return tuple(element for element in self if element.skypix is None)

    @cached_property
    def governor_dimensions(self) -> NamedSet[DimensionElement]:
        """The dimensions on which all others' identity rests, such as instrument."""
        return NamedSet(element for element in self if element.is_governor)

    def family_members(self, family: str) -> tuple[str, ...]:
        """Return the elements of a topological family, the most specific first."""
        return self._family_members.get(family, ())

    @cached_property
    def common_skypix(self) -> DimensionElement:
        """The skypix dimension that regions are indexed by."""
        return self[self.common_skypix_name]

    def isCompatibleWith(self, other: DimensionUniverse) -> bool:
        """Return whether the other is of the same namespace."""
        return self.namespace == other.namespace

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DimensionUniverse):
            return NotImplemented
        return (self.version, self.namespace) == (other.version, other.namespace)

    def __hash__(self) -> int:
        return hash((self.version, self.namespace))

    def __repr__(self) -> str:
        return f"DimensionUniverse({self.version}, {self.namespace})"


def _default_universe(version: int, namespace: str) -> DimensionUniverse:
    """Return the universe of the package, if it is still what it was when it was pickled."""
    universe = DimensionUniverse()
    if (universe.version, universe.namespace) != (version, namespace):
        raise ButlerConfigError(
            f"this was pickled with dimensions of {namespace} version {version}; those of this"
            f" butler_core are of {universe.namespace} version {universe.version}"
        )
    return universe
