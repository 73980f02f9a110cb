"""The code of the steps, one script in percent format for each dialect.

A cell begins with ``# %% NUMBER needs="NUMBERS"``: its number in the notebook, and the earlier
cells whose names it uses. The text of a cell is what a run executes and what reports show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

HEAD = re.compile(r'^# %% (?P<number>\d+)(?: needs="(?P<needs>[\d ]+)")?$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cell:
    """The code of one step in one dialect.

    Attributes
    ----------
    number
        Its number among the code cells of the notebook.
    needs
        The numbers of the cells that it builds on.
    code
        Python, without the heading.
    """

    number: int
    needs: tuple[int, ...]
    code: str


@cache
def read(dialect: str) -> dict[int, Cell]:
    """Return the cells of a dialect by number."""
    return parse((files(__name__) / f"{dialect}.py").read_text(encoding="utf-8"))


def parse(text: str) -> dict[int, Cell]:
    """Return the cells of a script in percent format by number.

    Raises
    ------
    ValueError
        Raised where two cells have one number, or a cell needs a later one.
    """
    heads = list(HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    cells: dict[int, Cell] = {}
    for head, end in zip(heads, ends, strict=True):
        number = int(head["number"])
        needs = tuple(int(need) for need in (head["needs"] or "").split())
        if number in cells:
            raise ValueError(f"two cells have the number {number}")
        if any(need >= number for need in needs):
            raise ValueError(f"cell {number} needs a cell that does not come before it: {needs}")
        cells[number] = Cell(number, needs, text[head.end() : end].strip("\n"))
    return cells
