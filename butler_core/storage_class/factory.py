"""The storage classes by name, as configurations define them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from butler_core.errors import ButlerConfigError, MissingStorageClassError, nearest

from .storage_class import StorageClass

__all__ = ["StorageClassFactory"]

_PACKAGED = Path(__file__).parents[1] / "configs" / "storage_classes.yaml"


class StorageClassFactory:
    """The storage classes by name: those of the package, and a repository's own.

    Parameters
    ----------
    config : `~collections.abc.Mapping`, optional
        The ``storageClasses`` section of a ``butler.yaml``.

    Raises
    ------
    ButlerConfigError
        The section redefines a storage class, or cannot be understood.

    Notes
    -----
    LSST's class is a singleton. This one is not: what a program registers for
    every Butler to find goes to `default`.
    """

    def __init__(self, config: Mapping[str, Any] | None = None) -> None:
        self._classes = dict(_packaged())
        if config:
            self.addFromConfig(config)

    @classmethod
    def default(cls) -> StorageClassFactory:
        """Return the factory of the process, which finds names given as strings.

        Every Butler asks it, and adds to it what its repository defines: a
        dataset type knows its storage class by name before it knows a repository.
        """
        return _default()

    def addFromConfig(self, config: Mapping[str, Any]) -> None:
        """Add the storage classes that a configuration defines.

        Parameters
        ----------
        config : `~collections.abc.Mapping`
            From the name to a mapping with ``pytype`` and, if needed,
            ``inheritsFrom``, ``components``, ``derivedComponents``,
            ``parameters`` and ``converters``.

        Raises
        ------
        ButlerConfigError
            A name is taken, or a definition cannot be understood.
        """
        packaged = _packaged()
        again = _build(config, self._classes) if packaged.keys() & config.keys() else {}
        for name, known in packaged.items():
            if name in again and _shape(again[name]) != _shape(known):
                raise ButlerConfigError(
                    f"storageClasses: {name!r} is defined by the Butler and cannot be redefined; "
                    "give the new storage class another name"
                )
        added = {name: one for name, one in config.items() if name not in packaged}
        for storage_class in _build(added, self._classes).values():
            self.registerStorageClass(storage_class)

    def registerStorageClass(self, storageClass: StorageClass) -> None:
        """Add one storage class to this factory, which Butlers ask if it is `default`.

        Raises
        ------
        ButlerConfigError
            Another one has this name.
        """
        existing = self._classes.setdefault(storageClass.name, storageClass)
        if existing != storageClass:
            raise ButlerConfigError(
                f"Storage class {storageClass.name!r} exists with another definition: "
                f"{existing!r}, not {storageClass!r}"
            )

    def getStorageClass(self, storageClassName: str) -> StorageClass:
        """Return the storage class of a name.

        Raises
        ------
        MissingStorageClassError
            There is none; the message offers the nearest name.
        """
        found = self._classes.get(storageClassName)
        if found is None:
            near = nearest(str(storageClassName), self._classes)
            raise MissingStorageClassError(
                f"There is no storage class {storageClassName!r}"
                f"{f'{near} Or' if near else ';'} add it with "
                "StorageClassFactory.default().registerStorageClass(...), or in storageClasses "
                "of butler.yaml"
            )
        return found

    def __repr__(self) -> str:
        return f"StorageClassFactory({len(self._classes)} storage classes)"

    def __getitem__(self, storageClassName: str) -> StorageClass:
        return self.getStorageClass(storageClassName)

    def __contains__(self, storageClass: object) -> bool:
        if isinstance(storageClass, StorageClass):
            return self._classes.get(storageClass.name) == storageClass
        return storageClass in self._classes

    def __iter__(self) -> Iterator[str]:
        return iter(self._classes)

    def __len__(self) -> int:
        return len(self._classes)


@cache
def _packaged() -> Mapping[str, StorageClass]:
    import yaml

    definitions = yaml.load(_PACKAGED.read_bytes(), Loader=yaml.CSafeLoader)
    return MappingProxyType(_build(definitions["storageClasses"], {}))


@cache
def _default() -> StorageClassFactory:
    return StorageClassFactory()


def _shape(storage_class: StorageClass) -> tuple[object, ...]:
    """Return what two implementations' definitions of a storage class have in common.

    Python types and converters are each one's own: a repository that LSST's
    Butler made with ``standalone`` has all of its definitions.
    """
    parts = (storage_class.components, storage_class.derivedComponents)
    names = [{part: one.name for part, one in found.items()} for found in parts]
    return (*names, set(storage_class.parameters))


def _build(
    definitions: Mapping[str, Any], known: Mapping[str, StorageClass]
) -> dict[str, StorageClass]:
    built: dict[str, StorageClass] = {}
    pending: set[str] = set()

    def find(name: str, wanted_by: str) -> StorageClass:
        if name in built:
            return built[name]
        if name not in definitions:
            if name in known:
                return known[name]
            raise ButlerConfigError(
                f"storageClasses: {wanted_by!r} refers to {name!r}, which is not defined"
                + nearest(name, [*known, *definitions])
            )
        if name in pending:
            raise ButlerConfigError(f"storageClasses: {name!r} is defined by itself")
        pending.add(name)
        built[name] = _one(name, definitions[name], find)
        pending.discard(name)
        return built[name]

    for name in definitions:
        find(name, name)
    return built


_KEYS = frozenset(
    {
        "inheritsFrom",
        "pytype",
        "components",
        "derivedComponents",
        "parameters",
        "converters",
        "delegate",
    }
)


def _one(name: str, definition: Any, find: Callable[[str, str], StorageClass]) -> StorageClass:
    if not isinstance(definition, Mapping):
        raise ButlerConfigError(
            f"storageClasses: {name!r} must be a mapping such as {{pytype: list}}, "
            f"not {definition!r}"
        )
    for key in definition:
        if key not in _KEYS:
            raise ButlerConfigError(
                f"storageClasses: {name!r} has the key {key!r}" + nearest(str(key), _KEYS)
            )
    parent = find(definition["inheritsFrom"], name) if "inheritsFrom" in definition else None

    def parts(key: str, inherited: Mapping[str, StorageClass]) -> dict[str, StorageClass]:
        own = definition.get(key) or {}
        return {**inherited, **{part: find(target, name) for part, target in own.items()}}

    return StorageClass(
        name,
        definition.get("pytype", parent.pytype_name if parent else "object"),
        parts("components", parent.components if parent else {}),
        parts("derivedComponents", parent.derivedComponents if parent else {}),
        {*(parent.parameters if parent else ()), *(definition.get("parameters") or ())},
        {**(parent.converters if parent else {}), **(definition.get("converters") or {})},
    )
