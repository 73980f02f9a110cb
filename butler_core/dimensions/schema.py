"""The fields of the records of a dimension element, to be looked at."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, KeysView

from ..named_set import NamedSet
from .element import DimensionColumn, DimensionElement

__all__ = ["DimensionRecordSchema"]

_WIDTH = 70


class DimensionRecordSchema:
    """The fields of the records of a dimension element.

    Printed, it has a line for each: its name and type, and what it means.

    Parameters
    ----------
    element : `DimensionElement`
        The element.
    """

    def __init__(self, element: DimensionElement) -> None:
        self.element = element

    @property
    def all(self) -> NamedSet[DimensionColumn]:
        """All fields, in the order of a record (`NamedSet`)."""
        return NamedSet(self.element.columns)

    @property
    def required(self) -> NamedSet[DimensionColumn]:
        """The fields that identify a record (`NamedSet`)."""
        return NamedSet(self.element.columns[: len(self.element.required_names)])

    @property
    def remainder(self) -> NamedSet[DimensionColumn]:
        """The fields that are values of no dimension (`NamedSet`)."""
        keys = len(self.element.required_names) + len(self.element.implied_names)
        return NamedSet(self.element.columns[keys:])

    @property
    def names(self) -> KeysView[str]:
        """The names of all fields, in the order of a record."""
        return self.all.names

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.element.name}: "
        for column in self.element.columns:
            yield f"  {column.name}: {column.type}"
            yield from textwrap.wrap(
                column.doc, _WIDTH, initial_indent="    ", subsequent_indent="    "
            )

    def __repr__(self) -> str:
        return f"DimensionRecordSchema({self.element.name!r})"
