"""What ``lsst.daf.butler.registry`` offered in 2020."""

from butler_core.errors import ConflictingDefinitionError, OrphanedRecordError

from .queries import Like
from .registry import Registry

__all__ = ["ConflictingDefinitionError", "Like", "OrphanedRecordError", "Registry"]
