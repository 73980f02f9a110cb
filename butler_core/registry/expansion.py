"""Expansion of data IDs: the records they stand for, and the values these imply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ..collector import Uncollected
from ..dimensions import DataCoordinate, DimensionElement, DimensionGroup, DimensionRecord
from ..errors import DataIdValueError, InconsistentDataIdError
from .dimension_records import DimensionRecordManager

__all__ = ["expand", "expand_many", "with_implied"]

_Records = list[DimensionRecord | None]


def expand(
    manager: DimensionRecordManager,
    data_id: DataCoordinate,
    given: Mapping[str, Any] | None = None,
) -> DataCoordinate:
    """Return a data ID with its records and implied values.

    Parameters
    ----------
    manager : `DimensionRecordManager`
        Where the records are.
    data_id : `DataCoordinate`
        What to expand.
    given : `~collections.abc.Mapping`, optional
        Values that must agree with the records, such as implied ones that a
        user gave.

    Raises
    ------
    DataIdValueError
        If a dimension's value has no record.
    InconsistentDataIdError
        If a value contradicts a record.
    """
    expanded = data_id if data_id.hasRecords() else _expanded(manager, data_id)
    for name, value in (given or {}).items():
        if name in expanded and str(expanded[name]) != str(value):
            raise _contradiction(expanded, name, value)
    return expanded


def with_implied(manager: DimensionRecordManager, data_id: DataCoordinate) -> DataCoordinate:
    """Return a data ID with its implied values, and no records.

    Raises
    ------
    DataIdValueError, InconsistentDataIdError
        As `expand` does.
    """
    group = data_id.dimensions
    if group.implying is None:
        full = expand(manager, data_id).full_values
    else:
        full, _ = _resolved(manager, data_id, group.implying)
    return DataCoordinate.from_full_values(group, full)


def _expanded(manager: DimensionRecordManager, data_id: DataCoordinate) -> DataCoordinate:
    group = data_id.dimensions
    full, records = _resolved(manager, data_id, group.resolution_order)
    if data_id.hasFull() and data_id.full_values != full:
        _contradict(group, full, data_id)
    return DataCoordinate.with_records(group, full, tuple([records[one] for one in group.elements]))


def _resolved(
    manager: DimensionRecordManager, data_id: DataCoordinate, elements: Sequence[DimensionElement]
) -> tuple[tuple[Any, ...], dict[str, DimensionRecord | None]]:
    """Return the full values of one data ID, and the records of some elements that give them."""
    manager.refresh()
    group = data_id.dimensions
    values: dict[str, Any] = dict(zip(group.required, data_id.required_values, strict=True))
    records: dict[str, DimensionRecord | None] = {}
    for element in elements:
        key = tuple([values[name] for name in element.required_names])
        record = records[element.name] = manager.fetch(element, key)
        if record is None:
            _check_present(element, [key], [None])
            continue
        place = len(key)
        for name in element.implied_names:
            value = record.row[place]
            place += 1
            if values.setdefault(name, value) != value:
                raise _contradicts_itself(data_id, element, name, value, values[name])
    return tuple([values[name] for name in group.data_coordinate_keys]), records


def expand_many(
    manager: DimensionRecordManager,
    data_ids: Sequence[DataCoordinate],
    *,
    of_datasets: bool = False,
) -> list[DataCoordinate]:
    """Return data IDs of one group of dimensions with records, fetched together.

    Parameters
    ----------
    manager : `DimensionRecordManager`
        Where the records are.
    data_ids : `~collections.abc.Sequence` [ `DataCoordinate` ]
        What to expand.
    of_datasets : `bool`, optional
        Whether they are those of datasets that there are, here or elsewhere.
        A coadd then has a band of which no filter of this repository is.

    Raises
    ------
    DataIdValueError, InconsistentDataIdError
        As `expand` does, for the first that is wrong.
    """
    if all(data_id.hasRecords() for data_id in data_ids):
        return list(data_ids)
    with Uncollected():
        return _expanded_together(manager, data_ids, of_datasets)


def _expanded_together(
    manager: DimensionRecordManager, data_ids: Sequence[DataCoordinate], of_datasets: bool
) -> list[DataCoordinate]:
    manager.refresh()
    group = data_ids[0].dimensions
    known = [data_id.known_values for data_id in data_ids]
    rows = zip(*known, strict=False)  # as wide as the narrowest: some may have implied values
    columns: dict[str, Sequence[Any]] = dict(zip(group.required, rows, strict=False))
    tables: dict[str, _Records] = {}
    keys_of: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for element in group.resolution_order:
        names = element.required_names
        keys = keys_of.get(names)
        if keys is None:
            keys = keys_of[names] = list(zip(*(columns[name] for name in names), strict=True))
        found = manager.fetch_many(element, set(keys))
        records = tables[element.name] = list(map(found.get, keys))
        if of_datasets and element.view_of is not None:
            make_record = element.RecordClass.from_row  # of its key, all that a view has
            records = [
                record or make_record(key) for key, record in zip(keys, records, strict=True)
            ]
            tables[element.name] = records
        _check_present(element, keys, records)
        if element.implied_names:
            _add_implied(element, keys, found, columns, data_ids)
    if not group.elements:
        return [DataCoordinate.with_records(group, (), ()) for _ in data_ids]
    values = list(zip(*(columns[name] for name in group.data_coordinate_keys), strict=True))
    if known != values:
        for data_id, full in zip(data_ids, values, strict=True):
            if data_id.hasFull() and data_id.full_values != full:
                _contradict(group, full, data_id)
    records_of_each = zip(*(tables[name] for name in group.elements), strict=True)
    make = DataCoordinate.with_records
    return [make(group, full, row) for full, row in zip(values, records_of_each, strict=True)]


def _check_present(
    element: DimensionElement, keys: Sequence[tuple[Any, ...]], records: _Records
) -> None:
    if not (element.is_dimension or element.always_join) or all(records):
        return
    missing = next(key for key, record in zip(keys, records, strict=True) if record is None)
    key = dict(zip(element.required_names, missing, strict=True))
    if element.is_dimension:
        raise DataIdValueError(f"there is no {element.name} record for {key}")
    raise InconsistentDataIdError(f"{element.name} does not relate {key}")


def _add_implied(
    element: DimensionElement,
    keys: Sequence[tuple[Any, ...]],
    found: Mapping[tuple[Any, ...], DimensionRecord | None],
    columns: dict[str, Sequence[Any]],
    data_ids: Sequence[DataCoordinate],
) -> None:
    """Add the columns of the values that the records of a dimension, one of each key, imply."""
    rows = {key: found[key].row for key in set(keys)}  # type: ignore[union-attr]
    for place, name in enumerate(element.implied_names, len(element.required_names)):
        by_key = {key: row[place] for key, row in rows.items()}
        values = list(map(by_key.__getitem__, keys))
        known = columns.setdefault(name, values)
        if known is not values and list(known) != values:
            row = next(
                i for i, pair in enumerate(zip(known, values, strict=True)) if len(set(pair)) > 1
            )
            raise _contradicts_itself(data_ids[row], element, name, values[row], known[row])


def _contradicts_itself(
    data_id: DataCoordinate, element: DimensionElement, name: str, value: Any, known: Any
) -> InconsistentDataIdError:
    return InconsistentDataIdError(
        f"data ID {data_id} contradicts itself: its {element.name} has {name} {value!r}, not"
        f" {known!r}"
    )


def _contradict(group: DimensionGroup, full: tuple[Any, ...], data_id: DataCoordinate) -> NoReturn:
    """Say which of the values that a data ID brings is another than its records have."""
    right = DataCoordinate.from_full_values(group, full)
    wrong = next(name for name in right if right[name] != data_id[name])
    raise _contradiction(right, wrong, data_id[wrong])


def _contradiction(right: DataCoordinate, name: str, value: Any) -> InconsistentDataIdError:
    return InconsistentDataIdError(
        f"data ID {right.required} has {name} {right[name]!r}, not {value!r}"
    )
