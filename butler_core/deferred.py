"""Datasets that are read when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .butler_reading import ReadingButler
    from .dataset import DatasetRef
    from .dimensions import DataCoordinate
    from .storage_class import StorageClass

__all__ = ["DeferredDatasetHandle"]


class DeferredDatasetHandle:
    """A dataset that exists and is not read yet.

    Parameters
    ----------
    butler : `Butler`
        The Butler that will read it.
    ref : `DatasetRef`
        The dataset.
    parameters : `~collections.abc.Mapping`, optional
        Read parameters for every `get`.
    storageClass : `StorageClass` or `str`, optional
        What to return it as.
    """

    __slots__ = ("_butler", "_parameters", "_ref", "_storage_class")

    def __init__(
        self,
        butler: ReadingButler,
        ref: DatasetRef,
        parameters: Mapping[str, Any] | None = None,
        storageClass: StorageClass | str | None = None,
    ) -> None:
        self._butler = butler
        self._ref = ref
        self._parameters = dict(parameters or {})
        self._storage_class = storageClass

    @property
    def butler(self) -> ReadingButler:
        """The Butler that reads the dataset (`Butler`)."""
        return self._butler

    @property
    def ref(self) -> DatasetRef:
        """The dataset (`DatasetRef`)."""
        return self._ref

    @property
    def dataId(self) -> DataCoordinate:
        """The data ID of the dataset (`DataCoordinate`)."""
        return self._ref.dataId

    @property
    def parameters(self) -> dict[str, Any]:
        """The read parameters for every `get` (`dict`)."""
        return dict(self._parameters)

    @property
    def storageClass(self) -> StorageClass | str | None:
        """What the dataset is returned as, if it was given."""
        return self._storage_class

    def get(
        self,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        storageClass: StorageClass | str | None = None,
    ) -> Any:
        """Read the dataset.

        Parameters
        ----------
        component : `str`, optional
            Name of the component to read instead of the whole.
        parameters : `~collections.abc.Mapping`, optional
            Read parameters, which override and add to those of the handle.
        storageClass : `StorageClass` or `str`, optional
            What to return; otherwise that of the handle, or its component.

        Returns
        -------
        inMemoryDataset : `object`
            The dataset, or its component.
        """
        ref = self._ref
        if component is not None:
            if self._storage_class is not None:
                ref = ref.overrideStorageClass(self._storage_class)
            ref = ref.makeComponentRef(component)
        elif storageClass is None:
            storageClass = self._storage_class
        merged = {**self._parameters, **(parameters or {})}
        return self._butler.get(ref, parameters=merged or None, storageClass=storageClass)

    def __repr__(self) -> str:
        return f"DeferredDatasetHandle({self._ref})"
