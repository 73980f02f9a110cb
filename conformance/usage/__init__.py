"""The names of the API that public code uses, and what has hurt those who use it."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

__all__ = ["CountedName", "Pain", "counted_names", "pains"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedName:
    """A name that was counted.

    Attributes
    ----------
    name
        What it is called on, and the name: ``registry.certify``; ``*`` is anything. With ``()``
        at the end, a class that is called.
    files, notebooks, calls
        How many files use it, how many of them are notebooks, and how often it stands in all.
    left_out
        Why ``butler_core`` has no such name; empty where it has.
    """

    name: str
    files: int
    notebooks: int
    calls: int
    left_out: str = ""


@functools.cache
def counted_names() -> Mapping[str, CountedName]:
    """Return the names by name, those that most files use first."""
    rows = _rows("names.yaml")
    found = sorted((CountedName(**row) for row in rows), key=lambda one: -one.files)
    return {one.name: one for one in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pain:
    """Something that has hurt users.

    Attributes
    ----------
    pain
        What happened to them.
    requirements
        The ids of those that say how it should be.
    benchmarks
        The rows of the benchmark that measure it, where it is speed.
    """

    pain: str
    requirements: Sequence[str]
    benchmarks: Sequence[str] = ()


@functools.cache
def pains() -> Sequence[Pain]:
    """Return what has hurt users, in the order of the file."""
    return tuple(Pain(**row) for row in _rows("pains.yaml"))


def _rows(name: str) -> list[dict[str, Any]]:
    import yaml

    text = (files("conformance.usage") / name).read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.load(
        text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return rows
