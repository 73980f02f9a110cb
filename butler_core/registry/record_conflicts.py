"""Why records of a dimension element could not be inserted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy

from ..dimensions import DimensionElement, DimensionRecord
from ..errors import ConflictingDefinitionError, DataIdValueError

if TYPE_CHECKING:
    from .dimension_records import DimensionRecordManager

__all__ = ["explain_conflict"]


def explain_conflict(
    manager: DimensionRecordManager,
    element: DimensionElement,
    records: Iterable[DimensionRecord],
    error: sqlalchemy.exc.IntegrityError,
    *,
    replaced: bool = False,
) -> Exception:
    """Return the exception that names the record that was the reason.

    Parameters
    ----------
    manager : `DimensionRecordManager`
        Where the records are, without those that were to be inserted.
    element : `DimensionElement`
        Of what.
    records : `~collections.abc.Iterable` [ `DimensionRecord` ]
        What was to be inserted.
    error : `sqlalchemy.exc.IntegrityError`
        What the database said.
    replaced : `bool`, optional
        Whether they were to replace others with the same keys.
    """
    manager.refresh()
    seen: set[Any] = set()
    for record in records:
        reason = (
            _missing_reference(manager, element, record)
            or (None if replaced else _existing_key(manager, element, record, seen))
            or _existing_alternate(manager, element, record, seen)
        )
        if reason is not None:
            return reason
    return ConflictingDefinitionError(
        f"records of {element.name} conflict with each other or those there: {error.orig}"
    )


def _values(element: DimensionElement, record: DimensionRecord) -> dict[str, Any]:
    """Return what a record says of dimensions; these are its first columns."""
    return dict(zip((*element.required_names, *element.implied_names), record.row, strict=False))


def _required(element: DimensionElement, record: DimensionRecord) -> dict[str, Any]:
    return dict(zip(element.required_names, record.row, strict=False))


def _missing_reference(
    manager: DimensionRecordManager, element: DimensionElement, record: DimensionRecord
) -> Exception | None:
    values = _values(element, record)
    for name in values:
        other = element.universe[name]
        if name == element.name or not other.has_own_table:
            continue
        key = tuple(values[required] for required in other.required_names)
        if manager.fetch(other, key) is None:
            needed = dict(zip(other.required_names, key, strict=True))
            return DataIdValueError(
                f"a record of {element.name} {_required(element, record)} refers to {name}"
                f" {needed}, which has no record"
            )
    return None


def _existing_key(
    manager: DimensionRecordManager,
    element: DimensionElement,
    record: DimensionRecord,
    seen: set[Any],
) -> Exception | None:
    key = tuple(_required(element, record).values())
    twice = key in seen
    seen.add(key)
    if twice:
        return ConflictingDefinitionError(
            f"two records of {element.name} {_required(element, record)} were given"
        )
    if manager.fetch(element, key) is not None:
        return ConflictingDefinitionError(
            f"a record of {element.name} {_required(element, record)} exists already"
            " (skip_existing=True passes over it, replace=True replaces it)"
        )
    return None


def _existing_alternate(
    manager: DimensionRecordManager,
    element: DimensionElement,
    record: DimensionRecord,
    seen: set[Any],
) -> Exception | None:
    others = tuple(value for name, value in _values(element, record).items() if name != element)
    for alternate in element.alternate_keys:
        value = record.get(alternate.name)
        if value is None:
            continue
        key = (alternate.name, others, value)
        twice = key in seen
        seen.add(key)
        owner = manager.fetch_by_alternate(element, record, alternate.name)
        if owner is not None and _required(element, owner) == _required(element, record):
            owner = None
        if twice or owner is not None:
            there = "another that was given" if owner is None else f"{_required(element, owner)}"
            return ConflictingDefinitionError(
                f"a record of {element.name} {_required(element, record)} has {alternate.name}"
                f" {value!r}, as has {there}: it must be unique"
            )
    return None
