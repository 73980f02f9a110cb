"""The whole registry."""

from __future__ import annotations

from .calibrations import CalibrationCalls
from .collections import CollectionCalls
from .datasets import DatasetCalls
from .dimensions import DimensionCalls
from .queries import QueryCalls

__all__ = ["Registry"]


class Registry(CollectionCalls, DimensionCalls, DatasetCalls, CalibrationCalls, QueryCalls):
    """The registry of a repository.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """
