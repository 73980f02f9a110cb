"""Tables, part by part, with the names that the format gives to constraints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import BigInteger, Column, Float, Integer, String, Text
from sqlalchemy.types import TypeEngine

from ..dimensions import DimensionColumn, DimensionElement

__all__ = ["TableBuilder"]

_LONGEST_VARCHAR = 32  # longer strings are TEXT without a check

_FIELD_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "int": BigInteger,
    "float": Float,
    "bool": sqlalchemy.Boolean,
    "hash": Text,
    "region": Text,
}


class TableBuilder:
    """Gathers the parts of one table.

    Parameters
    ----------
    metadata : `sqlalchemy.MetaData`
        Where the table shall be.
    name : `str`
        Its name.
    """

    def __init__(self, metadata: sqlalchemy.MetaData, name: str) -> None:
        self.metadata = metadata
        self.name = name
        self.parts: list[Any] = []
        self.indexes: dict[str, list[str]] = {}
        self._keys: tuple[str, ...] = ()

    def build(self) -> sqlalchemy.Table:
        """Return the table, with its indexes, in place of one of the same name."""
        if self.name in self.metadata.tables:
            self.metadata.remove(self.metadata.tables[self.name])
        table = sqlalchemy.Table(self.name, self.metadata, *self.parts, sqlite_with_rowid=True)
        for name, columns in self.indexes.items():
            sqlalchemy.Index(name, *(table.columns[column] for column in columns))
        return table

    def column(self, name: str, type_: Any, *, nullable: bool = False, **options: Any) -> None:
        """Add a column."""
        self.parts.append(Column(name, type_, nullable=nullable, **options))

    def integer(self, name: str, *, nullable: bool = False) -> None:
        """Add a column of 64-bit integers."""
        self.column(name, BigInteger, nullable=nullable, autoincrement=False)

    def autoincrement(self, name: str) -> None:
        """Add a column that numbers rows."""
        self.column(name, Integer, autoincrement=True)

    def text(self, name: str, *, nullable: bool = False) -> None:
        """Add a column of text of any length."""
        self.column(name, Text, nullable=nullable)

    def uuid(self, name: str) -> None:
        """Add a column of dataset ids."""
        type_ = sqlalchemy.CHAR(32).with_variant(sqlalchemy.UUID(), "postgresql")
        self.column(name, type_)

    def string(self, name: str, length: int, *, nullable: bool = False) -> None:
        """Add a column of text; a short one is checked for its length."""
        if length > _LONGEST_VARCHAR:
            self.text(name, nullable=nullable)
            return
        self.column(name, String(length), nullable=nullable)
        self.parts.append(
            sqlalchemy.CheckConstraint(
                f'length("{name}")<={length} AND length("{name}")>=1',
                name=f"{self.name}_len_{name}",
            )
        )

    def field(self, column: DimensionColumn) -> None:
        """Add the column of a field, or two for a timespan."""
        if column.type == "timespan":
            self.integer(f"{column.name}_begin", nullable=True)
            self.integer(f"{column.name}_end", nullable=True)
        elif column.type == "string":
            self.string(column.name, column.length or 256, nullable=column.nullable)
        else:
            self.column(column.name, _FIELD_TYPES[column.type](), nullable=column.nullable)

    def dimension(self, element: DimensionElement) -> None:
        """Add the column that holds a dimension's values."""
        self.field(element.key_column(element.name))

    def primary_key(self, *columns: str) -> None:
        """Set the primary key."""
        self._keys = columns
        self.parts.append(sqlalchemy.PrimaryKeyConstraint(*columns))

    def unique(self, *columns: str) -> None:
        """Add a constraint that no two rows have the same values."""
        name = f"{self.name}_unq_{'_'.join(columns)}"
        self.parts.append(sqlalchemy.UniqueConstraint(*columns, name=name))

    def index(self, *columns: str) -> None:
        """Add an index."""
        self.indexes[f"{self.name}_idx_{'_'.join(columns)}"] = list(columns)

    def reference(
        self,
        table: str,
        columns: Sequence[str],
        targets: Sequence[str] | None = None,
        *,
        cascade: bool = False,
    ) -> None:
        """Add a foreign key, and an index for it."""
        targets = targets or columns
        name = "_".join(["fkey", self.name, table, *targets, *columns])
        self.parts.append(
            sqlalchemy.ForeignKeyConstraint(
                list(columns),
                [f"{table}.{target}" for target in targets],
                name=name,
                ondelete="CASCADE" if cascade else None,
            )
        )
        # A key that begins with these columns already serves the reference.
        if tuple(columns) != self._keys:
            self.indexes[f"{self.name}_fkidx_{'_'.join(columns)}"] = list(columns)

    def reference_dimension(self, element: DimensionElement) -> None:
        """Add a foreign key to a dimension's table."""
        columns = list(element.required_names)
        assert element.primary_key is not None
        targets = [name if name != element.name else element.primary_key.name for name in columns]
        self.reference(element.name, columns, targets)
