"""Storage classes that a repository names and nobody defines."""

from __future__ import annotations

from typing import Any

from butler_core.errors import MissingStorageClassError

from .factory import StorageClassFactory
from .storage_class import StorageClass

__all__ = ["UndefinedStorageClass"]


class UndefinedStorageClass(StorageClass):
    """A name in a repository: dataset types with it can be listed and queried, not read.

    Parameters
    ----------
    name : `str`
        The name.
    """

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, pytype=f"undefined.{name}")

    def __reduce__(self) -> tuple[type[StorageClass], tuple[str]]:
        return type(self), (self.name,)

    @property
    def pytype(self) -> type:
        """The Python type, if the storage class was added meanwhile.

        Raises
        ------
        MissingStorageClassError
            It was not; the message says what to do.
        """
        return self._added().pytype

    def coerce_type(self, obj: Any) -> Any:
        """Turn an object into one of the storage class, if that was added meanwhile."""
        return self._added().coerce_type(obj)

    def _added(self) -> StorageClass:
        known = StorageClassFactory.default()
        if self.name in known and not isinstance(known[self.name], UndefinedStorageClass):
            return known[self.name]
        raise MissingStorageClassError(
            f"There is no storage class {self.name!r}, which a dataset type of this repository has:"
            " define it in storageClasses of butler.yaml, or with "
            "StorageClassFactory.default().registerStorageClass(...), or name another with "
            "storageClass=... to get a dataset"
        )
