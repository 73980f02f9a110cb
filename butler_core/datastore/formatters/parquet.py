"""Tables as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from butler_core.errors import UnknownComponentError, UnknownParameterError, nearest

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
        """Read the table, its ``columns``, ``rowcount`` or (Arrow) ``schema``."""
        for name in parameters:
            if name not in _PARAMETERS:
                raise UnknownParameterError(
                    f"{type(self).__name__} cannot read with the parameter {name!r}"
                )
        schema = pyarrow.parquet.read_schema(path)
        if component is not None:
            return self._component(component, path, schema)
        if self.storage_class.pytype_name == _SCHEMA:
            return schema
        columns = _columns(parameters.get("columns"), schema)
        arrow = pyarrow.parquet.read_table(
            path, columns=columns, filters=parameters.get("filters"), partitioning=None
        )
        return self._converted(
            arrow, with_header=not parameters.get("strip_astropy_meta_yaml", False)
        )

    def _component(self, component: str, path: Path, schema: pyarrow.Schema) -> Any:
        if component == "columns":
            return list(schema.names)
        if component == "rowcount":
            return pyarrow.parquet.read_metadata(path).num_rows
        if component == "schema":
            return schema
        raise UnknownComponentError(
            f"A Parquet file has no component {component!r}"
            + nearest(component, ("columns", "rowcount", "schema"))
        )

    def _converted(self, arrow: pyarrow.Table, *, with_header: bool) -> Any:
        kind = self.storage_class.pytype_name
        if kind.startswith("pyarrow."):
            return arrow
        if kind.startswith("pandas."):
            return arrow.to_pandas()
        from .arrow_tables import table_from_arrow

        table = table_from_arrow(arrow, with_header=with_header)
        if kind == "dict":
            return {name: table[name].data for name in table.colnames}
        if kind.startswith("numpy."):
            return table.as_array()
        return self.storage_class.pytype(table, copy=False)

    def write(self, obj: Any, path: Path) -> None:
        """Write the table, with its metadata, or a schema."""
        if isinstance(obj, pyarrow.Schema):
            pyarrow.parquet.write_metadata(obj, path)
        else:
            pyarrow.parquet.write_table(_arrow(obj), path)


def _arrow(obj: Any) -> pyarrow.Table:
    if isinstance(obj, pyarrow.Table):
        return obj
    if type(obj).__module__.partition(".")[0] == "pandas":
        return pyarrow.Table.from_pandas(obj)
    from astropy.table import Table

    from .arrow_tables import table_to_arrow

    return table_to_arrow(obj if isinstance(obj, Table) else Table(obj))


def _columns(asked: str | Iterable[str] | None, schema: pyarrow.Schema) -> list[str] | None:
    if asked is None:
        return None
    names = [asked] if isinstance(asked, str) else list(asked)
    for name in names:
        if name not in schema.names:
            raise UnknownParameterError(
                f"columns={name!r} is not a column of the table" + nearest(name, schema.names)
            )
    return names
