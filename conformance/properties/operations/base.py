"""What every operation is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, ClassVar, Self

from conformance.model import ModelButler


class Operation(ABC):
    """One call of the public API.

    Subclasses are frozen dataclasses, so that a program can be run again with some left out.
    Those that concern datasets have a field ``labels``, the names that references are bound to.

    Attributes
    ----------
    forms
        The spellings of the call, with ``…`` for its arguments.
    answers
        Whether the value of the call is compared.
    """

    forms: ClassVar[tuple[str, ...]]
    answers: ClassVar[bool] = False

    @property
    @abstractmethod
    def text(self) -> str:
        """The call as Python source; an expression where it answers."""

    @abstractmethod
    def apply(self, model: ModelButler) -> object:
        """Do it on the model; return what the call answers.

        Raises
        ------
        Refusal
            Raised where a Butler must refuse it.
        """

    @property
    def call(self) -> Operation:
        """What is called, whoever calls it."""
        return self

    @property
    def reaches(self) -> str:
        """What a run has reached where the call was done; "" for nothing of its own."""
        return ""

    @property
    def binds(self) -> tuple[str, ...]:
        """The names that the call binds to references."""
        return ()

    @property
    def uses(self) -> tuple[str, ...]:
        """The names of references that must be bound before."""
        return ()

    def simpler(self) -> Iterator[Operation]:
        """Yield smaller calls of the same kind, to make a failing program shorter with."""
        return iter(())

    def relabelled(self, labels: Mapping[str, str]) -> Self:
        """Return the call with other names of references."""
        if not any(field.name == "labels" for field in fields(self)):  # type: ignore[arg-type]
            return self
        mine: tuple[str, ...] = self.labels  # type: ignore[attr-defined]
        changed: dict[str, Any] = {"labels": tuple(labels.get(one, one) for one in mine)}
        return replace(self, **changed)  # type: ignore[type-var]


def shorter(items: tuple[Any, ...], least: int = 1) -> Iterator[tuple[Any, ...]]:
    """Yield tuples with one of the items left out, down to a least length."""
    if len(items) > least:
        for place in range(len(items)):
            yield items[:place] + items[place + 1 :]
