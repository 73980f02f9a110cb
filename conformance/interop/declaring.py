"""Declaring a function as an interop case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.declarations import Declaration, check_named, check_parameters, text_of

Function: TypeAlias = Callable[[Any, Any], None]

ARCHIVE = "archive"
"""The repository that cases begin with, unless they name another."""


class StoryError(ValueError):
    """An interop case is not written as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story(Declaration):
    """An interop case, of A and B, each a `conformance.interop.stage.Actor`; made by `interop`.

    Attributes
    ----------
    repository
        The file of the folder ``repositories`` that says what A fills the repository with.
    alone
        Whether the tables must hold what A alone leaves.
    """

    repository: str
    alone: bool

    @property
    def code(self) -> str:
        """The text of the function, without its decorator."""
        text = text_of(self.function)
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
    check_named("interop", "ITP-04.tagged", id, title, StoryError)

    def decorate(function: Function) -> Story:
        check_parameters("interop", id, function, ["a", "b"], StoryError)
        return Story(id=id, title=title, repository=repository, alone=alone, function=function)

    return decorate
