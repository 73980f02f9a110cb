"""What the catalogues of a repository hold, read with astropy alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy.io import fits
from numpy.typing import NDArray

FIELD = re.compile(r"(TTYPE|TFLAG)(\d+)")
FOOTPRINT = "footprint"  # a number of the archive, which no field of the table stands for


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a catalogue.

    Attributes
    ----------
    values
        Its value in each row, in the byte order of the machine; booleans for a flag.
    unit
        As the file writes it; empty where there is none.
    """

    values: NDArray[Any]
    unit: str


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """An afw table as its file holds it.

    Attributes
    ----------
    columns
        Name of a field to the field, in the order of the ``TTYPE`` and ``TFLAG`` cards, which
        is the order of afw's schema (afw, src/table/io/FitsSchemaInputMapper.cc).
    aliases
        Other beginnings of names, such as ``slot_Centroid`` for ``base_SdssCentroid``.
    """

    columns: dict[str, Column]
    aliases: dict[str, str]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.columns["id"].values)

    def slot(self, slot: str, field: str) -> NDArray[Any]:
        """Return a field of what a slot stands for, such as x of the Centroid."""
        return self.columns[f"{self.aliases[f'slot_{slot}']}_{field}"].values

    def positions(self) -> NDArray[np.float64]:
        """Return x and y of the centroids in pixels of the parent image, shape (rows, 2)."""
        return np.column_stack([self.slot("Centroid", "x"), self.slot("Centroid", "y")])


def read_catalogue(path: Path) -> CatalogueFile:
    """Read the first table of a file, its column of bits as one column for each flag."""
    with fits.open(path, memmap=False) as hdus:
        table = next(hdu for hdu in hdus if isinstance(hdu, fits.BinTableHDU))
        cards = table.header.cards
        aliases = [card.value.split(":") for card in cards if card.keyword == "ALIAS"]
        return CatalogueFile(dict(_columns(table)), dict(aliases))


def _columns(table: fits.BinTableHDU) -> Iterator[tuple[str, Column]]:
    header, flags = table.header, int(table.header.get("FLAGCOL", 0))
    for card in header.cards:
        named = FIELD.fullmatch(card.keyword)
        if named is None or card.value == FOOTPRINT:
            continue
        number = int(named[2])
        if named[1] == "TFLAG":
            bits = table.data.field(flags - 1)
            yield card.value, Column(np.array(bits[:, number - 1], dtype=bool), "")
        elif number != flags:
            values = np.array(table.data.field(number - 1))
            native = values.astype(values.dtype.newbyteorder("="))
            yield card.value, Column(native, header.get(f"TUNIT{number}", ""))
