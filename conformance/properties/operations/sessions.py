"""Calls about the open Butler: transactions, and opening again."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from conformance.model import ModelButler
from conformance.properties.operations.base import Operation, shorter

INDENT = "    "


class _OnPurposeError(Exception):
    """Ends a transaction of the model."""


@dataclass(frozen=True, slots=True)
class RolledBack(Operation):
    """Do things in a transaction that ends with an exception, so that none of them is done."""

    forms: ClassVar = ("with butler.transaction(): …; raise InterruptedError(…)",)
    operations: tuple[Operation, ...]

    @property
    def text(self) -> str:
        """The statement."""
        inside = [*(one.text for one in self.operations), 'raise InterruptedError("on purpose")']
        body = textwrap.indent("\n".join(inside), INDENT)
        return f"with suppress(InterruptedError), butler.transaction():\n{body}"

    def apply(self, model: ModelButler) -> object:
        """Do it on the model."""
        with suppress(_OnPurposeError), model.transaction():
            for one in self.operations:
                one.apply(model)
            raise _OnPurposeError
        return None

    @property
    def reaches(self) -> str:
        """A rollback."""
        return "a rollback"

    @property
    def binds(self) -> tuple[str, ...]:
        """The labels of datasets that were there for a moment."""
        return tuple(label for one in self.operations for label in one.binds)

    @property
    def uses(self) -> tuple[str, ...]:
        """The labels of datasets made before."""
        return tuple(
            label for one in self.operations for label in one.uses if label not in self.binds
        )

    def simpler(self) -> Iterator[Operation]:
        """Yield it with fewer things to do, and those done by themselves simpler."""
        for some in shorter(self.operations):
            yield replace(self, operations=some)

    def relabelled(self, labels: Mapping[str, str]) -> Self:
        """Return it with other names of references."""
        return replace(self, operations=tuple(one.relabelled(labels) for one in self.operations))


@dataclass(frozen=True, slots=True)
class Reopen(Operation):
    """Close the Butler, and open the repository anew."""

    forms: ClassVar = ("butler.close(); butler = Butler.from_config(…)",)

    @property
    def text(self) -> str:
        """The statements."""
        return "butler.close()\nbutler = Butler.from_config(root, writeable=True)"

    def apply(self, model: ModelButler) -> object:
        """Do nothing: the model has no connection."""
        return None

    @property
    def reaches(self) -> str:
        """A reopening."""
        return "a reopening"
