"""Calls about collections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from conformance.model import CollectionKind, ModelButler
from conformance.properties.literal import literal
from conformance.properties.operations.base import Operation, shorter


@dataclass(frozen=True, slots=True)
class RegisterCollection(Operation):
    """Make sure that a collection exists."""

    forms: ClassVar = (
        "butler.collections.register(…)",
        "butler.registry.registerCollection(…)",
        "butler.registry.registerRun(…)",
    )
    answers: ClassVar = True
    name: str
    kind: CollectionKind
    spelling: int = 0

    @property
    def text(self) -> str:
        """The call."""
        name, kind = literal(self.name), f"CollectionType.{self.kind}"
        if self.spelling == 0:
            return f"butler.collections.register({name}, {kind})"
        if self.kind is CollectionKind.RUN:
            return f"butler.registry.registerRun({name})"
        return f"butler.registry.registerCollection({name}, {kind})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        return model.collections.register(self.name, self.kind)


@dataclass(frozen=True, slots=True)
class ChangeChain(Operation):
    """Change the children of a chain: ``redefine``, ``prepend``, ``extend`` or ``remove``."""

    forms: ClassVar = (
        "butler.collections.redefine_chain(…)",
        "butler.collections.prepend_chain(…)",
        "butler.collections.extend_chain(…)",
        "butler.collections.remove_from_chain(…)",
        "butler.registry.setCollectionChain(…)",
    )
    how: str
    chain: str
    children: tuple[str, ...]
    spelling: int = 0

    @property
    def text(self) -> str:
        """The call."""
        arguments = f"{literal(self.chain)}, {literal(list(self.children))}"
        if self.how == "redefine" and self.spelling:
            return f"butler.registry.setCollectionChain({arguments})"
        name = "remove_from_chain" if self.how == "remove" else f"{self.how}_chain"
        return f"butler.collections.{name}({arguments})"

    @property
    def reaches(self) -> str:
        """How the chain was changed."""
        return f"a chain changed by {self.how}"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        name = "remove_from_chain" if self.how == "remove" else self.how
        getattr(model.collections, name)(self.chain, self.children)
        return None

    def simpler(self) -> Iterator[Operation]:
        """Yield it with fewer children."""
        for children in shorter(self.children, 0):
            yield replace(self, children=children)


@dataclass(frozen=True, slots=True)
class RemoveCollection(Operation):
    """Remove a collection, a run with its datasets."""

    forms: ClassVar = ("butler.collections.x_remove(…)",)
    name: str

    @property
    def text(self) -> str:
        """The call."""
        return f"butler.collections.x_remove({literal(self.name)})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.remove_collection(self.name)
        return None


@dataclass(frozen=True, slots=True)
class RemoveRuns(Operation):
    """Remove runs with their datasets and files."""

    forms: ClassVar = ("butler.removeRuns(…)",)
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        """The call."""
        return f"butler.removeRuns({literal(list(self.names))})"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        model.remove_runs(self.names)
        return None

    def simpler(self) -> Iterator[Operation]:
        """Yield it with fewer runs."""
        for names in shorter(self.names):
            yield replace(self, names=names)
