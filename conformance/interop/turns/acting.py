"""A call, and who makes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from conformance.model import ModelButler
from conformance.properties.operations import Operation


@dataclass(frozen=True, slots=True)
class By(Operation):
    """A call of the public API, made by one of two Butlers.

    Attributes
    ----------
    who
        The place of the Butler among those who act.
    made
        The call.
    """

    forms: ClassVar = ()
    who: int
    made: Operation

    @property
    def text(self) -> str:
        """The call."""
        return self.made.text

    @property
    def call(self) -> Operation:
        """The call, whoever makes it."""
        return self.made

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        return self.made.apply(model)

    @property
    def answers(self) -> bool:  # type: ignore[override]
        """Whether the value of the call is compared."""
        return self.made.answers

    @property
    def reaches(self) -> str:
        """What a run has reached where it was done."""
        return self.made.reaches

    @property
    def binds(self) -> tuple[str, ...]:
        """The names that it binds."""
        return self.made.binds

    @property
    def uses(self) -> tuple[str, ...]:
        """The names that it needs."""
        return self.made.uses

    def simpler(self) -> Iterator[Operation]:
        """Yield it made by the first, and simpler calls of the same Butler."""
        if self.who:
            yield replace(self, who=0)
        for one in self.made.simpler():
            yield replace(self, made=one)

    def relabelled(self, labels: Mapping[str, str]) -> Self:
        """Return it with other names of references."""
        return replace(self, made=self.made.relabelled(labels))


def who_makes(operation: Operation) -> int:
    """Return who makes a call; the first where nobody is named."""
    return operation.who if isinstance(operation, By) else 0
