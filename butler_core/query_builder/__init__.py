"""Queries that are built step by step: ``with butler.query() as query: ...``."""

from .columns import Order, Predicate
from .expression_factory import ExpressionFactory
from .general_results import GeneralQueryResults, GeneralResultTuple
from .query import Query
from .results import (
    DataCoordinateQueryResults,
    DatasetRefQueryResults,
    DimensionRecordQueryResults,
    QueryResults,
)

__all__ = [
    "DataCoordinateQueryResults",
    "DatasetRefQueryResults",
    "DimensionRecordQueryResults",
    "ExpressionFactory",
    "GeneralQueryResults",
    "GeneralResultTuple",
    "Order",
    "Predicate",
    "Query",
    "QueryResults",
]
