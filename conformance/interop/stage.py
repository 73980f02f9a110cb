"""Where an interop case takes place: one repository, and two Butlers that act on it in turn."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.cases import program
from conformance.cases.names import free_names
from conformance.cases.simple import simple
from conformance.execution import execute
from conformance.implementations import Implementation
from conformance.interop.differing import compared
from conformance.interop.rows import rows
from conformance.interop.sight import sight
from conformance.observation import Observation

BOUND = ("root", "folder")
REFUSALS = frozenset({"ImportError", "NotImplementedError", "DatasetTypeNotSupportedError"})
"""What a Butler raises that does not offer something, by name."""


class PlayError(Exception):
    """A step of a case went wrong, so that those after it mean nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """One step: who did what.

    Attributes
    ----------
    letter
        A or B.
    text
        Statements.
    """

    letter: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """What went wrong first, for a script to look at again.

    Attributes
    ----------
    letter
        Who was asked.
    after
        How many steps were done before.
    expression, expected
        What was asked, and the right answer as plain data; an empty text where it was all there is
        to see, or the rows.
    is_sight
        Whether it was all there is to see.
    """

    letter: str
    after: int
    expression: str = ""
    expected: Any = None
    is_sight: bool = False


class Stage:
    """A repository with those who act on it.

    Parameters
    ----------
    root
        The repository, which is there.
    folder
        Where other files may be written, such as exports.
    butlers
        The letter of each actor, A or B, to its implementation.
    steps
        The statements that have filled the repository.

    Attributes
    ----------
    acts
        What was done, in order.
    observations
        What was expected and observed, in order.
    check
        What went wrong first; None where nothing did, or a statement.
    seconds
        How long the code of the case took.
    """

    def __init__(
        self,
        root: Path,
        folder: Path,
        butlers: dict[str, Implementation],
        steps: Sequence[str] = (),
    ) -> None:
        self.root = root
        self.folder = folder
        self.steps = steps
        self.acts: list[Act] = []
        self.observations: list[Observation] = []
        self.check: Check | None = None
        self.seconds = 0.0
        self.traceback = ""
        self.actors = {letter: Actor(letter, one, self) for letter, one in butlers.items()}

    @property
    def of_two(self) -> bool:
        """Whether the actors are different Butlers: one alone leaves what it leaves."""
        first, *others = self.actors.values()
        return any(one.implementation is not first.implementation for one in others)

    def close(self) -> None:
        """Close the Butlers."""
        for actor in self.actors.values():
            actor.leave()

    def wrong(self, what: str, expected: str, observed: str) -> None:
        """Note what went wrong."""
        self.observations.append(Observation(what, expected, observed, False))

    def looked(self, seen: Sequence[Observation], letter: str, **asked: Any) -> None:
        """Note what was observed; of the first that is wrong, how to look at it again."""
        is_first = all(one.passed for one in self.observations)
        if is_first and not all(one.passed for one in seen):
            self.check = Check(letter, len(self.acts), **asked)
        self.observations += seen

    def acted(self, letter: str, text: str) -> None:
        """Note a step, which others' Butlers may not know of."""
        self.acts.append(Act(letter, text))
        for other in self.actors.values():
            if other.letter != letter:
                other.is_stale = True

    def compare_sights(self) -> None:
        """Compare what each sees who opens the repository anew."""
        self.close()
        first, *others = self.actors.values()
        expected = first.sight()
        for other in others:
            what = f"what {other.title} sees in the end"
            seen = compared(what, expected, other.sight(), as_what=f"as {first.title} sees it")
            self.looked(seen, other.letter, is_sight=True)


class Actor:
    """A Butler that acts on the repository of a case.

    Statements are text, as a user would type them: they run with ``butler``, which is open for
    writing, ``root`` (the repository), ``folder`` (for other files), and the names of the API.

    Parameters
    ----------
    letter
        A or B.
    implementation
        Which Butler it is.
    stage
        Where it acts.
    """

    def __init__(self, letter: str, implementation: Implementation, stage: Stage) -> None:
        self.letter = letter
        self.is_stale = False
        self.implementation = implementation
        self._stage = stage
        self._butler: Any = None

    @property
    def title(self) -> str:
        """The letter, and which Butler it is."""
        return f"{self.letter} ({self.implementation.name})"

    @property
    def module(self) -> str:
        """The module of its API."""
        return self.implementation.dialects["current"].butler

    def does(self, text: str) -> None:
        """Run statements; one that raises ends the case."""
        text = textwrap.dedent(text).strip()
        self._stage.acted(self.letter, text)
        error = self._run(text)[1]
        if error is not None:
            self._stage.wrong(f"{self.title} does {_first(text)}", "runs to its end", error)
            raise PlayError

    def tries(self, text: str) -> bool:
        """Run statements that may be refused as what it does not offer; return whether they ran.

        Anything else that they raise ends the case.
        """
        text = textwrap.dedent(text).strip()
        _, error, classes = self._tried(text)
        if error is None:
            self._stage.acted(self.letter, text)
            return True
        if REFUSALS.isdisjoint(classes):
            self._stage.wrong(f"{self.title} does {_first(text)}", "runs, or is refused", error)
            raise PlayError
        self._stage.observations.append(
            Observation(f"{self.title} does {_first(text)}", "runs, or is refused", error, True)
        )
        return False

    def is_refused(self, text: str, *kinds: str) -> None:
        """Run statements that must raise an exception of one of some classes."""
        text = textwrap.dedent(text).strip()
        _, error, classes = self._tried(text)
        passed = not set(kinds).isdisjoint(classes)
        seen = error or "it ran to its end"
        what = f"{self.title} does {_first(text)}"
        found = Observation(what, f"raises {' or '.join(kinds)}", seen, passed)
        self._stage.looked([found], self.letter)

    def sees(self, expression: str, value: Any) -> None:
        """Ask something, the answer to which must be a value, as plain data."""
        answer, error = self._run(expression)
        observed = simple(answer) if error is None else error
        passed = error is None and observed == simple(value)
        what = f"{self.title} is asked {_first(expression)}"
        found = Observation(what, value, observed, passed)
        is_one = len(ast.parse(expression).body) == 1
        asked = {"expression": expression, "expected": simple(value)} if is_one else {}
        self._stage.looked([found], self.letter, **asked)

    def sees_as(self, text: str, expected: str, *, what: str) -> None:
        """Ask something, and what it must be, both in the names of its own API.

        Parameters
        ----------
        text, expected
            Statements that end with an expression.
        what
            What is asked for, as a noun phrase.
        """
        (answer, error), (right, broken) = self._run(text), self._run(expected)
        if broken is not None:
            self._stage.wrong(f"{self.title} makes what is expected", "runs to its end", broken)
            return
        observed = simple(answer) if error is None else error
        passed = error is None and observed == simple(right)
        found = Observation(f"{self.title} gets {what}", simple(right), observed, passed)
        self._stage.looked([found], self.letter)

    def fills(self, name: str) -> None:
        """Make a repository of its own in ``folder``, and fill it as that of the case was."""
        root = self._stage.folder / name
        try:
            self.implementation.make_repository(root)
            butler = self.implementation.open(root, writeable=True)
        except Exception as error:
            seen = f"raised {type(error).__name__}: {error}"
            self._stage.wrong(f"{self.title} makes a repository", "is made and opened", seen)
            raise PlayError from error
        code = [*program.imports(self.module, self._stage.steps), *self._stage.steps]
        execution = execute("\n".join(code), {"butler": butler, "root": root}, self.letter)
        butler.close()
        if execution.error is not None:
            seen = f"raised {type(execution.error).__name__}: {execution.error}"
            self._stage.wrong(f"{self.title} fills a repository", "runs to its end", seen)
            raise PlayError

    def compares(self, name: str, *, identified: bool = False) -> None:
        """Compare a repository in ``folder`` with that of the case: what it sees, and the rows.

        Parameters
        ----------
        name
            The name of its folder.
        identified
            Whether the datasets must have the same ids.
        """
        root, other = self._stage.root, self._stage.folder / name
        here, there = (self._seen_in(one, identified=identified) for one in (root, other))
        sights, tables = f"what {self.title} sees in {name}", f"the rows of {name}"
        found = [
            *compared(sights, here, there, as_what="as in the repository of A"),
            *compared(tables, rows(root), rows(other), as_what="as in the repository of A"),
        ]
        self._stage.looked(found, self.letter)

    def _seen_in(self, root: Path, *, identified: bool) -> dict[str, frozenset[str]]:
        try:
            butler = self.implementation.open(root)
            try:
                return sight(butler, identified=identified)
            finally:
                butler.close()
        except Exception as error:
            seen = f"raised {type(error).__name__}: {error}"
            self._stage.wrong(f"{self.title} looks at all there is", "can be seen", seen)
            raise PlayError from error

    def sight(self) -> dict[str, frozenset[str]]:
        """Return all that its Butler shows; an exception is shown too."""
        return self._seen_in(self._stage.root, identified=True)

    def leave(self) -> None:
        """Close the Butler."""
        butler, self._butler = self._butler, None
        if hasattr(butler, "close"):
            with suppress(Exception):
                butler.close()

    def _open(self) -> Any:
        if self._butler is None:
            self._butler = self.implementation.open(self._stage.root, writeable=True)
        elif self.is_stale:
            self._butler.registry.refresh()
        self.is_stale = False
        return self._butler

    def _run(self, text: str) -> tuple[Any, str | None]:
        return self._tried(text)[:2]

    def _tried(self, text: str) -> tuple[Any, str | None, Sequence[str]]:
        names = {"root": self._stage.root, "folder": self._stage.folder}
        needed = free_names(ast.parse(text))
        try:
            if "butler" in needed:
                names["butler"] = self._open()
        except Exception as error:
            return None, f"opening raised {type(error).__name__}: {error}", ()
        code = "\n".join([*program.imports(self.module, [text], BOUND), text])
        execution = execute(code, names, f"{self.letter} does")
        self._stage.seconds += execution.seconds
        if execution.error is None:
            return execution.value, None, ()
        self._stage.traceback = execution.traceback
        classes = [one.__name__ for one in type(execution.error).__mro__]
        return None, f"raised {type(execution.error).__name__}: {execution.error}", classes


def _first(text: str) -> str:
    """Return the first line of some code, which says what it is about."""
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[0].strip() + (" …" if len(lines) > 1 else "")
