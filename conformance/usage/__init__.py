"""The names of the API that public code uses, and the cases that use them too."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

__all__ = ["CountedName", "counted_names"]


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
    import yaml

    text = (files("conformance.usage") / "names.yaml").read_text(encoding="utf-8")
    rows = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found = sorted((CountedName(**row) for row in rows), key=lambda one: -one.files)
    return {one.name: one for one in found}
