"""Collections of the model: their types, and the children of chains."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum

from conformance.model.refusals import Refusal, RefusalKind, refuse


class CollectionKind(StrEnum):
    """The types of collections that properties use, named as in `CollectionType`."""

    RUN = "RUN"
    TAGGED = "TAGGED"
    CHAINED = "CHAINED"


class Collections:
    """The collections by name."""

    def __init__(self) -> None:
        self._kinds: dict[str, CollectionKind] = {}
        self._children: dict[str, tuple[str, ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __contains__(self, name: str) -> bool:
        return name in self._kinds

    def kind(self, name: str) -> CollectionKind:
        """Return the type of a collection."""
        refuse(name not in self and RefusalKind.MISSING_COLLECTION)
        return self._kinds[name]

    def of(self, *kinds: CollectionKind) -> list[str]:
        """Return the names of the collections of some types, in the order of registering."""
        return [name for name, kind in self._kinds.items() if kind in kinds]

    def register(self, name: str, kind: CollectionKind) -> bool:
        """Make sure that a collection is there; return whether it is new.

        Raises
        ------
        Refusal
            Raised where it is there with another type.
        """
        refuse(self._kinds.get(name, kind) is not kind and RefusalKind.CONFLICT)
        is_new = name not in self
        self._kinds[name] = kind
        if is_new and kind is CollectionKind.CHAINED:
            self._children[name] = ()
        return is_new

    def children(self, chain: str) -> tuple[str, ...]:
        """Return the children of a chain, in the order of search."""
        refuse(self.kind(chain) is not CollectionKind.CHAINED and RefusalKind.WRONG_COLLECTION_TYPE)
        return self._children[chain]

    def parents(self, name: str) -> set[str]:
        """Return the chains that hold a collection directly."""
        return {chain for chain, children in self._children.items() if name in children}

    def redefine(self, chain: str, children: Sequence[str]) -> None:
        """Replace the children of a chain; a name that stands twice counts where it is first."""
        self._change(chain, children, lambda old: children)

    def prepend(self, chain: str, children: Sequence[str]) -> None:
        """Put children first; those that are in the chain already are moved."""
        self._change(
            chain, children, lambda old: [*children, *(one for one in old if one not in children)]
        )

    def extend(self, chain: str, children: Sequence[str]) -> None:
        """Put children last; those that are in the chain already are moved."""
        self._change(
            chain, children, lambda old: [*(one for one in old if one not in children), *children]
        )

    def remove_from_chain(self, chain: str, children: Sequence[str]) -> None:
        """Take children out; those that are not in the chain are passed over."""
        refuse(self._not_a_chain(chain), self._missing(children))
        self._children[chain] = tuple(
            one for one in self._children[chain] if one not in set(children)
        )

    def remove(self, name: str) -> None:
        """Remove a collection.

        Raises
        ------
        Refusal
            Raised where there is none of the name, or a chain holds it.
        """
        self.kind(name)
        refuse(bool(self.parents(name)) and RefusalKind.IN_USE)
        del self._kinds[name]
        self._children.pop(name, None)

    def flattened(self, names: Iterable[str]) -> list[str]:
        """Return what is searched, in order: no chains, each collection once."""
        found: dict[str, None] = {}
        for name in names:
            if self.kind(name) is CollectionKind.CHAINED:
                found.update(dict.fromkeys(self.flattened(self._children[name])))
            else:
                found[name] = None
        return list(found)

    def depth(self, name: str) -> int:
        """Return how many chains lie within each other: 0 for a run, 1 for a chain of runs."""
        if self.kind(name) is not CollectionKind.CHAINED:
            return 0
        return 1 + max((self.depth(child) for child in self._children[name]), default=0)

    def _change(
        self,
        chain: str,
        children: Sequence[str],
        change: Callable[[tuple[str, ...]], Sequence[str]],
    ) -> None:
        refuse(self._not_a_chain(chain), self._missing(children), self._cycle(chain, children))
        self._children[chain] = tuple(dict.fromkeys(change(self._children[chain])))

    def _not_a_chain(self, name: str) -> RefusalKind | None:
        try:
            self.children(name)
        except Refusal as refusal:
            return refusal.kinds[0]
        return None

    def _missing(self, names: Iterable[str]) -> RefusalKind | None:
        return None if all(name in self for name in names) else RefusalKind.MISSING_COLLECTION

    def _cycle(self, chain: str, children: Iterable[str]) -> RefusalKind | None:
        return RefusalKind.CYCLE if chain in self._below(children) else None

    def _below(self, names: Iterable[str]) -> set[str]:
        """Return the collections with all that is in them."""
        found: set[str] = set()
        for name in names:
            found |= {name, *self._below(self._children.get(name, ()))}
        return found
