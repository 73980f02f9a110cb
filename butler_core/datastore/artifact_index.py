"""The index that lies beside retrieved files: which datasets they hold, and how they are read.

It is in the format of LSST's ``_butler_zip_index.json``.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .stored_file import StoredFile

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef, DatasetType
    from butler_core.dimensions import DimensionRecord

__all__ = ["INDEX_NAME", "Artifact", "name_of_zip", "write_index"]

INDEX_NAME = "_butler_zip_index.json"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "lsst.org")


class Artifact(NamedTuple):
    """A file, and the datasets that it holds."""

    stored: StoredFile
    ids: list[uuid.UUID]


def name_of_zip(names: Iterable[str]) -> str:
    """Return the name of a Zip file that holds files of some names, beside their index."""
    return f"{uuid.uuid5(_NAMESPACE, ','.join(sorted(names)))}.zip"


def write_index(refs: Sequence[DatasetRef], artifacts: Mapping[str, Artifact], path: str) -> None:
    """Write the index of files by their paths, relative to the folder that holds it."""
    described = {
        "index_version": "V1",
        "refs": _references(refs),
        "artifact_map": {
            place: {"info": _info(artifact.stored), "ids": sorted(map(str, artifact.ids))}
            for place, artifact in artifacts.items()
        },
    }
    Path(path).write_text(json.dumps(described, separators=(",", ":")) + "\n", "utf-8")


def _info(stored: StoredFile) -> dict[str, Any]:
    return {
        "formatter": stored.formatter,
        "path": stored.path,
        "storage_class": stored.storage_class,
        "component": stored.component,
        "checksum": stored.checksum,
        "file_size": stored.file_size,
    }


def _references(refs: Sequence[DatasetRef]) -> dict[str, Any]:
    universe = refs[0].dimensions.universe if refs else None
    types = {ref.datasetType.name: ref.datasetType for ref in refs}
    return {
        "container_version": "V1",
        "universe_version": universe.version if universe else 0,
        "universe_namespace": universe.namespace if universe else "unknown",
        "dataset_types": {name: _dataset_type(one) for name, one in types.items()},
        "compact_refs": {
            str(ref.id): {
                "dataset_type_name": ref.datasetType.name,
                "run": ref.run,
                "data_id": dict(ref.dataId.mapping),
            }
            for ref in refs
        },
        "dimension_records": _records(refs),
    }


def _dataset_type(dataset_type: DatasetType) -> dict[str, Any]:
    parent = dataset_type.parentStorageClass
    return {
        "name": dataset_type.name,
        "storageClass": dataset_type.storageClass_name,
        "dimensions": list(dataset_type.dimensions.required),
        "parentStorageClass": None if parent is None else parent.name,
        "isCalibration": dataset_type.isCalibration(),
    }


def _records(refs: Sequence[DatasetRef]) -> dict[str, list[list[Any]]] | None:
    """Return the records of the data IDs, if all have them."""
    if not refs or not all(ref.dataId.hasRecords() for ref in refs):
        return None
    found: dict[str, dict[tuple[Any, ...], list[Any]]] = {}
    for ref in refs:
        for element in ref.dimensions.elements:
            record = ref.dataId.records[element]
            if record is not None and record.definition.skypix is None:
                key = record.dataId.required_values
                found.setdefault(element, {}).setdefault(key, _values(record))
    return {element: [rows[key] for key in sorted(rows)] for element, rows in sorted(found.items())}


def _values(record: DimensionRecord) -> list[Any]:
    """Return the fields of a record as JSON has them; bytes are hexadecimal there."""
    values = iter(record.row)
    found: list[Any] = []
    for column in record.definition.columns:
        value = next(values)
        if column.type == "timespan":
            end = next(values)
            value = None if value is None else [value, end]
        elif column.type in ("region", "hash") and value is not None:
            value = base64.b64decode(value).hex()
        elif column.type == "bool" and value is not None:
            value = bool(value)
        found.append(value)
    return found
