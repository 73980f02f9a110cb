"""Tables of earlier versions of afw, read as those of today.

Notes
-----
Version 3 is that of today.  Version 2 called instrumental fluxes ``_flux``,
version 1 called standard deviations ``Sigma``: the names of today become
aliases.  Version 0 held points, moments and covariances as arrays, which
become columns of their own, called its flags ``flags``, and named its slots in
cards of their own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from .table_columns import TableColumn

__all__ = ["added_aliases", "expand", "is_compound", "old_slots", "renamed"]

_OLD_SLOTS = {
    "PSF_FLUX": "slot_PsfFlux",
    "AP_FLUX": "slot_ApFlux",
    "INST_FLUX": "slot_GaussianFlux",
    "MODEL_FLUX": "slot_ModelFlux",
    "CALIB_FLUX": "slot_CalibFlux",
    "CENTROID": "slot_Centroid",
    "SHAPE": "slot_Shape",
}
_AXES = {
    "Point": ("x", "y"),
    "Coord": ("ra", "dec"),
    "Moments": ("xx", "yy", "xy"),
}
_COVARIANCES = {"Covariance(Point)": ("x", "y"), "Covariance(Moments)": ("xx", "yy", "xy")}
_COUNTS = ("count", "dn", "adu")


def old_slots(header: fits.Header) -> dict[str, str]:
    """Return the slots that a table of version 0 defines, as aliases."""
    stated = ((slot, str(header.get(f"{key}_SLOT", ""))) for key, slot in _OLD_SLOTS.items())
    return {slot: target.strip() for slot, target in stated if target.strip()}


def renamed(column: TableColumn, version: int) -> TableColumn:
    """Return a column with the name that it has today."""
    if version == 0 and "flags" in column.name:
        return replace(column, name=column.name.replace("flags", "flag", 1))
    return column


def added_aliases(column: TableColumn, version: int) -> Iterator[tuple[str, str]]:
    """Return the aliases under which today's code finds a column of an old table."""
    name = column.name
    if version == 0:
        yield from _aliases_of_version_0(column)
        return
    today = name
    if version < 2 and today.endswith("Sigma"):
        today = today.replace("Sigma", "Err", 1)
    if version < 3 and _is_flux(column):
        today = today.replace("flux", "instFlux", 1)
    if today != name:
        yield today, name


def _aliases_of_version_0(column: TableColumn) -> Iterator[tuple[str, str]]:
    name = column.name
    if "flags" in name:
        stem = name[: name.index("flags")]
        yield f"{stem}flags", f"{stem}flag"
    elif _is_flux(column):
        if name.endswith("_err"):
            yield name.replace("_err", "_instFluxErr", 1), name
        else:
            yield f"{name}_instFlux", name
    elif name.endswith("_err") and column.kind in _COVARIANCES:
        stem = name[: name.index("_err")]
        for suffix, _ in _elements(_COVARIANCES[column.kind]):
            yield f"{stem}_{suffix}", f"{name}_{suffix}"


def is_compound(column: TableColumn) -> bool:
    """Return whether a column holds what has columns of its own today."""
    return column.kind in _AXES or column.kind.startswith("Covariance")


def expand(
    column: TableColumn, values: npt.NDArray[np.floating]
) -> Iterator[tuple[TableColumn, npt.NDArray[np.floating]]]:
    """Return the columns that take the place of a compound one.

    Parameters
    ----------
    column : `TableColumn`
        A column for which `is_compound` is true.
    values : `numpy.ndarray`, shape (rows, elements)
        Its values.  Covariances are packed by rows of the lower triangle, and
        become standard deviations on the diagonal.

    Raises
    ------
    ValueError
        The number of elements is none of a triangle.
    """
    single = replace(column, size=1)
    if column.kind in _AXES:
        for axis, each in zip(_AXES[column.kind], values.T, strict=True):
            kind = "Angle" if column.kind == "Coord" else "Scalar"
            units = "rad" if column.kind == "Coord" else column.units
            yield replace(single, name=f"{column.name}_{axis}", kind=kind, units=units), each
        return
    order = round((math.sqrt(1 + 8 * column.size) - 1) / 2)
    if order * (order + 1) != 2 * column.size:
        raise ValueError(f"{column.name!r} is no covariance: it has {column.size} elements")
    axes = _COVARIANCES.get(column.kind, tuple(str(axis) for axis in range(order)))
    for suffix, (position, diagonal) in _elements(axes):
        each = np.sqrt(values[:, position]) if diagonal else values[:, position]
        yield replace(single, name=f"{column.name}_{suffix}", kind="Scalar"), each


def _elements(axes: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, bool]]]:
    """Return the suffix, the packed position and whether it is of the diagonal, of each element."""
    for row, axis in enumerate(axes):
        for column in range(row + 1):
            position = column + row * (row + 1) // 2
            if column == row:
                yield f"{axis}Err", (position, True)
            else:
                yield f"{axes[column]}_{axis}_Cov", (position, False)


def _is_flux(column: TableColumn) -> bool:
    if "flux" not in column.name:
        return False
    if "modelfit_CModel" in column.name and not column.units:
        return True
    return any(unit in column.units.lower() for unit in _COUNTS)
