"""What decorators declare in the Python files of a suite: laws, and interop cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from conformance.folders import PACKAGE, suite_files
from conformance.importing import failing_line, import_file


class Declaration(Protocol):
    """What a decorator makes of a function."""

    @property
    def id(self) -> str:
        """The case that it is."""

    @property
    def place(self) -> str:
        """The file and line."""

    @property
    def function(self) -> Callable[..., Any]:
        """The function."""


Declared = TypeVar("Declared", bound=Declaration)


def declarations(
    kind: str, own: str, type_: type[Declared], error: type[Exception], folders: Sequence[Path]
) -> list[Declared]:
    """Return all of one type, by id.

    Parameters
    ----------
    kind
        The subfolder that they are in, such as ``interop``.
    own
        How the names of the suite's own files of them begin; beside them is what tries them.
    type_
        What the decorator makes.
    error
        What is raised where something is not as it must be.
    folders
        Folders of others beside the suite's own.

    Raises
    ------
    Exception
        Raised as ``error`` where a file cannot be read, or an id stands twice.
    """
    found: dict[str, Declared] = {}
    for path in suite_files(kind, ".py", folders):
        if path.parent == PACKAGE / kind and not path.stem.startswith(own):
            continue
        for one in _declared_in(path, type_, error):
            if one.id in found:
                raise error(f"{one.place}: {one.id} stands in {found[one.id].place} already")
            found[one.id] = one
    return [found[id] for id in sorted(found)]


def _declared_in(path: Path, type_: type[Declared], error: type[Exception]) -> list[Declared]:
    try:
        module = import_file(path)
    except Exception as failure:
        line = failing_line(failure, path)
        where = f"line {line}: " if line else ""
        name = "" if isinstance(failure, error) else f"{type(failure).__name__}: "
        raise error(f"{path.parent.name}/{path.name}: {where}{name}{failure}") from failure
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type_) and Path(one.function.__code__.co_filename) == path
    ]
