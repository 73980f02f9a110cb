"""Regions of the sky that overlap, in SQL.

What the registry keeps of a region are the pixels that it covers, which are
compared first: few records share one with another region.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionGroup
from ..errors import InvalidQueryError
from ..registry.schema import Schema
from ..registry.sky import REGIONS_OVERLAP
from .expressions import Conjunct
from .expressions.checked import Field, SkyOverlap

__all__ = ["Pixels", "SkyPair", "overlap", "refuse_pixels", "region_condition", "sky_pair"]

SkyPair = tuple[DimensionElement, DimensionElement]
"""Two elements whose regions must overlap."""


def overlap(first: Any, second: Any) -> Any:
    """Return the condition that two regions overlap, which no index helps to find."""
    found = getattr(sqlalchemy.func, REGIONS_OVERLAP)(first, second, type_=sqlalchemy.Integer)
    return found == sqlalchemy.literal_column("1")


class Pixels:
    """The pixels of the regions of one or two elements.

    Parameters
    ----------
    schema : `Schema`
        The registry's tables.
    elements : `DimensionElement`
        The elements. One of two may be the common skypix dimension.
    """

    def __init__(self, schema: Schema, *elements: DimensionElement) -> None:
        self._common = schema.universe.common_skypix
        self.tables: dict[str, Any] = {}
        """A table of pixels for each element that is no pixel itself."""
        self.columns: dict[str, list[Any]] = {}
        """Columns of these tables, by the dimension whose values they hold."""
        indexes = []
        for element in elements:
            if element.skypix is not None:
                self._require_common(element)
                continue
            table = schema.table(f"{element.name}_skypix_overlap").alias(f"{element.name}_pixels")
            self.tables[element.name] = table
            indexes.append(table.c.skypix_index)
            for name in element.required_names:
                self.columns.setdefault(name, []).append(table.c[name])
        if any(element.skypix is not None for element in elements):
            self.columns[self._common.name] = indexes
            indexes = []
        self._same = [one == indexes[0] for one in indexes[1:]]

    def _require_common(self, element: DimensionElement) -> None:
        if element is not self._common:
            raise InvalidQueryError(
                f"{element.name} is related to regions of the sky by none of the registry's tables;"
                f" {self._common.name} is"
            )

    def conditions(self) -> Iterator[Any]:
        """Yield what is true of the tables together."""
        skypix = self._common.skypix
        assert skypix is not None
        system, level = skypix
        for table in self.tables.values():
            yield table.c.skypix_system == system
            yield table.c.skypix_level == level
        yield from self._same

    def within(self, ranges: Any) -> Any:
        """Return the keys of one element's records that have a pixel in some ranges.

        Parameters
        ----------
        ranges : `sqlalchemy.ColumnElement`
            A JSON list of pairs: the first pixel, and the one after the last.
        """
        (table,) = self.tables.values()
        listed = sqlalchemy.func.json_each(ranges).table_valued("value", name="pixel_ranges")
        begin, end = (
            sqlalchemy.func.json_extract(
                listed.c.value, sqlalchemy.literal_column(f"'$[{place}]'"), type_=sqlalchemy.Integer
            )
            for place in (0, 1)
        )
        index = table.c.skypix_index
        keys = [columns[0] for columns in self.columns.values()]
        # An outer join takes the ranges first, and finds the pixels of each by an index; the keys
        # of a range without pixels are NULL, which is in no list.
        on = sqlalchemy.and_(index >= begin, index < end, *self.conditions())
        return sqlalchemy.select(*keys).select_from(listed.join(table, on, isouter=True))

    def pairs(self, name: str) -> Any:
        """Return a table of the keys of records that share a pixel, each pair once."""
        equal = [one == same[0] for same in self.columns.values() for one in same[1:]]
        columns = [same[0].label(dimension) for dimension, same in self.columns.items()]
        return (
            sqlalchemy.select(*columns)
            .select_from(*self.tables.values())
            .where(*self.conditions(), *equal)
            .distinct()
            .subquery(name)
        )


def sky_pair(
    whole: DimensionGroup,
    related: Iterable[DimensionGroup],
    conjuncts: Sequence[Conjunct] = (),
) -> SkyPair | None:
    """Return the elements of a query that are to be related by their regions.

    Parameters
    ----------
    whole : `DimensionGroup`
        All dimensions of the query.
    related : `~collections.abc.Iterable` [ `DimensionGroup` ]
        Dimensions that datasets, or the query's own rows, relate already.
    conjuncts : `~collections.abc.Sequence` [ `Conjunct` ], optional
        What an expression says, which may relate some as well.

    Returns
    -------
    pair : `tuple` [ `DimensionElement`, `DimensionElement` ] or `None`
        `None` if all are related.

    Raises
    ------
    InvalidQueryError
        If it is not clear which are meant.
    """
    best = {str(element.spatial): element for element in whole.region_elements}
    sets = {family: {family} for family in best}

    def merge(families: Iterable[str | None]) -> None:
        known = [family for family in families if family in sets]
        merged = {other for family in known for other in sets[family]}
        sets.update(dict.fromkeys(merged, merged))

    for group in related:
        # A visit and a patch do not say which of the visit's detectors are over the patch.
        merge(family for family, element in best.items() if element.name in group.elements)
    for one in conjuncts:
        match one.condition:
            case SkyOverlap(Field(first, _, _), Field(second, _, _)):
                merge(whole.universe[name].spatial for name in (first, second))
    distinct = {id(one): one for one in sets.values()}
    if len(distinct) < 2:
        return None
    if len(distinct) > 2 or len(best) > 2:
        names = ", ".join(element.name for element in best.values())
        raise InvalidQueryError(
            f"{names} have to do with each other by regions of the sky, and which shall overlap is"
            " not clear: write it in where, such as visit.region OVERLAPS patch.region"
        )
    one_element, other = best.values()
    return (other, one_element) if one_element.skypix is not None else (one_element, other)


def region_condition(pair: SkyPair, field: Callable[[DimensionElement, str], Any]) -> list[Any]:
    """Return the condition that regions of a pair overlap, none if one is a pixel of the other."""
    first, second = pair
    if second.skypix is not None:
        return []
    return [overlap(field(first, "region"), field(second, "region"))]


def refuse_pixels(group: DimensionGroup, known: Collection[str] = ()) -> None:
    """Raise `InvalidQueryError` for pixels of the sky that nothing gives the values of.

    Parameters
    ----------
    group : `DimensionGroup`
        The dimensions of a query.
    known : `~collections.abc.Collection` [ `str` ], optional
        Those that have values.
    """
    names = [
        name
        for name in group.names
        if group.universe[name].skypix is not None and name not in known
    ]
    if names:
        raise InvalidQueryError(
            f"{', '.join(names)}: pixels of the sky are computed, not stored: they cannot be"
            " queried but with what they overlap, or with datasets"
        )
