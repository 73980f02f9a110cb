"""The property: whoever makes a call, all readings of both are as in the model."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.folders import shown_place
from conformance.implementations import Implementation
from conformance.interop.turns.script import listing, script
from conformance.interop.turns.shared_world import SWITCH, Player, SharedWorld
from conformance.properties.bench import Bench
from conformance.properties.chance import settings
from conformance.properties.disagreement import Disagreement
from conformance.properties.effort import Effort
from conformance.properties.operations import OPERATIONS
from conformance.properties.program import Program
from conformance.properties.trial import Found, Trial
from conformance.properties.world import World


@dataclass(frozen=True, slots=True)
class TakingTurns:
    """Programs of any calls, each made by A or B: after each, every reading is as in the model."""

    id: str = "ITP-11.in-turn"
    title: str = "After each call that A or B makes both answer every reading alike"
    reaches: tuple[str, ...] = (
        SWITCH,
        "a chain",
        "an answer that is not empty",
        "an empty answer",
    )

    @property
    def place(self) -> str:
        """Where it is written."""
        return shown_place(Path(__file__), inspect.getsourcelines(type(self))[1])

    @property
    def code(self) -> str:
        """The calls that programs are made of."""
        calls = [form for one in OPERATIONS for form in one.forms]
        said = (
            "# programs of these calls, each made by A or B and followed by every reading of both"
        )
        return "\n".join([said, *calls])

    def explore(self, trial: Trial, effort: Effort, seed: str) -> None:
        """Try programs."""
        import hypothesis
        from hypothesis import stateful

        from conformance.properties.machine import machine

        made = hypothesis.seed(seed)(machine(trial))
        limits = settings(effort.turns, effort.turn_steps)
        stateful.run_state_machine_as_test(made, settings=limits)

    def again(self, world: World, found: Found) -> None:
        """Do the same calls, and compare all readings in all spellings after the last."""
        for operation in found.program.operations:
            world.do(operation)
        if found.disagreement.kind == "reading":
            world.check()


class SharedBench(Bench):
    """Makes repositories by the first of several implementations, for all of them.

    Parameters
    ----------
    implementations
        A, B and so on.
    folder
        An empty folder, or one that need not exist.
    """

    def __init__(self, implementations: Sequence[Implementation], folder: Path) -> None:
        super().__init__(implementations[0], folder)
        self.players = [
            Player(f"{letter} ({one.name})", one.dialects["current"].butler)
            for letter, one in zip("AB", implementations, strict=False)
        ]

    def opened(self, root: Path) -> World:
        """Return a world of all of them."""
        return SharedWorld(root, self.players)

    def texts(self, program: Program, *, before_last: bool = False) -> list[str]:
        """Return the statements of a program, with who makes them."""
        return listing(program, self.players, before_last=before_last)

    def script(
        self, program: Program, disagreement: Disagreement, *, before_last: bool = False
    ) -> str:
        """Return a script that shows a disagreement with the implementations alone."""
        return script(program, self.players, disagreement, before_last=before_last)
