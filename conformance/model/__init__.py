"""A Butler of plain dicts and sets, which property tests hold an implementation against.

It shares no code with any implementation, knows no SQL, and takes the most obvious way to each
answer. A dataset is known by a label, such as ``ref1``, instead of a UUID. What a Butler must
refuse is a `Refusal` with named kinds, each of which stands for documented exception classes.
"""

from conformance.model.butler import ModelButler
from conformance.model.collections import CollectionKind
from conformance.model.dataset_types import DatasetTypeDefinition
from conformance.model.datasets import Dataset
from conformance.model.dimensions import DIMENSIONS, Dimension, implied, required
from conformance.model.refusals import Refusal, RefusalKind

__all__ = [
    "DIMENSIONS",
    "CollectionKind",
    "Dataset",
    "DatasetTypeDefinition",
    "Dimension",
    "ModelButler",
    "Refusal",
    "RefusalKind",
    "implied",
    "required",
]
