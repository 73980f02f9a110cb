"""What all parts of the registry share."""

from __future__ import annotations

import contextlib

from ..defaults import RegistryDefaults
from ..dimensions import DimensionUniverse
from ..finder import DatasetFinder
from ..repository import Repository

__all__ = ["RegistryBase"]


class RegistryBase:
    """The registry of a repository.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """

    def __init__(self, repository: Repository, defaults: RegistryDefaults) -> None:
        self._repository = repository
        self._defaults = defaults
        self._finder = DatasetFinder(repository, defaults)

    @property
    def dimensions(self) -> DimensionUniverse:
        """The universe of dimensions."""
        return self._repository.universe

    @property
    def defaults(self) -> RegistryDefaults:
        """Default collections, run and data ID values."""
        return self._defaults

    def isWriteable(self) -> bool:
        """Return whether the registry may be written."""
        return self._repository.writeable

    def refresh(self) -> None:
        """Forget what is kept in memory; changes of others are noticed without."""
        self._repository.records.refresh()

    def __repr__(self) -> str:
        return (
            f"Registry(collections={self._defaults.collections!r}, run={self._defaults.run!r},"
            f" database={self._repository.database.description!r})"
        )

    def transaction(self, *, savepoint: bool = False) -> contextlib.AbstractContextManager[None]:
        """Return a context within which all writes happen, or none."""
        return self._repository.database.transaction()
