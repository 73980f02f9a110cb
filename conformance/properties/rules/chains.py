"""Calls about collections."""

from __future__ import annotations

from conformance.model import CollectionKind
from conformance.properties.operations import (
    ChangeChain,
    Operation,
    RegisterCollection,
    RemoveCollection,
    RemoveRuns,
)
from conformance.properties.rules.choosing import ABSENT, Chooser

NAMES = {
    **{f"r{number}": CollectionKind.RUN for number in (1, 2, 3)},
    **{f"t{number}": CollectionKind.TAGGED for number in (1, 2)},
    **{f"c{number}": CollectionKind.CHAINED for number in (1, 2, 3, 4, 5)},
}
HOW = ("redefine", "prepend", "extend", "remove")


def register(choose: Chooser) -> Operation:
    """Return a call that registers a collection, mostly a new one."""
    new = [name for name in NAMES if name not in choose.model.collections]
    name = choose.one(list(NAMES) if choose.seldom() or not new else new)
    return RegisterCollection(name, NAMES[name], choose.spelling())


def nest(choose: Chooser) -> Operation:
    """Return a change of a chain that is allowed, and mostly makes it deeper."""
    collections = choose.model.collections
    chain, how = choose.one(collections.of(CollectionKind.CHAINED)), choose.one(HOW)
    if how == "remove" and collections.children(chain):
        return ChangeChain(how, chain, choose.some(collections.children(chain), 2, 1))
    fit = [name for name in collections if chain not in _held(choose, name)]
    deepest = sorted(fit, key=collections.depth, reverse=True)[:3]
    first = choose.some(deepest, 1, 1)
    rest = choose.some([name for name in fit if name not in first], 2)
    return ChangeChain(how, chain, (*first, *rest), choose.spelling())


def change(choose: Chooser) -> Operation:
    """Return any change of a chain: cycles, what is no chain and what is not there among them."""
    chain = choose.collection(CollectionKind.CHAINED)
    there = [*choose.model.collections, *([ABSENT] if choose.seldom() else [])]
    children = choose.some(there, 3, least=1)
    return ChangeChain(choose.one(HOW), chain, children, choose.spelling())


def close(choose: Chooser) -> Operation:
    """Return a call that puts a chain, or one that holds it, into itself."""
    chain = choose.one(choose.model.collections.of(CollectionKind.CHAINED))
    parents = sorted(choose.model.collections.parents(chain))
    child = choose.one([chain, *parents])
    return ChangeChain(choose.one(HOW[:-1]), chain, (child,), choose.spelling())


def remove(choose: Chooser) -> Operation:
    """Return a call that removes a collection."""
    collections = choose.model.collections
    loose = [name for name in collections.of(CollectionKind.RUN) if not collections.parents(name)]
    if loose and choose.spelling():
        return RemoveRuns(choose.some(loose, 1, 1))
    return RemoveCollection(choose.one([*collections, ABSENT]))


def _held(choose: Chooser, name: str) -> set[str]:
    """Return a collection with all that is in it."""
    collections = choose.model.collections
    if collections.kind(name) is not CollectionKind.CHAINED:
        return {name}
    return {name}.union(*(_held(choose, child) for child in collections.children(name)))
