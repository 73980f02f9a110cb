"""What a query runs on."""

from __future__ import annotations

from typing import Protocol

from ..registry.collections import CollectionManager
from ..registry.datasets import DatasetManager
from ..registry.dimension_records import DimensionRecordManager
from .data_ids import DataIdQueries
from .datasets import DatasetQueries
from .records import RecordQueries

__all__ = ["QuerySource"]


class QuerySource(Protocol):
    """What a query runs on: the parts of an open repository that it reads."""

    @property
    def collections(self) -> CollectionManager:
        """The collections."""

    @property
    def datasets(self) -> DatasetManager:
        """The datasets, and what collections may hold."""

    @property
    def records(self) -> DimensionRecordManager:
        """The dimension records."""

    @property
    def dataset_queries(self) -> DatasetQueries:
        """Queries for datasets."""

    @property
    def data_id_queries(self) -> DataIdQueries:
        """Queries for data IDs."""

    @property
    def record_queries(self) -> RecordQueries:
        """Queries for dimension records."""
