"""Several Butlers on one repository, with the model beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conformance.interop.turns.acting import By, who_makes
from conformance.properties.disagreement import DisagreementError
from conformance.properties.operations import (
    Associate,
    ChangeChain,
    InsertDatasets,
    InsertRecord,
    Operation,
    Put,
    RegisterCollection,
    RegisterDatasetType,
)
from conformance.properties.reaching import Reached
from conformance.properties.world import OPENING, World

REOPENING = f"butler.close()\n{OPENING}"
ADDING = (
    *(InsertRecord, RegisterDatasetType, RegisterCollection, ChangeChain),
    *(InsertDatasets, Put, Associate),
)
"""Calls after which all datasets are there that were there before."""

SWITCH = "a switch of who acts"


@dataclass(frozen=True, slots=True)
class Player:
    """One who acts.

    Attributes
    ----------
    title
        The letter and the name, as messages show them.
    module
        The module of the API.
    """

    title: str
    module: str


class SharedWorld(World):
    """A repository that several Butlers make calls in; each has names of its own for references.

    Who comes to act or to read after another has acted opens the repository anew.

    Parameters
    ----------
    root
        The repository, which is there.
    players
        Who acts.
    """

    def __init__(self, root: Path, players: Sequence[Player]) -> None:
        super().__init__(root, players[0].module)
        self.players = players
        self._spaces = [self._bound]
        self._last = 0
        self._news: list[list[tuple[str, ...]]] = [[] for _ in players]
        for player in players[1:]:
            self._bound = {**self.bound(player.module), "names": self._bound["names"]}
            self._spaces.append(self._bound)
            with self._named(player):
                self.tried(OPENING)

    def close(self) -> None:
        """Close the Butlers."""
        for space in self._spaces:
            self._bound = space
            super().close()

    def by_someone(self, operation: Operation, draw: Callable[[Any], Any]) -> Operation:
        """Return a call as made by one of those who know the references that it needs."""
        from hypothesis import strategies as st

        fit = [who for who, space in enumerate(self._spaces) if space.keys() >= {*operation.uses}]
        return By(draw(st.sampled_from(fit or [0])), operation)

    def do(self, operation: Operation, reached: Reached | None = None) -> None:
        """Do a call by who makes it; the others open the repository anew."""
        who = who_makes(operation)
        if reached is not None and who != self._last:
            reached.note(SWITCH)
        self._last = who
        if not isinstance(operation.call, ADDING):
            self._tell_all()  # who learns of a dataset when it is gone has no reference to it
        with self._acting(who):
            super().do(operation, reached)
        for other in range(len(self._spaces)):
            if other != who:
                self._news[other].append(operation.binds)

    def check(self, turn: int | None = None, reached: Reached | None = None) -> None:
        """Compare all readings of each with the model."""
        for who in range(len(self._spaces)):
            with self._acting(who):
                super().check(turn, reached)

    def _tell_all(self) -> None:
        for who in range(len(self._spaces)):
            with self._acting(who):
                pass

    @contextmanager
    def _acting(self, who: int) -> Iterator[None]:
        self._bound = self._spaces[who]
        with self._named(self.players[who]):
            if self._news[who]:
                self.tried(REOPENING)
                self._learn({label for labels in self._news[who] for label in labels})
                self._news[who].clear()
            yield

    def _learn(self, labels: Set[str]) -> None:
        """Bind the references that another has bound, where their datasets are there."""
        for id, label in self._bound["names"].items():
            if label in labels:
                found = self._bound["butler"].get_dataset(id)
                if found is not None:
                    self._bound[label] = found

    @contextmanager
    def _named(self, player: Player) -> Iterator[None]:
        """Say of a disagreement who is wrong, and of a reading who made the call before it."""
        try:
            yield
        except DisagreementError as error:
            wrong = replace(error.disagreement, who=player.title)
            if wrong.kind == "reading" and self.operations:
                maker = self.players[who_makes(self.operations[-1])].title
                wrong = replace(wrong, call=f"{maker} did {wrong.call}")
            raise DisagreementError(wrong) from error
