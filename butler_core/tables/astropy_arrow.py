"""Astropy tables as Arrow tables, and back.

Units, descriptions and metadata travel as astropy's YAML header under
``table_meta_yaml``, which both astropy's and LSST's Parquet files have, and
units and descriptions with their fields as well. The lengths of strings and the
shapes of cells stand beside the header under LSST's keys,
``lsst::arrow::len::NAME`` and ``lsst::arrow::shape::NAME``. LSST's key
``lsst::arrow::rowcount`` is left out: where it stands, LSST's formatter drops
the header unless told otherwise.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow
from astropy.table import MaskedColumn, Table
from astropy.table import meta as table_meta
from astropy.table.serialize import _construct_mixins_from_columns, represent_mixins_as_columns

__all__ = ["table_from_arrow", "table_to_arrow", "without_header"]

HEADER_KEY = b"table_meta_yaml"
_ATTRIBUTES = ("unit", "format", "description", "meta")


def table_to_arrow(table: Table) -> pyarrow.Table:
    """Return the Arrow table of an astropy table.

    Parameters
    ----------
    table : `astropy.table.Table`
        Columns of numbers, booleans, strings or bytes, whose cells may be
        arrays; times and coordinates are taken apart as in ECSV.
    """
    plain = represent_mixins_as_columns(table)
    metadata = {HEADER_KEY: "\n".join(table_meta.get_yaml_from_table(plain)).encode()}
    arrays, fields = [], []
    for name in plain.colnames:
        column = plain[name]
        values, mask = np.asarray(column), getattr(column, "mask", None)
        if values.dtype.kind in "US":
            width = values.dtype.itemsize // (4 if values.dtype.kind == "U" else 1)
            metadata[f"lsst::arrow::len::{name}".encode()] = str(width).encode()
        if values.ndim > 1:
            shape = values.shape[1:]
            metadata[f"lsst::arrow::shape::{name}".encode()] = str(shape).encode()
        native = values.astype(values.dtype.newbyteorder("="), copy=False)
        array = pyarrow.array(
            native.ravel(), mask=None if mask is None else np.asarray(mask).ravel()
        )
        if values.ndim > 1:
            array = pyarrow.FixedSizeListArray.from_arrays(array, int(np.prod(shape)))
        arrays.append(array)
        said = {"description": column.info.description, "unit": column.info.unit}
        own = {key: str(value) for key, value in said.items() if value}
        fields.append(pyarrow.field(name, array.type, metadata=own or None))
    return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields, metadata=metadata))


def table_from_arrow(arrow: pyarrow.Table) -> Table:
    """Return the astropy table of an Arrow table.

    Parameters
    ----------
    arrow : `pyarrow.Table`
        The table, as it stands in a Parquet file of this package, of LSST or
        of astropy.
    """
    metadata: Mapping[bytes, bytes] = arrow.schema.metadata or {}
    columns = {name: _column(arrow.column(name), name, metadata) for name in arrow.column_names}
    table = Table(columns, names=arrow.column_names)
    if HEADER_KEY not in metadata:
        for name in table.colnames:
            own = arrow.schema.field(name).metadata or {}
            for attribute in ("unit", "description"):
                if attribute.encode() in own:
                    setattr(table[name].info, attribute, own[attribute.encode()].decode())
        return table
    header = table_meta.get_header_from_yaml(metadata[HEADER_KEY].decode().split("\n"))
    table.meta.update(header.get("meta", {}))
    for each in header.get("datatype", []):
        if each["name"] in table.colnames:
            for attribute in _ATTRIBUTES:
                if attribute in each:
                    setattr(table[each["name"]].info, attribute, each[attribute])
    if "__serialized_columns__" not in table.meta:
        return table
    return _construct_mixins_from_columns(table)


def without_header(arrow: pyarrow.Table) -> pyarrow.Table:
    """Return an Arrow table without astropy's formats and metadata.

    Units and descriptions stay, those that stand with its fields.
    """
    metadata = dict(arrow.schema.metadata or {})
    metadata.pop(HEADER_KEY, None)
    return arrow.replace_schema_metadata(metadata)


def _column(chunked: pyarrow.ChunkedArray, name: str, metadata: Mapping[bytes, bytes]) -> Any:
    if not pyarrow.types.is_fixed_size_list(chunked.type):
        return _flat(chunked, name, metadata)
    text = metadata.get(f"lsst::arrow::shape::{name}".encode())
    shape = ast.literal_eval(text.decode()) if text else (chunked.type.list_size,)
    cells = pyarrow.chunked_array(
        [chunk.flatten() for chunk in chunked.chunks], type=chunked.type.value_type
    )
    return _flat(cells, name, metadata).reshape((len(chunked), *shape))


def _flat(chunked: pyarrow.ChunkedArray, name: str, metadata: Mapping[bytes, bytes]) -> Any:
    kind = chunked.type
    missing = np.asarray(chunked.is_null()) if chunked.null_count else None
    if pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind):
        values = np.array([each or "" for each in chunked.to_pylist()], _width("U", name, metadata))
    elif pyarrow.types.is_binary(kind) or pyarrow.types.is_fixed_size_binary(kind):
        values = np.array(
            [each or b"" for each in chunked.to_pylist()], _width("S", name, metadata)
        )
    elif missing is not None:
        values = chunked.fill_null(False if pyarrow.types.is_boolean(kind) else 0).to_numpy()
    else:
        values = chunked.to_numpy()
    return values if missing is None else MaskedColumn(values, mask=missing)


def _width(kind: str, name: str, metadata: Mapping[bytes, bytes]) -> str:
    length = metadata.get(f"lsst::arrow::len::{name}".encode())
    return f"{kind}{int(length)}" if length else kind
