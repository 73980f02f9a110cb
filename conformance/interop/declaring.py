"""Declaring a function as an interop case."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from conformance.folders import shown_place

Function: TypeAlias = Callable[[Any, Any], None]

CASE_ID = re.compile(r"[A-Z]+-\d+\.[a-z0-9][a-z0-9_.-]*")
ARCHIVE = "archive"
"""The repository that cases begin with, unless they name another."""


class StoryError(ValueError):
    """An interop case is not written as it must be."""


@dataclass(frozen=True, slots=True)
class Story:
    """An interop case; made by `interop`.

    Attributes
    ----------
    id
        The case: the id of its requirement, a full stop, and words.
    title
        What is so, in a few words.
    repository
        The file of the folder ``repositories`` that says what A fills the repository with.
    alone
        Whether the tables must hold what A alone leaves.
    function
        Takes A and B, each a `conformance.interop.stage.Actor`.
    """

    id: str
    title: str
    repository: str
    alone: bool
    function: Function = field(repr=False)

    @property
    def place(self) -> str:
        """The file and line."""
        code = self.function.__code__
        return shown_place(Path(code.co_filename), code.co_firstlineno)

    @property
    def code(self) -> str:
        """The text of the function, without its decorator."""
        text = textwrap.dedent(inspect.getsource(self.function))
        return text[text.index("def ") :]


def interop(
    id: str, title: str, *, repository: str = ARCHIVE, alone: bool = True
) -> Callable[[Function], Story]:
    """Make an interop case of a function that takes ``a`` and ``b``.

    Parameters
    ----------
    id
        The id of its requirement, a full stop, and words: ``ITP-04.tagged``.
    title
        What is so, in a few words.
    repository
        The file of the folder ``repositories`` that says what A fills the repository with.
    alone
        Whether the tables must in the end hold the rows that A leaves where it does alone what
        both did; not where B is to do something in its own way.

    Raises
    ------
    StoryError
        Raised where one of these, or the function, is not as described.
    """
    if not isinstance(id, str) or CASE_ID.fullmatch(id) is None:
        raise StoryError(
            f"@interop({id!r}, …): an id is the requirement, a full stop, and words in small "
            "letters, such as 'ITP-04.tagged'"
        )
    if not isinstance(title, str) or not title.strip() or title.endswith("."):
        raise StoryError(f"@interop({id!r}, {title!r}): write a few words, without a full stop")

    def decorate(function: Function) -> Story:
        parameters = list(inspect.signature(function).parameters)
        if parameters != ["a", "b"]:
            raise StoryError(
                f"@interop({id!r}): write `def {function.__name__}(a, b):`, not with"
                f" ({', '.join(parameters)})"
            )
        return Story(id, title, repository, alone, function)

    return decorate
