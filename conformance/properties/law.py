"""Laws: what holds for any Butler and whatever is in it, so that no oracle is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.declarations import Declaration, check_named, check_parameters


class LawError(ValueError):
    """A law is not written as it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law(Declaration):
    """A property of one's own, of a `Session` and hypothesis's ``draw``; made by `law`.

    Attributes
    ----------
    reaches
        What the examples of a run must reach for the run to say anything.
    """

    reaches: tuple[str, ...]


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
    check_named("law", "LAW-03.unrelated-run", id, title, LawError)
    if isinstance(reaches, str) or not all(isinstance(one, str) and one for one in reaches):
        raise LawError(f"@law({id!r}): reaches={reaches!r}; write texts in a tuple: ('a chain',)")
    if not reaches:
        raise LawError(
            f"@law({id!r}): reaches=() would let it pass without having met anything; name what"
            " its examples must reach, such as 'an answer that is not empty'"
        )

    def decorate(function: Callable[..., None]) -> Law:
        check_parameters("law", id, function, ["session", "draw"], LawError)
        return Law(id=id, title=title, reaches=tuple(reaches), function=function)

    return decorate
