"""Arguments of strategies, checked when a strategy is made and not when it is drawn from."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from hypothesis.errors import InvalidArgument

from conformance.model import DIMENSIONS


def checked_dimensions(dimensions: object) -> tuple[str, ...]:
    """Return the names of dimensions.

    Raises
    ------
    InvalidArgument
        Raised for what is no tuple or list of names, and for a name that is no dimension.
    """
    if isinstance(dimensions, str):
        raise InvalidArgument(
            f"dimensions={dimensions!r} is one text: write ({dimensions!r},) for one dimension"
        )
    if not isinstance(dimensions, Iterable):
        raise InvalidArgument(
            f"dimensions={dimensions!r}: write names in a tuple, such as ('instrument', 'detector')"
        )
    names = tuple(dimensions)
    for name in names:
        checked_dimension(name, "dimensions")
    return names


def checked_dimension(name: object, argument: str) -> str:
    """Return the name of a dimension; raise `InvalidArgument` where it is none."""
    if not isinstance(name, str) or name not in DIMENSIONS:
        close = difflib.get_close_matches(str(name), DIMENSIONS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(DIMENSIONS)}"
        raise InvalidArgument(f"{argument} names {name!r}, which is no dimension here; {hint}")
    return name


def checked_number(value: object, argument: str, least: int, most: int) -> int:
    """Return a whole number from ``least`` to ``most``; raise `InvalidArgument` for others."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidArgument(f"{argument}={value!r}: write a number from {least} to {most}")
    return value


def checked_names(values: object, argument: str) -> tuple[str, ...]:
    """Return names, each once; raise `InvalidArgument` where they are not such."""
    if isinstance(values, str) or not isinstance(values, Collection):
        raise InvalidArgument(f"{argument}={values!r}: write names in a tuple, such as ('a', 'b')")
    names = tuple(values)
    wrong = [name for name in names if not isinstance(name, str) or not name]
    if wrong:
        raise InvalidArgument(f"{argument} holds {wrong[0]!r}: a name is a text that is not empty")
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise InvalidArgument(f"{argument} holds {twice[0]!r} twice")
    return names
