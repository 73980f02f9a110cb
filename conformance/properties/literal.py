"""Plain values as the text of a program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from typing import Any


def literal(value: Any) -> str:
    """Return plain data as Python source with double quotes: ``{"detector": 1}``.

    Texts, numbers, None, and dicts, lists, tuples and sets of them; a set is sorted.
    """
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(k)}: {literal(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        inside = ", ".join(map(literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, Set):
        return "{" + ", ".join(sorted(map(literal, value))) + "}" if value else "set()"
    return repr(value)
