"""Finding an implementation by the name of an entry point or by address."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from conformance.implementations import DIALECTS, Dialect, Implementation
from conformance.implementations.capabilities import CAPABILITIES

GROUP = "butler_conformance.implementations"


class ImplementationError(Exception):
    """An implementation cannot be found, or is not what the suite can speak to."""


def names() -> list[str]:
    """Return the names under which implementations are installed."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


@cache
def load(name: str) -> Implementation:
    """Return an implementation; its factory is called once in a process.

    Parameters
    ----------
    name
        The name of an entry point of the group ``butler_conformance.implementations``, or an
        address ``package.module:factory``. A factory takes no arguments.

    Raises
    ------
    ImplementationError
        Raised where nothing is found, the factory raises, or its result lacks something.
    """
    implementation: Implementation = _call(_factory(name), name)
    _validate(implementation, name)
    return implementation


def _factory(name: str) -> Callable[[], Any]:
    if ":" not in name:
        for entry in entry_points(group=GROUP):
            if entry.name == name:
                return _resolve(entry.value, f"--butler {name} ({entry.value})")
        known = names()
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        raise ImplementationError(
            f"--butler {name}: no implementation of that name is installed{hint} Known: "
            f"{', '.join(known) or 'none'}. Another one is named by its address, "
            "--butler package.module:factory."
        )
    return _resolve(name, f"--butler {name}")


def _resolve(address: str, place: str) -> Callable[[], Any]:
    module_name, _, attribute = address.partition(":")
    if not module_name or not attribute:
        raise ImplementationError(f"{place}: an address is written package.module:factory.")
    try:
        found: Any = importlib.import_module(module_name)
    except ImportError as error:
        raise ImplementationError(
            f"{place}: the module {module_name!r} cannot be imported: {error}. Is its package "
            "installed in this environment, or its folder on PYTHONPATH?"
        ) from error
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise ImplementationError(
                f"{place}: {module_name!r} has no {attribute!r}. Its callables are: "
                f"{', '.join(_callables(found)) or 'none'}."
            )
        found = getattr(found, part)
    if not callable(found):
        raise ImplementationError(
            f"{place}: {attribute!r} is of type {type(found).__name__}, not a factory. Write a "
            "function without arguments that returns the implementation."
        )
    factory: Callable[[], Any] = found
    return factory


def _callables(module: Any) -> list[str]:
    return sorted(
        name for name, value in vars(module).items() if callable(value) and name[0] != "_"
    )


def _call(factory: Callable[[], Any], name: str) -> Any:
    try:
        return factory()
    except Exception as error:
        raise ImplementationError(
            f"--butler {name}: its factory raised {type(error).__name__}: {error}"
        ) from error


def _validate(implementation: Any, name: str) -> None:
    missing = [
        attribute
        for attribute in (
            "name",
            "version",
            "dialects",
            "unsupported",
            "make_repository",
            "open",
            "drawn",
        )
        if not hasattr(implementation, attribute)
    ]
    if missing:
        raise ImplementationError(
            f"--butler {name}: {type(implementation).__name__} lacks {', '.join(missing)}; see "
            "conformance.implementations.Implementation for what each must be."
        )
    for dialect, modules in implementation.dialects.items():
        if dialect not in DIALECTS or not isinstance(modules, Dialect):
            raise ImplementationError(
                f"--butler {name}: dialects maps {', '.join(DIALECTS)} to Dialect(butler=module, "
                f"display=module), not {dialect!r} to {modules!r}."
            )
    unknown = sorted(set(implementation.unsupported) - set(CAPABILITIES))
    if unknown:
        raise ImplementationError(
            f"--butler {name}: unsupported names {', '.join(unknown)}, which no case needs. "
            f"Capabilities are {', '.join(CAPABILITIES)}."
        )
