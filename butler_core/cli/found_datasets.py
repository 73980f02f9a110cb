"""The datasets that the options of a command choose."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import ArgumentError
from .limits import warn_of_more

if TYPE_CHECKING:
    from ..butler import Butler
    from ..dataset import DatasetRef, DatasetType

__all__ = ["DatasetChoice", "has_glob"]


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetChoice:
    """What datasets a command is about.

    Parameters
    ----------
    glob : `tuple` [ `str` ]
        Names and globs of dataset types; all of them if there are none.
    collections : `tuple` [ `str` ]
        Names and globs of collections; all of them if there are none.
    where : `str`
        A condition.
    find_first : `bool`
        Whether, of those with the same data ID, the first alone is wanted.
    limit : `int`
        How many there may be of all types together, 0 being all of them; a
        negative number warns where there are more.
    order_by : `tuple` [ `str` ]
        What to order by, which needs one dataset type.
    """

    glob: tuple[str, ...]
    collections: tuple[str, ...] = ()
    where: str = ""
    find_first: bool = False
    limit: int = 0
    order_by: tuple[str, ...] = ()

    def find(
        self, butler: Butler, *, with_dimension_records: bool = False
    ) -> Iterator[tuple[DatasetType, list[DatasetRef]]]:
        """Yield each dataset type of which there are some, by name, with its datasets.

        Raises
        ------
        ArgumentError
            If the choice contradicts itself.
        EmptyQueryResultError
            If one dataset type was named, and there are none; it says why.
        MissingDatasetTypeError, MissingCollectionError
            If what is named, not by a glob, does not exist.
        """
        alone = len(self.glob) == 1 and not has_glob(self.glob)
        self._check(alone)
        left = abs(self.limit) or None
        for dataset_type in self._types(butler):
            asked = None if left is None else left + (self.limit < 0)
            refs = butler.query_datasets(
                dataset_type,
                self.collections or "*",
                find_first=self.find_first,
                where=self.where,
                order_by=self.order_by,
                limit=asked,
                with_dimension_records=with_dimension_records,
                explain=alone,
            )
            if left is not None:
                if len(refs) > left:
                    del refs[left:]
                    warn_of_more("datasets", -self.limit)
                left -= len(refs)
            if refs:
                yield dataset_type, refs
            if left == 0 and self.limit > 0:
                return

    def _check(self, alone: bool) -> None:
        if self.order_by and not alone:
            raise ArgumentError(
                "--order-by needs one dataset type, as others may not have what it names"
            )
        if self.find_first and (not self.collections or has_glob(self.collections)):
            raise ArgumentError(
                "--find-first needs --collections without globs, which it searches in the order"
                " given"
            )

    def _types(self, butler: Butler) -> list[DatasetType]:
        """Return the dataset types by name."""
        missing: list[str] = []
        found = butler.registry.queryDatasetTypes(self.glob or ..., missing=missing)
        for name in missing:
            butler.get_dataset_type(name)  # raises, with the nearest names
        return sorted(found, key=lambda one: one.name)


def has_glob(names: tuple[str, ...]) -> bool:
    """Return whether one of some names is a glob."""
    return any(not set("*?[").isdisjoint(name) for name in names)
