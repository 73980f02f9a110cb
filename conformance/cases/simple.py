"""Answers as numbers, texts, lists and mappings, so that YAML can hold what is expected.

The functions need nothing but Python: a script that shows a failure holds them word by word.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from enum import Enum
from typing import Any


def simple(value: Any) -> Any:
    """Return a value as numbers, texts, lists and mappings of them.

    A set becomes a sorted list, a member of an enumeration its name, a data ID its required
    values, a reference to a dataset its type, run and data ID, a record its fields, and a dataset
    type its name; what is none of these becomes a text.
    """
    if isinstance(value, Enum):
        return value.name
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if hasattr(value, "datasetType") and hasattr(value, "dataId"):
        return {"type": value.datasetType.name, "run": value.run, **simple(value.dataId)}
    if hasattr(value, "mapping") and hasattr(value, "dimensions"):
        return simple(dict(value.required))
    if hasattr(value, "toDict"):
        return simple(value.toDict())
    if hasattr(value, "storageClass_name"):
        return value.name
    if isinstance(value, Mapping):
        return {str(key): simple(item) for key, item in value.items()}
    if isinstance(value, Set):
        return sorted((simple(item) for item in value), key=repr)
    if hasattr(value, "tolist"):
        return simple(value.tolist())
    if hasattr(value, "__iter__") and not isinstance(value, bytes):
        return [simple(item) for item in value]
    return str(value)


def columns(row: Any) -> dict[str, Any]:
    """Return what a row holds: a reference, a data ID, a record or a mapping."""
    if hasattr(row, "datasetType") and hasattr(row, "dataId"):
        return {"type": row.datasetType.name, "run": row.run, **columns(row.dataId)}
    if hasattr(row, "mapping") and hasattr(row, "dimensions"):
        return columns(dict(row.mapping))
    if hasattr(row, "toDict"):
        return columns(row.toDict())
    if isinstance(row, Mapping):
        return {str(key): simple(item) for key, item in row.items()}
    raise TypeError(f"a row is a reference, a data ID, a record or a mapping, not {row!r}")
