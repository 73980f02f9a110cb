"""Hypothesis strategies for what a Butler is told: for properties of one's own.

They give plain data, such as dicts and tuples, which any implementation takes.
"""

from conformance.strategies.collections import CollectionDefinition, collections
from conformance.strategies.data_ids import data_ids
from conformance.strategies.dataset_types import dataset_types
from conformance.strategies.records import records

__all__ = ["CollectionDefinition", "collections", "data_ids", "dataset_types", "records"]
