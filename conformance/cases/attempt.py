"""Running a case once: its steps, then the call that is judged."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from conformance.cases.data_case import DataCase
from conformance.cases.expected import Refusal, text_of
from conformance.cases.program import ROOT
from conformance.cases.simple import simple
from conformance.cases.state import Content, changes, state
from conformance.execution import Execution, execute
from conformance.implementations import Implementation
from conformance.observation import Checks, Observation

LONGEST_QUESTION = 100


@dataclass(frozen=True, slots=True)
class Attempt:
    """What running a case gave.

    Attributes
    ----------
    case
        The case.
    execution
        The run of both parts; where the steps raised, of these alone.
    asked
        Whether the steps ran to their end, and the question was asked.
    module
        The module of the API.
    before, after
        The state of the repository around the call, where a refusal is expected.
    """

    case: DataCase
    execution: Execution
    asked: bool
    module: Any
    before: Mapping[str, Content] | None = None
    after: Mapping[str, Content] | None = None

    def observations(self) -> tuple[Observation, ...]:
        """Return what was expected and observed."""
        checks = Checks()
        expected, error = self.case.expected, self.execution.error
        if not self.asked:
            assert error is not None
            seen = self._missing_name(error) or f"raised {type(error).__name__}: {text_of(error)}"
            return (Observation("the steps before the question", "run to their end", seen, False),)
        if isinstance(expected, Refusal):
            self._judge_refusal(expected, checks)
        elif error is not None:
            wanted = "a value" if not hasattr(expected, "value") else expected.value
            seen = f"raised {type(error).__name__}: {text_of(error)}"
            checks.observations.append(Observation(self._question, wanted, seen, False))
        else:
            expected.judge(self._question, self.execution.value, checks)
        return tuple(checks.observations)

    def _missing_name(self, error: BaseException) -> str:
        """Return what to say where the API has no such name; "" for any other error."""
        found = re.match(r"cannot import name '(\w+)'", str(error))
        if found is None or self.module is None or not isinstance(error, ImportError):
            return ""
        names = [name for name in dir(self.module) if name[0] != "_"]
        close = difflib.get_close_matches(found[1], names, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        return f"{self.module.__name__} has no {found[1]!r}{hint}"

    def close(self) -> None:
        """Close the Butlers that the program bound."""
        butler = getattr(self.module, "Butler", ())
        for value in self.execution.names.values():
            if isinstance(value, butler) and hasattr(value, "close"):
                value.close()

    @property
    def _question(self) -> str:
        flat = " ".join(self.case.ask.split())
        is_call = self.case.function is None and len(flat) <= LONGEST_QUESTION
        return flat if is_call else "the answer"

    def _judge_refusal(self, expected: Refusal, checks: Checks) -> None:
        error = self.execution.error
        if error is None:
            answer = f"returned {simple(self.execution.value)!r}"
            checks.holds(self._question, lambda: answer, f"raises {expected.type}", lambda _: False)
        else:
            expected.judge(error, checks)
        changed = changes(self.before or {}, self.after or {})
        checks.holds(
            "the repository after the refused call",
            lambda: "; ".join(changed) or "unchanged",
            "unchanged",
            lambda _: not changed,
        )


def tried(case: DataCase, implementation: Implementation, root: Path) -> Attempt:
    """Run a case on a repository.

    Parameters
    ----------
    case
        The case.
    implementation
        The Butler that is judged.
    root
        The root of the repository.
    """
    program = case.program(implementation)
    names: dict[str, Any] = {ROOT: root}
    module = None
    with contextlib.suppress(ImportError):  # then the program's own import says so
        module = importlib.import_module(case.module(implementation))
    if case.function is not None:
        names |= {"api": module, case.function.__name__: case.function}
    steps = execute(program.setup, names, case.id)
    if steps.error is not None:
        return Attempt(case, steps, False, module)
    before = state(root) if case.is_refusal else None
    asked = execute(program.ask_in_place, steps.names, case.id)
    after = state(root) if case.is_refusal else None
    return Attempt(case, _joined(steps, asked), True, module, before, after)


def _joined(steps: Execution, asked: Execution) -> Execution:
    return replace(
        asked,
        output=steps.output + asked.output,
        errors=steps.errors + asked.errors,
        warnings=(*steps.warnings, *asked.warnings),
        seconds=steps.seconds + asked.seconds,
    )
