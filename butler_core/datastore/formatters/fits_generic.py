"""Catalogues and single objects of LSST as FITS."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from butler_core.image import BaseCatalog, read_catalog, write_catalog
from butler_core.image.fits_file import open_fits
from butler_core.image.persistable_fits import is_archive, read_persistable, write_persistable

from .whole_file import WholeFileFormatter

__all__ = ["FitsGenericFormatter"]


class FitsGenericFormatter(WholeFileFormatter):
    """Reads and writes catalogues, and objects that LSST keeps as an archive."""

    extension = ".fits"

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the whole file: what it is, it says itself."""
        with open_fits(path) as file:
            archive = is_archive(file)
        return read_persistable(path) if archive else read_catalog(path)

    def write(self, obj: Any, path: Path) -> None:
        """Write a catalogue or a single object."""
        if isinstance(obj, BaseCatalog):
            write_catalog(obj, path)
        else:
            write_persistable(obj, path)
