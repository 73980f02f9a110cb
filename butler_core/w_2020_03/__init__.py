"""The Butler of stack release w_2020_03, as its notebooks used it.

A thin translation: every call is turned into one of `butler_core`, and its
answer into the forms of January 2020 (daf_butler at tag w.2020.03).
"""

from butler_core.config import ButlerConfig
from butler_core.errors import (
    ConflictingDefinitionError,
    DatasetTypeNotSupportedError,
    OrphanedRecordError,
)
from butler_core.storage_class import StorageClass, StorageClassFactory
from butler_core.timespan import Timespan

from .butler import Butler
from .data_id import DataCoordinate, DataId, ExpandedDataCoordinate
from .dataset_ref import DatasetRef
from .dataset_type import DatasetType
from .deferred import DeferredDatasetHandle
from .dimensions import Dimension, DimensionGraph, DimensionUniverse
from .registry import Like, Registry

__all__ = [
    "Butler",
    "ButlerConfig",
    "ConflictingDefinitionError",
    "DataCoordinate",
    "DataId",
    "DatasetRef",
    "DatasetType",
    "DatasetTypeNotSupportedError",
    "DeferredDatasetHandle",
    "Dimension",
    "DimensionGraph",
    "DimensionUniverse",
    "ExpandedDataCoordinate",
    "Like",
    "OrphanedRecordError",
    "Registry",
    "StorageClass",
    "StorageClassFactory",
    "Timespan",
]
