"""The fields of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import MissingFieldError, nearest
from .alias_map import AliasMap

__all__ = ["Field", "Key", "Schema", "SchemaItem"]

_LSST_TYPES = {
    "uint8": "B",
    "uint16": "U",
    "int32": "I",
    "int64": "L",
    "float32": "F",
    "float64": "D",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a catalogue.

    Parameters
    ----------
    name : `str`
        Its name.
    kind : `str`
        ``"Flag"``, ``"Scalar"``, ``"Array"``, ``"Angle"`` or ``"String"``, as
        LSST's ``TCCLSn`` cards say.
    dtype : `numpy.dtype`
        The type of an element.
    doc, units : `str`
        What it is, and its unit.
    size : `int`
        Elements in a row: more than 1 for an array, characters for a string,
        0 where the number varies.
    """

    name: str
    kind: str
    dtype: np.dtype[Any]
    doc: str = ""
    units: str = ""
    size: int = 1

    @classmethod
    def of(cls, name: str, column: npt.NDArray[Any], doc: str = "", units: str = "") -> Field:
        """Return the field that describes a column.

        Raises
        ------
        TypeError
            A catalogue has no fields of this type.
        """
        dtype = column.dtype
        if dtype.kind == "b":
            return cls(name, "Flag", dtype, doc, units)
        if dtype.kind in "US":
            size = dtype.itemsize // (4 if dtype.kind == "U" else 1)
            return cls(name, "String", np.dtype("U"), doc, units, max(size, 1))
        if dtype.name not in _LSST_TYPES:
            raise TypeError(
                f"column {name!r} is of type {dtype.name}; a catalogue has columns of type bool, "
                f"str, {', '.join(_LSST_TYPES)}"
            )
        if column.ndim > 1:
            return cls(name, "Array", dtype, doc, units, int(column.shape[1]))
        angle = units in ("rad", "radian") and dtype.name == "float64"
        return cls(name, "Angle" if angle else "Scalar", dtype, doc, "rad" if angle else units)

    def getName(self) -> str:
        """Return the name."""
        return self.name

    def getDoc(self) -> str:
        """Return what the field is."""
        return self.doc

    def getUnits(self) -> str:
        """Return the unit."""
        return self.units

    def getSize(self) -> int:
        """Return the number of elements in a row."""
        return self.size

    def getTypeString(self) -> str:
        """Return LSST's name of the type, such as ``D``, ``Flag`` or ``ArrayF``."""
        if self.kind in ("Flag", "Angle", "String"):
            return self.kind
        code = _LSST_TYPES[self.dtype.name]
        return f"Array{code}" if self.kind == "Array" else code


@dataclass(frozen=True, slots=True)
class Key:
    """What gives fast access to a field in LSST; here it holds the name of the field."""

    name: str


@dataclass(frozen=True, slots=True)
class SchemaItem:
    """A field with its key."""

    key: Key
    field: Field

    def getKey(self) -> Key:
        """Return the key."""
        return self.key

    def getField(self) -> Field:
        """Return the field."""
        return self.field

    def __iter__(self) -> Iterator[Key | Field]:
        yield self.key
        yield self.field


class Schema:
    """The fields of a catalogue, in order.

    Parameters
    ----------
    fields : `~collections.abc.Iterable` [ `Field` ]
        The fields.
    aliases : `AliasMap`, optional
        Other names for them.

    Raises
    ------
    ValueError
        Two fields have the same name.
    """

    __slots__ = ("_fields", "aliases")

    def __init__(self, fields: Iterable[Field] = (), aliases: AliasMap | None = None) -> None:
        self._fields: dict[str, Field] = {}
        for field in fields:
            if field.name in self._fields:
                raise ValueError(f"two fields have the name {field.name!r}")
            self._fields[field.name] = field
        self.aliases = AliasMap() if aliases is None else aliases

    @property
    def fields(self) -> Mapping[str, Field]:
        """The fields by name, in order (`~collections.abc.Mapping`)."""
        return self._fields

    def resolve(self, name: str | Key) -> str:
        """Return the name of the field that a name or an alias means.

        Raises
        ------
        MissingFieldError
            There is no such field.
        """
        asked = name.name if isinstance(name, Key) else name
        if asked in self._fields and asked not in self.aliases:
            return asked
        found = self.aliases.apply(asked)
        if found not in self._fields:
            meaning = "" if found == asked else f" (an alias of {found!r})"
            known = [*self._fields, *self.aliases]
            raise MissingFieldError(
                f"the catalogue has no field {asked!r}{meaning}{nearest(asked, known)}; "
                "schema.getNames() lists them"
            )
        return found

    def find(self, name: str | Key) -> SchemaItem:
        """Return the field of a name or an alias.

        Raises
        ------
        MissingFieldError
            There is no such field.
        """
        field = self._fields[self.resolve(name)]
        return SchemaItem(Key(field.name), field)

    def getNames(self, topOnly: bool = False) -> list[str]:
        """Return the names of the fields, sorted.

        Parameters
        ----------
        topOnly : `bool`
            Return only what stands before the first underscore of each.
        """
        names = self.getOrderedNames()
        return sorted({name.split("_")[0] for name in names} if topOnly else names)

    def getOrderedNames(self) -> list[str]:
        """Return the names of the fields, in order."""
        return list(self._fields)

    def getAliasMap(self) -> AliasMap:
        """Return the other names of the fields."""
        return self.aliases

    def getFieldCount(self) -> int:
        """Return the number of fields."""
        return len(self._fields)

    def extract(self, *patterns: str) -> dict[str, SchemaItem]:
        """Return the fields whose names match one of some shell patterns."""
        return {
            name: self.find(name)
            for name in self._fields
            if any(fnmatchcase(name, pattern) for pattern in patterns)
        }

    def asKey(self, name: str) -> Key:
        """Return the key of a field."""
        return self.find(name).key

    def __getitem__(self, name: str) -> SchemaItem:
        return self.find(name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str | Key) and self._has(name)

    def _has(self, name: str | Key) -> bool:
        asked = name.name if isinstance(name, Key) else name
        return self.aliases.apply(asked) in self._fields

    def __iter__(self) -> Iterator[SchemaItem]:
        return (SchemaItem(Key(name), field) for name, field in self._fields.items())

    def __len__(self) -> int:
        return len(self._fields)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Schema):
            return NotImplemented
        return list(self._fields.values()) == list(other._fields.values())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Schema({len(self._fields)} fields, {len(self.aliases)} aliases)"
