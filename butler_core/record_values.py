"""Data IDs that name a record by its fields: a detector by its name, an exposure by its number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .dimensions import DimensionElement, DimensionGroup, DimensionUniverse
from .dimensions.values import coerce_value
from .errors import (
    DataIdValueError,
    DimensionValueError,
    InconsistentDataIdError,
    UserExpressionError,
    nearest,
)
from .queries.records import RecordQuery
from .queries.where import checked_where

if TYPE_CHECKING:
    from .repository import Repository

__all__ = ["elements_with", "has_record_values", "without_record_values"]

_Fields = dict[str, Any]

_DIGITS = re.compile("-?[0-9]{1,19}")


def elements_with(universe: DimensionUniverse, field: str) -> list[str]:
    """Return the dimensions whose records have a field of a name, that is no dimension's key."""
    return [one.name for one in universe.dimensions if field in _field_types(one)]


def has_record_values(dimensions: DimensionGroup, given: Mapping[str, Any]) -> bool:
    """Return whether a data ID has anything but values of dimensions.

    Parameters
    ----------
    dimensions : `DimensionGroup`
        What it shall have values of.
    given : `~collections.abc.Mapping`
        What a user gave.
    """
    universe = dimensions.universe
    return any(
        name not in universe or (type(value) is str and _is_another_key(dimensions, name, value))
        for name, value in given.items()
    )


def without_record_values(
    repository: Repository,
    dimensions: DimensionGroup,
    given: Mapping[str, Any],
    defaults: Mapping[str, Any],
) -> dict[str, Any]:
    """Return a data ID with the values of the dimensions whose records it describes.

    Parameters
    ----------
    repository : `Repository`
        Where the records are.
    dimensions : `DimensionGroup`
        What the data ID shall have values of. Their records alone are described.
    given : `~collections.abc.Mapping`
        What a user gave: values by dimension; by ``seq_num`` or
        ``exposure.seq_num``, a field of its records; or, for a number, the text
        that is another key of its records, such as the name of a detector.
    defaults : `~collections.abc.Mapping`
        Values of dimensions that were not given.

    Raises
    ------
    DimensionValueError
        If a key is neither a dimension nor a field, or no record, or more than
        one, is described.
    DataIdValueError
        If a value is of another type, or the text in place of a number is no
        record's key.
    InconsistentDataIdError
        If a dimension has a value whose record is another.
    """
    values: dict[str, Any] = {}
    fields: defaultdict[str, _Fields] = defaultdict(dict)
    for key, value in given.items():
        if value is None:
            continue
        if key in dimensions.universe:
            if isinstance(value, str) and _is_another_key(dimensions, key, value):
                (other,) = _other_keys(dimensions.universe[key])
                fields[key][other] = value
            else:
                values[key] = value
            continue
        name, field = _described(dimensions, key, given)
        if field is None:
            values[name] = value
        else:
            fields[name][field] = value
    for name in dimensions.names:
        if name in fields:
            element = dimensions.universe[name]
            known = {key: one for key, one in defaults.items() if key not in values}
            values[name] = _value(repository, element, {**known, **values}, fields[name], given)
    return values


def _field_types(element: DimensionElement) -> dict[str, str]:
    columns = (*element.alternate_keys, *element.metadata_columns)
    return {column.name: column.type for column in columns}


def _other_keys(element: DimensionElement) -> list[str]:
    return [column.name for column in element.alternate_keys if column.type == "string"]


def _is_another_key(dimensions: DimensionGroup, name: str, value: str) -> bool:
    """Return whether a text stands for another key of a dimension's records than its number."""
    if name not in dimensions.required:
        return False
    element = dimensions.universe[name]
    if element.primary_key is None or element.primary_key.type == "string":
        return False
    digits = value.removeprefix("-")
    return not (digits.isascii() and digits.isdigit()) and len(_other_keys(element)) == 1


def _described(
    dimensions: DimensionGroup, key: str, given: Mapping[str, Any]
) -> tuple[str, str | None]:
    """Return the dimension and the field that a key of a data ID names, no field for its value."""
    universe = dimensions.universe
    if not isinstance(key, str):
        raise DimensionValueError(f"{key!r} in data ID {dict(given)} is not a dimension")
    name, point, field = key.partition(".")
    if point and name in dimensions.names:
        element = universe[name]
        assert element.primary_key is not None
        if field == element.primary_key.name:
            return name, None
        if field in element.dimensions.names:
            return field, None
        known = _field_types(element)
        if field not in known:
            raise DimensionValueError(
                f"{key!r} in data ID {dict(given)}: {name} has no field"
                f" {field!r}{nearest(field, known)}"
            )
        return name, field
    having = [one for one in dimensions.required if key in _field_types(universe[one])]
    if len(having) == 1:
        return having[0], key
    if having:
        named = " or ".join(repr(f"{one}.{key}") for one in having)
        raise DimensionValueError(f"{key!r} in data ID {dict(given)} may be {named}: write which")
    others = elements_with(universe, key)
    of = f", but a field of {' and '.join(others)}, which {dimensions} has not" if others else ""
    names = [one.name for one in universe.dimensions]
    raise DimensionValueError(
        f"{key!r} in data ID {dict(given)} is not a dimension{of or nearest(key, names)}"
    )


def _value(
    repository: Repository,
    element: DimensionElement,
    values: Mapping[str, Any],
    fields: _Fields,
    given: Mapping[str, Any],
) -> Any:
    """Return the value of a dimension whose record has some fields."""
    universe = element.universe
    constraint = {
        name: coerce_value(universe[name], values[name])
        for name in element.dimensions.names
        if values.get(name) is not None
    }
    said = ", ".join(f"{name}={value!r}" for name, value in fields.items())
    where = " AND ".join(f"{element.name}.{name} = :v_{name}" for name in fields)
    types = _field_types(element)
    bind = {f"v_{name}": _of_type(value, types[name]) for name, value in fields.items()}
    try:
        condition = checked_where(element.dimensions, where, bind)
    except UserExpressionError:
        raise DataIdValueError(
            f"data ID {dict(given)}: {said} is not of the type of"
            f" {' and '.join(f'{element.name}.{name} ({types[name]})' for name in fields)}"
        ) from None
    query = RecordQuery(element=element, constraint=constraint, where=condition, limit=2)
    found = [record.dataId[element.name] for record in repository.record_queries.run(query)]
    if len(found) == 1:
        return found[0]
    if element.name in constraint:
        raise _contradiction(repository, element, constraint, fields)
    others = ", ".join(f"{name}={value!r}" for name, value in constraint.items())
    beside = f" beside {others}" if others else ""
    if found:
        raise DimensionValueError(
            f"more than one {element.name} record has {said}{beside}: give {element.name}=..., or"
            " more of its fields"
        )
    if element.name in given:
        raise DataIdValueError(
            f"the value of dimension {element.name!r} is an integer, not str"
            f" {given[element.name]!r}, and no {element.name} record has {said}{beside}"
        )
    raise DimensionValueError(f"no {element.name} record has {said}{beside}")


def _of_type(value: Any, kind: str) -> Any:
    """Return a value, which may be the text of an integer."""
    if kind == "int" and isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    return value


def _contradiction(
    repository: Repository,
    element: DimensionElement,
    constraint: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> Exception:
    """Return why the record of a dimension's value is not the one that is described."""
    own = {name: constraint[name] for name in element.required_names if name in constraint}
    query = RecordQuery(element=element, constraint=own, limit=1)
    called = f"{element.name} {constraint[element.name]!r}"
    for record in repository.record_queries.run(query):
        differing = list(_differing({name: record.get(name) for name in fields}, fields))
        return InconsistentDataIdError(
            f"{called} has {' and '.join(differing) or 'another record'}"
        )
    return DataIdValueError(f"there is no {element.name} record for {own}")


def _differing(theirs: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[str]:
    for name, value in given.items():
        if theirs[name] != value:
            yield f"{name} {theirs[name]!r}, not {value!r}"
