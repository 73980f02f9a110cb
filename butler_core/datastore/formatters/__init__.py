"""What every formatter does: turn a file into an object and back.

A new one is a subclass of `Formatter` in a module of this package, with a line
for it under ``formatters`` in ``configs/formatters.yaml``, and one under
``default`` for each storage class that it is to write. From outside, call
``butler.datastore.formatters.register("my.F", MyFormatter)`` on each open
Butler and choose it in ``butler.yaml``: under ``datastore.formatters``,
``MyStorageClass: my.F``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from butler_core.storage_class import StorageClass

__all__ = ["NO_PARAMETERS", "Formatter"]

NO_PARAMETERS: Mapping[str, Any] = MappingProxyType({})


class Formatter(ABC):
    """Reads and writes the file of one dataset.

    Parameters
    ----------
    storage_class : `StorageClass`
        What the file holds: the storage class the dataset was stored with.
    recipe : `str`, optional
        Name of the write recipe, for the formatters that have several.
    """

    extension: ClassVar[str]
    """End of the names of the files this formatter writes, with its dot."""

    other_extensions: ClassVar[frozenset[str]] = frozenset()
    """Ends of the names of other files that it reads."""

    interchangeable: ClassVar[frozenset[str]] = frozenset()
    """Addresses of Python types that a file can be read as, whichever it was."""

    def __init__(self, storage_class: StorageClass, *, recipe: str = "default") -> None:
        self.storage_class = storage_class
        self.recipe = recipe

    @abstractmethod
    def read(
        self,
        path: Path,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] = NO_PARAMETERS,
    ) -> Any:
        """Read the whole dataset, or one component of it.

        Parameters
        ----------
        path : `~pathlib.Path`
            The file.
        component : `str`, optional
            Name of the component to return instead of the whole.
        parameters : `~collections.abc.Mapping`, optional
            Options of the storage class, such as ``bbox``; the datastore has
            checked that the storage class knows them.

        Returns
        -------
        inMemoryDataset : `object`
            The dataset or its component.

        Raises
        ------
        KeyError
            The formatter cannot honour one of the parameters, or the dataset
            has no such component.
        """

    @abstractmethod
    def write(self, obj: Any, path: Path) -> None:
        """Write the dataset.

        Parameters
        ----------
        obj : `object`
            The dataset, of the Python type of the storage class.
        path : `~pathlib.Path`
            A temporary name in the folder where the file will stand; the
            datastore moves it into place.
        """
