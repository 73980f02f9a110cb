"""What a query for datasets asks for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..registry.collections import CollectionRecord
from ..registry.dataset_types import DatasetTypeRecord
from ..registry.schema import Schema
from ..timespan import Timespan
from .expressions import NOTHING, Checked
from .memberships import Membership, Search, memberships

__all__ = ["DatasetQuery"]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetQuery:
    """What datasets of one type are asked for.

    Parameters
    ----------
    record : `DatasetTypeRecord`
        Their type.
    collections : `tuple` [ `CollectionRecord` ]
        Where to look, in order; no chains.
    constraint : `dict` [ `str`, `object` ]
        Values of dimensions that they must have.
    find_first : `bool`
        Whether, of those with the same data ID, only the one in the first
        collection is wanted.
    order_by : `tuple` [ `str` ]
        Terms to order by.
    limit : `int` or `None`
        How many to return at most.
    timespan : `Timespan` or `None`
        What the validity ranges of calibrations must overlap.
    where : `Checked`
        What they must be besides.
    others : `tuple` [ `Search` ]
        Datasets of other types, or data IDs, that theirs must agree with.
    """

    record: DatasetTypeRecord
    collections: tuple[CollectionRecord, ...]
    constraint: Mapping[str, Any]
    find_first: bool = False
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    timespan: Timespan | None = None
    where: Checked = NOTHING
    others: tuple[Search, ...] = ()

    def memberships(self, schema: Schema) -> list[Membership]:
        """Return the tables of what their data IDs must agree with."""
        return list(memberships(schema, self.others, self.constraint, self.where))
