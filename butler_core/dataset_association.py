"""The membership of a dataset in a collection."""

from __future__ import annotations

import dataclasses

from .dataset import DatasetRef
from .timespan import Timespan

__all__ = ["DatasetAssociation"]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetAssociation:
    """A dataset in one collection.

    Parameters
    ----------
    ref : `DatasetRef`
        The dataset.
    collection : `str`
        The collection.
    timespan : `Timespan` or `None`
        When the dataset is valid, in a calibration collection; `None` in others.
    """

    ref: DatasetRef
    collection: str
    timespan: Timespan | None

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, DatasetAssociation):
            return NotImplemented
        if (self.ref, self.collection) != (other.ref, other.collection):
            return (self.ref, self.collection) < (other.ref, other.collection)
        mine, others = (one.timespan.nsec if one.timespan else () for one in (self, other))
        return mine < others
