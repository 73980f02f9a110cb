"""Laws: what holds for any Butler and whatever is in it, so that no oracle is needed."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.folders import shown_place

CASE_ID = re.compile(r"[A-Z]+-\d+\.[a-z0-9][a-z0-9_.-]*")
PARAMETERS = ["session", "draw"]


class LawError(ValueError):
    """A law is not written as it must be."""


@dataclass(frozen=True, slots=True)
class Law:
    """A property of one's own; made by `law`.

    Attributes
    ----------
    id
        The case: the id of its requirement, a full stop, and words.
    title
        A sentence without its full stop.
    reaches
        What the examples of a run must reach for the run to say anything.
    function
        Takes a `Session` and the function ``draw`` of hypothesis.
    """

    id: str
    title: str
    reaches: tuple[str, ...]
    function: Callable[[Any, Any], None]

    @property
    def place(self) -> str:
        """The file and line."""
        code = self.function.__code__
        return shown_place(Path(code.co_filename), code.co_firstlineno)

    @property
    def code(self) -> str:
        """The text of the function."""
        return textwrap.dedent(inspect.getsource(self.function))


def law(id: str, title: str, *, reaches: Sequence[str]) -> Callable[[Callable[..., None]], Law]:
    """Make a law of a function that takes ``session`` and ``draw``.

    Parameters
    ----------
    id
        The id of its requirement, a full stop, and words: ``LAW-03.unrelated-run``.
    title
        What must hold, as a sentence without its full stop.
    reaches
        What the examples must reach: names from `conformance.properties.reaching.STATES`,
        "an empty answer" or "an answer that is not empty" of `Session.equal`, and what the law
        itself tells `Session.reached`.

    Raises
    ------
    LawError
        Raised where one of these, or the function, is not as described.
    """
    if not isinstance(id, str) or CASE_ID.fullmatch(id) is None:
        raise LawError(
            f"@law({id!r}, …): an id is the requirement, a full stop, and words in small letters,"
            " such as 'LAW-03.unrelated-run'"
        )
    if not isinstance(title, str) or not title.strip() or title.endswith("."):
        raise LawError(f"@law({id!r}, {title!r}): the title is a sentence without its full stop")
    if isinstance(reaches, str) or not all(isinstance(one, str) and one for one in reaches):
        raise LawError(f"@law({id!r}): reaches={reaches!r}; write texts in a tuple: ('a chain',)")
    if not reaches:
        raise LawError(
            f"@law({id!r}): reaches=() would let it pass without having met anything; name what"
            " its examples must reach, such as 'an answer that is not empty'"
        )

    def decorate(function: Callable[..., None]) -> Law:
        parameters = list(inspect.signature(function).parameters)
        if parameters != PARAMETERS:
            raise LawError(
                f"@law({id!r}): write `def {function.__name__}(session, draw):`, not with"
                f" ({', '.join(parameters)})"
            )
        return Law(id, title, tuple(reaches), function)

    return decorate
