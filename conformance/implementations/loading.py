"""Finding an implementation by the name of an entry point or by address."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from conformance.console import one_line
from conformance.implementations import Implementation, ImplementationError
from conformance.implementations.checking import fault

GROUP = "butler_conformance.implementations"


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
        Raised where nothing is found, where the module or the factory raises anything but
        `KeyboardInterrupt`, or where the result is not an implementation.
    """
    address, place = _address(name)
    factory = _resolve(address, place)
    made = _guarded(factory, place, f"its factory {address.partition(':')[2]!r}")
    wrong = _guarded(lambda: fault(made), place, type(made).__name__)
    if wrong:
        raise ImplementationError(f"{place}: {wrong}.")
    implementation: Implementation = made
    return implementation


def _address(name: str) -> tuple[str, str]:
    """Return an address, and the words that say where it was written."""
    if ":" in name:
        return name, f"--butler {one_line(name)}"
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            return entry.value, f"--butler {name} ({entry.value})"
    known = names()
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    shown = one_line(name) or repr(name)
    raise ImplementationError(
        f"--butler {shown}: no implementation of that name is installed{hint} Known: "
        f"{', '.join(known) or 'none'}. Another one is named by its address, "
        "--butler package.module:factory."
    )


def _resolve(address: str, place: str) -> Callable[[], Any]:
    module_name, _, attribute = address.partition(":")
    if not all(part.isidentifier() for part in (*module_name.split("."), *attribute.split("."))):
        raise ImplementationError(f"{place}: an address is written package.module:factory.")
    module = found = _import(module_name, place)
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise ImplementationError(
                f"{place}: {module_name!r} has no {attribute!r}. "
                f"Its callables are: {', '.join(_callables(module)) or 'none'}."
            )
        found = getattr(found, part)
    if not callable(found):
        raise ImplementationError(
            f"{place}: {attribute!r} is of type {type(found).__name__}, not a factory; write a "
            "function without arguments that returns the implementation."
        )
    factory: Callable[[], Any] = found
    return factory


def _import(name: str, place: str) -> Any:
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name != missing and not name.startswith(f"{missing}."):
            raise ImplementationError(
                f"{place}: the module {name!r} needs {missing!r}, which is not installed."
            ) from error
        raise ImplementationError(
            f"{place}: the module {name!r} cannot be imported: {one_line(str(error))}. Is its "
            "package installed in this environment, or its folder on PYTHONPATH?"
        ) from error
    except BaseException as error:
        raise ImplementationError(
            f"{place}: the module {name!r} raises {_named(error)} when it is imported."
        ) from error


def _callables(module: Any) -> list[str]:
    """Return what a module defines and one can call; what it imports is no factory of its own."""
    return sorted(
        name
        for name, value in vars(module).items()
        if callable(value)
        and name[0] != "_"
        and getattr(value, "__module__", None) == module.__name__
    )


def _guarded(call: Callable[[], Any], place: str, who: str) -> Any:
    """Call what others wrote: whatever it raises, `SystemExit` too, is a fault of theirs."""
    try:
        return call()
    except KeyboardInterrupt:
        raise
    except ImplementationError as error:
        raise ImplementationError(f"{place}: {one_line(str(error))}.") from error
    except BaseException as error:
        raise ImplementationError(f"{place}: {who} raised {_named(error)}.") from error


def _named(error: BaseException) -> str:
    text = one_line(str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
