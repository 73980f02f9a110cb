"""Repositories for laws: collections, datasets and tags, drawn and made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from conformance.model import CollectionKind, DatasetTypeDefinition, ModelButler
from conformance.model.datasets import DataIdKey, key_of
from conformance.properties.operations import (
    Associate,
    ChangeChain,
    InsertDatasets,
    InsertRecord,
    Operation,
    RegisterCollection,
    RegisterDatasetType,
)

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject, SearchStrategy

    from conformance.model.records import Value
    from conformance.strategies import CollectionDefinition

Do: TypeAlias = "Callable[[Operation], None]"

RECORDS = (
    ("instrument", ("Cam",)),
    ("detector", (1, 2, 3)),
    ("physical_filter", ("Cam-R", "Cam-I")),
)


def begin(do: Do) -> None:
    """Insert the records that data IDs are drawn from."""
    from conformance.strategies.records import fields_of

    for element, values in RECORDS:
        for value in values:
            fields = fields_of(element, value)
            do(InsertRecord(element, tuple(fields.items())))


def furnish(do: Do, model: ModelButler, data: DataObject, *, chains: int = 5) -> None:
    """Make collections with chains up to five deep, and datasets in them.

    Parameters
    ----------
    do
        Does a call, on the model too.
    model
        What is there.
    data
        What draws.
    chains
        How many chains there are at most.
    """
    from hypothesis import strategies as st

    from conformance.strategies import collections, dataset_types

    begin(do)
    groups = (("instrument", "detector"), ("instrument", "physical_filter"))
    drawn = data.draw(
        st.lists(dataset_types(("bias", "flat"), dimensions=groups), min_size=1, max_size=2)
    )
    for definition in {one.name: one for one in drawn}.values():
        do(RegisterDatasetType(definition))
    for collection in data.draw(collections(runs=2, tags=2, chains=chains)):
        for operation in _made(collection):
            do(operation)
    _insert(do, model, data)
    _tag(do, model, data)


def _insert(do: Do, model: ModelButler, data: DataObject) -> None:
    """Insert up to two datasets of each type into each run."""
    for definition in model.dataset_types:
        ids = data_ids_of(model, definition)
        shared = data.draw(_keys(ids, 2))
        for run in model.collections.of(CollectionKind.RUN):
            # Every other run has the data IDs of another, for one to hide the other in chains.
            keys = shared if data.draw(_coin()) else data.draw(_keys(ids, 0))
            if keys:
                first = len(list(model.datasets)) + 1
                labels = tuple(f"ref{number}" for number in range(first, first + len(keys)))
                do(InsertDatasets(definition.name, tuple(keys), run, labels))


def data_ids_of(
    model: ModelButler, definition: DatasetTypeDefinition
) -> SearchStrategy[dict[str, Value]]:
    """Return a strategy for data IDs of a type that have records."""
    from conformance.strategies import data_ids

    return data_ids(definition.required, records=model.records)


def _keys(ids: SearchStrategy[dict[str, Value]], least: int) -> SearchStrategy[list[DataIdKey]]:
    from hypothesis import strategies as st

    return st.lists(ids.map(key_of), unique=True, min_size=least, max_size=2)


def _coin() -> SearchStrategy[bool]:
    from hypothesis import strategies as st

    return st.booleans()


def _made(collection: CollectionDefinition) -> list[Operation]:
    made: list[Operation] = [RegisterCollection(collection.name, collection.kind)]
    if collection.children:
        made.append(ChangeChain("redefine", collection.name, collection.children))
    return made


def _tag(do: Do, model: ModelButler, data: DataObject) -> None:
    """Tag some datasets, of each type and data ID one at most."""
    from hypothesis import strategies as st

    for tag in model.collections.of(CollectionKind.TAGGED):
        free: dict[object, str] = {}
        for dataset in model.datasets:
            if data.draw(st.sampled_from([True, True, False])):
                free.setdefault((dataset.dataset_type, dataset.key), dataset.label)
        if free:
            do(Associate(tuple(free.values()), tag))
