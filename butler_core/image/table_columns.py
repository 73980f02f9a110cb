"""What the header of an afw table says of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from astropy.io import fits

__all__ = ["TableColumn", "TableHeader", "parse_table_header"]

_FORM = re.compile(r"(?P<size>\d*)(?P<variable>[PQ]?)(?P<code>[A-Z])(\(\d*\))?$")
_NUMBERED = re.compile(r"(TTYPE|TFLAG)(\d+)$")
_OF_THE_TABLE = re.compile(
    r"(XTENSION|BITPIX|NAXIS\d*|PCOUNT|GCOUNT|TFIELDS|THEAP|FLAGCOL|ALIAS|AR_HDU|AFW_TYPE"
    r"|AFW_TABLE_VERSION|EXTNAME|EXTTYPE|EXTVER|CHECKSUM|DATASUM|AR_CATN|AR_NCAT|AR_NAME"
    r"|(TTYPE|TFORM|TDOC|TUNIT|TCCLS|TFLAG|TFDOC|TZERO|TSCAL|TNULL|TDISP|TDIM)\d+)?$"
)

CURRENT_VERSION = 3
"""The version of the tables that afw writes today."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column, or a flag, as the cards of a table describe it.

    Parameters
    ----------
    name : `str`
        Its name.
    number : `int`
        Its column, from 1; for a flag, its bit, from 1.
    flag : `bool`
        It is a flag, one bit of the column of flags.
    code : `str`
        The letter of its FITS format.
    size : `int`
        The elements in a row; 0 where the number varies.
    wide : `bool`
        Its descriptors have 64 bits.
    kind : `str`
        Its TCCLS card, or nothing.
    doc, units : `str`
        What it is, and its unit.
    """

    name: str
    number: int
    flag: bool = False
    code: str = "X"
    size: int = 1
    wide: bool = False
    kind: str = ""
    doc: str = ""
    units: str = ""


@dataclass(frozen=True, slots=True)
class TableHeader:
    """What the cards of a table say.

    Parameters
    ----------
    columns : `list` [ `TableColumn` ]
        Columns and flags in the order of their cards, which is the order in
        which they are shown.
    flag_column : `int`
        The column of flags, from 1; 0 if there is none.
    flag_count : `int`
        The bits of that column.
    aliases : `dict` [ `str`, `str` ]
        The ALIAS cards.
    version : `int`
        The version of the table.
    afw_type : `str`
        The AFW_TYPE, or nothing.
    archive_hdu : `int`
        The HDU of the archive's index, from 0; -1 if there is none.
    """

    columns: list[TableColumn]
    flag_column: int = 0
    flag_count: int = 0
    aliases: dict[str, str] = field(default_factory=dict)
    version: int = CURRENT_VERSION
    afw_type: str = ""
    archive_hdu: int = -1


def parse_table_header(header: fits.Header) -> TableHeader:
    """Read the cards of a binary table.

    Parameters
    ----------
    header : `astropy.io.fits.Header`
        The header.

    Raises
    ------
    ValueError
        The cards contradict each other.
    """
    flag_column = int(header.get("FLAGCOL", 0))
    flag_count = 0
    if flag_column:
        form = _form(header, flag_column)
        if form["code"] != "X":
            raise ValueError(f"FLAGCOL is {flag_column}, but that column is no array of bits")
        flag_count = int(form["size"] or 1)
    columns = list(_columns(header, flag_column))
    for column in columns:
        if column.flag and column.number > flag_count:
            raise ValueError(
                f"flag {column.name!r} is bit {column.number} of a column of {flag_count}"
            )
    afw_type = str(header.get("AFW_TYPE", "")).strip()
    return TableHeader(
        columns=columns,
        flag_column=flag_column,
        flag_count=flag_count,
        aliases=dict(_aliases(header)),
        version=int(header.get("AFW_TABLE_VERSION", 0 if afw_type else CURRENT_VERSION)),
        afw_type=afw_type,
        archive_hdu=int(header.get("AR_HDU", 0)) - 1,
    )


def other_cards(header: fits.Header) -> fits.Header:
    """Return the cards that do not describe the table."""
    kept = fits.Header()
    for card in header.cards:
        if not _OF_THE_TABLE.match(card.keyword):
            kept.append(card, end=True)
    return kept.copy()


def _columns(header: fits.Header, flag_column: int) -> Iterator[TableColumn]:
    for card in header.cards:
        match = _NUMBERED.match(card.keyword)
        if match is None:
            continue
        number = int(match[2])
        name = str(card.value).strip()
        if match[1] == "TFLAG":
            doc = str(header.get(f"TFDOC{number}", card.comment))
            yield TableColumn(name, number, flag=True, doc=doc)
        elif number != flag_column:
            form = _form(header, number)
            yield TableColumn(
                name,
                number,
                code=form["code"],
                size=0 if form["variable"] else int(form["size"] or 1),
                wide=form["variable"] == "Q",
                kind=str(header.get(f"TCCLS{number}", "")).strip(),
                doc=str(header.get(f"TDOC{number}", card.comment)),
                units=str(header.get(f"TUNIT{number}", "")).strip(),
            )


def _form(header: fits.Header, number: int) -> Any:
    text = str(header.get(f"TFORM{number}", "")).strip()
    match = _FORM.match(text)
    if match is None:
        raise ValueError(f"column {number} has the format {text!r}, which is none of FITS")
    return match


def _aliases(header: fits.Header) -> Iterator[tuple[str, str]]:
    for card in header.cards:
        if card.keyword == "ALIAS":
            alias, colon, target = str(card.value).partition(":")
            if not colon:
                raise ValueError(f"the ALIAS card {card.value!r} has no colon")
            yield alias.strip(), target.strip()
