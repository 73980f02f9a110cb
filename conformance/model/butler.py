"""The model as a whole: what a Butler is asked for and told to do."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from conformance.model.collections import CollectionKind, Collections
from conformance.model.dataset_types import DatasetTypes
from conformance.model.datasets import Dataset, Datasets, key_of
from conformance.model.records import DataId, Records, Value
from conformance.model.refusals import RefusalKind, refuse


class ModelButler:
    """A Butler without a database.

    Attributes
    ----------
    records, dataset_types, collections, datasets
        What there is; read them, and call their methods where a call concerns them alone.
    """

    def __init__(self) -> None:
        self.records = Records()
        self.dataset_types = DatasetTypes()
        self.collections = Collections()
        self.datasets = Datasets()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all that is done within, or nothing where something raises."""
        before = copy.deepcopy(self.__dict__)
        try:
            yield
        except BaseException:
            self.__dict__ = before
            raise

    def insert(
        self,
        dataset_type: str,
        data_ids: Sequence[DataId],
        run: str,
        labels: Sequence[str],
        *,
        stored: bool = False,
    ) -> None:
        """Insert datasets into a run, all or none.

        Raises
        ------
        Refusal
            Raised where the type, the run or a record is missing, the collection is no run, or
            the run has a dataset of the type and data ID already.
        """
        keys = [key_of(data_id) for data_id in data_ids]
        place = (dataset_type, run)
        there = {one.key for one in self.datasets if (one.dataset_type, one.run) == place}
        refuse(
            self._no_type(dataset_type),
            self._is_not(run, CollectionKind.RUN),
            any(not self.records.has(data_id) for data_id in data_ids)
            and RefusalKind.MISSING_RECORD,
            (len(set(keys)) < len(keys) or not there.isdisjoint(keys)) and RefusalKind.CONFLICT,
        )
        for label, key in zip(labels, keys, strict=True):
            self.datasets.add(Dataset(label, dataset_type, key, run, stored))

    def associate(self, collection: str, labels: Sequence[str]) -> None:
        """Add datasets to a tagged collection; those that are in it already stay.

        Raises
        ------
        Refusal
            Raised where the collection is missing or not tagged, a dataset or its type does not
            exist, or the collection has another of the same type and data ID.
        """
        wrong = self._is_not(collection, CollectionKind.TAGGED)
        no_types = [self._no_type(self.datasets.type_of(label)) for label in labels]
        there = {
            (one.dataset_type, one.key): one.label for one in self.datasets.members(collection)
        }
        conflict = False
        for label in labels:
            if label not in self.datasets:
                conflict = True
            else:
                one = self.datasets[label]
                conflict |= there.setdefault((one.dataset_type, one.key), label) != label
        refuse(wrong, *no_types, conflict and RefusalKind.CONFLICT)
        self.datasets.tag(collection, labels)

    def disassociate(self, collection: str, labels: Sequence[str]) -> None:
        """Take datasets out of a tagged collection; others are passed over."""
        refuse(self._is_not(collection, CollectionKind.TAGGED))
        self.datasets.untag(collection, labels)

    def remove_datasets(self, labels: Sequence[str]) -> None:
        """Remove datasets from the registry, unless one has a file."""
        stored = any(one in self.datasets and self.datasets[one].stored for one in labels)
        refuse(stored and RefusalKind.IN_USE)
        self.datasets.remove(labels)

    def prune(self, labels: Sequence[str]) -> None:
        """Remove datasets with their files."""
        self.datasets.remove(labels)

    def remove_collection(self, name: str) -> None:
        """Remove a collection, a run with its datasets, unless one of them has a file."""
        self.collections.kind(name)
        stored = any(one.stored for one in self.datasets if one.run == name)
        held = bool(self.collections.parents(name))
        refuse((stored or held) and RefusalKind.IN_USE)
        self.collections.remove(name)
        self.datasets.remove_collection(name)

    def remove_runs(self, names: Sequence[str]) -> None:
        """Remove runs with their datasets and files."""
        refuse(*(self._is_not(name, CollectionKind.RUN) for name in names))
        refuse(any(self.collections.parents(name) for name in names) and RefusalKind.IN_USE)
        for name in names:
            self.collections.remove(name)
            self.datasets.remove_collection(name)

    def remove_dataset_type(self, name: str) -> None:
        """Remove a dataset type that has no datasets."""
        used = any(one.dataset_type == name for one in self.datasets)
        refuse(used and RefusalKind.IN_USE)
        self.dataset_types.remove(name)

    def members(self, collection: str, dataset_type: str | None = None) -> list[Dataset]:
        """Return the datasets of a collection, those of a chain from all that is in it, once."""
        names = self.collections.flattened([collection])
        found = {one.label: one for name in names for one in self.datasets.members(name)}
        return [one for one in found.values() if dataset_type in (None, one.dataset_type)]

    def find(self, dataset_type: str, data_id: DataId, collections: Iterable[str]) -> str | None:
        """Return the label of the dataset in the first collection that has one."""
        self.dataset_types[dataset_type]
        key = key_of(data_id)
        for name in self.collections.flattened(collections):
            for one in self.datasets.members(name):
                if (one.dataset_type, one.key) == (dataset_type, key):
                    return one.label
        return None

    def query(
        self,
        dataset_type: str,
        collections: Sequence[str],
        *,
        find_first: bool = True,
        **constraint: Value,
    ) -> set[str]:
        """Return the labels of the datasets whose data IDs have the values of a constraint."""
        self.dataset_types[dataset_type]
        found = {
            one.label: one
            for name in self.collections.flattened(collections)
            for one in self.members(name, dataset_type)
            if self._fits(one, constraint)
        }
        if not find_first:
            return set(found)
        return {
            label
            for label, one in found.items()
            if self.find(dataset_type, one.data_id, collections) == label
        }

    def _fits(self, dataset: Dataset, constraint: DataId) -> bool:
        values = self.records.expanded(dataset.data_id)
        return all(values.get(name) == value for name, value in constraint.items())

    def _no_type(self, name: str | None) -> RefusalKind | None:
        is_there = name is not None and name in self.dataset_types
        return None if is_there else RefusalKind.MISSING_DATASET_TYPE

    def _is_not(self, collection: str, kind: CollectionKind) -> RefusalKind | None:
        if collection not in self.collections:
            return RefusalKind.MISSING_COLLECTION
        is_right = self.collections.kind(collection) is kind
        return None if is_right else RefusalKind.WRONG_COLLECTION_TYPE
