"""Archives for new files, from nothing or upon one that was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .archive import Archive, ArchiveEntry
from .carried import RawHdu
from .catalog import BaseCatalog
from .schema import Field, Schema
from .table_write import table_hdu

__all__ = ["ArchiveBuilder"]

_NAME_LENGTH = 64
_INDEX_FIELDS = (
    Field("id", "Scalar", np.dtype(np.int32), "number of the object"),
    Field("cat.archive", "Scalar", np.dtype(np.int32), "table, counted from the index"),
    Field("cat.persistable", "Scalar", np.dtype(np.int32), "table, counted within the object"),
    Field("row0", "Scalar", np.dtype(np.int32), "first row of the object in the table"),
    Field("nrows", "Scalar", np.dtype(np.int32), "number of rows of the object in the table"),
    Field("name", "String", np.dtype("U"), "class of the object", "", _NAME_LENGTH),
    Field("module", "String", np.dtype("U"), "module of the class", "", _NAME_LENGTH),
)


class ArchiveBuilder:
    """An archive that objects can be added to.

    Parameters
    ----------
    base : `Archive`, optional
        What it holds already; kept as it is.
    """

    def __init__(self, base: Archive | None = None) -> None:
        self.base = base
        self._next = max(base.ids(), default=0) + 1 if base else 1
        self._tables: list[tuple[str, BaseCatalog]] = []
        self._entries: list[ArchiveEntry] = []

    def reserve(self) -> int:
        """Return the number of an object that is added later, after those it refers to."""
        number, self._next = self._next, self._next + 1
        return number

    def add(
        self, name: str, module: str, tables: Sequence[BaseCatalog], number: int | None = None
    ) -> int:
        """Add an object, and return its number.

        Parameters
        ----------
        name, module : `str`
            The class of the object in LSST.
        tables : `~collections.abc.Sequence` [ `BaseCatalog` ]
            Its rows.
        number : `int`, optional
            A number of `reserve`.
        """
        if number is None:
            number = self.reserve()
        first = len(self.base.hdus) if self.base else 1
        for place, table in enumerate(tables):
            catalog = first + len(self._tables)
            self._tables.append((name, table))
            self._entries.append(ArchiveEntry(number, catalog, place, 0, len(table), name, module))
        return number

    def build(self) -> tuple[RawHdu, ...]:
        """Return the HDUs of the archive; none if it holds nothing."""
        if not self._tables:
            return self.base.hdus if self.base else ()
        kept = self.base.hdus[1:] if self.base else ()
        names = [str(hdu.parse_header().get("EXTNAME", "")) for hdu in kept]
        made = []
        for number, (name, table) in enumerate(self._tables, start=len(kept) + 1):
            repeats = names.count(name)
            names.append(name)
            made.append(table_hdu(table, _data_cards(name, number, repeats)))
        return (self._index_hdu(len(kept) + len(made) + 1), *kept, *made)

    def _index_hdu(self, count: int) -> RawHdu:
        old = self.base.catalog(0) if self.base else BaseCatalog(Schema(_INDEX_FIELDS))
        columns: dict[str, Any] = {}
        for name, column in old.columns.items():
            attribute = {"cat.archive": "catalog", "cat.persistable": "persistable"}.get(name, name)
            added = [getattr(entry, attribute, "") for entry in self._entries]
            columns[name] = np.concatenate([column, np.array(added, dtype=column.dtype.kind)])
        index = BaseCatalog(old.schema, columns)
        index.header, index.fields_as_read = old.header, old.fields_as_read
        index.aliases_as_read, index.metadata = old.aliases_as_read, old.metadata
        return table_hdu(
            index,
            [
                ("EXTTYPE", "ARCHIVE_INDEX", ""),
                ("EXTNAME", "ARCHIVE_INDEX", ""),
                ("AR_CATN", 0, "# of this catalog relative to the start of this archive"),
                ("AR_NCAT", count, "# of catalogs in this archive, including the index"),
            ],
        )


def _data_cards(name: str, number: int, repeats: int) -> list[tuple[str, Any, str]]:
    cards: list[tuple[str, Any, str]] = [
        ("EXTTYPE", "ARCHIVE_DATA", ""),
        ("AR_CATN", number, "# of this catalog relative to the start of this archive"),
    ]
    if repeats:
        cards.append(("EXTVER", repeats + 1, ""))
    cards.append(("AR_NAME", name, "Class name for objects stored here"))
    cards.append(("EXTNAME", name, ""))
    return cards
