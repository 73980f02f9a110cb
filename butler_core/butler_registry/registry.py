"""The whole registry."""

from __future__ import annotations

from .collections import CollectionCalls
from .datasets import DatasetCalls
from .dimensions import DimensionCalls

__all__ = ["Registry"]


class Registry(CollectionCalls, DimensionCalls, DatasetCalls):
    """The registry of a repository.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """
