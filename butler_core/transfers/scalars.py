"""Values as scalars of YAML on one line, plain where every reader takes them for what they are."""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

__all__ = ["float_scalar", "scalar", "text_scalar"]

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[./+-]+[A-Za-z0-9_]+)*/?", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+", re.ASCII)
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_WIDTH = 2**31 - 1  # lines are not folded


def scalar(value: str | int | float | bool | None) -> str:
    """Return a value as YAML."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return text_scalar(value)
    return float_scalar(value) if isinstance(value, float) else str(value)


@lru_cache(maxsize=4096)
def text_scalar(text: str) -> str:
    """Return a text as YAML: as it is where it is a word or a path, else as libyaml writes it."""
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    written = yaml.dump(text, Dumper=yaml.CSafeDumper, width=_WIDTH, allow_unicode=True)
    line, _, rest = written.partition("\n")
    if rest in ("", "...\n") and "\n" not in text:
        return line
    written = yaml.dump(text, Dumper=yaml.CSafeDumper, width=_WIDTH, default_style='"')
    return written.removesuffix("\n")


def float_scalar(value: float) -> str:
    """Return a number that YAML reads as the same float."""
    text = repr(value)
    if _DECIMAL.fullmatch(text):
        return text
    written: str = yaml.dump(value, Dumper=yaml.CSafeDumper)
    return written.partition("\n")[0]
