"""Calls about datasets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from conformance.model import ModelButler
from conformance.model.datasets import DataIdKey
from conformance.properties.literal import literal
from conformance.properties.operations.base import Operation, shorter


@dataclass(frozen=True, slots=True)
class InsertDatasets(Operation):
    """Insert datasets without files; one label for each data ID."""

    forms: ClassVar = ("butler.registry.insertDatasets(…)",)
    dataset_type: str
    data_ids: tuple[DataIdKey, ...]
    run: str
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        """The call."""
        data_ids = literal([dict(one) for one in self.data_ids])
        call = f"{literal(self.dataset_type)}, {data_ids}, run={literal(self.run)}"
        return f"[{', '.join(self.labels)}] = butler.registry.insertDatasets({call})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        data_ids = [dict(one) for one in self.data_ids]
        model.insert(self.dataset_type, data_ids, self.run, self.labels)
        return None

    @property
    def binds(self) -> tuple[str, ...]:
        """The labels."""
        return self.labels

    def simpler(self) -> Iterator[Operation]:
        """Yield it with fewer data IDs."""
        pairs = tuple(zip(self.data_ids, self.labels, strict=True))
        for some in shorter(pairs):
            data_ids, labels = zip(*some, strict=True)
            yield replace(self, data_ids=data_ids, labels=labels)


@dataclass(frozen=True, slots=True)
class Put(Operation):
    """Write a dataset with its file."""

    forms: ClassVar = ("butler.put(…)",)
    dataset_type: str
    data_id: DataIdKey
    run: str
    labels: tuple[str]

    @property
    def text(self) -> str:
        """The call."""
        [label] = self.labels
        data_id, run = literal(dict(self.data_id)), literal(self.run)
        where = f"{literal(self.dataset_type)}, {data_id}, run={run}"
        return f'{label} = butler.put({{"is": {literal(label)}}}, {where})'

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        data_ids = [dict(self.data_id)]
        model.insert(self.dataset_type, data_ids, self.run, self.labels, stored=True)
        return None

    @property
    def reaches(self) -> str:
        """A file."""
        return "a dataset with a file"

    @property
    def binds(self) -> tuple[str, ...]:
        """The label."""
        return self.labels

    def simpler(self) -> Iterator[Operation]:
        """Yield it without the file."""
        yield InsertDatasets(self.dataset_type, (self.data_id,), self.run, self.labels)


@dataclass(frozen=True, slots=True)
class _OfLabels(Operation):
    """A call that takes datasets that were made before."""

    labels: tuple[str, ...]

    @property
    def uses(self) -> tuple[str, ...]:
        """The labels."""
        return self.labels

    @property
    def refs(self) -> str:
        """The datasets as a list."""
        return f"[{', '.join(self.labels)}]"

    def simpler(self) -> Iterator[Operation]:
        """Yield it with fewer datasets."""
        for labels in shorter(self.labels):
            yield replace(self, labels=labels)


@dataclass(frozen=True, slots=True)
class Associate(_OfLabels):
    """Add datasets to a tagged collection."""

    forms: ClassVar = ("butler.registry.associate(…)",)
    collection: str

    @property
    def text(self) -> str:
        """The call."""
        return f"butler.registry.associate({literal(self.collection)}, {self.refs})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.associate(self.collection, self.labels)
        return None


@dataclass(frozen=True, slots=True)
class Disassociate(_OfLabels):
    """Take datasets out of a tagged collection."""

    forms: ClassVar = ("butler.registry.disassociate(…)",)
    collection: str

    @property
    def text(self) -> str:
        """The call."""
        return f"butler.registry.disassociate({literal(self.collection)}, {self.refs})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.disassociate(self.collection, self.labels)
        return None


@dataclass(frozen=True, slots=True)
class RemoveDatasets(_OfLabels):
    """Remove datasets without files from the registry."""

    forms: ClassVar = ("butler.registry.removeDatasets(…)",)

    @property
    def text(self) -> str:
        """The call."""
        return f"butler.registry.removeDatasets({self.refs})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.remove_datasets(self.labels)
        return None


@dataclass(frozen=True, slots=True)
class PruneDatasets(_OfLabels):
    """Remove datasets with their files."""

    forms: ClassVar = ("butler.pruneDatasets(…)",)

    @property
    def text(self) -> str:
        """The call."""
        how = "disassociate=True, unstore=True, purge=True"
        return f"butler.pruneDatasets({self.refs}, {how})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.prune(self.labels)
        return None
