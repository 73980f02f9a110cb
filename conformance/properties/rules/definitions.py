"""Calls about dimension records and dataset types."""

from __future__ import annotations

from conformance.model import DatasetTypeDefinition
from conformance.properties.operations import (
    InsertRecord,
    Operation,
    RegisterDatasetType,
    RemoveDatasetType,
)
from conformance.properties.rules.choosing import ABSENT, Chooser
from conformance.strategies import dataset_types, records

FLAT = DatasetTypeDefinition("flat", ("instrument", "detector"))
GROUPS = (("instrument", "detector"), ("instrument", "detector"), ("instrument", "physical_filter"))


def draw(choose: Chooser) -> Operation:
    """Return a call that defines something, or removes a dataset type."""
    match choose.one(["record", "type", "type", "removal"]):
        case "record":
            fields = choose.draw(records(choose.one(["detector", "physical_filter"])))
            element = "detector" if "id" in fields else "physical_filter"
            return InsertRecord(element, tuple(fields.items()), sync=True)
        case "type":
            return RegisterDatasetType(
                choose.draw(dataset_types(("bias", "flat"), dimensions=GROUPS))
            )
    names = [one.name for one in choose.model.dataset_types]
    return RemoveDatasetType(choose.one([*names, ABSENT]))
