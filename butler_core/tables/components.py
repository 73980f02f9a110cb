"""The components of tables: names of columns, number of rows, schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pyarrow

from .converting import as_arrow
from .schemas import ArrowAstropySchema, ArrowNumpySchema, DataFrameSchema

__all__ = ["COMPONENTS", "component_of_schema", "component_of_table"]

COMPONENTS = ("columns", "rowcount", "schema")
"""The names of the components."""

_FRAME = "pandas.core.frame.DataFrame"
_SCHEMAS: Mapping[str, Callable[[pyarrow.Schema], Any]] = MappingProxyType(
    {
        "astropy.table.Table": ArrowAstropySchema.from_arrow,
        "dict": ArrowNumpySchema.from_arrow,
        "numpy.ndarray": ArrowNumpySchema.from_arrow,
        _FRAME: DataFrameSchema.from_arrow,
    }
)


def component_of_schema(name: str, schema: pyarrow.Schema, kind: str) -> Any:
    """Return the names of the columns, or the schema, as a kind of table has them.

    Parameters
    ----------
    name : `str`
        ``columns`` or ``schema``.
    schema : `pyarrow.Schema`
        That of the file.
    kind : `str`
        Address of the Python type of the table, as storage classes name it.
    """
    if name == "schema":
        make = _SCHEMAS.get(kind)
        return schema if make is None else make(schema)
    if kind != _FRAME:
        return list(schema.names)
    import pandas

    frame = schema.empty_table().to_pandas()
    if isinstance(frame.columns, pandas.MultiIndex):
        return frame.columns
    return pandas.Index([*frame.columns, *(name for name in frame.index.names if name)])


def component_of_table(name: str, table: Any, kind: str) -> Any:
    """Return a component of a table in memory; see `component_of_schema`."""
    arrow = as_arrow(table)
    return arrow.num_rows if name == "rowcount" else component_of_schema(name, arrow.schema, kind)
