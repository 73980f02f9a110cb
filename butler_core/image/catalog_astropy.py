"""Catalogues as tables of astropy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from astropy.table import Column, Table

if TYPE_CHECKING:
    from .catalog import BaseCatalog

__all__ = ["astropy_table"]


def astropy_table(catalog: BaseCatalog, cls: Any, copy: bool, unviewable: str) -> Any:
    """Return a catalogue as a table of astropy; see `BaseCatalog.asAstropy`."""
    if unviewable not in ("copy", "skip", "raise"):
        raise ValueError(f"unviewable is 'copy', 'skip' or 'raise', not {unviewable!r}")
    made = [
        Column(
            catalog.columns[name],
            name=name,
            unit="radian" if field.kind == "Angle" else field.units or None,
            description=field.doc or None,
            copy=copy,
        )
        for name, field in catalog.schema.fields.items()
    ]
    return (cls or Table)(made, copy=False)
