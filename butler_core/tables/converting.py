"""Any table as one of another package."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow
from astropy.table import Table

from .astropy_arrow import table_from_arrow, table_to_arrow

__all__ = ["as_arrow", "as_astropy", "as_data_frame", "as_numpy", "as_numpy_dict", "from_arrow"]

_PANDAS_INDEX = b"lsst::arrow::astropy_pandas_index"


def as_arrow(table: Any) -> pyarrow.Table:
    """Return any table as an Arrow table.

    Parameters
    ----------
    table : `object`
        A table of pyarrow, astropy or pandas, a structured array, or a `dict`
        of columns.

    Raises
    ------
    TypeError
        It is none of these.
    """
    if isinstance(table, pyarrow.Table):
        return table
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(table, pandas.DataFrame):
        return pyarrow.Table.from_pandas(table)
    return table_to_arrow(as_astropy(table))


def as_astropy(table: Any) -> Table:
    """Return any table as an astropy table; see `as_arrow`."""
    if isinstance(table, Table):
        return table
    if isinstance(table, np.ndarray):
        if table.dtype.names is None or table.ndim != 1:
            raise TypeError(
                f"an array of shape {table.shape} and dtype {table.dtype} has no named columns; "
                "give numpy.array([(1, 2.5)], dtype=[('a', 'i8'), ('b', 'f8')]), for instance"
            )
        return Table(table)
    if isinstance(table, Mapping):
        return Table(dict(table))
    if isinstance(table, list | tuple | set | str) or np.isscalar(table):
        raise TypeError(f"a {type(table).__name__} is no table")
    return table_from_arrow(as_arrow(table))


def as_numpy(table: Any) -> np.ndarray[Any, Any]:
    """Return any table as a structured array, which has its columns as attributes too.

    It is a masked array if values are missing; see `as_arrow` for parameters.
    """
    array = as_astropy(table).as_array()
    return array if isinstance(array, np.ma.MaskedArray) else array.view(np.recarray)


def as_numpy_dict(table: Any) -> dict[str, Any]:
    """Return any table as a `dict` of arrays; see `as_arrow`."""
    return {one.info.name: _array(one) for one in as_astropy(table).itercols()}


def as_data_frame(table: Any) -> Any:
    """Return any table as a `pandas.DataFrame`; see `as_arrow`.

    Integers of which some are missing stay integers, as objects.
    """
    arrow = as_arrow(table)
    frame = arrow.to_pandas(integer_object_nulls=True)
    # LSST's Butler says so of a table of astropy that was made of a frame with an index.
    index = (arrow.schema.metadata or {}).get(_PANDAS_INDEX, b"").decode()
    return frame.set_index(index) if index in frame.columns else frame


def from_arrow(arrow: pyarrow.Table, kind: str) -> Any:
    """Return an Arrow table as another kind.

    Parameters
    ----------
    arrow : `pyarrow.Table`
        The table.
    kind : `str`
        Address of the Python type, as storage classes name it.
    """
    return _BY_KIND[kind](arrow)


def _array(column: Any) -> Any:
    if isinstance(column, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(column)
        return np.ma.MaskedArray(np.asarray(column), mask=mask, fill_value=column.fill_value)
    return np.asarray(column)


_BY_KIND: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "astropy.table.Table": as_astropy,
        "dict": as_numpy_dict,
        "numpy.ndarray": as_numpy,
        "pandas.core.frame.DataFrame": as_data_frame,
        "pyarrow.lib.Table": as_arrow,
    }
)
