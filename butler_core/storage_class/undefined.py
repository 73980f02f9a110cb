"""Storage classes that a repository names and nobody defines."""

from __future__ import annotations

from butler_core.errors import MissingStorageClassError

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
        """Refused, with what to do.

        Raises
        ------
        MissingStorageClassError
            Always.
        """
        raise MissingStorageClassError(
            f"There is no storage class {self.name!r}, which a dataset type of this repository has:"
            " define it in storageClasses of butler.yaml, or name another with storageClass=..."
        )
