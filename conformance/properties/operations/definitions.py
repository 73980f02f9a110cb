"""Calls that define what datasets are: dimension records and dataset types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from conformance.model import DatasetTypeDefinition, ModelButler
from conformance.model.records import Value
from conformance.properties.literal import literal
from conformance.properties.operations.base import Operation


@dataclass(frozen=True, slots=True)
class InsertRecord(Operation):
    """Insert a dimension record, or make sure that it is there."""

    forms: ClassVar = (
        "butler.registry.syncDimensionData(…)",
        "butler.registry.insertDimensionData(…)",
    )
    element: str
    fields: tuple[tuple[str, Value], ...]
    sync: bool = False

    @property
    def text(self) -> str:
        """The call."""
        name = "syncDimensionData" if self.sync else "insertDimensionData"
        return f"butler.registry.{name}({literal(self.element)}, {literal(dict(self.fields))})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        call = model.records.sync if self.sync else model.records.insert
        return call(self.element, dict(self.fields))


@dataclass(frozen=True, slots=True)
class RegisterDatasetType(Operation):
    """Make sure that a dataset type exists."""

    forms: ClassVar = ("butler.registry.registerDatasetType(…)",)
    answers: ClassVar = True
    definition: DatasetTypeDefinition

    @property
    def text(self) -> str:
        """The call."""
        one = self.definition
        arguments = ", ".join(map(literal, (one.name, one.dimensions, one.storage_class)))
        made = f"DatasetType({arguments}, universe=butler.dimensions)"
        return f"butler.registry.registerDatasetType({made})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        return model.dataset_types.register(self.definition)


@dataclass(frozen=True, slots=True)
class RemoveDatasetType(Operation):
    """Remove a dataset type that has no datasets."""

    forms: ClassVar = ("butler.registry.removeDatasetType(…)",)
    name: str

    @property
    def text(self) -> str:
        """The call."""
        return f"butler.registry.removeDatasetType({literal(self.name)})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.remove_dataset_type(self.name)
        return None
