"""Telling a file of cases from any other, by its folder and its first line; reading no more.

Imported in every run of pytest that meets a folder of one of these names, so it imports nothing.
"""

from __future__ import annotations

import re
from pathlib import Path

FIRST_LINES = {
    "cases": "# yaml-language-server: $schema=case.schema.json",
    "repositories": "# yaml-language-server: $schema=repository.schema.json",
}
"""The first line of a YAML file, by its folder: it shows editors the schema."""

_SCHEMA = {
    "cases": re.compile(r"#\s*yaml-language-server:\s*\$schema=(\S*/)?case\.schema\.json\s*$"),
    "repositories": re.compile(
        r"#\s*yaml-language-server:\s*\$schema=(\S*/)?repository\.schema\.json\s*$"
    ),
}
_IMPORT = re.compile(r"^\s*from conformance\.cases import\b", re.MULTILINE)


def kind(path: Path) -> str:
    """Return ``cases`` or ``repositories`` where a file holds them, else ""."""
    folder = path.parent.name
    if folder not in _SCHEMA or path.name.startswith("_"):
        return ""
    if path.suffix == ".yaml":
        return folder if names_schema(path) else ""
    if path.suffix == ".py" and folder == "cases":
        return folder if imports_case(path) else ""
    return ""


def names_schema(path: Path) -> bool:
    """Return whether the first line of a YAML file names the schema of its folder."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as stream:
            return _SCHEMA[path.parent.name].match(stream.readline(1000)) is not None
    except OSError:
        return False


def imports_case(path: Path) -> bool:
    """Return whether a Python file imports the decorator of cases."""
    try:
        return _IMPORT.search(path.read_text(encoding="utf-8", errors="replace")) is not None
    except OSError:
        return False
