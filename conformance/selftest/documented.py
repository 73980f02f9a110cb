"""The examples of the README: files by the line that names them, commands by their blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

NAMED = re.compile(
    r"^`(?P<path>[\w./-]+)`:\n\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
COMMANDS = re.compile(r"^```sh\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One section of the README with what it has the reader write and type.

    Attributes
    ----------
    heading
        The heading of the section.
    files
        Path below the reader's folder to text.
    commands
        The lines of the section's ``sh`` blocks.
    """

    heading: str
    files: dict[str, str]
    commands: list[str]


def readme() -> str:
    """Return the README: of the checkout, or of the distribution that is installed."""
    path = Path(__file__).resolve().parents[2] / "README.md"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return str(metadata.metadata("butler-conformance").json["description"])


def example(heading: str) -> Example:
    """Return the example of a section.

    Raises
    ------
    LookupError
        Raised where the README has no such section.
    """
    section = _sections(readme()).get(heading)
    if section is None:
        raise LookupError(f"the README has no section {heading!r}")
    lines = [line for block in COMMANDS.finditer(section) for line in block["text"].splitlines()]
    return Example(
        heading,
        {named["path"]: named["text"] for named in NAMED.finditer(section)},
        [line for line in lines if line.strip() and not line.startswith("#")],
    )


def _sections(text: str) -> dict[str, str]:
    """Return the text under each heading, down to the next heading of any level."""
    found: dict[str, list[str]] = {}
    heading, is_code = "", False
    for line in text.splitlines(keepends=True):
        is_code ^= line.startswith("```")
        if line.startswith("#") and not is_code:
            heading = line.lstrip("#").strip()
        found.setdefault(heading, []).append(line)
    return {name: "".join(lines) for name, lines in found.items()}
