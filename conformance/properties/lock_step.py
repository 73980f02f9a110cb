"""The machine that drives an implementation and the model in lock-step."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path

from conformance.folders import shown_place
from conformance.properties.chance import settings
from conformance.properties.effort import Effort
from conformance.properties.operations import OPERATIONS
from conformance.properties.trial import Found, Trial
from conformance.properties.world import World


@dataclass(frozen=True, slots=True)
class LockStep:
    """Programs of any calls: after each, every reading is as in the model."""

    id: str = "LAW-01.lock-step"
    title: str = "After each call a Butler answers every reading as the model does"
    reaches: tuple[str, ...] = (
        "a chain three deep",
        "a first match that hides another",
        "a dataset in two tags",
        "a tagged dataset that is removed",
        "a dataset with a file",
        "a chain changed by redefine",
        "a chain changed by prepend",
        "a chain changed by extend",
        "a chain changed by remove",
        "a rollback",
        "a reopening",
        "an empty answer",
        "an answer that is not empty",
        "a conflict",
        "a cycle",
        "a missing collection",
        "a missing record",
        "a wrong type of collection",
        "something in use",
    )

    @property
    def place(self) -> str:
        """Where it is written."""
        return shown_place(Path(__file__), inspect.getsourcelines(type(self))[1])

    @property
    def code(self) -> str:
        """The calls that programs are made of."""
        calls = [form for one in OPERATIONS for form in one.forms]
        return "\n".join(["# programs of these calls, each followed by every reading", *calls])

    def explore(self, trial: Trial, effort: Effort, seed: str) -> None:
        """Try programs."""
        import hypothesis
        from hypothesis import stateful

        from conformance.properties.machine import machine

        made = hypothesis.seed(seed)(machine(trial))
        stateful.run_state_machine_as_test(made, settings=settings(effort.programs, effort.steps))

    def again(self, world: World, found: Found) -> None:
        """Do the same calls, and compare all readings in all spellings after the last."""
        for operation in found.program.operations:
            world.do(operation)
        if found.disagreement.kind == "reading":
            world.check()
