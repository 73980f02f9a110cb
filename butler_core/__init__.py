"""A minimal Butler on Rubin Observatory's repository format and API.

Names are imported when they are first used, so that ``import butler_core`` is
quick; the exceptions are here at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import errors
from .errors import *  # noqa: F403

if TYPE_CHECKING:
    from .butler import Butler
    from .butler_collections import ButlerCollections
    from .butler_registry import Registry
    from .collection import CollectionInfo, CollectionType
    from .config import ButlerConfig
    from .dataset import DatasetId, DatasetIdGenEnum, DatasetRef, DatasetType
    from .dataset_association import DatasetAssociation
    from .deferred import DeferredDatasetHandle
    from .dimensions import (
        DataCoordinate,
        DataId,
        DataIdValue,
        DimensionElement,
        DimensionGroup,
        DimensionRecord,
        DimensionUniverse,
    )
    from .existence import DatasetExistence
    from .file_dataset import FileDataset
    from .storage_class import StorageClass, StorageClassFactory
    from .timespan import Timespan

_HOMES = {
    "Butler": "butler",
    "ButlerCollections": "butler_collections",
    "ButlerConfig": "config",
    "CollectionInfo": "collection",
    "CollectionType": "collection",
    "DataCoordinate": "dimensions",
    "DataId": "dimensions",
    "DataIdValue": "dimensions",
    "DatasetAssociation": "dataset_association",
    "DatasetExistence": "existence",
    "DatasetId": "dataset",
    "DatasetIdGenEnum": "dataset",
    "DatasetRef": "dataset",
    "DatasetType": "dataset",
    "DeferredDatasetHandle": "deferred",
    "DimensionElement": "dimensions",
    "DimensionGroup": "dimensions",
    "DimensionRecord": "dimensions",
    "DimensionUniverse": "dimensions",
    "FileDataset": "file_dataset",
    "Registry": "butler_registry",
    "StorageClass": "storage_class",
    "StorageClassFactory": "storage_class",
    "Timespan": "timespan",
}
"""The module of each public name."""

__version__ = "0.1.0"
__all__ = [
    "Butler",
    "ButlerCollections",
    "ButlerConfig",
    "CollectionInfo",
    "CollectionType",
    "DataCoordinate",
    "DataId",
    "DataIdValue",
    "DatasetAssociation",
    "DatasetExistence",
    "DatasetId",
    "DatasetIdGenEnum",
    "DatasetRef",
    "DatasetType",
    "DeferredDatasetHandle",
    "DimensionElement",
    "DimensionGroup",
    "DimensionRecord",
    "DimensionUniverse",
    "FileDataset",
    "Registry",
    "StorageClass",
    "StorageClassFactory",
    "Timespan",
]
__all__ += errors.__all__
__all__.remove("nearest")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'butler_core' has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
