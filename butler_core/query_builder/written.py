"""Expressions of the ``where`` grammar, in pieces."""

from __future__ import annotations

import dataclasses
import math
import numbers
from typing import Any

from ..errors import InvalidQueryError

__all__ = ["BoundValue", "Written"]

_LARGEST = 1 << 63  # a number as large as that has no digits in the grammar


@dataclasses.dataclass(frozen=True, slots=True)
class BoundValue:
    """A value that has a name in the text of an expression.

    Parameters
    ----------
    value : `object`
        The value, or a list of them.
    """

    value: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """An expression in pieces: texts, and values between them.

    Parameters
    ----------
    pieces : `tuple`
        The pieces.
    """

    pieces: tuple[str | BoundValue, ...]

    @classmethod
    def join(cls, template: str, *parts: Written) -> Written:
        """Return a text with others in the places of its ``{}``."""
        texts = template.split("{}")
        pieces: list[str | BoundValue] = [texts[0]]
        for part, text in zip(parts, texts[1:], strict=True):
            pieces += [*part.pieces, text]
        return cls(tuple(piece for piece in pieces if piece != ""))

    @classmethod
    def value(cls, value: Any) -> Written:
        """Return a value: a number or string as it is written, another bound to a name.

        Raises
        ------
        InvalidQueryError
            If it is true or false, which no column is compared with.
        """
        if isinstance(value, bool):
            raise InvalidQueryError(
                f"{value} is compared with no column: a column of truth values is a condition by"
                " x.visit.can_see_sky.as_boolean()"
            )
        if isinstance(value, numbers.Integral) and abs(int(value)) < _LARGEST:
            return cls((f"({int(value)})" if value < 0 else str(int(value)),))
        if isinstance(value, float) and math.isfinite(value):
            return cls((f"({value!r})" if value < 0 else repr(float(value)),))
        if isinstance(value, str) and "'" not in value:
            return cls((f"'{value}'",))
        return cls((BoundValue(value),))

    def rendered(self) -> tuple[str, dict[str, Any]]:
        """Return the text, and the values of the names in it."""
        bind: dict[str, Any] = {}
        text = ""
        for piece in self.pieces:
            if isinstance(piece, BoundValue):
                name = f"value_{len(bind) + 1}"
                bind[name] = piece.value
                piece = f":{name}"
            text += piece
        return text, bind

    def __str__(self) -> str:
        return "".join(
            repr(piece.value) if isinstance(piece, BoundValue) else piece for piece in self.pieces
        )
