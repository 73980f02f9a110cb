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
        *_named("t", CollectionKind.TAGGED, _many(draw, tags)),
    ]
    depths = {one.name: 0 for one in found}
    for number in range(1, _many(draw, chains) + 1):
        children = _children(draw, depths, depth)
        name = f"c{number}"
        found.append(CollectionDefinition(name, CollectionKind.CHAINED, children))
        depths[name] = 1 + max((depths[child] for child in children), default=0)
    return tuple(found)


def _many(draw: st.DrawFn, most: int) -> int:
    """Draw a number; every other time the greatest."""
    return most if draw(st.booleans()) else draw(st.integers(0, most))


def _children(draw: st.DrawFn, depths: dict[str, int], deepest: int) -> tuple[str, ...]:
    """Draw what a chain holds; every other time with the deepest that it may hold."""
    allowed = [name for name, depth in depths.items() if depth < deepest]
    first = max(allowed, key=lambda name: (depths[name], name))
    least = min(2, len(allowed)) if draw(st.booleans()) else 0
    rest = draw(st.lists(st.sampled_from(allowed), unique=True, min_size=least, max_size=3))
    if not draw(st.booleans()):
        return tuple(rest)
    place = draw(st.integers(0, len(rest)))
    return tuple(dict.fromkeys((*rest[:place], first, *rest[place:])))


def _named(prefix: str, kind: CollectionKind, count: int) -> list[CollectionDefinition]:
    return [CollectionDefinition(f"{prefix}{number}", kind) for number in range(1, count + 1)]
