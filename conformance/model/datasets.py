"""Datasets of the model: those that exist, and the tags they have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from conformance.model.dimensions import DIMENSIONS
from conformance.model.records import DataId, Value

DataIdKey: TypeAlias = "tuple[tuple[str, Value], ...]"


def key_of(data_id: DataId) -> DataIdKey:
    """Return a data ID as something that can be compared whatever the order of its keys."""
    return tuple((name, data_id[name]) for name in DIMENSIONS if name in data_id)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset.

    Attributes
    ----------
    label
        What it is called, in place of a UUID: ``ref1``.
    dataset_type
        The name of its type.
    key
        Its data ID, as `key_of` gives it.
    run
        The run that it is in for as long as it exists.
    stored
        Whether it has a file.
    """

    label: str
    dataset_type: str
    key: DataIdKey
    run: str
    stored: bool = False

    @property
    def data_id(self) -> dict[str, Value]:
        """Its data ID."""
        return dict(self.key)


class Datasets:
    """The datasets by label, and the members of tagged collections."""

    def __init__(self) -> None:
        self._datasets: dict[str, Dataset] = {}
        self._types: dict[str, str] = {}
        self._tagged: dict[str, set[str]] = {}

    def __iter__(self) -> Iterator[Dataset]:
        return iter(self._datasets.values())

    def __contains__(self, label: str) -> bool:
        return label in self._datasets

    def __getitem__(self, label: str) -> Dataset:
        return self._datasets[label]

    def add(self, dataset: Dataset) -> None:
        """Add a dataset to its run."""
        self._datasets[dataset.label] = dataset
        self._types[dataset.label] = dataset.dataset_type

    def type_of(self, label: str) -> str | None:
        """Return the name of the type of a dataset, of one that was removed too.

        None for one that was made in a transaction only that was undone.
        """
        return self._types.get(label)

    def members(self, collection: str) -> list[Dataset]:
        """Return the datasets of a run or tagged collection, in the order of inserting."""
        tagged = self._tagged.get(collection, set())
        return [one for one in self if one.run == collection or one.label in tagged]

    def tags(self, label: str) -> set[str]:
        """Return the tagged collections that a dataset is in."""
        return {name for name, labels in self._tagged.items() if label in labels}

    def tag(self, collection: str, labels: Iterable[str]) -> None:
        """Add datasets to a tagged collection."""
        self._tagged.setdefault(collection, set()).update(labels)

    def untag(self, collection: str, labels: Iterable[str]) -> None:
        """Take datasets out of a tagged collection; others are passed over."""
        self._tagged.setdefault(collection, set()).difference_update(labels)

    def remove(self, labels: Iterable[str]) -> None:
        """Remove datasets from their runs and from all tagged collections."""
        gone = set(labels)
        for label in gone:
            self._datasets.pop(label, None)
        for members in self._tagged.values():
            members -= gone

    def remove_collection(self, name: str) -> None:
        """Remove a tagged collection, or a run with its datasets."""
        self._tagged.pop(name, None)
        self.remove([one.label for one in self if one.run == name])
