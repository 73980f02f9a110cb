"""What an expression asks of a query."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from . import checked

__all__ = ["NOTHING", "Checked", "Conjunct", "Said"]


@dataclasses.dataclass(frozen=True, slots=True)
class Conjunct:
    """A condition that must be true.

    Parameters
    ----------
    condition : `checked.Condition`
        The condition.
    dimensions : `frozenset` [ `str` ]
        What it needs to know the values of.
    elements : `frozenset` [ `str` ]
        Whose records it needs.
    dataset_fields : `frozenset` [ `tuple` [ `str`, `str` ] ]
        What it needs to know of datasets: types, and fields of theirs.
    """

    condition: checked.Condition
    dimensions: frozenset[str]
    elements: frozenset[str] = frozenset()
    dataset_fields: frozenset[tuple[str, str]] = frozenset()

    def is_about(self, dataset_type: str) -> bool:
        """Return whether it says something of the datasets of a type."""
        return any(name == dataset_type for name, _ in self.dataset_fields)

    def only_of(self, dataset_type: str) -> bool:
        """Return whether what it says of datasets it says of those of one type alone."""
        return all(name == dataset_type for name, _ in self.dataset_fields)


@dataclasses.dataclass(frozen=True, slots=True)
class Said:
    """How a condition was written.

    Parameters
    ----------
    text : `str`
        Its text.
    bound : `~collections.abc.Mapping` [ `str`, `object` ], optional
        The values that were bound to names, in this text and beside it.
    """

    text: str
    bound: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """What an expression asks of a query.

    Parameters
    ----------
    text : `str`
        The expression.
    equalities : `dict` [ `str`, `object` ]
        Values that dimensions must have.
    conjuncts : `tuple` [ `Conjunct` ]
        What must be true besides; it holds no values.
    values : `tuple`
        The values of its parameters.
    governors : `dict` [ `str`, `str` ]
        Governor dimensions without which it means nothing, and what needs them.
    mentioned : `frozenset` [ `str` ]
        Governor dimensions that it says something of.
    said : `tuple` [ `Said` ]
        How each of ``conjuncts`` was written.
    """

    text: str = ""
    equalities: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    conjuncts: tuple[Conjunct, ...] = ()
    values: tuple[Any, ...] = ()
    governors: Mapping[str, str] = dataclasses.field(default_factory=dict)
    mentioned: frozenset[str] = frozenset()
    said: tuple[Said, ...] = ()

    def beside(self, data_id: Mapping[str, Any]) -> tuple[dict[str, Any], Checked]:
        """Return the values that it and a data ID ask for, and what must be true besides.

        That is impossible if they ask for two values of one dimension.
        """
        values = {**self.equalities, **data_id}
        for name, value in self.equalities.items():
            if values[name] != value:
                said = f"where asks for {name}={value!r}, the data ID for {name}={values[name]!r}"
                return values, self.impossible(said)
        return values, self

    def impossible(self, said: str) -> Checked:
        """Return what nothing satisfies, for a reason."""
        return self._besides(checked.Constant(False), frozenset(), said)

    def with_records_of(self, dimensions: Iterable[str]) -> Checked:
        """Return the same of what some dimensions must have records for."""
        names = frozenset(dimensions)
        said = f"that there are records of {', '.join(sorted(names))}"
        return self._besides(checked.Constant(True), names, said)

    def _besides(
        self, condition: checked.Condition, dimensions: frozenset[str], said: str
    ) -> Checked:
        conjuncts = (*self.conjuncts, Conjunct(condition, dimensions))
        return dataclasses.replace(self, conjuncts=conjuncts, said=(*self.said, Said(said)))

    def parameters(self, encode_uuid: Callable[[uuid.UUID], Any]) -> dict[str, Any]:
        """Return the values by the names that they have in SQL."""
        return {
            f"where_{place}": encode_uuid(value) if isinstance(value, uuid.UUID) else value
            for place, value in enumerate(self.values)
        }


NOTHING = Checked()
"""What asks for nothing."""
