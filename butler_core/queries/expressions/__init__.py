"""The ``where`` of queries: from its text to a condition of SQL.

The way goes downwards, a module each: `tokens` cuts the text, `parser` makes a
`tree` of it, `checking` turns that into the nodes of `checked` with the
`names` of a query and the `bindings` of a call, and `sql` writes these.
What has been checked holds no values: those of literals and of bound names are
parameters, so that expressions that differ in them alone share one statement.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .meaning import NOTHING, Checked, Conjunct

if TYPE_CHECKING:
    from .checking import check
    from .names import Context
    from .parser import parse

__all__ = ["NOTHING", "Checked", "Conjunct", "Context", "check", "parse"]

_WHEN_NEEDED = {"Context": "names", "check": "checking", "parse": "parser"}
"""What is imported with the first expression: most programs have none."""


def __getattr__(name: str) -> Any:
    if name not in _WHEN_NEEDED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_WHEN_NEEDED[name]}", __name__), name)
