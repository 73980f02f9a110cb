"""What is wrong with a file of cases: where, what was written, and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

SHOWN = 12
"""How many of the known words are listed where none is near."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a file.

    Attributes
    ----------
    path
        The file.
    line
        The line, from 1; 0 where it is the whole file.
    text
        What is wrong, and what to write.
    """

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{_shown(self.path)}:{self.line}" if self.line else _shown(self.path)
        return f"{place}: {self.text}"


class CaseFileError(ValueError):
    """A file of cases, repositories or requirements cannot be used.

    Parameters
    ----------
    mistakes
        All that is wrong.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return what to write for a word that is not known, as the end of a sentence."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    more = ", …" if len(names) > SHOWN else ""
    return f"there are: {', '.join(names[:SHOWN]) or 'none'}{more}."


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the current folder is gone
        return str(path)
