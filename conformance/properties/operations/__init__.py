"""The calls that programs are made of, each as text and as what the model does."""

from conformance.properties.operations.base import Operation
from conformance.properties.operations.collections import (
    ChangeChain,
    RegisterCollection,
    RemoveCollection,
    RemoveRuns,
)
from conformance.properties.operations.datasets import (
    Associate,
    Disassociate,
    InsertDatasets,
    PruneDatasets,
    Put,
    RemoveDatasets,
)
from conformance.properties.operations.definitions import (
    InsertRecord,
    RegisterDatasetType,
    RemoveDatasetType,
)
from conformance.properties.operations.sessions import Reopen, RolledBack

OPERATIONS: tuple[type[Operation], ...] = (
    InsertRecord,
    RegisterDatasetType,
    RemoveDatasetType,
    RegisterCollection,
    ChangeChain,
    RemoveCollection,
    RemoveRuns,
    InsertDatasets,
    Put,
    Associate,
    Disassociate,
    RemoveDatasets,
    PruneDatasets,
    RolledBack,
    Reopen,
)
"""All of them."""

__all__ = [
    "OPERATIONS",
    "Associate",
    "ChangeChain",
    "Disassociate",
    "InsertDatasets",
    "InsertRecord",
    "Operation",
    "PruneDatasets",
    "Put",
    "RegisterCollection",
    "RegisterDatasetType",
    "RemoveCollection",
    "RemoveDatasetType",
    "RemoveDatasets",
    "RemoveRuns",
    "Reopen",
    "RolledBack",
]
