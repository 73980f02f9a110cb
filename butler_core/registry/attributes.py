"""The attributes of a repository: which managers wrote it, and its dimensions."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy

from ..dimensions import DimensionUniverse
from ..errors import IncompatibleVersionError, ManagerMismatchError, RepositoryError
from .database import Database

__all__ = ["check_attributes", "check_managers", "write_attributes"]

_MANAGERS = "lsst.daf.butler.registry"

VERSIONS: Mapping[str, tuple[str, str]] = {
    "attributes": (f"{_MANAGERS}.attributes.DefaultButlerAttributeManager", "1.0.1"),
    "dimensions": (f"{_MANAGERS}.dimensions.static.StaticDimensionRecordStorageManager", "6.0.2"),
    "collections": (f"{_MANAGERS}.collections.synthIntKey.SynthIntKeyCollectionManager", "2.0.0"),
    "datasets": (
        f"{_MANAGERS}.datasets.byDimensions._manager.ByDimensionsDatasetRecordStorageManagerUUID",
        "2.0.0",
    ),
    "opaque": (f"{_MANAGERS}.opaque.ByNameOpaqueTableStorageManager", "0.2.0"),
    "datastores": (
        f"{_MANAGERS}.bridge.monolithic.MonolithicDatastoreRegistryBridgeManager",
        "0.2.1",
    ),
}
"""For each manager, the class that the format names, and the version of its tables."""

_UNIVERSE = "config:dimensions.json"
_SELECT = "SELECT name, value FROM butler_attributes"


def write_attributes(
    database: Database, table: sqlalchemy.Table, universe: DimensionUniverse
) -> None:
    """Write the attributes of a new repository."""
    rows: list[tuple[str, str]] = []
    for manager, (name, version) in VERSIONS.items():
        rows.append((f"config:registry.managers.{manager}", name))
        rows.append((f"version:{name}", version))
    rows.append((_UNIVERSE, universe.to_json()))
    database.execute(database.compile(table.insert()), rows)


def check_attributes(
    database: Database, managers: Mapping[str, str], *, writeable: bool
) -> DimensionUniverse:
    """Return the universe of a repository whose managers are those of this package.

    Parameters
    ----------
    database : `Database`
        The registry's database.
    managers : `~collections.abc.Mapping` [ `str`, `str` ]
        The managers that ``butler.yaml`` names.
    writeable : `bool`
        Whether it shall be written, which earlier minor versions are not.

    Raises
    ------
    ManagerMismatchError
        If the database was written by other managers than those named, or
        than those that this package knows.
    IncompatibleVersionError
        If it was written by another version of them.
    RepositoryError
        If it is not the database of a registry.
    """
    try:
        rows = database.query(_SELECT).fetchall()
    except RepositoryError as error:
        if "no such table" in str(error):
            raise RepositoryError(
                "the database is not that of a Butler's registry: it has no butler_attributes"
            ) from error
        raise
    attributes: dict[str, str] = dict(rows)
    for manager, (known, version) in VERSIONS.items():
        _check_manager(manager, known, attributes, managers.get(manager))
        written = attributes.get(f"version:{attributes[f'config:registry.managers.{manager}']}", "")
        _check_version(manager, known, version, written, writeable=writeable)
    text = attributes.get(_UNIVERSE)
    if text is None:
        raise RepositoryError(
            f"the registry in {database.description} has no attribute {_UNIVERSE!r}:"
            " it is incomplete"
        )
    try:
        return DimensionUniverse.from_json(text)
    except ValueError as error:
        raise RepositoryError(f"the registry's {_UNIVERSE!r} cannot be used: {error}") from error


def check_managers(managers: Mapping[str, str]) -> None:
    """Refuse managers, of a repository to be made, that are not those of this package.

    Raises
    ------
    ManagerMismatchError
        If one is another.
    """
    for manager, name in managers.items():
        known, _ = VERSIONS.get(manager, ("", ""))
        if _public(name) != _public(known):
            raise ManagerMismatchError(
                f"registry.managers.{manager} is {name};"
                f" butler_core makes repositories of {known or 'no such manager'}"
            )


def _check_manager(
    manager: str,
    known: str,
    attributes: Mapping[str, str],
    configured: str | None,
) -> None:
    stored = attributes.get(f"config:registry.managers.{manager}")
    if stored is None:
        raise RepositoryError(f"the registry does not say which {manager} manager wrote it")
    if configured is not None and _public(configured) != _public(stored):
        raise ManagerMismatchError(
            f"butler.yaml names {configured} as the {manager} manager,"
            f" but the database was written by {stored}"
        )
    if _public(stored) != _public(known):
        raise ManagerMismatchError(
            f"the {manager} manager of this repository is {stored};"
            f" butler_core reads what {known} writes"
        )


def _check_version(
    manager: str, known: str, version: str, written: str, *, writeable: bool
) -> None:
    """Refuse a version by the format's rule.

    Patch versions are alike; a later minor version reads what an earlier one wrote, and does not
    write it.
    """
    found = f"the {manager} manager of this repository ({known}) is of version {written or '?'}"
    if re.fullmatch(r"\d+\.\d+\.\d+", written):
        (major, minor, _), (own_major, own_minor, _) = (
            [int(part) for part in one.split(".")] for one in (written, version)
        )
        if major == own_major and minor == own_minor:
            return
        if major == own_major and minor < own_minor:
            if not writeable:
                return
            raise IncompatibleVersionError(
                f"{found}, which butler_core reads, but does not write: it writes {version};"
                " open the repository without writeable=True, or migrate it to that version"
            )
    raise IncompatibleVersionError(f"{found}; butler_core reads {version}")


def _public(name: str) -> str:
    """Return the name of a class without private modules, which both spellings share."""
    return ".".join(part for part in name.split(".") if not part.startswith("_"))
