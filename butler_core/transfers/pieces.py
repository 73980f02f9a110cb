"""From the keys and values of an export's records to what they mean."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..collection import CollectionType
from ..errors import ExportFileError, nearest
from ..timespan import Timespan
from .records import (
    AssociatedDatasets,
    DatasetTypeDefinition,
    DimensionRecords,
    ExportedCollection,
    ExportedFiles,
    ExportPiece,
    FileRecord,
)
from .tags import TaiTime, bounded_timespan

__all__ = [
    "dataset_id",
    "is_known",
    "piece_of_items",
    "pieces_of",
    "reader_of_items",
    "validity_range",
]

_INTEGER_IDS = uuid.UUID("4d4851f4-2890-4d41-8779-5f38a3f5062b")
"""Namespace of the ids of datasets that had integers when they were exported."""

_TAGGED = CollectionType.TAGGED
_MISSING = object()


def is_known(fields: Mapping[str, Any], name: str) -> bool:
    """Return whether the items of a long list can be understood as they are read."""
    kind = fields.get("type")
    if name == "records":
        needed = {"dimension": ("element",), "dataset": ("dataset_type", "run")}.get(str(kind))
    elif name in ("dataset_ids", "validity_ranges") and kind == "associations":
        needed = ("collection", "collection_type")
    else:
        needed = None
    return needed is not None and all(isinstance(fields.get(one), str) for one in needed)


def pieces_of(fields: Mapping[str, Any]) -> list[ExportPiece]:
    """Return what a record stands for; lists that were understood before are empty.

    Raises
    ------
    ExportFileError
        If a key is missing, or a value is not of its kind.
    """
    kind = _field(fields, "type", str)
    try:
        make = _MAKERS[kind]
    except KeyError:
        raise ExportFileError(
            f"there are no records of type {kind!r}, but {', '.join(map(repr, _MAKERS))}"
            f"{nearest(kind, _MAKERS)}"
        ) from None
    return make(fields)


def reader_of_items(fields: Mapping[str, Any], name: str) -> Callable[[Any], Any]:
    """Return the function that understands one item of a record's list.

    It raises, as this does, as `pieces_of` does.
    """
    if fields["type"] == "dimension":
        return _record
    if fields["type"] == "dataset":
        return _file
    wanted = "dataset_ids" if _collection_type(fields) is _TAGGED else "validity_ranges"
    if name != wanted:
        raise ExportFileError(
            f"a {fields['collection_type']} collection has {wanted!r}, not {name!r}"
        )
    return dataset_id


def piece_of_items(fields: Mapping[str, Any], items: Sequence[Any]) -> ExportPiece:
    """Return what items of a list stand for, which have been understood."""
    if fields["type"] == "dimension":
        return DimensionRecords(_field(fields, "element", str), items)
    if fields["type"] == "associations":
        return AssociatedDatasets(_field(fields, "collection", str), items, None)
    return ExportedFiles(_field(fields, "dataset_type", str), _field(fields, "run", str), items)


def validity_range(
    fields: Mapping[str, Any], given: Any, ids: Sequence[str] | None = None
) -> AssociatedDatasets:
    """Return what a validity range stands for, or some of its ids; raises as `pieces_of`."""
    if not isinstance(given, dict):
        raise ExportFileError(f"a validity range is a mapping, not {given!r}")
    if "timespan" in given:
        timespan = given["timespan"]
    else:  # as files before version 1.0.1 have it
        bounds = [_field(given, name, TaiTime | None) for name in ("begin", "end")]
        timespan = bounded_timespan(*bounds)
    if not isinstance(timespan, Timespan):
        raise ExportFileError(f"the timespan of a validity range is a Timespan, not {timespan!r}")
    if ids is None:
        ids = [dataset_id(one) for one in _field(given, "dataset_ids", list)]
    return AssociatedDatasets(_field(fields, "collection", str), ids, timespan)


def _field(fields: Mapping[str, Any], name: str, kind: Any, default: Any = _MISSING) -> Any:
    value = fields.get(name, default)
    if value is _MISSING:
        what = f"a record of type {fields['type']!r}" if "type" in fields else "this"
        raise ExportFileError(f"{what} needs {name!r}{nearest(name, map(str, fields))}")
    if not isinstance(value, kind):
        raise ExportFileError(
            f"{name!r} is {getattr(kind, '__name__', kind)}, not {type(value).__name__} {value!r}"
        )
    return value


def _names(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = _field(fields, name, list)
    for one in given:
        if not isinstance(one, str):
            raise ExportFileError(f"{name!r} is a list of names, not with {one!r}")
    return tuple(given)


def _listed(fields: Mapping[str, Any]) -> list[ExportPiece]:
    read = reader_of_items(fields, "records")
    items = [read(one) for one in _field(fields, "records", list)]
    piece = piece_of_items(fields, items)
    return [piece] if items else []


def _collection(fields: Mapping[str, Any]) -> list[ExportPiece]:
    name = _field(fields, "name", str)
    kind = _collection_type(fields)
    children: tuple[str, ...] = ()
    if kind is CollectionType.CHAINED:
        # Old files restrict some children to dataset types, which is not done any more.
        given = _field(fields, "children", list)
        children = _names(
            {"children": [one[0] if isinstance(one, list) and one else one for one in given]},
            "children",
        )
    doc = _field(fields, "doc", str | None, None)
    return [ExportedCollection(name, kind, doc, children)]


def _collection_type(fields: Mapping[str, Any]) -> CollectionType:
    given = _field(fields, "collection_type", str)
    known = [kind.name for kind in CollectionType]
    if given.upper() not in known:
        raise ExportFileError(
            f"there are no collections of type {given!r}, but {', '.join(known)}"
            f"{nearest(given, known)}"
        )
    return CollectionType[given.upper()]


def _run(fields: Mapping[str, Any]) -> list[ExportPiece]:
    return [ExportedCollection(_field(fields, "name", str), CollectionType.RUN)]


def _dataset_type(fields: Mapping[str, Any]) -> list[ExportPiece]:
    return [
        DatasetTypeDefinition(
            _field(fields, "name", str),
            _names(fields, "dimensions"),
            _field(fields, "storage_class", str),
            _field(fields, "is_calibration", bool, False),
        )
    ]


def _associations(fields: Mapping[str, Any]) -> list[ExportPiece]:
    kind = _collection_type(fields)
    if kind is CollectionType.CALIBRATION:
        return [validity_range(fields, given) for given in _field(fields, "validity_ranges", list)]
    if kind is not CollectionType.TAGGED:
        raise ExportFileError(
            "datasets are associated with TAGGED and CALIBRATION collections;"
            f" {fields.get('collection')!r} is {kind.name}"
        )
    ids = [dataset_id(one) for one in _field(fields, "dataset_ids", list)]
    piece = piece_of_items(fields, ids)
    return [piece] if ids else []


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], list[ExportPiece]]] = {
    "dimension": _listed,
    "collection": _collection,
    "run": _run,
    "dataset_type": _dataset_type,
    "dataset": _listed,
    "associations": _associations,
}


def _record(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise ExportFileError(f"a dimension record is a mapping of its fields, not {given!r}")
    for name in given:
        if not isinstance(name, str):
            raise ExportFileError(f"the name of a field is a text, not {name!r}")
    if "datetime_begin" in given or "datetime_end" in given:
        bounds = []
        for name in ("datetime_begin", "datetime_end"):
            if name not in given:
                raise ExportFileError(f"the record {given} needs {name!r}")
            bounds.append(_field(given, name, TaiTime | None))
        others = {name: given[name] for name in given if not name.startswith("datetime_")}
        return {**others, "timespan": bounded_timespan(*bounds)}
    return given


def _file(given: Any) -> FileRecord:
    if isinstance(given, FileRecord):
        return given
    if not isinstance(given, dict):
        raise ExportFileError(f"a file is a mapping with dataset_id and data_id, not {given!r}")
    for name in ("dataset_id", "data_id"):
        if name not in given:
            hint = nearest(name, map(str, given))
            raise ExportFileError(f"the file {given} needs {name!r}{hint}")
    ids, data_ids = given["dataset_id"], given["data_id"]
    ids = ids if isinstance(ids, list) else [ids]
    data_ids = data_ids if isinstance(data_ids, list) else [data_ids]
    if len(ids) != len(data_ids) or not ids:
        raise ExportFileError(
            f"a file has as many data IDs as ids, not {len(data_ids)} and {len(ids)}, and at"
            " least one"
        )
    for one in data_ids:
        if not isinstance(one, dict):
            raise ExportFileError(f"a data ID is a mapping from dimensions to values, not {one!r}")
    path, formatter = (_field(given, name, str | None, None) for name in ("path", "formatter"))
    return FileRecord(tuple(map(dataset_id, ids)), tuple(data_ids), path, formatter)


def dataset_id(given: Any) -> str:
    """Return 32 hex digits; raises as `pieces_of` does."""
    if isinstance(given, str) and len(given) == 32:  # of a run of regular items
        return given
    if isinstance(given, uuid.UUID):
        return given.hex
    if isinstance(given, int) and not isinstance(given, bool):
        return uuid.uuid3(_INTEGER_IDS, str(given)).hex
    raise ExportFileError(f"the id of a dataset is !uuid, or an integer in old files: {given!r}")
