"""One property tried on one implementation: its examples, and what was found in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from conformance.properties.bench import Bench
from conformance.properties.disagreement import Disagreement, DisagreementError
from conformance.properties.effort import Effort
from conformance.properties.program import Program
from conformance.properties.reaching import Reached
from conformance.properties.world import World


@dataclass(frozen=True, slots=True)
class Found:
    """A program in which an implementation is wrong, and how."""

    program: Program
    disagreement: Disagreement


class Trial:
    """The examples of a property.

    Parameters
    ----------
    bench
        Where repositories come from.
    reaches
        What the examples must reach.

    Attributes
    ----------
    found
        The first program in which the implementation is wrong; None where there is none.
    """

    def __init__(self, bench: Bench, reaches: tuple[str, ...]) -> None:
        self.bench = bench
        self.reached = Reached(reaches)
        self.found: Found | None = None

    @contextmanager
    def example(self) -> Iterator[World]:
        """Give a world, and keep the first disagreement in one, or in making it."""
        try:
            with self.bench.world() as world, self.keeping(world):
                yield world
        except DisagreementError as error:
            if self.found is None:
                self.found = Found(Program(()), error.disagreement)
            raise

    @contextmanager
    def keeping(self, world: World) -> Iterator[None]:
        """Keep the first disagreement of what is done in a world."""
        try:
            yield
        except DisagreementError as error:
            if self.found is None:
                self.found = Found(world.program, error.disagreement)
            raise


class Property(Protocol):
    """Something that is tried on many examples."""

    @property
    def id(self) -> str:
        """The case."""

    @property
    def title(self) -> str:
        """A sentence without its full stop."""

    @property
    def reaches(self) -> tuple[str, ...]:
        """What its examples must reach."""

    @property
    def place(self) -> str:
        """The file and line."""

    @property
    def code(self) -> str:
        """What reports show."""

    def explore(self, trial: Trial, effort: Effort, seed: str) -> None:
        """Try examples until one is wrong, which `Trial.keeping` keeps and raises."""

    def again(self, world: World, found: Found) -> None:
        """Do what was found in a new world; raise `DisagreementError` where it is wrong again."""
