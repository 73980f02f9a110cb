"""What is wrong with an object that shall be an implementation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.console import one_line
from conformance.implementations import DIALECTS, Dialect
from conformance.implementations.capabilities import CAPABILITIES

TEXTS = ("name", "version")
MAPPINGS = ("dialects", "unsupported")
METHODS = ("make_repository", "open", "drawn")


def fault(made: Any) -> str:
    """Return what is wrong with the result of a factory, and what to write; "" where nothing is.

    Whatever its properties raise is raised.
    """
    if made is None:
        return "its factory returned None; end it with `return` and the implementation"
    if isinstance(made, type):
        return f"its factory returned the class {made.__name__}; write `return {made.__name__}()`"
    missing = [name for name in (*TEXTS, *MAPPINGS, *METHODS) if not hasattr(made, name)]
    if missing:
        return (
            f"{type(made).__name__} lacks {', '.join(missing)}; see "
            "conformance.implementations.Implementation for what each must be"
        )
    for name in TEXTS:
        value = getattr(made, name)
        if not isinstance(value, str) or not value.strip():
            return f"{name} is {_shown(value)}; write a text, such as {name} = {EXAMPLES[name]}"
    for name in MAPPINGS:
        value = getattr(made, name)
        if not isinstance(value, Mapping):
            return f"{name} is {_shown(value)}; write a dict, such as {name} = {EXAMPLES[name]}"
    for name in METHODS:
        value = getattr(made, name)
        if not callable(value):
            return f"{name} is {_shown(value)}; write a method"
    return _fault_of_dialects(made.dialects) or _fault_of_unsupported(made.unsupported)


EXAMPLES = {
    "name": "'my_butler'",
    "version": "'1.0'",
    "dialects": "{'current': Dialect(butler='my_butler', display='my_butler.display')}",
    "unsupported": "{} where nothing is missing",
}


def _fault_of_dialects(dialects: Mapping[Any, Any]) -> str:
    if not dialects:
        return f"dialects is empty; offer one of {', '.join(DIALECTS)} at least"
    for name, modules in dialects.items():
        if name not in DIALECTS or not isinstance(modules, Dialect):
            return (
                f"dialects maps {', '.join(DIALECTS)} to Dialect(butler=module, "
                f"display=module), not {_shown(name)} to {_shown(modules)}"
            )
        for module in (modules.butler, modules.display):
            if not _is_module_name(module):
                return (
                    f"the dialect {name} names {_shown(module)}; write the name of a module, such "
                    "as 'my_butler.display'"
                )
    return ""


def _fault_of_unsupported(unsupported: Mapping[Any, Any]) -> str:
    unknown = sorted(str(name) for name in unsupported if name not in CAPABILITIES)
    if unknown:
        return (
            f"unsupported names {one_line(', '.join(unknown))}, which no case needs; "
            f"capabilities are {', '.join(CAPABILITIES)}"
        )
    for name, why in unsupported.items():
        if not isinstance(why, str) or not why.strip():
            return f"unsupported gives {_shown(why)} for {name}; write the reason as a text"
    return ""


def _is_module_name(name: object) -> bool:
    return isinstance(name, str) and all(part.isidentifier() for part in name.split("."))


def _shown(value: object) -> str:
    text = one_line(repr(value))
    return text if len(text) <= 60 else f"{text[:59]}…"
