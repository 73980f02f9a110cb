"""The program of a case: plain calls of the public API."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.cases.names import free_names

ROOT = "root"
"""The name that is bound beforehand: the root of the repository, a `pathlib.Path`."""


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, in two parts: nothing may go wrong in the first, and the second is judged.

    Attributes
    ----------
    setup
        The imports, the opening and the steps.
    ask
        The expression that is judged.
    """

    setup: str
    ask: str

    @property
    def text(self) -> str:
        """The whole program."""
        return f"{self.setup}{self.ask}\n"

    @property
    def ask_in_place(self) -> str:
        """The expression on the lines that it has in the whole program."""
        return "\n" * self.setup.count("\n") + self.ask


def write(
    module: str,
    steps: Sequence[str],
    ask: str,
    opening: Mapping[str, Any] | None,
    dialect: str = "current",
) -> Program:
    """Write the program of a case.

    Parameters
    ----------
    module
        The module of the API.
    steps
        Python statements.
    ask
        A Python expression.
    opening
        The arguments with which a Butler is opened; None where the steps open their own. None is
        opened where neither steps nor expression speak of ``butler``.
    dialect
        The dialect of the API.
    """
    pieces = [*steps, ask]
    needed = {name for piece in pieces for name in free_names(ast.parse(piece.strip()))}
    if opening is not None and "butler" in needed:
        pieces.insert(0, opened(opening, dialect))
    lines = [*imports(module, pieces), *pieces[:-1]]
    return Program("".join(f"{line.rstrip()}\n" for line in lines), ask.strip())


def imports(module: str, pieces: Iterable[str], bound: Iterable[str] = ()) -> list[str]:
    """Return the import of what some code needs of an API, and an empty line; or no lines."""
    code = "\n".join(piece.strip() for piece in pieces)
    names = sorted(free_names(ast.parse(code)) - {ROOT, "butler", *bound})
    if not names:
        return []
    line = f"from {module} import {', '.join(names)}"
    if len(line) > 88:
        line = f"from {module} import (\n" + "".join(f"    {name},\n" for name in names) + ")"
    return [line, ""]


def opened(arguments: Mapping[str, Any], dialect: str = "current") -> str:
    """Return the line that opens a Butler with some arguments."""
    given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    if dialect == "current":
        return f"butler = Butler.from_config({ROOT}{f', {given}' if given else ''})"
    return f"butler = Butler(config=str({ROOT}){f', {given}' if given else ''})"
