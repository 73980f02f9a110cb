"""Dimensions: what data is organised by, from the universe to a data ID."""

from .coordinate import DataCoordinate, DataId
from .element import DimensionColumn, DimensionElement
from .group import DimensionGroup
from .record import DimensionRecord
from .universe import DimensionUniverse
from .values import DataIdValue

__all__ = [
    "DataCoordinate",
    "DataId",
    "DataIdValue",
    "DimensionColumn",
    "DimensionElement",
    "DimensionGroup",
    "DimensionRecord",
    "DimensionUniverse",
]
