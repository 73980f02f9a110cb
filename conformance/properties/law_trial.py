"""Trying a law on repositories."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.properties.chance import settings
from conformance.properties.effort import Effort
from conformance.properties.furnishing import furnish
from conformance.properties.law import Law, LawError
from conformance.properties.session import Session
from conformance.properties.trial import Found, Trial
from conformance.properties.world import World

NO_ASSERT = (
    "an assert says nothing that could be shown as a program; write"
    " session.equal(left, right), with both as text"
)


@dataclass(frozen=True, slots=True)
class LawProperty:
    """A law as a property."""

    law: Law

    @property
    def id(self) -> str:
        """The case."""
        return self.law.id

    @property
    def title(self) -> str:
        """The title of the law."""
        return self.law.title

    @property
    def reaches(self) -> tuple[str, ...]:
        """What its examples must reach."""
        return self.law.reaches

    @property
    def place(self) -> str:
        """Where it is written."""
        return self.law.place

    @property
    def code(self) -> str:
        """Its text."""
        return self.law.code

    def explore(self, trial: Trial, effort: Effort, seed: str) -> None:
        """Try the law on repositories with collections and datasets."""
        import hypothesis
        from hypothesis import strategies as st

        def holds(data: st.DataObject) -> None:
            with trial.example() as world:
                furnish(world.do, world.model, data)
                trial.reached.state(world.model)
                try:
                    self.law.function(Session(world, trial.reached), data.draw)
                except AssertionError as error:
                    raise LawError(f"{self.place}: {NO_ASSERT}") from error

        hypothesis.seed(seed)(settings(effort.laws)(hypothesis.given(st.data())(holds)))()

    def again(self, world: World, found: Found) -> None:
        """Do the same calls, and compare the same expressions."""
        for operation in found.program.operations:
            world.do(operation)
        for line in found.program.lines:
            world.say(line)
        left, right = found.disagreement.compared
        if left:
            world.same(left, right)
        elif found.disagreement.kind == "error":
            world.tried(found.disagreement.call)
