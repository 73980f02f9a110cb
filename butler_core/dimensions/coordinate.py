"""Data IDs: values of dimensions that identify a dataset or a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from ..errors import ArgumentError, DimensionNameError, nearest
from ..former_names import FormerNames
from .values import DataIdValue, check_is_data_id, check_keys, coerce_value

if TYPE_CHECKING:
    from ..timespan import Timespan
    from .element import DimensionElement
    from .group import DimensionGroup
    from .record import DimensionRecord
    from .universe import DimensionUniverse

__all__ = ["DataCoordinate", "DataId", "DataIdValue"]


class DataCoordinate(FormerNames, Mapping[str, DataIdValue]):
    """A data ID: the values of a group of dimensions.

    It is a mapping from names of dimensions to values, over all dimensions
    where the implied values are known and over the required ones otherwise,
    so that ``dict(data_id)`` and ``butler.get("calexp", **data_id)`` work.

    `standardize` makes one of a user's input. Two data IDs are equal if they
    have the same dimensions and the same required values; one equals a plain
    mapping that holds its required values, and no other ones.
    """

    __slots__ = ("_dimensions", "_records", "_values")

    _former_names: ClassVar[Mapping[str, str]] = {
        "byName": "dict(data_id.mapping)",
        "full": "data_id.mapping",
        "graph": "data_id.dimensions",
        "names": "data_id.dimensions.names",
    }

    _dimensions: DimensionGroup
    _values: tuple[DataIdValue, ...]
    _records: tuple[DimensionRecord | None, ...] | None

    def __init__(self) -> None:
        raise TypeError("make a DataCoordinate with DataCoordinate.standardize(...)")

    @classmethod
    def _make(
        cls,
        dimensions: DimensionGroup,
        values: tuple[DataIdValue, ...],
        records: tuple[DimensionRecord | None, ...] | None = None,
    ) -> DataCoordinate:
        self = cls.__new__(cls)
        self._dimensions = dimensions
        self._values = values
        self._records = records
        return self

    @classmethod
    def from_required_values(
        cls, dimensions: DimensionGroup, values: tuple[DataIdValue, ...]
    ) -> DataCoordinate:
        """Make a data ID of the values of ``dimensions.required``, in that order."""
        return cls._make(dimensions, values)

    @classmethod
    def from_full_values(
        cls, dimensions: DimensionGroup, values: tuple[DataIdValue, ...]
    ) -> DataCoordinate:
        """Make a data ID of the values of ``dimensions.data_coordinate_keys``."""
        return cls._make(dimensions, values)

    @classmethod
    def with_records(
        cls,
        dimensions: DimensionGroup,
        values: tuple[DataIdValue, ...],
        records: tuple[DimensionRecord | None, ...],
    ) -> DataCoordinate:
        """Make a data ID of full values, and the record of each of ``dimensions.elements``."""
        return cls._make(dimensions, values, records)

    @classmethod
    def make_empty(cls, universe: DimensionUniverse) -> DataCoordinate:
        """Return the data ID without dimensions."""
        return cls._make(universe.empty, (), ())

    @classmethod
    def standardize(
        cls,
        mapping: Mapping[str, Any] | None = None,
        *,
        dimensions: Iterable[str] | DimensionGroup | None = None,
        universe: DimensionUniverse | None = None,
        defaults: Mapping[str, Any] | None = None,
        strict: bool = True,
        **kwargs: Any,
    ) -> DataCoordinate:
        """Make a data ID of a mapping and keywords.

        Parameters
        ----------
        mapping : `~collections.abc.Mapping`, optional
            Values by the name of the dimension. Keywords take precedence.
        dimensions : `DimensionGroup` or iterable of `str`, optional
            What the data ID shall have; other dimensions are left out. All
            that are given, if not stated.
        universe : `DimensionUniverse`, optional
            Where the dimensions are from, if neither ``mapping`` nor
            ``dimensions`` tells.
        defaults : `~collections.abc.Mapping`, optional
            Values for dimensions that are not given.
        strict : `bool`, optional
            Whether keys that are no dimensions are an error.
        **kwargs
            More values.

        Returns
        -------
        data_id : `DataCoordinate`
            With implied values if all of them are given.

        Raises
        ------
        DimensionValueError
            If a key is no dimension.
        DimensionNameError
            If a required dimension has no value.
        DataIdValueError
            If a value is not of the dimension's type. A `str` of digits, or
            a `float` without a fraction, stands for an `int`.
        """
        if isinstance(mapping, DataCoordinate) and not kwargs:
            if dimensions is None:
                return mapping
            wanted = mapping.universe.conform(dimensions)
            if wanted == mapping.dimensions:
                return mapping
            if wanted.issubset(mapping.keys()):
                return mapping.subset(wanted)
        check_is_data_id(mapping)
        group, universe = _group_of(dimensions, universe, mapping, defaults)
        given = {**(mapping or {}), **kwargs}
        if strict:
            check_keys(universe, given)
        else:
            known = {element.name for element in universe.dimensions}
            given = {name: value for name, value in given.items() if name in known}
        if group is None:
            group = universe.conform(given)
        if defaults:
            given = {**{key: value for key, value in defaults.items() if key in group}, **given}
        records = None
        if isinstance(mapping, DataCoordinate) and not kwargs:
            records = mapping._records_of(group)
        values = []
        for name in group.required:
            if given.get(name) is None:
                raise DimensionNameError(
                    f"No value in data ID ({given}) for required dimension {name!r}."
                )
            values.append(coerce_value(universe[name], given[name]))
        if all(given.get(name) is not None for name in group.implied):
            values += [coerce_value(universe[name], given[name]) for name in group.implied]
        return cls._make(group, tuple(values), records)

    @property
    def dimensions(self) -> DimensionGroup:
        """The dimensions that the data ID has values of."""
        return self._dimensions

    @property
    def universe(self) -> DimensionUniverse:
        """Where the dimensions are from."""
        return self._dimensions.universe

    @property
    def required_values(self) -> tuple[DataIdValue, ...]:
        """The values of ``dimensions.required``."""
        return self._values[: len(self._dimensions.required)]

    @property
    def known_values(self) -> tuple[DataIdValue, ...]:
        """The full values if all are known, else the required ones."""
        return self._values

    @property
    def full_values(self) -> tuple[DataIdValue, ...]:
        """The values of ``dimensions.data_coordinate_keys``."""
        self._need(self.hasFull(), "implied values")
        return self._values

    @property
    def required(self) -> Mapping[str, DataIdValue]:
        """The required values by name."""
        return dict(zip(self._dimensions.required, self._values, strict=False))

    @property
    def mapping(self) -> Mapping[str, DataIdValue]:
        """All known values by name."""
        return dict(zip(self._dimensions.data_coordinate_keys, self._values, strict=False))

    def hasFull(self) -> bool:
        """Return whether the implied values are known."""
        return len(self._values) == len(self._dimensions.data_coordinate_keys)

    def hasRecords(self) -> bool:
        """Return whether the records of all elements are known."""
        return self._records is not None

    @property
    def records(self) -> Mapping[str, DimensionRecord | None]:
        """The records by the name of the element; `None` where there is none."""
        self._need(self.hasRecords(), "records")
        assert self._records is not None
        return dict(zip(self._dimensions.elements, self._records, strict=True))

    def _records_of(self, group: DimensionGroup) -> tuple[DimensionRecord | None, ...] | None:
        """Return the records of another group's elements, `None` if not all are known."""
        if self._records is None or not set(group.elements).issubset(self._dimensions.elements):
            return None
        records = self.records
        return tuple([records[name] for name in group.elements])

    def _need(self, there: bool, what: str) -> None:
        if not there:
            raise AttributeError(
                f"data ID {self} has no {what}: expand it with"
                " butler.registry.expandDataId(data_id), or query with_dimension_records=True"
            )

    def expanded(self, records: Mapping[str, DimensionRecord | None]) -> DataCoordinate:
        """Return the data ID with the record of each element, and the values these imply.

        Raises
        ------
        DimensionNameError
            If a record is missing that gives an implied value.
        """
        values = dict(self.required)
        for element in self._dimensions.resolution_order:
            record = records.get(element.name)
            if record is not None:
                implied = record.row[len(element.required_names) :]
                values.update(zip(element.implied_names, implied, strict=False))
        for name in self._dimensions.implied:
            if name not in values:
                raise DimensionNameError(f"no record gives the value of {name!r} of data ID {self}")
        full = tuple(values[name] for name in self._dimensions.data_coordinate_keys)
        known = tuple([records.get(name) for name in self._dimensions.elements])
        return self._make(self._dimensions, full, known)

    def subset(self, dimensions: Iterable[str] | DimensionGroup) -> DataCoordinate:
        """Return the values of some of the dimensions.

        Raises
        ------
        DimensionNameError
            If one of them has no value here.
        """
        group = self.universe.conform(dimensions)
        for name in group.required:
            if name not in self:
                raise DimensionNameError(
                    f"data ID {self} has no value for required dimension {name!r}"
                )
        values = [self[name] for name in group.required]
        if all(name in self for name in group.implied):
            values += [self[name] for name in group.implied]
        return self._make(group, tuple(values), self._records_of(group))

    def union(self, other: DataCoordinate) -> DataCoordinate:
        """Return the values of both; ``self`` counts where they differ."""
        group = self._dimensions.union(other._dimensions)
        return self.standardize({**other, **self}, dimensions=group)

    @property
    def region(self) -> Any:
        """The region on the sky, an `lsst.sphgeom.Region`, or `None`."""
        regions = [self._region_of(element) for element in self._dimensions.region_elements]
        if not regions or any(region is None for region in regions):
            return None
        if len(regions) == 1:
            return regions[0]
        from lsst.sphgeom import IntersectionRegion

        return IntersectionRegion(*regions)

    def _region_of(self, element: DimensionElement) -> Any:
        if element.skypix is not None:
            from .skypix import pixelization

            return pixelization(*element.skypix).pixel(int(self[element.name]))
        record = self.records[element.name]
        return None if record is None else record.get("region")

    @property
    def timespan(self) -> Timespan | None:
        """The time that the data ID was observed in, or `None`."""
        timespans = []
        for element in self._dimensions.timespan_elements:
            record = self.records[element.name]
            if record is None or record.get("timespan") is None:
                return None
            timespans.append(record.get("timespan"))
        return timespans[0].intersection(*timespans[1:]) if timespans else None

    def __reduce__(self) -> tuple[Callable[..., DataCoordinate], tuple[Any, ...]]:
        return DataCoordinate._make, (self._dimensions, self._values, self._records)

    def __getitem__(self, key: str | DimensionElement) -> DataIdValue:
        name = key if isinstance(key, str) else key.name
        place = self._dimensions.key_index.get(name, len(self._values))
        if place >= len(self._values):
            raise self._no_value(name)
        return self._values[place]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of a dimension, or a default if it is not known."""
        place = self._dimensions.key_index.get(key, len(self._values))
        return self._values[place] if place < len(self._values) else default

    def _no_value(self, name: str) -> DimensionNameError:
        if name in self._dimensions:
            return DimensionNameError(
                f"data ID {self} has no value of {name!r}, which is implied by the others: expand"
                " it with butler.registry.expandDataId(data_id), or query"
                " with_dimension_records=True"
            )
        known = [element.name for element in self.universe.dimensions]
        hint = "" if name in known else nearest(str(name), known)
        return DimensionNameError(f"data ID {self} has no {name!r}, only {', '.join(self)}{hint}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._dimensions.data_coordinate_keys[: len(self._values)])

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        name = str(getattr(key, "name", key))
        return self._dimensions.key_index.get(name, len(self._values)) < len(self._values)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DataCoordinate):
            return (
                self._dimensions == other._dimensions
                and self.required_values == other.required_values
            )
        if isinstance(other, Mapping):
            mine = self.mapping
            return self.required.keys() <= other.keys() and all(
                name in mine and mine[name] == value for name, value in other.items()
            )
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self._dimensions, self.required_values))

    def __lt__(self, other: DataCoordinate) -> bool:
        return self.required_values < other.required_values

    def __repr__(self) -> str:
        items = ", ".join(f"{name}: {value!r}" for name, value in self.mapping.items())
        return f"{{{items}}}"

    __str__ = __repr__


DataId: TypeAlias = DataCoordinate | Mapping[str, Any]
"""What is taken for a data ID."""


def _group_of(
    dimensions: Iterable[str] | DimensionGroup | None,
    universe: DimensionUniverse | None,
    *mappings: Mapping[str, Any] | None,
) -> tuple[DimensionGroup | None, DimensionUniverse]:
    for source in (dimensions, *mappings):
        universe = universe or getattr(source, "universe", None)
    if universe is None:
        raise ArgumentError(
            "DataCoordinate.standardize needs a universe, or dimensions that have one"
        )
    return (None if dimensions is None else universe.conform(dimensions)), universe
