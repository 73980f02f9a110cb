"""Scripts that show a failure with the implementation alone: what they begin with.

The program in a script comes from the source of its case; it imports nothing of the suite. The
heading says what it shows, and names for tools such as ``uv run`` what must be installed
(inline script metadata, PEP 723).
"""

from __future__ import annotations

import sys
import textwrap
from functools import cache
from importlib import metadata

from conformance.case import Case, Outcome
from conformance.implementations import Implementation

WIDTH = 96


def with_heading(case: Case, outcome: Outcome, implementation: Implementation) -> str:
    """Return the script of a failure, headed by what it needs and what it shows."""
    dialect = implementation.dialects[case.dialect]
    needed = distribution_of(dialect.butler)
    python = ".".join(map(str, sys.version_info[:2]))
    metadata_block = [
        "# /// script",
        f'# requires-python = ">={python}"',
        f"# dependencies = {[needed] if needed else []}".replace("'", '"'),
        "# ///",
    ]
    words = [
        f"{case.id}: {case.title}.",
        f"Failed on {implementation.name} {implementation.version}: {outcome.message}",
        "The script ends with status 1 where the failure shows, 0 where it does not, and 2 where"
        " the suite alone can tell.",
    ]
    comment = [line for text in words for line in _comment(text)]
    return "\n".join([*metadata_block, *comment, "", outcome.repro.strip("\n"), ""])


@cache
def distribution_of(module: str) -> str:
    """Return the distribution with its version that holds a module; "" where none is known."""
    top = module.partition(".")[0]
    candidates = metadata.packages_distributions().get(top, [])
    for name in dict.fromkeys(candidates):
        if len(set(candidates)) == 1 or _holds(name, module):
            return f"{name}=={metadata.version(name)}"
    return ""


def _holds(distribution: str, module: str) -> bool:
    path = module.replace(".", "/")
    names = (f"{path}.py", f"{path}/__init__.py")
    return any(str(file) in names for file in metadata.files(distribution) or ())


def _comment(text: str) -> list[str]:
    lines = text.splitlines() or [""]
    return [
        f"# {part}"
        for line in lines
        for part in textwrap.wrap(line, WIDTH, break_long_words=False) or [""]
    ]
