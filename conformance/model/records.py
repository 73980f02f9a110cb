"""Dimension records of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from conformance.model.dimensions import DIMENSIONS
from conformance.model.refusals import RefusalKind, refuse

Value: TypeAlias = "str | int"
DataId: TypeAlias = "Mapping[str, Value]"


class Records:
    """The records of each dimension, by the values that identify them."""

    def __init__(self) -> None:
        self._records: dict[str, dict[tuple[Value, ...], dict[str, Value]]] = {
            name: {} for name, one in DIMENSIONS.items() if one.has_records
        }

    def insert(self, element: str, fields: DataId) -> None:
        """Insert a record.

        Parameters
        ----------
        element
            Its dimension.
        fields
            Its fields by the names that `insertDimensionData` takes.

        Raises
        ------
        Refusal
            Raised for a record that is there already, or that refers to one that is not.
        """
        key = self._key(element, fields)
        refuse(
            key in self._records[element] and RefusalKind.CONFLICT,
            self._refers_to_nothing(element, fields) and RefusalKind.MISSING_RECORD,
        )
        self._records[element][key] = dict(fields)

    def sync(self, element: str, fields: DataId) -> bool:
        """Make sure that a record is there; return whether it is new.

        Raises
        ------
        Refusal
            Raised for a record that is there with other fields.
        """
        existing = self._records[element].get(self._key(element, fields))
        if existing is None:
            self.insert(element, fields)
            return True
        differs = any(existing.get(name) != value for name, value in fields.items())
        refuse(differs and RefusalKind.CONFLICT)
        return False

    def data_ids(self, element: str) -> list[dict[str, Value]]:
        """Return the data IDs of the records of a dimension, in the order of inserting."""
        names = (*DIMENSIONS[element].requires, element)
        return [dict(zip(names, key, strict=True)) for key in self._records[element]]

    def keys(self, element: str) -> list[Value]:
        """Return the values of a dimension that have a record."""
        return [key[-1] for key in self._records[element]]

    def has(self, data_id: DataId) -> bool:
        """Return whether each value of a data ID has a record."""
        return all(
            tuple(data_id[other] for other in (*DIMENSIONS[name].requires, name))
            in self._records[name]
            for name in data_id
            if DIMENSIONS[name].has_records
        )

    def expanded(self, data_id: DataId) -> dict[str, Value]:
        """Return a data ID with the values that its records imply, in turn."""
        full = dict(data_id)
        for name in reversed(list(DIMENSIONS)):
            if name in full and DIMENSIONS[name].has_records:
                key = tuple(full[other] for other in (*DIMENSIONS[name].requires, name))
                for other in DIMENSIONS[name].implies:
                    full[other] = self._records[name][key][other]
        return full

    @staticmethod
    def _key(element: str, fields: DataId) -> tuple[Value, ...]:
        one = DIMENSIONS[element]
        return (*(fields[name] for name in one.requires), fields[one.key])

    def _refers_to_nothing(self, element: str, fields: DataId) -> bool:
        one = DIMENSIONS[element]
        others = {name: fields[name] for name in (*one.requires, *one.implies)}
        return not self.has(others)
