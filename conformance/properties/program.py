"""Programs of public calls: as operations, and as a script that runs alone."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conformance.model import ModelButler, Refusal
from conformance.properties.operations import Operation

API_NAMES = ("Butler", "CollectionType", "DatasetType", "Timespan")
HEAD = """folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder, ignore_errors=True)
root = Path(folder, "repository")
Butler.makeRepo(root)
butler = Butler.from_config(root, writeable=True)"""
INDENT = "    "


@dataclass(frozen=True, slots=True)
class Program:
    """Operations, and after them lines that a law wrote.

    Attributes
    ----------
    operations
        Calls that the model understands, and that may be left out to make it shorter.
    lines
        Statements that belong to a law.
    """

    operations: tuple[Operation, ...]
    lines: tuple[str, ...] = ()

    def bound(self) -> list[str]:
        """Return the names of references in the order in which they are bound."""
        return [label for _, binds, _ in self._steps() for label in binds]

    def model(self, *, before_last: bool = False) -> ModelButler:
        """Return what there should be after the operations, or before the last of them."""
        model = ModelButler()
        for one in self.operations[: len(self.operations) - before_last]:
            _apply(model, one)
        return model

    def texts(self, *, before_last: bool = False) -> list[str]:
        """Return the statements, refused ones within ``suppress``."""
        steps = list(self._steps())[: len(self.operations) - before_last]
        found = [_refused(text) if refused else text for text, _, refused in steps]
        return [*found, *self.lines]

    def _steps(self) -> Iterator[tuple[str, tuple[str, ...], bool]]:
        model = ModelButler()
        for one in self.operations:
            refused = _apply(model, one)
            yield one.text, () if refused else one.binds, refused

    def script(self, module: str, check: str, *, before_last: bool = False) -> str:
        """Return a script that makes a repository, does the calls, and checks.

        Parameters
        ----------
        module
            The module with the public API.
        check
            The lines that end it.
        before_last
            Whether the last operation is left to the check.
        """
        calls = self.texts(before_last=before_last)
        if "names" in check or any("names" in line for line in self.lines):
            pairs = ", ".join(f'{label}.id: "{label}"' for label in self.bound())
            calls.insert(len(calls) - len(self.lines), f"names = {{{pairs}}}")
        body = "\n".join([HEAD, *calls, "", check.rstrip()])
        used = [name for name in API_NAMES if re.search(rf"\b{name}\b", body)]
        context = ["from contextlib import suppress"] if "suppress(" in body else []
        modules = ["import atexit", "import shutil", "import tempfile"]
        imports = [*modules, *context, "from pathlib import Path", ""]
        return "\n".join([*imports, f"from {module} import {', '.join(used)}", "", body, ""])


def _apply(model: ModelButler, operation: Operation) -> bool:
    """Do an operation on a model; return whether it is refused."""
    try:
        operation.apply(model)
    except Refusal:
        return True
    return False


def _refused(text: str) -> str:
    return f"with suppress(Exception):\n{textwrap.indent(text, INDENT)}"


def without(operations: Sequence[Operation], start: int, stop: int) -> tuple[Operation, ...]:
    """Return operations but for a stretch, and but for those that use what it binds."""
    kept: list[Operation] = []
    bound: set[str] = set()
    for place, one in enumerate(operations):
        if not start <= place < stop and bound.issuperset(one.uses):
            kept.append(one)
            bound.update(one.binds)
    return tuple(kept)
