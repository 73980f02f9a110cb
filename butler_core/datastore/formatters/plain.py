"""Objects as plain structures: the mappings, lists and scalars of YAML and JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from butler_core.timespan import Timespan

from .numpy_values import without_numpy

if TYPE_CHECKING:
    from butler_core.storage_class import StorageClass

__all__ = ["PLAIN_TYPES", "from_plain", "to_plain"]

PLAIN_TYPES = frozenset({"dict", "list", "collections.abc.Mapping"})
"""The Python types that need no more than the structure that a file holds."""


def to_plain(obj: Any) -> Any:
    """Return the plain structure that stands for an object.

    Parameters
    ----------
    obj : `object`
        A plain structure, a `Timespan`, a dataclass, a named tuple, or an
        object with pydantic's ``model_dump``.

    Returns
    -------
    plain : `object`
        What the file will hold. LSST's formatters choose the same, and write
        a timespan as its two integers.  Numbers of numpy become those of
        Python, with which LSST's formatters read them; LSST's own writers
        refuse them.

    Raises
    ------
    TypeError
        The structure holds an array, or a number that is not plain.
    """
    if isinstance(obj, Timespan):
        return list(obj.nsec)
    if hasattr(obj, "model_dump"):
        return obj.model_dump(mode="json")
    if dataclasses.is_dataclass(obj) and not isinstance(obj, type):
        obj = dataclasses.asdict(obj)
    elif hasattr(obj, "_asdict"):
        obj = obj._asdict()
    return without_numpy(obj)


def from_plain(plain: Any, storage_class: StorageClass) -> Any:
    """Return the object of a storage class that a plain structure stands for.

    Parameters
    ----------
    plain : `object`
        What the file held.
    storage_class : `StorageClass`
        What to make of it.

    Raises
    ------
    TypeError
        The structure is not one of this storage class.
    MissingPackageError
        The package of the Python type is not installed.
    """
    kind = storage_class.pytype
    if isinstance(plain, kind):
        return plain
    if issubclass(kind, Timespan) and isinstance(plain, list) and len(plain) == 2:
        return kind.from_nanoseconds(*plain)
    validate = getattr(kind, "model_validate", None)
    if validate is not None:
        return validate(plain)
    if isinstance(plain, Mapping) and kind is not list:
        return kind(**plain)
    if kind is float and type(plain) is int:
        return float(plain)
    raise TypeError(
        f"it holds a {type(plain).__name__}, and storage class {storage_class.name} "
        f"is a {storage_class.pytype_name}"
    )
