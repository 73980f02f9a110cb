"""Dimension elements: the dimensions, and the tables that join them."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..named_set import NamedSet

if TYPE_CHECKING:
    from .group import DimensionGroup
    from .record import DimensionRecord
    from .schema import DimensionRecordSchema
    from .universe import DimensionUniverse

__all__ = ["DimensionColumn", "DimensionElement"]


@dataclasses.dataclass(frozen=True, slots=True)
class DimensionColumn:
    """A field of a dimension element, as the dimension configuration has it.

    Parameters
    ----------
    name : `str`
        Name of the field.
    type : `str`
        ``string``, ``int``, ``float``, ``bool``, ``hash``, ``region`` or
        ``timespan``.
    length : `int` or `None`
        Most characters of a string.
    nullable : `bool`
        Whether the field may be NULL.
    doc : `str`
        What the field means.
    """

    name: str
    type: str
    length: int | None = None
    nullable: bool = True
    doc: str = ""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> DimensionColumn:
        """Read one entry of ``keys`` or ``metadata``.

        The tables of the format do not follow the ``nullable`` of metadata.
        """
        return cls(
            name=config["name"],
            type=config["type"],
            length=config.get("length"),
            doc=str(config.get("doc", "")).strip(),
        )


class DimensionElement:
    """A dimension, or a table that joins dimensions.

    Parameters
    ----------
    universe : `DimensionUniverse`
        The universe that the element is part of.
    name : `str`
        Name of the element, such as ``visit``.
    required : `tuple` [ `str` ]
        Dimensions whose values identify a record, in the universe's order;
        a dimension's own name comes last.
    implied : `tuple` [ `str` ]
        Dimensions whose values a record of this element gives.
    config : `~collections.abc.Mapping`
        The element's part of the dimension configuration.
    spatial, temporal : `str` or `None`
        The family of regions or timespans that the element's belong to.

    Notes
    -----
    Two elements are equal if they have the same name, and an element equals
    its own name: ``element == "visit"``.
    """

    def __init__(
        self,
        universe: DimensionUniverse,
        name: str,
        *,
        required: tuple[str, ...],
        implied: tuple[str, ...],
        config: Mapping[str, Any],
        spatial: str | None = None,
        temporal: str | None = None,
        skypix: tuple[str, int] | None = None,
    ) -> None:
        self.universe = universe
        self.name = name
        self.doc = str(config.get("doc", "")).strip()
        self.spatial = spatial
        self.temporal = temporal
        self.skypix = skypix
        self.populated_by: str | None = config.get("populated_by")
        self.always_join = bool(config.get("always_join", False))
        self.is_governor = bool(config.get("governor", False))
        nested = config.get("storage", {}).get("nested", {})
        self.view_of: str | None = nested.get("view_of")
        self._required_names = required
        self._implied_names = implied
        keys = [DimensionColumn.from_config(key) for key in config.get("keys", ())]
        self.primary_key: DimensionColumn | None = (
            dataclasses.replace(keys[0], nullable=False) if keys else None
        )
        self.alternate_keys = tuple(keys[1:])
        self.metadata_columns = tuple(
            DimensionColumn.from_config(column) for column in config.get("metadata", ())
        )

    @property
    def is_dimension(self) -> bool:
        """Whether the element is a dimension, and not only a join."""
        return self.primary_key is not None

    @property
    def has_own_table(self) -> bool:
        """Whether records are rows of a table of their own."""
        return self.skypix is None and self.view_of is None

    @cached_property
    def is_cached(self) -> bool:
        """Whether the table is small enough to be kept by an open Butler.

        True for elements that do not change from night to night; the format
        marks them in their ``storage`` configuration.
        """
        storage = self.universe.element_config(self.name).get("storage", {})
        return self.is_governor or "Caching" in storage.get("cls", "")

    @property
    def required_names(self) -> tuple[str, ...]:
        """Names of the dimensions that identify a record."""
        return self._required_names

    @property
    def implied_names(self) -> tuple[str, ...]:
        """Names of the dimensions whose values a record gives."""
        return self._implied_names

    @cached_property
    def required(self) -> NamedSet[DimensionElement]:
        """The dimensions that identify a record (`NamedSet`)."""
        return NamedSet(self.universe[name] for name in self._required_names)

    @cached_property
    def implied(self) -> NamedSet[DimensionElement]:
        """The dimensions whose values a record gives (`NamedSet`)."""
        return NamedSet(self.universe[name] for name in self._implied_names)

    @cached_property
    def dimensions(self) -> DimensionGroup:
        """The group of all dimensions of the element."""
        return self.universe.conform((*self._required_names, *self._implied_names))

    @property
    def minimal_group(self) -> DimensionGroup:
        """The group of all dimensions of the element, as `dimensions`."""
        return self.dimensions

    @property
    def documentation(self) -> str:
        """What a record is (`str`)."""
        return self.doc

    @property
    def metadata(self) -> NamedSet[DimensionColumn]:
        """The fields that are no keys, but for region and timespan (`NamedSet`)."""
        return NamedSet(self.metadata_columns)

    @property
    def primaryKey(self) -> DimensionColumn | None:
        """The field of the dimension's own values, `None` where it is none."""
        return self.primary_key

    @property
    def schema(self) -> DimensionRecordSchema:
        """The fields of a record, to be printed (`DimensionRecordSchema`)."""
        from .schema import DimensionRecordSchema

        return DimensionRecordSchema(self)

    @cached_property
    def columns(self) -> tuple[DimensionColumn, ...]:
        """The fields of a record, in the order of the table's columns.

        Keys of other dimensions first, then the dimension's own key, the
        implied dimensions, other keys, metadata, region and timespan.
        """
        own = self.name if self.is_dimension else None
        columns = [
            self.universe[name].key_column(name) for name in self._required_names if name != own
        ]
        if self.primary_key is not None:
            columns.append(self.primary_key)
        columns += [self.universe[name].key_column(name) for name in self._implied_names]
        columns += [*self.alternate_keys, *self.metadata_columns]
        if self.spatial is not None:
            columns.append(DimensionColumn("region", "region"))
        if self.temporal is not None:
            columns.append(DimensionColumn("timespan", "timespan"))
        return tuple(columns)

    def column(self, name: str) -> DimensionColumn:
        """Return a column of the records by its name."""
        return next(one for one in self.columns if one.name == name)

    def key_column(self, name: str) -> DimensionColumn:
        """Return the column by which other tables refer to this dimension."""
        assert self.primary_key is not None
        return dataclasses.replace(self.primary_key, name=name, nullable=False)

    @cached_property
    def RecordClass(self) -> type[DimensionRecord]:
        """The class of the element's records."""
        from .record import make_record_class

        return make_record_class(self)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return operator.getitem, (self.universe, self.name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DimensionElement):
            return self.name == other.name
        return self.name == other if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.name)

    def __lt__(self, other: DimensionElement) -> bool:
        return self.universe.index(self.name) < self.universe.index(other.name)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"DimensionElement({self.name!r})"
