"""Values, times and names as a reader sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from conformance.observation import Observation
from conformance.verdict import Verdict

LONGEST_VALUE = 72
LONGEST_SENTENCE = 200
REGISTRY_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DIALECT_NAMES = {"w_2020_03": "January 2020", "current": "Today"}
FAMILIES = {"put_get": "put and get", "find_first": "finding the first match"}
SIGNS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.DEVIATES: "≠",
    Verdict.ERROR: "!",
    Verdict.UNSUPPORTED: "∅",
    Verdict.BLOCKED: "⊘",
    Verdict.NOT_RUN: "–",
}


def show_value(value: Any) -> str:
    """Return plain data as text: words without quotes, lists with commas, where that is clear."""
    if isinstance(value, str) and value.strip() == value != "":
        return value
    if isinstance(value, list) and value and all(_is_clear(item) for item in value):
        return ", ".join(show_value(item) for item in value)
    if isinstance(value, dict) and value and all(_is_clear(item) for item in value.values()):
        return ", ".join(f"{name}: {show_value(item)}" for name, item in value.items())
    if value == [] or value == {}:
        return "none"
    if isinstance(value, float):
        return f"{value:.8g}"
    return repr(value)


def _is_clear(item: Any) -> bool:
    """Return whether an item can stand among others without marks round it."""
    if isinstance(item, str):
        return item.strip() == item != "" and not set(item) & set(",:{[")
    return not isinstance(item, list | dict)


def is_same(seen: Observation) -> bool:
    """Return whether a long observed value is, in full, the expected one."""
    return seen.observed == seen.expected and is_long(seen.expected)


def is_long(value: Any) -> bool:
    """Return whether a value is folded away: words may be longer than data."""
    longest = LONGEST_SENTENCE if isinstance(value, str) else LONGEST_VALUE
    return len(show_value(value)) > longest


def count(value: Any) -> str:
    """Return how much a long value holds, such as ``33 values``."""
    if isinstance(value, list | dict):
        return number(len(value), "value")
    return f"{len(show_value(value))} characters"


def number(many: int, noun: str) -> str:
    """Return a number with its noun: ``1 case``, ``1,024 cases``."""
    return f"{many:,} {noun}{'' if many == 1 else 's'}"


def show_day(when: str) -> str:
    """Return a time as ``23 November 2026, 08:34 UTC``."""
    time = datetime.fromisoformat(when)
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def show_duration(seconds: float) -> str:
    """Return a time span in the unit that suits it, with two or three figures."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s"


def dialect_name(dialect: str) -> str:
    """Return a dialect of the API as a reader calls it."""
    return DIALECT_NAMES.get(dialect, dialect)


def family_title(name: str) -> str:
    """Return the name of a family of requirements as a heading: ``Data IDs`` for ``data_ids``."""
    words = FAMILIES.get(name, name).replace("_", " ")
    return (words[:1].upper() + words[1:]).replace(" ids", " IDs")


def slug(name: str) -> str:
    """Return a verdict, or a kind of deviation, as the name of a class of the page."""
    return name.replace(" ", "-")


def link_name(address: str) -> str:
    """Return what a link is called: its last part, else its host."""
    host, _, path = address.partition("://")[2].partition("/")
    return path.rstrip("/").rpartition("/")[2] or host
