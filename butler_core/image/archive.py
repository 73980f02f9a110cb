"""The archive of a file: LSST's objects as rows of tables.

Notes
-----
The first HDU of an archive is its index.  Each row there says for an object (by
its number) in which table its rows are, from which row on and how many.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import NamedTuple

from astropy.io import fits
from astropy.utils.exceptions import AstropyWarning

from ..errors import DatasetReadError
from .carried import RawHdu
from .catalog import BaseCatalog
from .fits_file import BROKEN
from .table_catalog import catalog_from_table

__all__ = ["Archive", "ArchiveEntry"]


class ArchiveEntry(NamedTuple):
    """A row of an archive's index.

    Parameters
    ----------
    id : `int`
        The number of the object.
    catalog : `int`
        The table, counted from the index, which is 0.
    persistable : `int`
        The place of this table among those of the object.
    row0, nrows : `int`
        The first row, and how many.
    name, module : `str`
        The class of the object.
    """

    id: int
    catalog: int
    persistable: int
    row0: int
    nrows: int
    name: str
    module: str


class Archive:
    """An archive.

    Parameters
    ----------
    hdus : `~collections.abc.Sequence` [ `RawHdu` ]
        Its HDUs, the index first.
    source : `str`
        The file, for messages.
    position : `int`
        How many other HDUs stand between the pixels and the archive.
    """

    def __init__(self, hdus: Sequence[RawHdu], source: str = "", position: int = 0) -> None:
        self.hdus = tuple(hdus)
        self.source = source
        self.position = position
        self._catalogs: dict[int, BaseCatalog] = {}
        self._entries: dict[int, list[ArchiveEntry]] | None = None

    def catalog(self, number: int) -> BaseCatalog:
        """Return a table of the archive.

        Parameters
        ----------
        number : `int`
            Counted from the index, which is 0.

        Raises
        ------
        DatasetReadError
            There is no such table, or it cannot be read.
        """
        if number not in self._catalogs:
            if not 0 <= number < len(self.hdus):
                raise DatasetReadError(
                    f"{self.source}: the archive has no table {number}; it has {len(self.hdus)}"
                )
            raw = self.hdus[number]
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", AstropyWarning)
                    hdu = fits.BinTableHDU.fromstring(raw.header + bytes(raw.data))
                    self._catalogs[number] = catalog_from_table(hdu.header.copy(), hdu.data)
            except BROKEN as cause:
                raise DatasetReadError(
                    f"{self.source}: cannot read table {number} of the archive: {cause}"
                ) from cause
        return self._catalogs[number]

    def _index(self) -> dict[int, list[ArchiveEntry]]:
        if self._entries is None:
            index = self.catalog(0)
            missing = {"id", "cat.archive", "row0", "nrows", "name"} - set(index.columns)
            if missing:
                raise DatasetReadError(
                    f"{self.source}: the index of the archive lacks {', '.join(sorted(missing))}"
                )
            found: dict[int, list[ArchiveEntry]] = {}
            for record in index:
                entry = ArchiveEntry(
                    record["id"],
                    record["cat.archive"],
                    record["cat.persistable"],
                    record["row0"],
                    record["nrows"],
                    record["name"],
                    record["module"] if "module" in index.schema else "",
                )
                found.setdefault(entry.id, []).append(entry)
            for entries in found.values():
                entries.sort(key=lambda entry: entry.persistable)
            self._entries = found
        return self._entries

    def ids(self) -> list[int]:
        """Return the numbers of all objects, sorted."""
        return sorted(self._index())

    def entries(self, archive_id: int) -> list[ArchiveEntry]:
        """Return where the rows of an object are, in its own order.

        Raises
        ------
        DatasetReadError
            The archive holds no such object.
        """
        try:
            return self._index()[archive_id]
        except KeyError:
            raise DatasetReadError(
                f"{self.source}: the archive holds no object {archive_id}"
            ) from None

    def tables(self, archive_id: int) -> list[BaseCatalog]:
        """Return the rows of an object, one catalogue for each of its tables.

        Raises
        ------
        DatasetReadError
            The archive holds no such object, or not its tables.
        """
        return [
            self.catalog(entry.catalog)[entry.row0 : entry.row0 + entry.nrows]
            for entry in self.entries(archive_id)
        ]
