"""The columns of a table without its rows, as each package has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow
from astropy.table import Table

from .astropy_arrow import table_from_arrow, table_to_arrow

__all__ = ["ArrowAstropySchema", "ArrowNumpySchema", "DataFrameSchema"]

_TEXT_LENGTH = b"10"
"""What a column of texts is said to have where the file does not say, as by LSST's Butler."""


class _Schema:
    """What the schemas have in common; each is made of an Arrow schema, and gives one."""

    @classmethod
    def from_arrow(cls, schema: pyarrow.Schema) -> Any:
        """Make one of an Arrow schema."""
        raise NotImplementedError

    def to_arrow_schema(self) -> pyarrow.Schema:
        """Return it as an Arrow schema."""
        raise NotImplementedError

    def to_arrow_astropy_schema(self) -> ArrowAstropySchema:
        """Return it as that of a table of astropy."""
        return ArrowAstropySchema.from_arrow(self.to_arrow_schema())

    def to_arrow_numpy_schema(self) -> ArrowNumpySchema:
        """Return it as that of a structured array."""
        return ArrowNumpySchema.from_arrow(self.to_arrow_schema())

    def to_dataframe_schema(self) -> DataFrameSchema:
        """Return it as that of a frame of pandas."""
        return DataFrameSchema.from_arrow(self.to_arrow_schema())

    @property
    def schema(self) -> Any:
        """What the package itself has for it."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return repr(self.schema)

    # Two are the same if they are compared as equal; nothing is kept by its schema.
    __hash__ = None  # type: ignore[assignment]


class ArrowAstropySchema(_Schema):
    """The columns of a table of astropy: names, types, units, descriptions, shapes.

    Parameters
    ----------
    astropy_table : `astropy.table.Table`
        The table, with or without rows.
    """

    def __init__(self, astropy_table: Table) -> None:
        self._schema = astropy_table[:0]

    @classmethod
    def from_arrow(cls, schema: pyarrow.Schema) -> ArrowAstropySchema:
        """Make one of an Arrow schema."""
        return cls(_empty(schema))

    def to_arrow_schema(self) -> pyarrow.Schema:
        """Return it as an Arrow schema."""
        return table_to_arrow(self._schema).schema

    @property
    def schema(self) -> Table:
        """A table without rows (`astropy.table.Table`)."""
        return self._schema

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArrowAstropySchema):
            return NotImplemented
        return _described(self._schema) == _described(other._schema)


class ArrowNumpySchema(_Schema):
    """The columns of a structured array.

    Parameters
    ----------
    numpy_dtype : `numpy.dtype`
        Its type.
    """

    def __init__(self, numpy_dtype: np.dtype[Any]) -> None:
        self._dtype = np.dtype(numpy_dtype)

    @classmethod
    def from_arrow(cls, schema: pyarrow.Schema) -> ArrowNumpySchema:
        """Make one of an Arrow schema."""
        return cls(_empty(schema).dtype)

    def to_arrow_schema(self) -> pyarrow.Schema:
        """Return it as an Arrow schema."""
        return table_to_arrow(Table(np.zeros(0, self._dtype))).schema

    @property
    def schema(self) -> np.dtype[Any]:
        """The type of the array (`numpy.dtype`)."""
        return self._dtype

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ArrowNumpySchema):
            return NotImplemented
        return self._dtype == other._dtype


class DataFrameSchema(_Schema):
    """The columns of a frame of pandas, and the name of its index.

    Parameters
    ----------
    dataframe : `pandas.DataFrame`
        The frame, with or without rows.
    """

    def __init__(self, dataframe: Any) -> None:
        self._schema = dataframe.iloc[:0]

    @classmethod
    def from_arrow(cls, schema: pyarrow.Schema) -> DataFrameSchema:
        """Make one of an Arrow schema."""
        return cls(schema.empty_table().to_pandas())

    def to_arrow_schema(self) -> pyarrow.Schema:
        """Return it as an Arrow schema."""
        return pyarrow.Schema.from_pandas(self._schema)

    @property
    def schema(self) -> Any:
        """A frame without rows (`pandas.DataFrame`)."""
        return self._schema

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DataFrameSchema):
            return NotImplemented
        return bool(self._schema.equals(other._schema))


def _empty(schema: pyarrow.Schema) -> Table:
    """Return an astropy table without rows."""
    metadata = dict(schema.metadata or {})
    for field in schema:
        metadata.setdefault(f"lsst::arrow::len::{field.name}".encode(), _TEXT_LENGTH)
    return table_from_arrow(schema.with_metadata(metadata).empty_table())


def _described(table: Table) -> list[tuple[Any, ...]]:
    return [
        (column.info.name, column.dtype, column.shape[1:], column.unit, column.info.description)
        for column in table.itercols()
    ]
