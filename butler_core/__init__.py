"""A minimal Butler on Rubin Observatory's repository format and API."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .butler import Butler
    from .collection import CollectionInfo, CollectionType
    from .config import ButlerConfig
    from .dataset import DatasetId, DatasetIdGenEnum, DatasetRef, DatasetType
    from .deferred import DeferredDatasetHandle
    from .dimensions import (
        DataCoordinate,
        DataId,
        DimensionGroup,
        DimensionRecord,
        DimensionUniverse,
    )
    from .errors import *
    from .storage_class import StorageClass, StorageClassFactory
    from .timespan import Timespan

_HOMES = {
    "Butler": "butler",
    "ButlerConfig": "config",
    "CollectionInfo": "collection",
    "CollectionType": "collection",
    "DataCoordinate": "dimensions",
    "DataId": "dimensions",
    "DatasetId": "dataset",
    "DatasetIdGenEnum": "dataset",
    "DatasetRef": "dataset",
    "DatasetType": "dataset",
    "DeferredDatasetHandle": "deferred",
    "DimensionGroup": "dimensions",
    "DimensionRecord": "dimensions",
    "DimensionUniverse": "dimensions",
    "StorageClass": "storage_class",
    "StorageClassFactory": "storage_class",
    "Timespan": "timespan",
}

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        from . import errors

        if name in errors.__all__ and name != "nearest":
            return getattr(errors, name)
        raise AttributeError(f"module 'butler_core' has no attribute {name!r}")
    value = getattr(importlib.import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    from . import errors

    return sorted({*globals(), *_HOMES, *(name for name in errors.__all__ if name != "nearest")})
