"""The strategies: what they draw, and how they teach who calls them wrongly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument, NoSuchExample

from conformance import strategies
from conformance.model import CollectionKind, ModelButler
from conformance.strategies import CollectionDefinition

quick = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def made(definitions: tuple[CollectionDefinition, ...]) -> ModelButler:
    model = ModelButler()
    for one in definitions:
        assert model.collections.register(one.name, one.kind)
        if one.kind is CollectionKind.CHAINED:
            model.collections.redefine(one.name, one.children)
    return model


def depth(definitions: tuple[CollectionDefinition, ...]) -> int:
    collections = made(definitions).collections
    return max(collections.depth(name) for name in collections)


@quick
@given(strategies.collections(runs=2, tags=2, chains=5))
def test_collections_can_be_made_in_order(definitions: tuple[CollectionDefinition, ...]) -> None:
    assert depth(definitions) <= 5
    for one in definitions:
        assert len(set(one.children)) == len(one.children)


@pytest.mark.parametrize("wanted", [1, 3, 5])
def test_collections_reach_chains_of_any_depth(wanted: int) -> None:
    found = find(strategies.collections(chains=5), lambda one: depth(one) == wanted, settings=quick)
    assert depth(found) == wanted


def test_depth_is_kept() -> None:
    with pytest.raises(NoSuchExample):
        find(strategies.collections(chains=6, depth=2), lambda one: depth(one) > 2, settings=quick)


@quick
@given(st.data())
def test_records_can_be_inserted_and_data_ids_drawn_from_them(data: st.DataObject) -> None:
    model = ModelButler()
    for element in ("instrument", "detector", "physical_filter", "day_obs"):
        model.records.insert(element, data.draw(strategies.records(element)))
    drawn = data.draw(strategies.data_ids(("detector", "physical_filter"), records=model.records))
    assert list(drawn) == ["instrument", "detector", "physical_filter"]
    assert model.records.has(drawn)


@quick
@given(strategies.records("visit"), strategies.records("visit"))
def test_a_record_of_one_key_is_always_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (one == other) is (one["id"] == other["id"])


@quick
@given(strategies.dataset_types(("a", "b"), dimensions=((), ("visit",))))
def test_dataset_types(definition: Any) -> None:
    assert definition.name in ("a", "b")
    assert definition.required in ((), ("instrument", "visit"))


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "a text for dimensions": (
        lambda: strategies.data_ids("detector"),
        r"dimensions='detector' is one text: write \('detector',\)",
    ),
    "a misspelt dimension": (
        lambda: strategies.data_ids(("detctor",)),
        "'detctor', which is no dimension here; did you mean 'detector'",
    ),
    "no dimensions": (lambda: strategies.data_ids(3), "write names in a tuple"),  # type: ignore
    "no records": (
        lambda: strategies.data_ids(("detector",), records=ModelButler().records),
        "no record to draw a data ID of instrument, detector from: insert one",
    ),
    "something else for records": (
        lambda: strategies.data_ids(("detector",), records={}),  # type: ignore
        "give the records of a ModelButler",
    ),
    "records of a band": (lambda: strategies.records("band"), "that of a physical_filter"),
    "records of nothing": (lambda: strategies.records("vist"), "did you mean 'visit'"),
    "no names": (lambda: strategies.dataset_types(()), "leaves no name to draw"),
    "a text for names": (lambda: strategies.dataset_types("flat"), "write names in a tuple"),
    "a name twice": (lambda: strategies.dataset_types(("a", "a")), "holds 'a' twice"),
    "an empty name": (lambda: strategies.dataset_types(("",)), "a text that is not empty"),
    "no groups": (lambda: strategies.dataset_types(dimensions=()), "leaves nothing to draw"),
    "a wrong group": (
        lambda: strategies.dataset_types(dimensions=("detector",)),
        "write \\('detector',\\)",
    ),
    "no run": (lambda: strategies.collections(runs=0), "runs=0: write a number from 1 to 20"),
    "too deep": (lambda: strategies.collections(depth=6), "depth=6: write a number from 0 to 5"),
    "a chain without depth": (lambda: strategies.collections(depth=0), "write chains=0"),
    "half a chain": (lambda: strategies.collections(chains=0.5), "chains=0.5"),  # type: ignore
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments_are_refused_when_a_strategy_is_made(name: str) -> None:
    call, text = WRONG[name]
    with pytest.raises(InvalidArgument, match=text):
        call()
