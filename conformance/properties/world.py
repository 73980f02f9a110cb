"""An implementation and the model beside it, on one repository."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from conformance.deadline import OverdueError, deadline
from conformance.model import ModelButler, Refusal
from conformance.properties.disagreement import of_answer, of_error, of_law, of_reading, of_refusal
from conformance.properties.literal import literal
from conformance.properties.operations import Operation
from conformance.properties.program import API_NAMES, Program
from conformance.properties.reaching import Reached, tagged_datasets
from conformance.properties.readings import readings

OPENING = "butler = Butler.from_config(root, writeable=True)"
UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
LONGEST = 200


class ProgramError(Exception):
    """A program uses a reference that nothing bound; this says nothing of an implementation."""


class World:
    """A repository that calls are made in.

    Parameters
    ----------
    root
        The repository, which is there.
    module
        The module with the public API.

    Attributes
    ----------
    model
        What there should be.
    operations
        What was done on both, in order.
    lines
        What was done on the implementation alone, after that.
    labels
        The names that references were bound to.
    calls
        How many calls were made, those that read among them.
    """

    def __init__(self, root: Path, module: str) -> None:
        self.model = ModelButler()
        self.lines: list[str] = []
        self.labels: list[str] = []
        self.operations: list[Operation] = []
        self.calls = 0
        self._root = root
        self._bound = self.bound(module)
        self.tried(OPENING)

    def bound(self, module: str) -> dict[str, Any]:
        """Return the names that programs find, those of a module's API among them."""
        api = importlib.import_module(module)
        return {
            "root": self._root,
            "suppress": suppress,
            "names": {},
            **{name: getattr(api, name) for name in API_NAMES},
        }

    def close(self) -> None:
        """Close the Butler, where it can be closed."""
        butler = self._bound.get("butler")
        with suppress(Exception):
            butler.close()  # type: ignore[union-attr]

    @property
    def program(self) -> Program:
        """What was done."""
        return Program(tuple(self.operations), tuple(self.lines))

    def execute(self, text: str) -> Any:
        """Run source on the names that are bound; return the value of its last line.

        Raises
        ------
        TimeoutError
            Raised where it does not come to its end; whatever the source raises is raised too.
        """
        self.calls += 1
        body, last = _compiled(text)
        try:
            with deadline():
                if body is not None:
                    exec(body, self._bound)
                return None if last is None else eval(last, self._bound)
        except OverdueError as error:
            raise TimeoutError(str(error)) from error

    def say(self, line: str) -> None:
        """Do what the model knows nothing of."""
        self.lines.append(line)
        self.tried(line)

    def tried(self, text: str) -> Any:
        """Run source as `execute` does; where it raises, the implementation disagrees."""
        try:
            return self.execute(text)
        except (Exception, SystemExit) as error:
            raise of_error(text, self.said(error)) from error

    def by_someone(self, operation: Operation, draw: Callable[[Any], Any]) -> Operation:
        """Return a call as made by one of those who act, where there are several."""
        return operation

    def do(self, operation: Operation, reached: Reached | None = None) -> None:
        """Do a call on both, and compare what it answers and whether it is refused.

        Raises
        ------
        DisagreementError
            Raised where they differ.
        ProgramError
            Raised where the call uses a reference that is not bound.
        """
        unbound = [label for label in operation.uses if label not in self._bound]
        if unbound:
            raise ProgramError(f"nothing binds {', '.join(unbound)}")
        tagged = tagged_datasets(self.model)
        expected = refusal = None
        try:
            expected = operation.apply(self.model)
        except Refusal as raised:
            refusal = raised
        self.operations.append(operation)
        answer = self._tried(operation, refusal)
        if refusal is None and operation.answers and answer != expected:
            raise of_answer(operation.text, expected, self.shown_value(answer))
        if reached is not None:
            reached.done(operation.call, refusal, self.model, tagged)

    def _tried(self, operation: Operation, refusal: Refusal | None) -> Any:
        text = operation.text
        try:
            answer = self.execute(text)
            if refusal is None:
                ids = {self._bound[label].id: label for label in operation.binds}
                self._bound["names"].update(ids)
                self.labels.extend(operation.binds)
        except (Exception, SystemExit) as error:
            if refusal is None:
                raise of_error(text, self.said(error)) from error
            if not refusal.allows(error):
                raise of_refusal(text, refusal, f"raised {self.said(error)}") from error
            return None
        if refusal is not None:
            raise of_refusal(text, refusal, "no error")
        return answer

    def check(self, turn: int | None = None, reached: Reached | None = None) -> None:
        """Compare all readings.

        Parameters
        ----------
        turn
            A number that chooses among the spellings of each; all unless given.
        reached
            Where to count what was reached.

        Raises
        ------
        DisagreementError
            Raised for the first that differs.
        """
        for reading in readings(self.model, turn):
            observed = self.shown(reading.text)
            if observed != literal(_ordered(reading.expected)):
                call = self.operations[-1].text if self.operations else OPENING
                raise of_reading(call, reading, observed)
            if reached is not None:
                reached.answered(reading.expected)

    def changed(self, text: str, before: str) -> None:
        """Say that an expression gives something else than before.

        Raises
        ------
        DisagreementError
            Raised always.
        """
        raise of_law(text, "before", before, self.shown(text))

    def shown_value(self, value: Any) -> str:
        """Return a value as text that is the same in each run."""
        return self._same_in_each_run(literal(_ordered(value)))

    def shown(self, text: str) -> str:
        """Return what an expression gives, or raises, as text that is the same in each run."""
        try:
            return literal(_ordered(self.execute(text)))
        except (Exception, SystemExit) as error:
            return f"raised {self.said(error)}"

    def said(self, error: BaseException) -> str:
        """Return an exception as one line without paths, ids and addresses."""
        return f"{type(error).__name__}: {self._same_in_each_run(str(error))}"

    def _same_in_each_run(self, text: str) -> str:
        names = {str(id): name for id, name in self._bound["names"].items()}
        line = ADDRESS.sub("", " ".join(text.split()).replace(str(self._root), "root"))
        line = UUID.sub(lambda found: names.get(found[0], "an id"), line)
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"

    def same(self, left: str, right: str, reached: Reached | None = None) -> None:
        """Compare what two expressions give.

        Raises
        ------
        DisagreementError
            Raised where they differ, or one of them raises.
        """
        observed, expected = self.tried(left), self.tried(right)
        if observed != expected:
            raise of_law(left, right, self.shown_value(expected), self.shown_value(observed))
        if reached is not None:
            reached.answered(observed)


def _ordered(value: Any) -> Any:
    """Return a dict by its keys, so that the order of unordered answers is not compared."""
    return dict(sorted(value.items())) if isinstance(value, dict) else value


@lru_cache(maxsize=4096)
def _compiled(text: str) -> tuple[CodeType | None, CodeType | None]:
    tree = ast.parse(text)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        return compile(tree, "<program>", "exec"), None
    tree.body.pop()
    body = compile(tree, "<program>", "exec") if tree.body else None
    return body, compile(ast.Expression(last.value), "<program>", "eval")
