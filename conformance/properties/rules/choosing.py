"""Drawing from what is there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

from hypothesis import strategies as st

from conformance.model import CollectionKind, ModelButler
from conformance.model.datasets import DataIdKey, key_of
from conformance.strategies import data_ids

T = TypeVar("T")
ABSENT = "nope"


@dataclass(frozen=True)
class Chooser:
    """Draws names for the next call of a program.

    Attributes
    ----------
    model
        What is there.
    draw
        Draws from a strategy.
    bound
        The names of references so far, those of removed datasets among them.
    """

    model: ModelButler
    draw: Callable[[Any], Any]
    bound: Sequence[str]
    _numbers: Iterator[int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_numbers", count(len(self.bound) + 1))

    def one(self, values: Collection[T]) -> T:
        """Return one of some values."""
        drawn: T = self.draw(st.sampled_from(list(values)))
        return drawn

    def some(self, values: Collection[T], most: int, least: int = 0) -> tuple[T, ...]:
        """Return several of some values, none of them twice."""
        most = min(most, len(values))
        strategy = st.lists(
            st.sampled_from(list(values)), unique=True, min_size=min(least, most), max_size=most
        )
        return tuple(self.draw(strategy)) if values else ()

    def seldom(self) -> bool:
        """Return True once in six times."""
        return bool(self.draw(st.sampled_from([False] * 5 + [True])))

    def spelling(self) -> int:
        """Return which of two spellings of a call to write."""
        return int(self.draw(st.integers(0, 1)))

    def collection(self, *kinds: CollectionKind) -> str:
        """Return a collection, mostly of the types given, seldom another or one that is not."""
        there = list(self.model.collections)
        if self.seldom():
            return self.one(there) if there and self.spelling() else ABSENT
        return self.one(self.model.collections.of(*kinds) or there or [ABSENT])

    def dataset_type(self) -> str:
        """Return the name of a dataset type, seldom of none."""
        names = [one.name for one in self.model.dataset_types]
        return ABSENT if not names or (self.seldom() and self.seldom()) else self.one(names)

    def data_id(self, dataset_type: str, run: str) -> DataIdKey:
        """Return a data ID for a type, mostly one that a run has not, seldom without a record."""
        required: tuple[str, ...] = ("instrument", "detector")
        if dataset_type in self.model.dataset_types:
            required = self.model.dataset_types[dataset_type].required
        records = self.model.records
        place = (dataset_type, run)
        taken = {one.key for one in self.model.datasets if (one.dataset_type, one.run) == place}
        for _ in range(3):
            drawn = self.draw(data_ids(required, records=records))
            if key_of(drawn) not in taken:
                break
        # No document says what a missing record is refused with that would imply other values.
        if "detector" in drawn and self.seldom():
            drawn["detector"] = 9
        return key_of(drawn)

    def labels(self, most: int = 2) -> tuple[str, ...]:
        """Return names of references, mostly of datasets that are there."""
        there = [one.label for one in self.model.datasets]
        return self.some(self.bound if not there or self.seldom() else there, most, 1)

    def new_label(self) -> str:
        """Return a name that is not bound."""
        return f"ref{next(self._numbers)}"
