"""The registry's tables, made from the dimension universe.

Names of constraints and indexes are the repository format's: a repository
made here has the tables that lsst-daf-butler 30 makes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TypeVar

import sqlalchemy
from sqlalchemy import BigInteger, SmallInteger

from ..dimensions import DimensionElement, DimensionGroup, DimensionUniverse
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS
from .fixed_tables import FIXED_TABLES
from .statements import CompiledStatement
from .table_builder import TableBuilder

__all__ = ["NULL_COMPONENT", "Schema", "overlap_table_names", "shared_schema"]

_Key = TypeVar("_Key", bound=Hashable)

_MOST_MEMBERSHIPS = 500  # tables of memberships, of whatever repositories

NULL_COMPONENT = "__NULL_STRING__"
"""What a nullable string in a primary key holds for NULL."""


class Schema:
    """The tables of a registry.

    Parameters
    ----------
    universe : `DimensionUniverse`
        The dimensions that the tables are made from.

    Notes
    -----
    Tables are made when asked for, so that opening a repository makes only
    those that are queried. All repositories of a universe that a process opens
    have one schema, by `shared_schema`, in whatever threads.
    """

    def __init__(self, universe: DimensionUniverse) -> None:
        self.universe = universe
        self.metadata = sqlalchemy.MetaData()
        self._lock = threading.RLock()
        self._tables: dict[str, sqlalchemy.Table] = {}
        self._memberships: dict[tuple[str, tuple[str, ...]], sqlalchemy.Table] = {}
        self._statements: dict[tuple[str, str], dict[Hashable, CompiledStatement]] = {}

    def statements(self, dialect_name: str, kind: str) -> dict[Hashable, CompiledStatement]:
        """Return the statements of a kind that were made for the databases of a dialect."""
        return self._statements.setdefault((dialect_name, kind), {})

    def static_tables(self) -> list[sqlalchemy.Table]:
        """Return the tables that each repository has, in an order that can be created."""
        names = [*FIXED_TABLES]
        for element in self.universe.elements:
            if element.has_own_table:
                names += [element.name, *overlap_table_names(element)]
        for governor in self.universe.governor_dimensions:
            names.append(f"collection_summary_{governor.name}")
        return sqlalchemy.schema.sort_tables([self.table(name) for name in sorted(names)])

    def table(self, name: str) -> sqlalchemy.Table:
        """Return a static table."""
        return self._once(self._tables, name, lambda: self._make(name))

    def _once(
        self, made: dict[_Key, sqlalchemy.Table], key: _Key, make: Callable[[], sqlalchemy.Table]
    ) -> sqlalchemy.Table:
        """Return a table, made if it is not there.

        The metadata are not asked, where a signal such as Ctrl-C may leave half a table.
        """
        table = made.get(key)
        if table is None:
            with self._lock:
                table = made.get(key)  # another thread may have made it meanwhile
                if table is None:
                    table = made[key] = make()
        return table

    def add_references(self, table: sqlalchemy.Table) -> None:
        """Make the tables that a table refers to, which its DDL needs."""
        for key in table.foreign_key_constraints:
            for element in key.elements:
                name = element.target_fullname.split(".")[0]
                if name not in self._tables:
                    self.table(name)

    def tags_table(self, name: str, dimensions: DimensionGroup) -> sqlalchemy.Table:
        """Return a table of RUN and TAGGED membership."""
        return self._membership_table(name, dimensions, self._tags)

    def _tags(self, builder: TableBuilder, dimensions: DimensionGroup) -> None:
        builder.integer("dataset_type_id")
        builder.uuid("dataset_id")
        builder.integer("collection_id")
        for dimension in dimensions.required:
            builder.dimension(self.universe[dimension])
        builder.primary_key("dataset_id", "collection_id")
        builder.unique("dataset_type_id", "collection_id", *dimensions.required)

    def calibs_table(self, name: str, dimensions: DimensionGroup) -> sqlalchemy.Table:
        """Return a table of CALIBRATION membership."""
        return self._membership_table(name, dimensions, self._calibs)

    def _calibs(self, builder: TableBuilder, dimensions: DimensionGroup) -> None:
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

    def _membership_table(
        self,
        name: str,
        dimensions: DimensionGroup,
        add_columns: Callable[[TableBuilder, DimensionGroup], None],
    ) -> sqlalchemy.Table:
        """Return a table of the name, which means other dimensions in other repositories."""

        def make() -> sqlalchemy.Table:
            if len(self._memberships) >= _MOST_MEMBERSHIPS:
                self._forget_memberships()
            builder = TableBuilder(self.metadata, name)
            add_columns(builder, dimensions)
            self._refer(builder, dimensions)
            return builder.build()

        return self._once(self._memberships, (name, dimensions.required), make)

    def _forget_memberships(self) -> None:
        for table in self._memberships.values():
            if self.metadata.tables.get(table.name) is table:
                self.metadata.remove(table)
        self._memberships.clear()

    def _refer(self, builder: TableBuilder, dimensions: DimensionGroup) -> None:
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
        builder = TableBuilder(self.metadata, name)
        if name in FIXED_TABLES:
            FIXED_TABLES[name](builder)
        elif name.startswith("collection_summary_"):
            _governor_summary(builder, self.universe[name.removeprefix("collection_summary_")])
        elif name in self.universe:
            _element(builder, self.universe[name])
        else:
            _overlap(builder, self.universe, name)
        return builder.build()


@lru_cache(maxsize=8)
def shared_schema(universe: DimensionUniverse) -> Schema:
    """Return the schema of all repositories of a universe that this process opens."""
    return Schema(universe)


def _element(builder: TableBuilder, element: DimensionElement) -> None:
    universe = element.universe
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


def _overlap(builder: TableBuilder, universe: DimensionUniverse, name: str) -> None:
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


def _skypix_overlap(builder: TableBuilder, element: DimensionElement, *, summary: bool) -> None:
    universe = element.universe
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


def _governor_summary(builder: TableBuilder, governor: DimensionElement) -> None:
    builder.integer("collection_id")
    builder.dimension(governor)
    builder.primary_key("collection_id", governor.name)
    builder.reference("collection", ["collection_id"], ["collection_id"], cascade=True)
    builder.reference_dimension(governor)
