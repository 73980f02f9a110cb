"""What a query of 2020 accepted for names: a name, ``...``, or a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import EllipsisType

__all__ = ["CollectionsExpression", "DatasetTypeExpression", "Like", "matcher", "refuse_ranking"]


@dataclass(frozen=True)
class Like:
    """A pattern of names, as SQL's LIKE understands it.

    Parameters
    ----------
    pattern : `str`
        ``%`` stands for any text, ``_`` for any character; the case of ASCII
        letters does not matter, as in SQLite.
    """

    pattern: str

    def matches(self, name: str) -> bool:
        """Whether a name has this form."""
        parts = (
            ".*" if character == "%" else "." if character == "_" else re.escape(character)
            for character in self.pattern
        )
        return bool(re.fullmatch("".join(parts), name, re.IGNORECASE | re.ASCII | re.DOTALL))


CollectionsExpression = EllipsisType | str | Iterable[str | Like]
"""Collections to search: ``...`` for all; a plain `str` is an iterable of its characters."""

DatasetTypeExpression = EllipsisType | str | Like
"""Dataset types to search for, by name."""


def matcher(terms: EllipsisType | Iterable[str | Like]) -> Callable[[str], bool]:
    """Return whether a name is among those that an expression stands for."""
    if isinstance(terms, EllipsisType):
        return lambda name: True
    listed = list(terms)
    plain = {term for term in listed if isinstance(term, str)}
    patterns = [term for term in listed if isinstance(term, Like)]
    return lambda name: name in plain or any(pattern.matches(name) for pattern in patterns)


def refuse_ranking(collections: CollectionsExpression) -> None:
    """Refuse an expression that gives no order of collections.

    Raises
    ------
    TypeError
        The expression is ``...``, or has a pattern.
    """
    if isinstance(collections, EllipsisType):
        raise TypeError("Cannot rank collections when no collections are provided.")
    for term in collections:
        if isinstance(term, Like):
            raise TypeError(f"Cannot rank collections that include LIKE pattern '{term.pattern}'.")
