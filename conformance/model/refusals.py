"""What a Butler must refuse, and the classes of the exceptions that say so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RefusalKind(StrEnum):
    """Why a call must be refused."""

    CONFLICT = "conflict"
    MISSING_COLLECTION = "missing collection"
    MISSING_DATASET_TYPE = "missing dataset type"
    MISSING_RECORD = "missing record"
    MISSING_DIMENSION = "missing dimension"
    CYCLE = "cycle"
    WRONG_COLLECTION_TYPE = "wrong type of collection"
    IN_USE = "in use"


DOCUMENTED: Mapping[RefusalKind, tuple[str, ...]] = {
    RefusalKind.CONFLICT: ("ConflictingDefinitionError",),
    RefusalKind.MISSING_COLLECTION: ("MissingCollectionError",),
    RefusalKind.MISSING_DATASET_TYPE: ("MissingDatasetTypeError",),
    # By call: of put, of queries, and of insertDatasets, whose database notices it.
    RefusalKind.MISSING_RECORD: (
        "DataIdValueError",
        "DimensionValueError",
        "ConflictingDefinitionError",
    ),
    RefusalKind.MISSING_DIMENSION: ("DimensionNameError",),
    RefusalKind.CYCLE: ("CollectionCycleError",),
    RefusalKind.WRONG_COLLECTION_TYPE: ("CollectionTypeError",),
    RefusalKind.IN_USE: ("OrphanedRecordError",),
}
"""The documented exception classes of each kind, by name, one of which is raised."""


class Refusal(Exception):
    """A call that a Butler must refuse, and that then changes nothing.

    Parameters
    ----------
    *kinds
        Why. Where a call is wrong in several ways, no document says which of them is named, so
        an implementation may raise the exception of any.
    """

    def __init__(self, *kinds: RefusalKind) -> None:
        if not kinds:
            raise TypeError("a refusal has a kind, such as RefusalKind.CONFLICT")
        super().__init__(" and ".join(dict.fromkeys(kinds)))
        self.kinds = tuple(dict.fromkeys(kinds))

    @property
    def documented(self) -> tuple[str, ...]:
        """Names of the exception classes, one of which the error of an implementation is."""
        return tuple(dict.fromkeys(name for kind in self.kinds for name in DOCUMENTED[kind]))

    def allows(self, error: BaseException) -> bool:
        """Return whether an exception is of a documented class, by the names in its MRO."""
        return not set(self.documented).isdisjoint(one.__name__ for one in type(error).__mro__)


def refuse(*reasons: RefusalKind | bool | None) -> None:
    """Raise a `Refusal` of those reasons that are kinds; do nothing where none is."""
    kinds = [reason for reason in reasons if isinstance(reason, RefusalKind)]
    if kinds:
        raise Refusal(*kinds)
