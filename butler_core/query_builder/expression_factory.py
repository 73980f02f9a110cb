"""Expressions that are written in Python: ``x.visit.exposure_time > 30``.

They are texts of the ``where`` grammar, with the values that no text can hold
bound to names, so that both ways to write a condition mean the same.
"""

from __future__ import annotations

from typing import Any

from ..dimensions import DimensionElement, DimensionUniverse
from ..errors import ArgumentError, nearest
from ..queries.expressions.names import DATASET_FIELDS
from .columns import Column, Predicate, SkyRegion, Span, Value, combined
from .written import Written

__all__ = ["DatasetColumns", "ElementColumns", "ExpressionFactory"]


def _refuse_private(owner: object, name: str) -> None:
    """Raise `AttributeError` for a name that nobody means: a copy asks before it has any."""
    if name.startswith("_"):
        raise AttributeError(f"{type(owner).__name__} has no attribute {name!r}")


class ElementColumns(Column):
    """A dimension element: the value of the dimension, and its fields as attributes.

    Parameters
    ----------
    element : `DimensionElement`
        The element.
    """

    __slots__ = ("_element",)

    def __init__(self, element: DimensionElement) -> None:
        super().__init__(Written((element.name,)))
        self._element = element

    def __getattr__(self, field: str) -> Any:
        _refuse_private(self, field)
        element = self._element
        text = Written((f"{element.name}.{field}",))
        for column in element.columns:
            if column.name == field:
                kind = {"timespan": Span, "region": SkyRegion}.get(column.type, Column)
                return kind(text)
        if field in element.dimensions.names:
            return Column(text)
        known = [column.name for column in element.columns]
        raise AttributeError(f"{element.name} has no field {field!r}{nearest(field, known)}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *(column.name for column in self._element.columns)})


class DatasetColumns:
    """The fields of the datasets of a type, as attributes.

    Parameters
    ----------
    dataset_type : `str`
        The name of the type.
    """

    __slots__ = ("_dataset_type",)

    def __init__(self, dataset_type: str) -> None:
        self._dataset_type = dataset_type

    def __getattr__(self, field: str) -> Any:
        _refuse_private(self, field)
        if field not in DATASET_FIELDS:
            hint = nearest(field, DATASET_FIELDS) or f": there are {', '.join(DATASET_FIELDS)}"
            raise AttributeError(f"datasets have no field {field!r}{hint}")
        kind = Span if field == "timespan" else Column
        return kind(Written((f"{self._dataset_type}.{field}",)))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *DATASET_FIELDS})

    def __repr__(self) -> str:
        return self._dataset_type


class ExpressionFactory:
    """Gives columns to write conditions with.

    Dimension elements are attributes, as in ``x.visit.exposure_time``, and
    dataset types are items, as in ``x["raw"].ingest_date``.

    Parameters
    ----------
    universe : `DimensionUniverse`
        Where the dimensions are from.
    """

    def __init__(self, universe: DimensionUniverse) -> None:
        self._universe = universe

    def __getattr__(self, name: str) -> ElementColumns:
        _refuse_private(self, name)
        if name not in self._universe:
            known = [element.name for element in self._universe.elements]
            raise AttributeError(
                f"{name!r} is no dimension element{nearest(name, known)};"
                f" the fields of datasets are those of x[{name!r}]"
            )
        return ElementColumns(self._universe[name])

    def __getitem__(self, name: str) -> DatasetColumns:
        if not isinstance(name, str):
            raise ArgumentError(f"x[...] takes the name of a dataset type, not {name!r}")
        return DatasetColumns(name)

    # There is no end of items, so that they cannot be iterated.
    __iter__ = None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *(one.name for one in self._universe.elements)})

    def not_(self, operand: Predicate) -> Predicate:
        """Return what is true where a condition is false."""
        return combined("AND", [operand]).logical_not()

    def all(self, first: Predicate, /, *args: Predicate) -> Predicate:
        """Return what is true where all conditions are."""
        return combined("AND", (first, *args))

    def any(self, first: Predicate, /, *args: Predicate) -> Predicate:
        """Return what is true where one of some conditions is."""
        return combined("OR", (first, *args))

    @staticmethod
    def literal(value: object) -> Value:
        """Return a value as an expression, to write what Python would compute at once."""
        return Value(Written.value(value))
