"""What decorators declare in the Python files of a suite: laws, interop cases and pictures."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from conformance.folders import PACKAGE, shown_place, suite_files
from conformance.importing import failing_line, import_file

__all__ = ["Declaration", "check_named", "check_parameters", "declarations", "text_of"]

_CASE_ID = re.compile(r"[A-Z]+-\d+\.[a-z0-9][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A case that is a function; made by a decorator.

    Attributes
    ----------
    id
        The case: the id of its requirement, a full stop, and words.
    title
        What is so, in a few words.
    function
        What tries it.
    """

    id: str
    title: str
    function: Callable[..., None] = field(repr=False)

    @property
    def place(self) -> str:
        """The file and line."""
        code = self.function.__code__
        return shown_place(Path(code.co_filename), code.co_firstlineno)

    @property
    def code(self) -> str:
        """The text of the function, with its decorator."""
        return text_of(self.function)


def text_of(function: Callable[..., Any]) -> str:
    """Return the text of a function, with its decorator."""
    return textwrap.dedent(inspect.getsource(function))


Declared = TypeVar("Declared", bound=Declaration)


def check_named(decorator: str, example: str, id: Any, title: Any, error: type[Exception]) -> None:
    """Refuse what is no id of a case, or no title.

    Parameters
    ----------
    decorator
        What it was given to, such as ``law``.
    example
        An id as it should be.
    id, title
        What was given.
    error
        What is raised.

    Raises
    ------
    Exception
        Raised as ``error`` where one is not as it must be.
    """
    if not isinstance(id, str) or _CASE_ID.fullmatch(id) is None:
        raise error(
            f"@{decorator}({id!r}, …): an id is the requirement, a full stop, and words in small"
            f" letters, such as {example!r}"
        )
    if not isinstance(title, str) or not title.strip() or title.endswith("."):
        raise error(
            f"@{decorator}({id!r}, {title!r}): the title is a few words or a sentence, without its"
            " full stop"
        )


def check_parameters(
    decorator: str,
    id: str,
    function: Callable[..., None],
    names: Sequence[str],
    error: type[Exception],
) -> None:
    """Refuse a function that takes others than some parameters.

    Parameters
    ----------
    decorator, id
        What it was given to.
    function
        The function.
    names
        The parameters.
    error
        What is raised.

    Raises
    ------
    Exception
        Raised as ``error`` where it takes others.
    """
    parameters = list(inspect.signature(function).parameters)
    if parameters != list(names):
        raise error(
            f"@{decorator}({id!r}): write `def {function.__name__}({', '.join(names)}):`, not with"
            f" ({', '.join(parameters)})"
        )


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
