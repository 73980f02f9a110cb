"""Storage classes: what a dataset is in memory, and what it is made of."""

from .factory import StorageClassFactory
from .storage_class import StorageClass
from .undefined import UndefinedStorageClass

__all__ = ["StorageClass", "StorageClassFactory", "UndefinedStorageClass"]
