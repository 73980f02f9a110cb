"""Astropy tables as ECSV."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .whole_file import WholeFileFormatter

__all__ = ["EcsvFormatter"]


class EcsvFormatter(WholeFileFormatter):
    """Reads and writes `astropy.table.Table` and `astropy.table.QTable` as ECSV.

    Files carry the name of LSST's ``AstropyTableFormatter``, which writes the
    same.
    """

    extension = ".ecsv"

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the whole file as the table class of the storage class."""
        from astropy.table import Table

        kind = self.storage_class.pytype
        reader: Any = kind if issubclass(kind, Table) else Table
        return reader.read(path, format="ascii.ecsv")

    def write(self, obj: Any, path: Path) -> None:
        """Write the table with its units, descriptions and metadata."""
        obj.write(path, format="ascii.ecsv")
