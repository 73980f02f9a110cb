"""Catalogues from binary tables."""

from __future__ import annotations

from typing import Any

from astropy.io import fits

from .catalog import BaseCatalog, SimpleCatalog, SourceCatalog
from .table_read import decode_table

__all__ = ["catalog_from_table"]

_CLASSES: dict[str, type[BaseCatalog]] = {
    cls.afw_type: cls for cls in (BaseCatalog, SimpleCatalog, SourceCatalog)
}


def catalog_from_table(header: fits.Header, rows: Any) -> BaseCatalog:
    """Make a catalogue from a binary table; its AFW_TYPE chooses the class.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        The cards of the table.
    rows : `astropy.io.fits.FITS_rec` or `None`
        Its rows.

    Raises
    ------
    ValueError
        The cards contradict each other or the rows.
    """
    table = decode_table(header, rows)
    catalog = _CLASSES.get(table.cards.afw_type, BaseCatalog)(table.schema, table.columns)
    catalog.metadata = table.metadata
    if table.verbatim:
        catalog.header = header
        catalog.fields_as_read = tuple(table.schema.fields.values())
        catalog.aliases_as_read = table.schema.aliases.copy()
    return catalog
