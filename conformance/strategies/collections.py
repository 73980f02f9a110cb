"""Collections, with chains in chains."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from conformance.model import CollectionKind
from conformance.strategies.checking import checked_number

MOST = 20
DEEPEST = 5


@dataclass(frozen=True, slots=True)
class CollectionDefinition:
    """A collection, and the children of a chain."""

    name: str
    kind: CollectionKind
    children: tuple[str, ...] = ()


def collections(
    *, runs: int = 3, tags: int = 2, chains: int = 3, depth: int = DEEPEST
) -> st.SearchStrategy[tuple[CollectionDefinition, ...]]:
    """Return a strategy for collections, each after those that it holds.

    There is one run at least. A chain holds up to four others, which may be chains, but none
    twice, and never itself.

    Parameters
    ----------
    runs, tags, chains
        How many there are at most of each type: ``r1`` …, ``t1`` …, ``c1`` ….
    depth
        How many chains lie within each other at most.

    Raises
    ------
    InvalidArgument
        Raised for numbers out of range, and for chains that could not be as deep.
    """
    checked_number(runs, "runs", 1, MOST)
    checked_number(tags, "tags", 0, MOST)
    checked_number(chains, "chains", 0, MOST)
    checked_number(depth, "depth", 0, DEEPEST)
    if chains and not depth:
        raise InvalidArgument(f"chains={chains} with depth=0: write chains=0, or depth=1 at least")
    return _collections(runs, tags, chains, depth)


@st.composite
def _collections(
    draw: st.DrawFn, runs: int, tags: int, chains: int, depth: int
) -> tuple[CollectionDefinition, ...]:
    found = [
        *_named("r", CollectionKind.RUN, draw(st.integers(1, runs))),
        *_named("t", CollectionKind.TAGGED, draw(st.integers(0, tags))),
    ]
    depths = {one.name: 0 for one in found}
    for number in range(1, draw(st.integers(0, chains)) + 1):
        # Children that were made last come first, so that chains grow deep more often than wide.
        allowed = [name for name in reversed(depths) if depths[name] < depth]
        size = min(4, len(allowed))
        children = draw(st.lists(st.sampled_from(allowed), unique=True, max_size=size))
        name = f"c{number}"
        found.append(CollectionDefinition(name, CollectionKind.CHAINED, tuple(children)))
        depths[name] = 1 + max((depths[child] for child in children), default=0)
    return tuple(found)


def _named(prefix: str, kind: CollectionKind, count: int) -> list[CollectionDefinition]:
    return [CollectionDefinition(f"{prefix}{number}", kind) for number in range(1, count + 1)]
