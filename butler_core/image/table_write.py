"""Columns as binary tables of FITS files, in the layout of afw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from astropy.io import fits

from .carried import RawHdu
from .fits_cards import append, header_bytes, remove, set_card
from .property_list import PropertyList
from .schema import Field
from .table_columns import CURRENT_VERSION, other_cards, parse_table_header

if TYPE_CHECKING:
    from .catalog import BaseCatalog

__all__ = ["table_hdu"]

_CODES = {
    "uint8": "B",
    "uint16": "I",
    "int32": "J",
    "int64": "K",
    "float32": "E",
    "float64": "D",
}
_TEMPLATE = "Field template used by lsst.afw.table"


def table_hdu(catalog: BaseCatalog, extra: Iterable[tuple[str, Any, str]] = ()) -> RawHdu:
    """Return a catalogue as the HDU of a binary table.

    Parameters
    ----------
    catalog : `BaseCatalog`
        The catalogue.  If it was read from a file and its fields are still
        those, its cards are those of the file.
    extra : `~collections.abc.Iterable` [ `tuple` ]
        Keyword, value and comment of more cards.
    """
    origin = catalog.header
    fields = tuple(catalog.schema.fields.values())
    kept = origin is not None and catalog.fields_as_read == fields
    header = (origin if kept and origin is not None else _new_header(fields)).copy()
    writer = _TableWriter(catalog, header)
    body = writer.body()
    set_card(header, "NAXIS1", writer.width)
    set_card(header, "NAXIS2", len(catalog))
    set_card(header, "PCOUNT", len(writer.heap))
    for number, form in writer.forms.items():
        set_card(header, f"TFORM{number}", form)
    remove(header, ("CHECKSUM", "DATASUM", "THEAP"))
    if not kept or catalog.aliases.items() != catalog.aliases_as_read.items():
        remove(header, ["ALIAS"])
        for alias, target in catalog.aliases.items():
            append(header, "ALIAS", f"{alias}:{target}")
    _set_metadata(header, catalog.metadata)
    for keyword, value, comment in extra:
        set_card(header, keyword, value, comment)
    return RawHdu(header_bytes(header), body + bytes(writer.heap))


def _set_metadata(header: fits.Header, metadata: PropertyList) -> None:
    """Make a header state metadata, and leave alone the cards that state them already."""
    stated = PropertyList(other_cards(header))
    for name in {*stated, *metadata}:
        if stated.getArray(name) != metadata.getArray(name):
            remove(header, [name])
            for card in metadata.header.cards:
                if card.keyword.upper() == name.upper():
                    header.append(card, end=True)


class _TableWriter:
    """The rows and the heap of a table, in the order of the columns of a header."""

    def __init__(self, catalog: BaseCatalog, header: fits.Header) -> None:
        self._catalog = catalog
        self._cards = parse_table_header(header)
        self.heap = bytearray()
        self.forms: dict[int, str] = {}
        self.width = 0

    def body(self) -> bytes:
        """Return the rows, and fill the heap."""
        parts: dict[int, npt.NDArray[Any]] = {}
        names: list[tuple[int, str]] = []
        for column in self._cards.columns:
            if column.flag:
                names.append((column.number, column.name))
                continue
            values = self._catalog.columns[column.name]
            field = self._catalog.schema.fields[column.name]
            if field.size == 0:
                parts[column.number] = self._descriptors(
                    column.number, column.code, column.wide, values
                )
            else:
                parts[column.number] = _big_endian(field, values)
        if self._cards.flag_column:
            parts[self._cards.flag_column] = self._packed(names)
        ordered = [parts[number] for number in sorted(parts)]
        rows = np.zeros(
            len(self._catalog),
            dtype=[(f"c{n}", part.dtype, part.shape[1:]) for n, part in enumerate(ordered)],
        )
        for number, part in enumerate(ordered):
            rows[f"c{number}"] = part
        self.width = rows.dtype.itemsize
        return rows.tobytes()

    def _packed(self, names: Sequence[tuple[int, str]]) -> npt.NDArray[np.uint8]:
        """Return the flags packed into bytes, the first flag as the highest bit."""
        bits = np.zeros((len(self._catalog), self._cards.flag_count), dtype=bool)
        for number, name in names:
            bits[:, number - 1] = self._catalog.columns[name]
        return np.packbits(bits, axis=1)

    def _descriptors(
        self, number: int, code: str, wide: bool, values: npt.NDArray[Any]
    ) -> npt.NDArray[Any]:
        """Put values of varying length into the heap, and return where they are."""
        found = np.zeros((len(values), 2), dtype=">i8" if wide else ">i4")
        for row, each in enumerate(values):
            if code == "A":
                content = str(each).encode("ascii")
                length = len(content)
            else:
                array = np.asarray(each)
                length = len(array)
                content = _flipped(array).tobytes()
            found[row] = (length, len(self.heap))
            self.heap += content
        longest = int(found[:, 0].max(initial=0))
        self.forms[number] = f"1{'Q' if wide else 'P'}{code}({longest})"
        return found


def _big_endian(field: Field, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    if field.kind == "String":
        width = f"S{field.size}"
        if not len(values):
            return np.zeros(0, dtype=width)
        padded = np.char.ljust(values.astype(str), field.size)
        return np.char.encode(padded, "ascii").astype(width)
    return _flipped(values.astype(field.dtype, copy=False))


def _flipped(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return numbers in big-endian order, unsigned 16-bit ones less half their range."""
    if values.dtype.name == "uint16":
        values = (values ^ np.uint16(1 << 15)).view(np.int16)
    return values.astype(values.dtype.newbyteorder(">"))


@lru_cache(maxsize=32)
def _new_header(fields: tuple[Field, ...]) -> fits.Header:
    """Return the cards of a table without rows, made once for all tables of the same fields."""
    flags = [field for field in fields if field.kind == "Flag"]
    others = [field for field in fields if field.kind != "Flag"]
    header = fits.Header()
    for keyword, value, comment in (
        ("XTENSION", "BINTABLE", "binary table extension"),
        ("BITPIX", 8, "8-bit bytes"),
        ("NAXIS", 2, "2-dimensional binary table"),
        ("NAXIS1", 0, "width of table in bytes"),
        ("NAXIS2", 0, "number of rows in table"),
        ("PCOUNT", 0, "size of special data area"),
        ("GCOUNT", 1, "one data group (required keyword)"),
        ("TFIELDS", len(others) + bool(flags), "number of fields in each row"),
    ):
        append(header, keyword, value, comment)
    if flags:
        append(header, "TTYPE1", "flags", "bits for all Flag fields; see also TFLAGn")
        append(header, "TFORM1", f"{len(flags)}X", "format of field")
        append(header, "FLAGCOL", 1, "Column number for the bitflags.")
    column, bit = (1 if flags else 0), 0
    for field in fields:
        if field.kind == "Flag":
            bit += 1
            append(header, f"TFLAG{bit}", field.name)
            if field.doc:
                append(header, f"TFDOC{bit}", field.doc)
        else:
            column += 1
            _describe(header, column, field)
    append(header, "AFW_TABLE_VERSION", CURRENT_VERSION)
    return header


def _describe(header: fits.Header, number: int, field: Field) -> None:
    # Without a TDOC card the comment of the name is read as what the field is.
    append(header, f"TTYPE{number}", field.name, "label for field" if field.doc else "")
    append(header, f"TFORM{number}", _form(field), "format of field")
    if field.dtype.name == "uint16":
        append(header, f"TSCAL{number}", 1)
        append(header, f"TZERO{number}", 32768, "offset for unsigned integers")
    if field.doc:
        append(header, f"TDOC{number}", field.doc)
    if field.units:
        append(header, f"TUNIT{number}", field.units)
    append(header, f"TCCLS{number}", field.kind, _TEMPLATE)


def _form(field: Field) -> str:
    code = "A" if field.kind == "String" else _CODES[field.dtype.name]
    return f"{field.size}{code}" if field.size else f"1Q{code}(0)"
