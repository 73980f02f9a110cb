"""What all parts of the registry share."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import ClassVar

from ..defaults import RegistryDefaults
from ..dimensions import DimensionUniverse
from ..finder import DatasetFinder
from ..former_names import FormerNames
from ..repository import Repository

__all__ = ["RegistryBase"]


class RegistryBase(FormerNames):
    """The registry of a repository.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """

    _former_names: ClassVar[Mapping[str, str]] = {
        "addDimensionEntry": "registry.insertDimensionData(element, record)",
        "close": "butler.close()",
        "find": "butler.find_dataset(...)",
        "getAllCollections": "butler.collections.query('*')",
        "getAllDatasetTypes": "registry.queryDatasetTypes()",
        "queryDimensions": "butler.query_data_ids(dimensions, ...)",
    }

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

    def caching_context(self) -> contextlib.AbstractContextManager[None]:
        """Return a context within which answers are kept in memory, as they always are.

        What other processes change is noticed within it too.
        """
        return contextlib.nullcontext()

    def __repr__(self) -> str:
        return (
            f"Registry(collections={self._defaults.collections!r}, run={self._defaults.run!r},"
            f" database={self._repository.database.description!r})"
        )

    def transaction(self, *, savepoint: bool = False) -> contextlib.AbstractContextManager[None]:
        """Return a context within which all writes happen, or none."""
        return self._repository.database.transaction()
