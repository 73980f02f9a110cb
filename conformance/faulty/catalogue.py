"""Finding faults: those of the suite, and those in folders of others."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from conformance.console import one_line
from conformance.faults import Fault
from conformance.folders import shown_place, suite_files
from conformance.importing import failing_line, import_file


class FaultError(Exception):
    """A fault cannot be found, or its file is wrong."""


def faults(folders: Sequence[Path] = ()) -> dict[str, Fault]:
    """Return the faults by name, the suite's own first.

    Raises
    ------
    FaultError
        Raised where a file raises when it is loaded, where it declares no fault, or where two
        faults have one name.
    """
    found: dict[str, Fault] = {}
    for path in suite_files("faults", ".py", folders):
        declared = _declared(path)
        if not declared:
            raise FaultError(
                f"{shown_place(path)} declares no fault; write @fault(…) above a function, as "
                "conformance.faults shows, or begin the file's name with an underscore."
            )
        for fault in declared:
            if fault.name in found:
                raise FaultError(
                    f"{fault.place}: {fault.name} is the name of a fault in "
                    f"{found[fault.name].place} already; write another."
                )
            found[fault.name] = fault
    return found


def named(name: str, folders: Sequence[Path] = ()) -> Fault:
    """Return a fault.

    Raises
    ------
    FaultError
        Raised where there is none of that name; with the nearest, and all there are.
    """
    known = faults(folders)
    if name in known:
        return known[name]
    close = difflib.get_close_matches(name.replace("-", "_"), known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "."
    raise FaultError(
        f"--fault {one_line(name) or repr(name)}: there is no fault of that name{hint} "
        f"Known: {', '.join(known)}."
    )


def _declared(path: Path) -> list[Fault]:
    module = _load(path)
    members = vars(module).values()
    return [one for one in members if isinstance(one, Fault) and one.module == module.__name__]


def _load(path: Path) -> ModuleType:
    try:
        return import_file(path)
    except Exception as error:
        place = shown_place(path, failing_line(error, path))
        raise FaultError(f"{place}: {_named(error)}.") from error


def _named(error: Exception) -> str:
    text = error.msg if isinstance(error, SyntaxError) else one_line(str(error))
    return f"{type(error).__name__}: {text}"
