"""Catalogues in FITS files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import DatasetReadError
from .archive import Archive
from .carried import Carried
from .catalog import BaseCatalog, SourceCatalog
from .fits_file import BROKEN, FitsFile, open_fits
from .fits_planes import empty_primary, write_hdus
from .table_catalog import catalog_from_table
from .table_columns import parse_table_header
from .table_write import table_hdu

__all__ = ["read_catalog", "write_catalog"]

_BEGINNING = ("id", "coord_ra", "coord_dec", "parent")


def read_catalog(path: str | Path) -> BaseCatalog:
    """Read a catalogue.

    Parameters
    ----------
    path : `str` or `~pathlib.Path`
        The file.

    Returns
    -------
    catalog : `SourceCatalog`, `SimpleCatalog` or `BaseCatalog`
        As the file's AFW_TYPE says; with the footprints, if there are any, as
        what is carried.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    DatasetReadError
        The file holds no table in its first extension, or is truncated.
    """
    with open_fits(path) as file:
        if not file.has(1) or not file.is_table(1):
            raise DatasetReadError(f"{file.path} is no catalogue: HDU 1 holds no binary table")
        header, rows = file.table(1)
        try:
            catalog = catalog_from_table(header, rows)
        except BROKEN as cause:
            raise DatasetReadError(f"{file.path}: HDU 1: {cause}") from cause
        catalog.carried = Carried(file.header(0), file.raw_from(2))
        catalog.archive = _archive(file, parse_table_header(header).archive_hdu, catalog.carried)
    return catalog


def write_catalog(catalog: BaseCatalog, path: str | Path) -> None:
    """Write a catalogue.

    Parameters
    ----------
    catalog : `BaseCatalog`
        The catalogue.
    path : `str` or `~pathlib.Path`
        The file; one that is there is replaced.

    Raises
    ------
    ValueError
        It is a catalogue of sources without one of the fields that all have.
    """
    if isinstance(catalog, SourceCatalog):
        missing = [name for name in _BEGINNING if name not in catalog.columns]
        if missing:
            raise ValueError(
                f"a SourceCatalog has the fields {', '.join(_BEGINNING)}; "
                f"this one lacks {', '.join(missing)}"
            )
    carried = catalog.carried or Carried()
    cards: list[tuple[str, Any, str]] = []
    if catalog.archive is not None:
        number = 3 + catalog.archive.position
        cards.append(("AR_HDU", number, "HDU (1-indexed) containing the archive index"))
    if catalog.header is None or "AFW_TYPE" in catalog.header or catalog.afw_type != "BASE":
        stated = None if catalog.header is None else catalog.header.get("AFW_TYPE")
        kind = stated if catalog.afw_type == "BASE" and stated else catalog.afw_type
        cards.append(("AFW_TYPE", kind, "Tells lsst::afw to load this as a table of this kind"))
    hdus = [empty_primary(carried.primary), table_hdu(catalog, cards), *carried.others]
    write_hdus(path, hdus)


def _archive(file: FitsFile, index: int, carried: Carried) -> Archive | None:
    if index < 0:
        return None
    position = index - 2
    if not 0 <= position < len(carried.others):
        raise DatasetReadError(
            f"{file.path} is truncated: its archive is in HDU {index}, but it has {len(file)} HDUs"
        )
    count = int(carried.others[position].parse_header().get("AR_NCAT", 0))
    if count < 1 or position + count > len(carried.others):
        raise DatasetReadError(
            f"{file.path} is truncated: its archive has {count} HDUs, "
            f"of which {len(carried.others) - position} are there"
        )
    hdus = carried.others[position : position + count]
    return Archive(hdus, source=str(file.path), position=position)
