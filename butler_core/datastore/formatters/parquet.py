"""Tables as Parquet."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from butler_core.errors import UnknownComponentError, UnknownParameterError, nearest
from butler_core.tables import (
    COMPONENTS,
    as_arrow,
    chosen_columns,
    component_of_schema,
    filter_columns,
    from_arrow,
)
from butler_core.tables.astropy_arrow import without_header

from . import NO_PARAMETERS, Formatter

__all__ = ["ParquetFormatter"]

_PARAMETERS = frozenset({"columns", "filters", "strip_astropy_meta_yaml"})
_SCHEMA = "pyarrow.Schema"


class ParquetFormatter(Formatter):
    """Reads and writes tables as Parquet, whatever package they are of.

    The Python type of the storage class says what is returned: a table of
    astropy, pyarrow or pandas, a structured numpy array, or a `dict` of
    arrays; or the schema alone. Of the read parameters, ``columns`` chooses columns, and
    ``filters`` rows as `pyarrow.parquet.read_table` understands them.
    """

    extension = ".parq"
    interchangeable = frozenset(
        {
            "astropy.table.Table",
            "dict",
            "numpy.ndarray",
            "pandas.core.frame.DataFrame",
            "pyarrow.lib.Table",
        }
    )

    def read(
        self,
        path: Path,
        *,
        component: str | None = None,
        parameters: Mapping[str, Any] = NO_PARAMETERS,
    ) -> Any:
        """Read the table, its ``columns``, ``rowcount`` or ``schema``; see `Formatter.read`.

        Notes
        -----
        Of the components, ``rowcount`` alone heeds a parameter, ``filters``.
        """
        for name in parameters:
            if name not in _PARAMETERS:
                raise UnknownParameterError(
                    f"{type(self).__name__} cannot read with the parameter {name!r}"
                    + nearest(name, _PARAMETERS)
                )
        footer = pyarrow.parquet.read_metadata(path)
        schema = footer.schema.to_arrow_schema()
        kind = self.storage_class.pytype_name
        if component is not None and component not in COMPONENTS:
            raise UnknownComponentError(
                f"A Parquet file has no component {component!r}" + nearest(component, COMPONENTS)
            )
        filters = parameters.get("filters")
        for name in filter_columns(filters):
            chosen_columns([name], schema)
        if component == "rowcount":
            return footer.num_rows if filters is None else _table(path, [], filters).num_rows
        if component is not None:
            return component_of_schema(component, schema, kind)
        if kind == _SCHEMA:
            return schema
        arrow = _table(path, chosen_columns(parameters.get("columns"), schema), filters)
        if parameters.get("strip_astropy_meta_yaml", False):
            arrow = without_header(arrow)
        return from_arrow(arrow, kind)

    def write(self, obj: Any, path: Path) -> None:
        """Write the table, with its metadata, or a schema."""
        if isinstance(obj, pyarrow.Schema):
            pyarrow.parquet.write_metadata(obj, path)
        else:
            pyarrow.parquet.write_table(as_arrow(obj), path)


def _table(path: Path, columns: list[str] | None, filters: Any) -> pyarrow.Table:
    return pyarrow.parquet.read_table(
        path, columns=columns, filters=filters, partitioning=None, use_pandas_metadata=True
    )
