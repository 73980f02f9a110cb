"""Errors that point at the place of an expression they are about."""

from __future__ import annotations

from ...errors import UserExpressionError, UserExpressionSyntaxError

__all__ = ["syntax_error", "user_error"]

_BEFORE, _AFTER = 60, 30  # characters that are shown of a long line


def syntax_error(text: str, start: int, message: str, end: int = 0) -> UserExpressionSyntaxError:
    """Return an error about an expression that follows no rule of the grammar.

    Parameters
    ----------
    text : `str`
        The expression.
    start, end : `int`
        The characters that the message is about.
    message : `str`
        What is wrong with them, and what to write instead.
    """
    return UserExpressionSyntaxError(_pointed(text, start, message, end))


def user_error(text: str, start: int, message: str, end: int = 0) -> UserExpressionError:
    """Return an error about an expression that means nothing; as `syntax_error` does."""
    return UserExpressionError(_pointed(text, start, message, end))


def _pointed(text: str, start: int, message: str, end: int) -> str:
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    line = text[first : last if last >= 0 else len(text)]
    column = start - first
    number = text.count("\n", 0, start) + 1
    place = (
        f"character {column + 1}" if "\n" not in text else f"line {number}, character {column + 1}"
    )
    marks = "^" * max(1, min(end, first + len(line)) - start)
    skipped = max(0, column - _BEFORE)
    dots = "…" if skipped else ""
    shown = line[skipped : column + max(len(marks), _AFTER)]
    rest = "…" if skipped + len(shown) < len(line) else ""
    # What is not printed as one character would move the mark away from its place.
    shown = "".join(one if one.isprintable() else " " for one in shown)
    indent = " " * (len(dots) + column - skipped)
    return (
        f"where, {place}: {message}\n    {dots}{shown}{rest}\n    {indent}{marks[: len(shown) + 1]}"
    )
