"""All that a Butler can be asked of its registry, each as a call and as what the model answers.

Datasets are shown by the names that a program bound them to; ``names`` is bound to a dict from
their ids to these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conformance.model import CollectionKind, DatasetTypeDefinition, ModelButler
from conformance.model.datasets import key_of
from conformance.properties.literal import literal


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, and the answer of the model.

    Attributes
    ----------
    what
        What is read, in words.
    text
        An expression of public calls that gives plain data.
    expected
        What the model answers.
    lists
        Whether it lists all there are, not only those that were there at some time.
    """

    what: str
    text: str
    expected: Any
    lists: bool = False


def readings(model: ModelButler, turn: int | None = None) -> Iterator[Reading]:
    """Yield all readings.

    Parameters
    ----------
    model
        What there should be.
    turn
        A number that chooses one of the spellings of each; all of them unless given.
    """
    for place, spellings in enumerate(_all(model)):
        if turn is None:
            yield from spellings
        else:
            yield spellings[(turn + place) % len(spellings)]


def _all(model: ModelButler) -> Iterator[tuple[Reading, ...]]:
    yield from _listings(model)
    for name in model.collections.of(CollectionKind.CHAINED):
        yield from _of_chain(model, name)
    for definition in model.dataset_types:
        yield from _of_dataset_type(model, definition)
    yield from _summaries(model)


def _listings(model: ModelButler) -> Iterator[tuple[Reading, ...]]:
    kinds = {name: str(model.collections.kind(name)) for name in model.collections}
    of_registry = "{name: butler.registry.getCollectionType(name).name for name in"
    yield _spelled(
        "the collections and their types",
        kinds,
        '{info.name: info.type.name for info in butler.collections.query_info("*")}',
        f"{of_registry} butler.registry.queryCollections()}}",
        lists=True,
    )
    types = {one.name: sorted(one.required) for one in model.dataset_types}
    names = sorted(types)
    sought = f"map(butler.get_dataset_type, {literal(names)})"
    registered = "butler.registry.queryDatasetTypes()"
    shown = "{one.name: sorted(one.dimensions.required) for one in"
    yield (Reading("the dataset types", f"{shown} {registered}}}", types, lists=True),)
    yield (Reading("the dataset types, by name", f"{shown} {sought}}}", types),)
    for element in ("detector", "physical_filter"):
        yield _spelled(
            f"the {element} records",
            sorted(model.records.keys(element)),
            f"sorted(one.dataId[{literal(element)}] for one in"
            f" butler.query_dimension_records({literal(element)}, explain=False))",
            f"sorted(one.dataId[{literal(element)}] for one in"
            f" butler.registry.queryDimensionRecords({literal(element)}))",
            lists=True,
        )
    there = {one.label: [one.dataset_type, one.run] for one in model.datasets}
    yield _spelled(
        "the datasets, by id",
        there,
        "{name: [ref.datasetType.name, ref.run] for id, name in names.items()"
        " if (ref := butler.get_dataset(id))}",
        "{name: [ref.datasetType.name, ref.run] for id, name in names.items()"
        " if (ref := butler.registry.getDataset(id))}",
    )


def _summaries(model: ModelButler) -> Iterator[tuple[Reading, ...]]:
    parents = {name: sorted(model.collections.parents(name)) for name in model.collections}
    held = {
        name: sorted({one.dataset_type for one in model.members(name)})
        for name in model.collections
    }
    names, infos = literal(list(parents)), "butler.collections.query_info"
    yield _spelled(
        "the chains that hold each collection",
        parents,
        f"{{one.name: sorted(one.parents) for one in {infos}({names}, include_parents=True)}}",
        f"{{name: sorted(butler.registry.getCollectionParentChains(name)) for name in {names}}}",
    )
    # A summary may name dataset types of which nothing is left, so it is not compared as a whole.
    yield _spelled(
        "the dataset types that the summary of each collection lacks",
        [],
        f"[one.name for one in {infos}({names}, include_summary=True)"
        f" if not set(one.dataset_types) >= set({literal(held)}[one.name])]",
    )


def _of_chain(model: ModelButler, name: str) -> Iterator[tuple[Reading, ...]]:
    said = literal(name)
    yield _spelled(
        f"the children of {name}",
        list(model.collections.children(name)),
        f"list(butler.collections.get_info({said}).children)",
        f"list(butler.registry.getCollectionChain({said}))",
    )
    yield _spelled(
        f"what is searched in {name}",
        model.collections.flattened([name]),
        f"list(butler.collections.query({said}, flatten_chains=True))",
        f"list(butler.registry.queryCollections({said}, flattenChains=True))",
    )


def _of_dataset_type(
    model: ModelButler, definition: DatasetTypeDefinition
) -> Iterator[tuple[Reading, ...]]:
    sought = {key_of(one.data_id): None for one in model.datasets}
    keys = [key for key in sought if {name for name, _ in key} == set(definition.required)]
    for name in model.collections:
        yield _members(model, definition.name, name)
        if model.collections.kind(name) is CollectionKind.CHAINED:
            yield _first_matches(model, definition.name, name)
            if keys:
                found = [_found(model, definition.name, name, dict(key)) for key in keys]
                yield tuple(one for spellings in found for one in spellings)


def _members(model: ModelButler, dataset_type: str, name: str) -> tuple[Reading, ...]:
    # What is in a chain twice may be given twice: no document says how often.
    opened, closed = (
        ("sorted({", "})")
        if model.collections.kind(name) is CollectionKind.CHAINED
        else ("sorted(", ")")
    )
    say, within = literal(dataset_type), literal(name)
    query = f"butler.query_datasets({say}, {within}, find_first=False, explain=False)"
    registry = f"butler.registry.queryDatasets({say}, collections={within})"
    return _spelled(
        f"the {dataset_type} datasets of {name}",
        sorted(one.label for one in model.members(name, dataset_type)),
        f"{opened}names.get(ref.id, 'another') for ref in {query}{closed}",
        f"{opened}names.get(ref.id, 'another') for ref in {registry}{closed}",
    )


def _first_matches(model: ModelButler, dataset_type: str, chain: str) -> tuple[Reading, ...]:
    say, within = literal(dataset_type), literal(chain)
    query = f"butler.query_datasets({say}, {within}, find_first=True, explain=False)"
    registry = f"butler.registry.queryDatasets({say}, collections={within}, findFirst=True)"
    return _spelled(
        f"the first {dataset_type} of each data ID in {chain}",
        sorted(model.query(dataset_type, [chain])),
        f"sorted(names.get(ref.id, 'another') for ref in {query})",
        f"sorted(names.get(ref.id, 'another') for ref in {registry})",
    )


def _found(
    model: ModelButler, dataset_type: str, chain: str, data_id: dict[str, Any]
) -> tuple[Reading, ...]:
    arguments = f"{literal(dataset_type)}, {literal(data_id)}, collections={literal(chain)}"
    shown = "[names.get(ref.id, 'another') for ref in"
    return _spelled(
        f"the first {dataset_type} of {literal(data_id)} in {chain}",
        [label] if (label := model.find(dataset_type, data_id, [chain])) else [],
        f"{shown} [butler.find_dataset({arguments})] if ref]",
        f"{shown} [butler.registry.findDataset({arguments})] if ref]",
    )


def _spelled(what: str, expected: Any, *texts: str, lists: bool = False) -> tuple[Reading, ...]:
    return tuple(Reading(what, text, expected, lists) for text in texts)
