"""The words that an expression is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .pointing import syntax_error

__all__ = ["KEYWORDS", "Token", "tokens"]

KEYWORDS = frozenset({"AND", "OR", "NOT", "IN", "OVERLAPS"})
"""Words that are no names, in whatever case they are written."""

_PATTERN = re.compile(
    r"""
      (?P<space>   [ \t\r\n]+ )
    | (?P<time>    [Tt]'[^'\n]*' )
    | (?P<text>    '[^'\n]*' )
    | (?P<range>   -?[0-9]+ [ \t]* \.\. [ \t]* -?[0-9]+ ([ \t]* : [ \t]* [0-9]+)? )
    | (?P<number>  ( [0-9]+ (\.[0-9]*)? | \.[0-9]+ ) ([Ee][+-]?[0-9]+)? )
    | (?P<name>    [A-Za-z_][A-Za-z0-9_]* ( \. [A-Za-z_][A-Za-z0-9_]* )* )
    | (?P<bind>    :[A-Za-z_][A-Za-z0-9_]* )
    | (?P<sign>    != | <= | >= | [=<>(),+*/%-] )
    """,
    re.VERBOSE,
)

_INSTEAD = {
    "==": "write = for equal",
    "=>": "write >= for not less",
    "=<": "write <= for not more",
    "<>": "write != for not equal",
    "&&": "write AND",
    "||": "write OR",
    "&": "write AND",
    "|": "write OR",
    "!": "write NOT, or != for not equal",
    '"': "a string is in single quotes, 'like this'",
    "`": "a string is in single quotes, 'like this'",
    "’": "a string is in straight quotes, 'like this'",
    "‘": "a string is in straight quotes, 'like this'",
    "{": "a list is in parentheses: visit IN (1, 2)",
    "[": "a list is in parentheses: visit IN (1, 2)",
    "'": "the string has no closing quote",
    ":": "a bound value is a colon and its name, as in :visits",
    ";": "an expression is one condition; join several by AND or OR",
    "~": "write NOT",
    "?": "a bound value is a colon and its name, as in :visits",
    "$": "a bound value is a colon and its name, as in :visits",
}
"""What to write for what other languages have."""


class Token(NamedTuple):
    """A word of an expression.

    Parameters
    ----------
    kind : `str`
        ``time``, ``text``, ``range``, ``number``, ``name``, ``bind``,
        ``sign``, ``keyword`` or ``end``.
    value : `str`
        The word; a keyword in capitals.
    start, end : `int`
        Where it is in the expression.
    """

    kind: str
    value: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of an expression, and at last its end.

    Raises
    ------
    UserExpressionSyntaxError
        If there is something that begins no word.
    """
    place = 0
    while place < len(text):
        match = _PATTERN.match(text, place)
        if match is None or text.startswith(("==", "=>", "=<", "<>"), place):
            raise _no_word(text, place)
        place, kind = match.end(), str(match.lastgroup)
        if kind == "space":
            continue
        value = match.group()
        if kind == "name" and value.upper() in KEYWORDS:
            kind, value = "keyword", value.upper()
        elif kind in ("number", "range") and text[place : place + 1].isidentifier():
            raise syntax_error(
                text,
                match.start(),
                f"{value}{text[place]} is neither a number nor a name; a string is in single"
                " quotes, 'like this'",
                place + 1,
            )
        yield Token(kind, value, match.start(), place)
    yield Token("end", "", len(text), len(text))


def _no_word(text: str, place: int) -> Exception:
    for word, instead in _INSTEAD.items():
        if text.startswith(word, place):
            return syntax_error(
                text, place, f"{word} means nothing here: {instead}", place + len(word)
            )
    return syntax_error(text, place, f"{text[place]!r} means nothing here", place + 1)
