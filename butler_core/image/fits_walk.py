"""A walk over the headers of a FITS file, before astropy looks at them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from ..errors import DatasetReadError

__all__ = ["check_counts"]

_BLOCK, _CARD = 2880, 80
_MOST = 999
"""The FITS standard (4.0, sections 4.4.1.1 and 7.3.1) ends both counts here."""

_NUMBER = re.compile(
    rb"(Z?NAXIS|NAXIS\d{1,3}|BITPIX|PCOUNT|GCOUNT|TFIELDS) *= *([+-]?\d+) *(?:/|$|  )"
)
_END = re.compile(rb"END {77}")


def check_counts(path: Path) -> None:
    """Look whether the numbers of axes and columns and the sizes are those of a FITS file.

    astropy counts up to the numbers, and goes from HDU to HDU by the sizes; with damaged
    ones it would not come to an end.

    Parameters
    ----------
    path : `~pathlib.Path`
        The file; what else may be wrong with it is for astropy to say.

    Raises
    ------
    DatasetReadError
        An HDU has more than 999 axes or columns, or fewer than none, or a negative size.
    """
    with path.open("rb") as file:
        size = path.stat().st_size
        begin, index = 0, 0
        while begin < size:
            file.seek(begin)
            header = _header(file)
            if not header.startswith(b"XTENSION" if index else b"SIMPLE"):
                return
            numbers = _numbers(header)
            for keyword in ("NAXIS", "TFIELDS", "ZNAXIS"):
                if not 0 <= numbers.get(keyword, 0) <= _MOST:
                    raise DatasetReadError(
                        f"{path}: cannot read the header of HDU {index}: {keyword} is "
                        f"{numbers[keyword]}, and may be from 0 to {_MOST}"
                    )
            content = _content(numbers)
            if content < 0:
                raise DatasetReadError(
                    f"{path}: cannot read the header of HDU {index}: its data would have "
                    f"{content} bytes"
                )
            begin += len(header) + content + -content % _BLOCK
            index += 1


def _header(file: BinaryIO) -> bytes:
    """Read blocks up to the one that holds the END card, or to the end of the file."""
    blocks: list[bytes] = []
    while len(block := file.read(_BLOCK)) == _BLOCK:
        blocks.append(block)
        if any(found.start() % _CARD == 0 for found in _END.finditer(block)):
            break
    return b"".join(blocks)


def _numbers(header: bytes) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for found in _NUMBER.finditer(header):
        if found.start() % _CARD == 0:
            numbers.setdefault(found[1].decode(), int(found[2]))
    return numbers


def _content(numbers: dict[str, int]) -> int:
    """Return how many bytes the data of an HDU have."""
    axes = numbers.get("NAXIS", 0)
    if axes == 0:
        return 0
    elements = 1
    for axis in range(1, axes + 1):
        elements *= numbers.get(f"NAXIS{axis}", 0)
    groups, extra = numbers.get("GCOUNT", 1), numbers.get("PCOUNT", 0)
    return abs(numbers.get("BITPIX", 8)) // 8 * groups * (extra + elements)
