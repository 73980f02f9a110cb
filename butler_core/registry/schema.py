"""The registry's tables, made from the dimension universe.

Names of constraints and indexes are the repository format's: a repository
made here has the tables that lsst-daf-butler 30 makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy
from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, String, Text
from sqlalchemy.types import TypeEngine

from ..dimensions import DimensionColumn, DimensionElement, DimensionGroup, DimensionUniverse
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS

__all__ = ["NULL_COMPONENT", "Schema", "overlap_table_names"]

NULL_COMPONENT = "__NULL_STRING__"
"""What a nullable string in a primary key holds for NULL."""

_LONGEST_VARCHAR = 32  # longer strings are TEXT without a check


class Schema:
    """The tables of a registry.

    Parameters
    ----------
    universe : `DimensionUniverse`
        The dimensions that the tables are made from.

    Notes
    -----
    Tables are made when asked for, so that opening a repository makes only
    those that are queried.
    """

    def __init__(self, universe: DimensionUniverse) -> None:
        self.universe = universe
        self.metadata = sqlalchemy.MetaData()

    def static_tables(self) -> list[sqlalchemy.Table]:
        """Return the tables that each repository has, in an order that can be created."""
        for name in _FIXED:
            self.table(name)
        for element in self.universe.elements:
            if element.has_own_table:
                self.table(element.name)
                for name in overlap_table_names(element):
                    self.table(name)
        for governor in self.universe.governor_dimensions:
            self.table(f"collection_summary_{governor.name}")
        return list(self.metadata.sorted_tables)

    def table(self, name: str) -> sqlalchemy.Table:
        """Return a static table."""
        table = self.metadata.tables.get(name)
        if table is None:
            table = self._make(name)
        return table

    def add_references(self, table: sqlalchemy.Table) -> None:
        """Make the tables that a table refers to, which its DDL needs."""
        for key in table.foreign_key_constraints:
            for element in key.elements:
                name = element.target_fullname.split(".")[0]
                if name not in self.metadata.tables:
                    self.table(name)

    def tags_table(self, name: str, dimensions: DimensionGroup) -> sqlalchemy.Table:
        """Return a table of RUN and TAGGED membership."""
        existing = self.metadata.tables.get(name)
        if existing is not None:
            return existing
        builder = _Builder(self, name)
        builder.integer("dataset_type_id")
        builder.uuid("dataset_id")
        builder.integer("collection_id")
        for dimension in dimensions.required:
            builder.dimension(self.universe[dimension])
        builder.primary_key("dataset_id", "collection_id")
        builder.unique("dataset_type_id", "collection_id", *dimensions.required)
        self._reference_membership(builder, dimensions)
        return builder.build()

    def calibs_table(self, name: str, dimensions: DimensionGroup) -> sqlalchemy.Table:
        """Return a table of CALIBRATION membership."""
        existing = self.metadata.tables.get(name)
        if existing is not None:
            return existing
        builder = _Builder(self, name)
        builder.autoincrement("id")
        builder.integer("dataset_type_id")
        builder.uuid("dataset_id")
        builder.integer("collection_id")
        for dimension in dimensions.required:
            builder.dimension(self.universe[dimension])
        builder.column(
            "timespan_begin", BigInteger, server_default=sqlalchemy.text(str(MIN_NANOSECONDS))
        )
        builder.column(
            "timespan_end", BigInteger, server_default=sqlalchemy.text(str(MAX_NANOSECONDS))
        )
        builder.primary_key("id")
        builder.index(
            "dataset_type_id",
            "collection_id",
            *dimensions.required,
            "timespan_begin",
            "timespan_end",
        )
        self._reference_membership(builder, dimensions)
        return builder.build()

    def _reference_membership(self, builder: _Builder, dimensions: DimensionGroup) -> None:
        builder.reference("dataset_type", ["dataset_type_id"], ["id"])
        builder.reference("dataset", ["dataset_id"], ["id"], cascade=True)
        builder.reference("collection", ["collection_id"], ["collection_id"], cascade=True)
        builder.reference("collection_summary_dataset_type", ["collection_id", "dataset_type_id"])
        for name in dimensions.required:
            element = self.universe[name]
            if not element.has_own_table:
                continue
            builder.reference_dimension(element)
            if element.is_governor:
                builder.reference(f"collection_summary_{name}", ["collection_id", name])

    def _make(self, name: str) -> sqlalchemy.Table:
        builder = _Builder(self, name)
        if name in _FIXED:
            _FIXED[name](builder)
        elif name.startswith("collection_summary_"):
            _governor_summary(builder, self.universe[name.removeprefix("collection_summary_")])
        elif name in self.universe:
            _element(builder, self.universe[name])
        else:
            _overlap(builder, self.universe, name)
        return builder.build()


class _Builder:
    """Gathers the parts of one table."""

    def __init__(self, schema: Schema, name: str) -> None:
        self.schema = schema
        self.name = name
        self.parts: list[Any] = []
        self.indexes: dict[str, list[str]] = {}
        self._keys: tuple[str, ...] = ()

    def build(self) -> sqlalchemy.Table:
        table = sqlalchemy.Table(
            self.name, self.schema.metadata, *self.parts, sqlite_with_rowid=True
        )
        for name, columns in self.indexes.items():
            sqlalchemy.Index(name, *(table.columns[column] for column in columns))
        return table

    def column(self, name: str, type_: Any, *, nullable: bool = False, **options: Any) -> None:
        self.parts.append(Column(name, type_, nullable=nullable, **options))

    def integer(self, name: str, *, nullable: bool = False) -> None:
        self.column(name, BigInteger, nullable=nullable, autoincrement=False)

    def autoincrement(self, name: str) -> None:
        self.column(name, Integer, autoincrement=True)

    def text(self, name: str, *, nullable: bool = False) -> None:
        self.column(name, Text, nullable=nullable)

    def uuid(self, name: str) -> None:
        type_ = sqlalchemy.CHAR(32).with_variant(sqlalchemy.UUID(), "postgresql")
        self.column(name, type_)

    def string(self, name: str, length: int, *, nullable: bool = False) -> None:
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
        if column.type == "timespan":
            self.integer(f"{column.name}_begin", nullable=True)
            self.integer(f"{column.name}_end", nullable=True)
        elif column.type == "string":
            self.string(column.name, column.length or 256, nullable=column.nullable)
        else:
            self.column(column.name, _FIELD_TYPES[column.type](), nullable=column.nullable)

    def dimension(self, element: DimensionElement) -> None:
        self.field(element.key_column(element.name))

    def primary_key(self, *columns: str) -> None:
        self._keys = columns
        self.parts.append(sqlalchemy.PrimaryKeyConstraint(*columns))

    def unique(self, *columns: str) -> None:
        name = f"{self.name}_unq_{'_'.join(columns)}"
        self.parts.append(sqlalchemy.UniqueConstraint(*columns, name=name))

    def index(self, *columns: str) -> None:
        self.indexes[f"{self.name}_idx_{'_'.join(columns)}"] = list(columns)

    def reference(
        self,
        table: str,
        columns: Sequence[str],
        targets: Sequence[str] | None = None,
        *,
        cascade: bool = False,
    ) -> None:
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
        columns = list(element.required_names)
        assert element.primary_key is not None
        targets = [name if name != element.name else element.primary_key.name for name in columns]
        self.reference(element.name, columns, targets)


_FIELD_TYPES: dict[str, type[TypeEngine[Any]]] = {
    "int": BigInteger,
    "float": Float,
    "bool": sqlalchemy.Boolean,
    "hash": Text,
    "region": Text,
}


def _element(builder: _Builder, element: DimensionElement) -> None:
    universe = builder.schema.universe
    for column in element.columns:
        builder.field(column)
    own = element.primary_key.name if element.primary_key is not None else None
    keys = [own if name == element.name and own else name for name in element.required_names]
    builder.primary_key(*keys)
    others = [name for name in keys if name != own or not element.is_dimension]
    for alternate in element.alternate_keys:
        builder.unique(*others, alternate.name)
    for name in (*element.required_names, *element.implied_names):
        target = universe[name]
        if name != element.name and target.has_own_table:
            builder.reference_dimension(target)


def overlap_table_names(element: DimensionElement) -> list[str]:
    """Return the tables of the sky that an element's regions cover.

    The element's own pixels, and the joins with elements of other spatial
    families, which the format keeps but no longer fills.
    """
    if element.spatial is None or element.skypix is not None:
        return []
    names = [f"{element.name}_skypix_overlap", f"{element.name}_skypix_overlap_summary"]
    for other in element.universe.elements:
        if other.spatial not in (None, element.spatial) and other.name > element.name:
            names += [f"{element.name}_{other.name}_overlap"]
            names += [f"{element.name}_{other.name}_overlap_summary"]
    return names


def _overlap(builder: _Builder, universe: DimensionUniverse, name: str) -> None:
    summary = name.endswith("_summary")
    stem = name.removesuffix("_summary").removesuffix("_overlap")
    if stem.endswith("_skypix"):
        _skypix_overlap(builder, universe[stem.removesuffix("_skypix")], summary=summary)
        return
    first, second = _two_elements(universe, stem)
    both = dict.fromkeys([*first.required_names, *second.required_names])
    governors = [dimension for dimension in both if universe[dimension].is_governor]
    names = governors if summary else [*dict.fromkeys([*governors, *both])]
    for dimension in names:
        builder.dimension(universe[dimension])
    builder.primary_key(*names)
    for dimension in names:
        builder.reference_dimension(universe[dimension])


def _two_elements(
    universe: DimensionUniverse, stem: str
) -> tuple[DimensionElement, DimensionElement]:
    for element in universe.elements:
        rest = stem.removeprefix(f"{element.name}_")
        if rest != stem and rest in universe:
            return element, universe[rest]
    raise KeyError(f"the registry has no table {stem!r}")


def _skypix_overlap(builder: _Builder, element: DimensionElement, *, summary: bool) -> None:
    universe = builder.schema.universe
    governors = element.dimensions.governors
    builder.string("skypix_system", 16)
    builder.column("skypix_level", SmallInteger, autoincrement=False)
    for name in governors if summary else element.required_names:
        builder.dimension(universe[name])
    head = ["skypix_system", "skypix_level"]
    if summary:
        builder.primary_key(*head, *governors)
        for name in governors:
            builder.reference_dimension(universe[name])
        return
    builder.integer("skypix_index")
    builder.primary_key(*head, *element.required_names, "skypix_index")
    builder.index(*head, "skypix_index", *element.required_names)
    builder.reference(f"{element.name}_skypix_overlap_summary", [*head, *governors], cascade=True)
    for name in element.required_names:
        builder.reference_dimension(universe[name])


def _governor_summary(builder: _Builder, governor: DimensionElement) -> None:
    builder.integer("collection_id")
    builder.dimension(governor)
    builder.primary_key("collection_id", governor.name)
    builder.reference("collection", ["collection_id"], ["collection_id"], cascade=True)
    builder.reference_dimension(governor)


def _attributes(builder: _Builder) -> None:
    builder.text("name")
    builder.text("value")
    builder.primary_key("name")


def _dimension_graph_key(builder: _Builder) -> None:
    builder.autoincrement("id")
    builder.primary_key("id")


def _dimension_graph_definition(builder: _Builder) -> None:
    builder.integer("dimension_graph_id")
    builder.text("dimension_name")
    builder.primary_key("dimension_graph_id", "dimension_name")
    builder.reference("dimension_graph_key", ["dimension_graph_id"], ["id"], cascade=True)


def _collection(builder: _Builder) -> None:
    builder.autoincrement("collection_id")
    builder.text("name")
    builder.column("type", SmallInteger)
    builder.text("doc", nullable=True)
    builder.primary_key("collection_id")
    builder.unique("name")


def _run(builder: _Builder) -> None:
    builder.integer("collection_id")
    builder.text("host", nullable=True)
    builder.field(DimensionColumn("timespan", "timespan"))
    builder.primary_key("collection_id")
    builder.reference("collection", ["collection_id"], cascade=True)


def _collection_chain(builder: _Builder) -> None:
    builder.integer("parent")
    builder.column("position", SmallInteger, autoincrement=False)
    builder.integer("child")
    builder.primary_key("parent", "position")
    builder.reference("collection", ["parent"], ["collection_id"], cascade=True)
    builder.reference("collection", ["child"], ["collection_id"])


def _collection_summary_dataset_type(builder: _Builder) -> None:
    builder.integer("collection_id")
    builder.integer("dataset_type_id")
    builder.primary_key("collection_id", "dataset_type_id")
    builder.reference("collection", ["collection_id"], cascade=True)
    builder.reference("dataset_type", ["dataset_type_id"], ["id"], cascade=True)


def _dataset_type(builder: _Builder) -> None:
    builder.autoincrement("id")
    builder.text("name")
    builder.text("storage_class")
    builder.integer("dimensions_key")
    builder.text("tag_association_table")
    builder.text("calibration_association_table", nullable=True)
    builder.primary_key("id")
    builder.unique("name")


def _dataset(builder: _Builder) -> None:
    builder.uuid("id")
    builder.integer("dataset_type_id")
    builder.integer("ingest_date")
    builder.integer("run_id")
    builder.primary_key("id")
    builder.reference("dataset_type", ["dataset_type_id"], ["id"])
    builder.reference("run", ["run_id"], ["collection_id"], cascade=True)


def _opaque_meta(builder: _Builder) -> None:
    builder.text("table_name")
    builder.primary_key("table_name")


def _dataset_location(builder: _Builder) -> None:
    builder.text("datastore_name")
    builder.uuid("dataset_id")
    builder.primary_key("datastore_name", "dataset_id")
    builder.reference("dataset", ["dataset_id"], ["id"])


def _dataset_location_trash(builder: _Builder) -> None:
    builder.uuid("dataset_id")
    builder.text("datastore_name")
    builder.primary_key("dataset_id", "datastore_name")


def _file_datastore_records(builder: _Builder) -> None:
    builder.uuid("dataset_id")
    for name in ("path", "formatter", "storage_class"):
        builder.text(name)
    builder.string("component", 32)
    builder.text("checksum", nullable=True)
    builder.integer("file_size", nullable=True)
    builder.primary_key("dataset_id", "component")
    builder.index("path")


_FIXED = {
    "butler_attributes": _attributes,
    "dimension_graph_key": _dimension_graph_key,
    "dimension_graph_definition": _dimension_graph_definition,
    "collection": _collection,
    "run": _run,
    "collection_chain": _collection_chain,
    "dataset_type": _dataset_type,
    "collection_summary_dataset_type": _collection_summary_dataset_type,
    "dataset": _dataset,
    "opaque_meta": _opaque_meta,
    "dataset_location": _dataset_location,
    "dataset_location_trash": _dataset_location_trash,
    "file_datastore_records": _file_datastore_records,
}
"""Tables that do not depend on the dimensions."""
