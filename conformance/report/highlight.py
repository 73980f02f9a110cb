"""Python code as HTML, with keywords, text and comments told apart."""

from __future__ import annotations

import io
import keyword
import tokenize
from html import escape

CLASSES = {tokenize.STRING: "s", tokenize.COMMENT: "c", tokenize.NUMBER: "n"}
for _name in ("FSTRING_START", "FSTRING_MIDDLE", "FSTRING_END"):
    if hasattr(tokenize, _name):
        CLASSES[getattr(tokenize, _name)] = "s"


def python_html(code: str) -> str:
    """Return code with each token of interest in a ``span``; everything is escaped.

    Code that cannot be read as Python comes back escaped and plain.
    """
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return escape(code)
    lines = code.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    parts: list[str] = []
    place = 0
    for token in tokens:
        kind = CLASSES.get(token.type)
        if token.type == tokenize.NAME and keyword.iskeyword(token.string):
            kind = "k"
        if kind is None:
            continue
        start = starts[token.start[0] - 1] + token.start[1]
        end = starts[token.end[0] - 1] + token.end[1]
        if start < place:
            continue
        parts.append(escape(code[place:start]))
        parts.append(f'<span class="{kind}">{escape(code[start:end])}</span>')
        place = end
    parts.append(escape(code[place:]))
    return "".join(parts)
