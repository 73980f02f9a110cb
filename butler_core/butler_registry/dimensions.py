"""The registry's calls about dimension records and data IDs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..call_arguments import given_data_id
from ..dimensions import DataCoordinate, DimensionElement, DimensionGroup, DimensionRecord
from ..errors import ArgumentError, ConflictingDefinitionError
from ..registry.expansion import expand
from .base import RegistryBase

__all__ = ["DimensionCalls"]


class DimensionCalls(RegistryBase):
    """Dimension records: insert, sync; data IDs: expand."""

    def insertDimensionData(
        self,
        element: DimensionElement | str,
        *data: Mapping[str, Any] | DimensionRecord,
        conform: bool = True,
        replace: bool = False,
        skip_existing: bool = False,
    ) -> None:
        """Insert records of a dimension element.

        Parameters
        ----------
        element : `DimensionElement` or `str`
            The element.
        *data : `~collections.abc.Mapping` or `DimensionRecord`
            Its records; see `DimensionRecord` for the fields.
        conform : `bool`, optional
            Accepted for the sake of the interface; data is always checked.
        replace : `bool`, optional
            Whether records with the same keys are replaced.
        skip_existing : `bool`, optional
            Whether records with the same keys are left as they are.

        Raises
        ------
        ConflictingDefinitionError
            If a record with the same key exists.
        DataIdValueError
            If a value is of the wrong type, or refers to a record that does
            not exist.
        """
        if replace and skip_existing:
            raise ArgumentError(
                "insertDimensionData takes replace=True or skip_existing=True, not both"
            )
        target = self.dimensions[element]
        records = [_record(target, one) for one in data]
        self._repository.records.insert(
            target, records, replace=replace, skip_existing=skip_existing
        )

    def syncDimensionData(
        self,
        element: DimensionElement | str,
        row: Mapping[str, Any] | DimensionRecord,
        conform: bool = True,
        update: bool = False,
    ) -> bool | dict[str, Any]:
        """Make sure that a record exists.

        Returns
        -------
        changed : `bool` or `dict` [ `str`, `object` ]
            `True` if it is new, `False` if it was there, the old values of
            changed fields if ``update`` changed some.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with other values, and ``update`` is `False`.
        """
        target = self.dimensions[element]
        return self._repository.records.sync(target, _record(target, row), update=update)

    def expandDataId(
        self,
        dataId: Mapping[str, Any] | None = None,
        *,
        dimensions: Iterable[str] | DimensionGroup | None = None,
        records: Mapping[str, DimensionRecord | None] | None = None,
        withDefaults: bool = True,
        **kwargs: Any,
    ) -> DataCoordinate:
        """Return a data ID with records and implied values.

        Raises
        ------
        DataIdValueError
            If a dimension's value has no record.
        InconsistentDataIdError
            If values contradict each other.
        """
        given = given_data_id(self.dimensions, self.expandDataId, dataId, kwargs)
        governors = [governor.name for governor in self.dimensions.governor_dimensions]
        defaults = self._defaults.data_id(self._repository, governors if withDefaults else ())
        coordinate = DataCoordinate.standardize(
            given,
            dimensions=dimensions,
            universe=self.dimensions,
            defaults=defaults,
        )
        group = coordinate.dimensions
        if records is not None and set(records) >= set(group.elements):
            known = tuple([records[name] for name in group.elements])
            return DataCoordinate.with_records(group, coordinate.full_values, known)
        return expand(self._repository.records, coordinate, given)


def _record(
    element: DimensionElement, given: Mapping[str, Any] | DimensionRecord
) -> DimensionRecord:
    if isinstance(given, Mapping):
        return element.RecordClass(**given)
    if not isinstance(given, DimensionRecord):
        several = ": give several as *records" if isinstance(given, Iterable) else ""
        raise ArgumentError(
            f"a record of {element.name!r} is given as a mapping of its fields or as a"
            f" DimensionRecord, not as {given!r}{several}"
        )
    if given.definition != element:
        raise ConflictingDefinitionError(
            f"a record of {given.definition.name!r} was given for {element.name!r}"
        )
    return given
