"""Judge of the step that gets a catalogue of sources: 21."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import numpy as np
from astropy.table import Table
from astropy.units import Unit
from numpy.typing import NDArray

from conformance.notebook import facts
from conformance.notebook.judging import Seen, judges
from conformance.observation import Checks
from conformance.oracles.catalogue import CatalogueFile, Column, read_catalogue

FIRST_COLUMNS = ["id", "coord_ra", "coord_dec", "parent"]
LONGEST_LIST = 12


@judges(21)
def sources_as_a_table(seen: Seen, check: Checks) -> None:
    """Check src against its file, column by column as a table and row by row as a catalogue."""
    held = read_catalogue(seen.repository.file("src", 903334, 22))
    expected = seen.repository.size.sources
    table, src = seen.value, seen["src"]
    check.holds(
        "the type of the table",
        lambda: type(table),
        "astropy's Table or a class made from it",
        lambda kind: issubclass(kind, Table),
    )
    check.equal("rows of the file", lambda: held.rows, expected)
    check.equal("rows of the table", lambda: len(table), expected)
    check.equal("rows of the catalogue", lambda: len(src), expected)
    check.equal("the first columns", lambda: list(table.colnames[:4]), FIRST_COLUMNS)
    check.equal("the smallest id", lambda: int(min(table["id"])), facts.FIRST_SOURCE_ID)
    check.equal("different ids", lambda: len({int(one) for one in table["id"]}), expected)
    _columns(check, table, held)
    _rows(check, src, held, seen.repository.size.shape)


def _columns(check: Checks, table: Any, held: CatalogueFile) -> None:
    names = list(held.columns)
    check.equal(
        "columns of the file that the table lacks",
        lambda: _some(name for name in names if name not in table.colnames),
        [],
    )
    check.equal(
        "columns of the table that the file lacks",
        lambda: _some(name for name in table.colnames if name not in held.columns),
        [],
    )
    check.equal(
        "columns in another order than the file's",
        lambda: _some(
            f"{seen}, where the file has {name}"
            for seen, name in zip(table.colnames, names, strict=False)
            if seen != name
        ),
        [],
    )
    check.equal(
        "rows whose id is unlike the file's",
        lambda: _some(_rows_unlike(table["id"], held.columns["id"].values)),
        [],
    )
    for what, unlike in (
        ("type is", _type_unlike),
        ("unit is", _unit_unlike),
        ("values are", _values_unlike),
    ):
        check.equal(
            f"columns whose {what} unlike the file's", partial(_unlike, table, held, unlike), []
        )


def _rows(check: Checks, src: Any, held: CatalogueFile, shape: tuple[int, int]) -> None:
    """Check what the rows themselves say, as the last step of the notebook asks them."""
    seen = cache(lambda: np.array([(row.getX(), row.getY()) for row in src], dtype=float))
    check.equal(
        "rows whose getX(), getY() are unlike slot_Centroid of the file",
        lambda: _some(_rows_unlike(seen(), held.positions())),
        [],
    )
    height, width = shape
    check.equal(
        "rows with a position in the image",
        lambda: sum(-0.5 <= x < width - 0.5 and -0.5 <= y < height - 0.5 for x, y in seen()),
        held.rows,
    )


def _unlike(table: Any, held: CatalogueFile, how: Callable[[Any, Column], str]) -> list[str]:
    common = (name for name in held.columns if name in table.colnames)
    found = {name: how(table[name], held.columns[name]) for name in common}
    return _some(f"{name}: {words}" for name, words in found.items() if words)


def _type_unlike(column: Any, held: Column) -> str:
    """Compare types without byte order, and of texts not how long they may be."""
    seen, expected = column.dtype, held.values.dtype
    if seen.kind == expected.kind and (seen.kind in "US" or seen.itemsize == expected.itemsize):
        return ""
    return f"{seen}, {expected} in the file"


def _unit_unlike(column: Any, held: Column) -> str:
    seen, expected = (Unit(one or "", parse_strict="silent") for one in (column.unit, held.unit))
    return "" if seen == expected else f"{str(seen) or 'none'}, {held.unit or 'none'} in the file"


def _values_unlike(column: Any, held: Column) -> str:
    if column.shape != held.values.shape:
        return f"the shape is {column.shape}, {held.values.shape} in the file"
    rows = _rows_unlike(column, held.values)
    return f"{len(rows)} of {len(held.values)} rows, the first is row {rows[0]}" if rows else ""


def _rows_unlike(column: Any, held: NDArray[Any]) -> list[int]:
    """Return the numbers of the rows, from 0, whose value differs; NaN equals NaN.

    Raises
    ------
    ValueError
        Raised where the column has not the shape of the file's.
    """
    seen = np.asarray(column)
    if seen.shape != held.shape:
        raise ValueError(f"the shape is {seen.shape}, and {held.shape} in the file")
    unlike: NDArray[Any] = (seen != held) | np.ma.getmaskarray(column)
    if seen.dtype.kind == held.dtype.kind == "f":
        unlike &= ~(np.isnan(seen) & np.isnan(held))
    rows: list[int] = np.unique(np.nonzero(unlike)[0]).tolist()
    return rows


def _some(found: Iterable[Any]) -> list[Any]:
    """Return a list, its end replaced by how much there is more."""
    every = list(found)
    more = len(every) - LONGEST_LIST
    return [*every[:LONGEST_LIST], f"and {more} more"] if more > 0 else every
