"""Datasets that are read when they are needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .dataset_ref import DatasetRef
from .dataset_type import DatasetType

if TYPE_CHECKING:
    from .butler import Butler

__all__ = ["DeferredDatasetHandle"]


class DeferredDatasetHandle:
    """The arguments of a later `Butler.get`.

    Parameters
    ----------
    butler : `Butler`
        Who will read.
    datasetRefOrType, dataId, parameters, kwds
        The arguments of `Butler.get`.
    """

    def __init__(
        self,
        butler: Butler,
        datasetRefOrType: DatasetRef | DatasetType | str,
        dataId: Mapping[Any, Any] | None,
        parameters: Mapping[str, Any] | None,
        kwds: Mapping[str, Any],
    ) -> None:
        self.butler = butler
        self.datasetRefOrType = datasetRefOrType
        self.dataId = dataId
        self.parameters = dict(parameters or {})
        self._keywords = dict(kwds)

    def get(
        self,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Read the dataset, or a component of it; parameters add to those of the handle."""
        merged = {**self.parameters, **(parameters or {})}
        target, data_id = self.datasetRefOrType, self.dataId
        if component is not None:
            whole: DatasetType | str
            if isinstance(target, DatasetRef):
                whole, data_id = target.datasetType, target.dataId
            else:
                whole = target
            target = f"{whole.name if isinstance(whole, DatasetType) else whole}.{component}"
        return self.butler.get(
            target, data_id, parameters=merged or None, **{**self._keywords, **kwargs}
        )
