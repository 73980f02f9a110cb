"""The registry: the SQL database of what datasets a repository holds.

Users import from here what they catch, and the types of collections, as from
``lsst.daf.butler.registry``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..butler_registry import Registry
    from ..collection import CollectionSummary, CollectionType
    from ..errors import (
        ArgumentError,
        CollectionError,
        CollectionExpressionError,
        CollectionTypeError,
        ConflictingDefinitionError,
        DataIdError,
        DataIdValueError,
        DatasetTypeError,
        DatasetTypeExpressionError,
        DimensionNameError,
        InconsistentDataIdError,
        MissingCollectionError,
        MissingDatasetTypeError,
        NoDefaultCollectionError,
        OrphanedRecordError,
    )

__all__ = [
    "ArgumentError",
    "CollectionError",
    "CollectionExpressionError",
    "CollectionSummary",
    "CollectionType",
    "CollectionTypeError",
    "ConflictingDefinitionError",
    "DataIdError",
    "DataIdValueError",
    "DatasetTypeError",
    "DatasetTypeExpressionError",
    "DimensionNameError",
    "InconsistentDataIdError",
    "MissingCollectionError",
    "MissingDatasetTypeError",
    "NoDefaultCollectionError",
    "OrphanedRecordError",
    "Registry",
]

_HOMES = {
    "CollectionSummary": "collection",
    "CollectionType": "collection",
    "Registry": "butler_registry",
}
"""The module of each name that is no exception."""


def __getattr__(name: str) -> Any:
    import importlib

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"butler_core.{_HOMES.get(name, 'errors')}")
    value = getattr(module, name)
    globals()[name] = value
    return value
