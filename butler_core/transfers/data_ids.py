"""From the files of an export to references to the datasets in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..dataset import DatasetRef, DatasetType
from ..dimensions import DataCoordinate
from ..dimensions.values import check_keys, fits
from ..registry.dimension_records import DimensionRecordManager
from ..registry.expansion import expand
from .records import FileRecord

__all__ = ["references"]


def references(
    records: DimensionRecordManager,
    dataset_type: DatasetType,
    run: str,
    files: Iterable[FileRecord],
) -> list[DatasetRef]:
    """Return the datasets in some files, all of one type and run, in their order.

    Raises
    ------
    DimensionNameError
        If a required dimension has no value.
    DimensionValueError
        If a key of a data ID is no dimension.
    DataIdValueError
        If a value is not of the dimension's type.
    InconsistentDataIdError
        If an implied value is given that contradicts the records.
    """
    group = dataset_type.dimensions
    names, types, count = group.required, group.required_types, len(group.required)
    make, make_ref = DataCoordinate.from_required_values, DatasetRef.from_row
    found = []
    for file in files:
        for id, given in zip(file.ids, file.data_ids, strict=True):
            if len(given) == count:
                values: tuple[Any, ...] = tuple([given.get(name) for name in names])
                if tuple(map(type, values)) == types and fits(values):
                    found.append(make_ref(dataset_type, make(group, values), run, id))
                    continue
            data_id = _standardized(records, dataset_type, given)
            found.append(make_ref(dataset_type, data_id, run, id))
    return found


def _standardized(
    records: DimensionRecordManager, dataset_type: DatasetType, given: Mapping[str, Any]
) -> DataCoordinate:
    """Return a data ID, without what old files have besides, if that does not contradict it."""
    group = dataset_type.dimensions
    check_keys(group.universe, given)
    required = {name: given[name] for name in group.required if given.get(name) is not None}
    data_id = DataCoordinate.standardize(required, dimensions=group)
    claimed = {name: given[name] for name in group.implied if given.get(name) is not None}
    if claimed:
        expand(records, data_id, claimed)
    return data_id
