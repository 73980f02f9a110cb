"""Chains: order, nesting, cycles, changes."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from butler_core import Butler, CollectionCycleError, CollectionType, MissingCollectionError

from .core_world import CHAIN, LATISS_RUN, RUN_A, RUN_B, TAGGED, World, data_id


def chain(butler: Butler, name: str, children: list[str]) -> None:
    butler.collections.register(name, CollectionType.CHAINED)
    butler.collections.redefine_chain(name, children)


def children(butler: Butler, name: str = CHAIN) -> list[str]:
    return list(butler.collections.get_info(name).children)


def test_the_order_is_kept_after_reopening(world: World) -> None:
    butler = world.butler()
    names = [f"run {number}" for number in range(12)]
    random.Random(5).shuffle(names)
    for name in sorted(names):
        butler.collections.register(name)
    chain(butler, "many", names)
    assert children(butler, "many") == names
    again = world.butler(writeable=False)
    assert list(again.registry.getCollectionChain("many")) == names
    assert again.collections.query("many", flatten_chains=True) == names


def test_prepend_extend_and_remove(world: World) -> None:
    collections = world.butler().collections
    butler = world.butler()
    collections.prepend_chain(CHAIN, LATISS_RUN)
    assert children(butler) == [LATISS_RUN, RUN_B, RUN_A]
    collections.extend_chain(CHAIN, [TAGGED])
    assert children(butler) == [LATISS_RUN, RUN_B, RUN_A, TAGGED]
    collections.prepend_chain(CHAIN, [RUN_A, TAGGED])
    assert children(butler) == [RUN_A, TAGGED, LATISS_RUN, RUN_B]
    collections.extend_chain(CHAIN, RUN_A)
    assert children(butler) == [TAGGED, LATISS_RUN, RUN_B, RUN_A]
    collections.remove_from_chain(CHAIN, [LATISS_RUN, TAGGED])
    assert children(butler) == [RUN_B, RUN_A]
    with world.unchanged():
        collections.remove_from_chain(CHAIN, TAGGED)
    collections.redefine_chain(CHAIN, [])
    assert children(butler) == []


def test_an_unknown_child_is_named(world: World) -> None:
    butler = world.butler()
    calls: list[Callable[[], object]] = [
        lambda: butler.collections.redefine_chain(CHAIN, [RUN_A, "nope"]),
        lambda: butler.collections.prepend_chain(CHAIN, "nope"),
        lambda: butler.collections.extend_chain(CHAIN, "nope"),
        lambda: butler.collections.remove_from_chain(CHAIN, "nope"),
    ]
    for call in calls:
        with world.refuses(MissingCollectionError, "'nope'"):
            call()


def test_a_child_counts_once(world: World) -> None:
    butler = world.butler()
    butler.collections.redefine_chain(CHAIN, [RUN_A, RUN_B, RUN_A])
    assert children(butler) == [RUN_A, RUN_B]


def test_nested_chains_are_searched_in_depth(world: World) -> None:
    butler = world.butler()
    chain(butler, "outer", [TAGGED, CHAIN, LATISS_RUN])
    flat = [TAGGED, RUN_B, RUN_A, LATISS_RUN]
    assert butler.collections.query("outer", flatten_chains=True) == flat
    butler.collections.redefine_chain("outer", [CHAIN, RUN_B, TAGGED])
    ref = butler.find_dataset("stats", data_id(), collections="outer")
    assert ref is not None
    assert ref.run == RUN_B
    butler.collections.redefine_chain(CHAIN, [RUN_A])
    ref = butler.find_dataset("stats", data_id(), collections="outer")
    assert ref is not None
    assert ref.run == RUN_A


def test_flattening_replaces_chains_by_their_children(world: World) -> None:
    butler = world.butler()
    butler.collections.register("outer", CollectionType.CHAINED)
    butler.registry.setCollectionChain("outer", [TAGGED, CHAIN], flatten=True)
    assert children(butler, "outer") == [TAGGED, RUN_B, RUN_A]


def test_a_cycle_is_refused_with_its_path(world: World) -> None:
    butler = world.butler()
    with world.refuses(CollectionCycleError, f"{CHAIN} → {CHAIN}"):
        butler.collections.redefine_chain(CHAIN, [RUN_A, CHAIN])
    chain(butler, "middle", [CHAIN])
    chain(butler, "outer", [RUN_B, "middle"])
    calls: list[Callable[[], object]] = [
        lambda: butler.collections.redefine_chain(CHAIN, ["outer"]),
        lambda: butler.collections.extend_chain(CHAIN, "outer"),
        lambda: butler.registry.setCollectionChain(CHAIN, ["outer"]),
    ]
    for call in calls:
        with world.refuses(CollectionCycleError, f"{CHAIN} → outer → middle → {CHAIN}"):
            call()
    with pytest.raises(ValueError, match="outer"):
        butler.collections.redefine_chain(CHAIN, ["outer"])
    held = butler.collections.query("outer", flatten_chains=True)
    butler.registry.setCollectionChain(CHAIN, ["outer"], flatten=True)
    assert butler.registry.getCollectionChain(CHAIN) == tuple(held)


def test_a_chain_reached_on_two_ways_is_no_cycle(world: World) -> None:
    butler = world.butler()
    chain(butler, "left", [CHAIN])
    chain(butler, "both", ["left", CHAIN, RUN_A])
    assert butler.collections.query("both", flatten_chains=True) == [RUN_B, RUN_A]


def test_an_empty_chain_holds_nothing(world: World) -> None:
    butler = world.butler()
    chain(butler, "empty", [])
    assert butler.query_datasets("stats", collections="empty", explain=False) == []
    assert butler.find_dataset("stats", data_id(), collections="empty") is None
    assert list(butler.registry.queryDatasets("stats", collections="empty")) == []


def test_a_chain_of_many_runs_is_searched(world: World) -> None:
    butler = world.butler()
    names = [f"many/{number:04d}" for number in range(1200)]
    with butler.transaction():
        for name in names:
            butler.collections.register(name)
        chain(butler, "many", [*names, RUN_A])
    ref = butler.find_dataset("stats", data_id(), collections="many")
    assert ref is not None
    assert ref.run == RUN_A
    assert len(butler.query_datasets("stats", collections="many")) == 9
    assert len(butler.query_datasets("stats", collections="*", find_first=False)) == 12


def test_what_is_rolled_back_was_never_changed(world: World) -> None:
    butler = world.butler()
    butler.collections.register("outer", CollectionType.CHAINED)

    def seen() -> tuple[tuple[str, ...], set[str], frozenset[str] | None]:
        collections = butler.collections
        info = collections.get_info(RUN_A, include_parents=True)
        return collections.get_info(CHAIN).children, set(collections.query("*")), info.parents

    def change() -> None:
        with butler.transaction():
            butler.collections.redefine_chain(CHAIN, [RUN_B])
            butler.collections.redefine_chain("outer", [RUN_A])
            butler.collections.x_remove(TAGGED)
            assert seen() == ((RUN_B,), before[1] - {TAGGED}, frozenset({"outer"}))
            raise ZeroDivisionError

    before = seen()
    with butler.transaction():
        with pytest.raises(ZeroDivisionError):
            change()
        assert seen() == before
    assert seen() == before
