"""The values that are written in an expression."""

from __future__ import annotations

import math
import re

from . import tree
from .pointing import syntax_error
from .tokens import Token

__all__ = ["literal"]


def literal(text: str, token: Token) -> tree.Node:
    """Return the value that a word of an expression is.

    Parameters
    ----------
    text : `str`
        The expression.
    token : `Token`
        A ``text``, ``time``, ``number``, ``range`` or ``bind``.

    Raises
    ------
    UserExpressionSyntaxError
        If it is a number that no column can hold, or an impossible range.
    """
    start, end, value = token.start, token.end, token.value
    match token.kind:
        case "text":
            return tree.Text(start, end, value[1:-1])
        case "time":
            return tree.Time(start, end, value[2:-1])
        case "bind":
            return tree.Bind(start, end, value[1:])
        case "number":
            return tree.Number(start, end, _number(text, token))
        case _:
            return _range(text, token)


def _number(text: str, token: Token) -> int | float:
    if not token.value.isdigit():
        value = float(token.value)
        if math.isinf(value):
            raise syntax_error(text, token.start, "this number is too large", token.end)
        return value
    return _integer(text, token, token.value)


def _integer(text: str, token: Token, digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= int(digits) < 2**63:
        raise syntax_error(text, token.start, "integers have at most 64 bits", token.end)
    return int(digits)


def _range(text: str, token: Token) -> tree.Range:
    parts = [part.strip() for part in re.split(r"\.\.|:", token.value)]
    first, last, *more = (_integer(text, token, part) for part in parts)
    stride = more[0] if more else 1
    if stride < 1:
        raise syntax_error(text, token.start, "the stride of a range is 1 or more", token.end)
    if last < first:
        message = f"a range goes upwards: write {last}..{first}"
        raise syntax_error(text, token.start, message, token.end)
    return tree.Range(token.start, token.end, first, last, stride)
