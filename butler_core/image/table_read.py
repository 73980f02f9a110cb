"""Binary tables of FITS files as columns."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from .alias_map import AliasMap
from .property_list import PropertyList
from .schema import Field, Schema
from .table_columns import TableColumn, TableHeader, other_cards, parse_table_header
from .table_versions import added_aliases, expand, is_compound, old_slots, renamed

__all__ = ["DecodedTable", "decode_table"]

_DTYPES = {
    "B": "uint8",
    "I": "uint16",
    "J": "int32",
    "K": "int64",
    "E": "float32",
    "D": "float64",
}
_RADIANS = ("rad", "radian", "radians")


@dataclass(frozen=True, slots=True)
class DecodedTable:
    """A table as columns.

    Parameters
    ----------
    cards : `TableHeader`
        What the cards said.
    schema : `Schema`
        The fields, in the order in which they are shown.
    columns : `dict` [ `str`, `numpy.ndarray` ]
        A column for each field.
    metadata : `PropertyList`
        The cards that do not describe the table.
    verbatim : `bool`
        The table can be written with the same cards.
    """

    cards: TableHeader
    schema: Schema
    columns: dict[str, npt.NDArray[Any]]
    metadata: PropertyList
    verbatim: bool


def decode_table(header: fits.Header, rows: Any) -> DecodedTable:
    """Read a table.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        Its cards.
    rows : `astropy.io.fits.FITS_rec` or `None`
        Its rows.

    Raises
    ------
    ValueError
        The cards contradict each other or the rows.
    """
    cards = parse_table_header(header)
    flags = _flags(cards, rows)
    fields: list[Field] = []
    columns: dict[str, npt.NDArray[Any]] = {}
    aliases = dict(cards.aliases)
    verbatim = True
    if cards.version == 0:
        aliases |= old_slots(header)
    if "slot_InstFlux" in aliases:
        aliases.setdefault("slot_GaussianFlux", aliases["slot_InstFlux"])
    for old in cards.columns:
        column = renamed(old, cards.version)
        aliases |= dict(added_aliases(old, cards.version))
        if column.flag:
            fields.append(Field(column.name, "Flag", np.dtype(bool), column.doc))
            columns[column.name] = flags[:, column.number - 1].copy()
            continue
        if column.code != "A" and column.code not in _DTYPES:
            verbatim = False
            warnings.warn(
                f"column {column.name!r} has the format {column.code}, which a catalogue has no "
                "field for; it is skipped",
                UserWarning,
                stacklevel=3,
            )
            continue
        if cards.version == 0 and is_compound(column):
            verbatim = False
            for part, values in expand(column, _values(column, rows)):
                fields.append(_field(part, values))
                columns[part.name] = np.ascontiguousarray(values)
            continue
        values = _values(column, rows)
        fields.append(_field(column, values))
        columns[column.name] = values
    verbatim = verbatim and cards.version > 0
    schema = Schema(fields, AliasMap(aliases))
    return DecodedTable(cards, schema, columns, PropertyList(other_cards(header)), verbatim)


def _flags(cards: TableHeader, rows: Any) -> npt.NDArray[np.bool_]:
    if not cards.flag_column or rows is None:
        return np.zeros((0, cards.flag_count), dtype=bool)
    bits = np.asarray(rows.field(cards.flag_column - 1), dtype=bool)
    return bits.reshape(len(rows), cards.flag_count)


def _values(column: TableColumn, rows: Any) -> npt.NDArray[Any]:
    raw = rows.field(column.number - 1) if rows is not None else np.zeros(0)
    if column.size == 0:
        return _of_varying_length(column, raw)
    if column.code == "A":
        return np.char.rstrip(np.array(raw, dtype=f"U{column.size}"), " \0")
    values = np.array(raw, dtype=_DTYPES[column.code])
    if column.size > 1 or column.kind == "Array":
        return values.reshape(len(values), column.size)
    return values.reshape(len(values))


def _of_varying_length(column: TableColumn, raw: Any) -> npt.NDArray[Any]:
    values = np.empty(len(raw), dtype=object)
    for row, each in enumerate(raw):
        if column.code == "A":
            text = each if isinstance(each, str) else "".join(str(c) for c in each)
            values[row] = text.rstrip(" \0")
        else:
            values[row] = np.array(each, dtype=_DTYPES[column.code])
    return values


def _field(column: TableColumn, values: npt.NDArray[Any]) -> Field:
    dtype = np.dtype(_DTYPES.get(column.code, "U"))
    if column.code == "A":
        kind = "String"
    elif column.kind == "Angle":
        if column.units not in _RADIANS:
            raise ValueError(f"the angles of {column.name!r} are in {column.units!r}, not in rad")
        kind = "Angle"
    elif column.size != 1 or column.kind == "Array":
        kind = "Array"
    else:
        kind = "Scalar"
    return Field(column.name, kind, dtype, column.doc, column.units, column.size)
