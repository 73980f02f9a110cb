"""Records of dimension elements, light wrappers of the registry's rows."""

from __future__ import annotations

import base64
import functools
import math
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from ..errors import ArgumentError, DataIdValueError, RecordKeyError, nearest
from ..timespan import Timespan, time_from_nanoseconds
from .coordinate import DataCoordinate

if TYPE_CHECKING:
    from .element import DimensionColumn, DimensionElement

__all__ = [
    "DimensionRecord",
    "decode_region",
    "decode_value",
    "encode_region",
    "make_record_class",
    "make_records",
    "region_decoder",
]


def encode_region(region: Any) -> str | None:
    """Return a region as the registry keeps it: base64 of its sphgeom encoding."""
    return None if region is None else base64.b64encode(region.encode()).decode("ascii")


def decode_region(text: str | None) -> Any:
    """Return the `lsst.sphgeom.Region` of a registry column."""
    if text is None:
        return None
    return region_decoder()(base64.b64decode(text))


@functools.cache
def region_decoder() -> Callable[[bytes], Any]:
    """Return ``lsst.sphgeom.Region.decode``, imported when it is first needed."""
    from lsst.sphgeom import Region

    decode: Callable[[bytes], Any] = Region.decode
    return decode


class DimensionRecord:
    """Base of the records of dimension elements.

    Each element has a subclass of its own, `DimensionElement.RecordClass`,
    with one attribute for each field.

    Parameters
    ----------
    **fields
        Values by the name of the field. The key of another dimension has that
        dimension's name; the dimension's own key may be given by its field
        (``id``) or by the dimension's name (``visit``). A region is an
        `lsst.sphgeom.Region`, a timespan a `Timespan`.

    Raises
    ------
    ArgumentError
        If there is no such field.
    RecordKeyError
        If a dimension that the record needs has no value.
    DataIdValueError
        If a value is of the wrong type.
    """

    __slots__ = ("_data_id", "_row")

    definition: ClassVar[DimensionElement]
    fields: ClassVar[tuple[str, ...]]
    _key_count: ClassVar[int]

    _row: tuple[Any, ...]
    _data_id: DataCoordinate | None

    def __init__(self, **fields: Any) -> None:
        self._row = _row_from_fields(self.definition, fields)
        self._data_id = None

    @classmethod
    def from_row(cls, row: tuple[Any, ...]) -> DimensionRecord:
        """Wrap a row of the element's table.

        The columns are in the order of `DimensionElement.columns`, encoded as
        in the registry, a timespan as two.
        """
        self = cls.__new__(cls)
        self._row = row
        self._data_id = None
        return self

    if TYPE_CHECKING:  # the fields are those of the universe that is opened

        def __getattr__(self, name: str) -> Any: ...

    @property
    def row(self) -> tuple[Any, ...]:
        """The values as the registry encodes them."""
        return self._row

    @property
    def dataId(self) -> DataCoordinate:
        """The data ID of the record, with its implied values."""
        if self._data_id is None:
            element = self.definition
            group = element.dimensions
            known = dict(zip(element.required_names, self._row, strict=False))
            offset = len(element.required_names)
            known.update(zip(element.implied_names, self._row[offset:], strict=False))
            if group.implied and all(name in known for name in group.implied):
                values = tuple(known[name] for name in group.data_coordinate_keys)
                self._data_id = DataCoordinate.from_full_values(group, values)
            else:
                values = tuple(known[name] for name in group.required)
                self._data_id = DataCoordinate.from_required_values(group, values)
        return self._data_id

    def get(self, name: str) -> Any:
        """Return the value of a field."""
        return getattr(self, name)

    def toDict(self, splitTimespan: bool = False) -> dict[str, Any]:
        """Return the fields as a dictionary.

        Parameters
        ----------
        splitTimespan : `bool`, optional
            Whether a timespan becomes ``datetime_begin`` and
            ``datetime_end``.
        """
        result = {name: getattr(self, name) for name in self.fields}
        if splitTimespan and "timespan" in result:
            timespan = result.pop("timespan")
            result["datetime_begin"] = None if timespan is None else timespan.begin
            result["datetime_end"] = None if timespan is None else timespan.end
        return result

    def __reduce__(self) -> tuple[Callable[..., DimensionRecord], tuple[Any, ...]]:
        return _record_of_row, (self.definition, self._row)

    def __iter__(self) -> Iterator[Any]:
        return (getattr(self, name) for name in self.fields)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DimensionRecord):
            return NotImplemented
        return self.definition == other.definition and self._row == other._row

    def __hash__(self) -> int:
        return hash((self.definition.name, self._row[: self._key_count]))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.fields)
        return f"{self.definition.name}.RecordClass({values})"

    def __str__(self) -> str:
        lines = [f"{self.definition.name}:"]
        lines += [f"  {name}: {getattr(self, name)!r}" for name in self.fields]
        return "\n".join(lines)


def _record_of_row(element: DimensionElement, row: tuple[Any, ...]) -> DimensionRecord:
    """Return the record that was pickled: its class is made by its universe, and has no address."""
    return element.RecordClass.from_row(row)


def make_records(
    element: DimensionElement, given: Sequence[Mapping[str, Any]]
) -> list[DimensionRecord]:
    """Return a record for each of some mappings of fields, as `DimensionRecord` does for one.

    Raises
    ------
    ArgumentError
        If there is no such field.
    RecordKeyError
        If a dimension that a record needs has no value.
    DataIdValueError
        If a value is of the wrong type.
    """
    names = {column.name for column in element.columns}
    columns: list[list[Any]] = []
    for column in element.columns if all(fields.keys() == names for fields in given) else ():
        encoded = _encoded(column, [fields[column.name] for fields in given])
        if encoded is None:
            break
        columns.append(encoded)
    if len(columns) < len(element.columns):
        return [element.RecordClass(**fields) for fields in given]
    return list(map(element.RecordClass.from_row, zip(*columns, strict=True)))


def _encoded(column: DimensionColumn, values: list[Any]) -> list[Any] | None:
    """Return values as `encode_value` does, or `None` if they are not of the usual form."""
    types = set(map(type, values))
    if column.type == "int" and types == {int}:
        return values if min(values) >= -(2**63) and max(values) < 2**63 else None
    if column.type == "string" and types == {str}:
        lengths = set(map(len, values))
        fits = column.length is None or (min(lengths) >= 1 and max(lengths) <= column.length)
        return values if fits else None
    is_region = all(hasattr(one, "encode") for one in types - {str}) and str not in types
    if column.type == "region" and is_region:
        return [encode_region(value) for value in values]
    return None


def make_record_class(element: DimensionElement) -> type[DimensionRecord]:
    """Make the class of an element's records."""
    namespace: dict[str, Any] = {
        "__slots__": (),
        "__doc__": f"A record of ``{element.name}``: {element.doc}",
        "definition": element,
        "fields": tuple(column.name for column in element.columns),
        "_key_count": len(element.required_names),
    }
    place = 0
    for column in element.columns:
        namespace[column.name] = _field_property(column, place)
        place += 2 if column.type == "timespan" else 1
    return type(f"{element.name}_Record", (DimensionRecord,), namespace)


def _field_property(column: DimensionColumn, place: int) -> property:
    def plain(self: DimensionRecord) -> Any:
        return self._row[place]

    def boolean(self: DimensionRecord) -> Any:
        value = self._row[place]
        return None if value is None else bool(value)

    def digest(self: DimensionRecord) -> Any:
        value = self._row[place]
        return None if value is None else base64.b64decode(value)

    def region(self: DimensionRecord) -> Any:
        return decode_region(self._row[place])

    def timespan(self: DimensionRecord) -> Timespan | None:
        begin, end = self._row[place : place + 2]
        return None if begin is None else Timespan.from_nanoseconds(begin, end)

    by_type = {"bool": boolean, "hash": digest, "region": region, "timespan": timespan}
    return property(by_type.get(column.type, plain), doc=column.doc or None)


def _row_from_fields(element: DimensionElement, fields: Mapping[str, Any]) -> tuple[Any, ...]:
    given = dict(fields)
    if element.primary_key is not None and element.name in given:
        given.setdefault(element.primary_key.name, given.pop(element.name))
    if element.temporal is not None and ("datetime_begin" in given or "datetime_end" in given):
        begin, end = given.pop("datetime_begin", None), given.pop("datetime_end", None)
        given["timespan"] = None if begin is None and end is None else Timespan(begin, end)
    known = [column.name for column in element.columns]
    for name in given:
        if name not in known:
            raise ArgumentError(
                f"a record of {element.name!r} has no field {name!r}{nearest(str(name), known)}"
            )
    row: list[Any] = []
    for column in element.columns:
        value = given.get(column.name)
        if value is None and not column.nullable:
            raise RecordKeyError(
                f"a record of {element.name!r} needs a value for {column.name!r};"
                f" got {dict(fields)}"
            )
        row += encode_value(element.name, column, value)
    return tuple(row)


def encode_value(owner: str, column: DimensionColumn, value: Any) -> tuple[Any, ...]:
    """Return a value as the registry's column, or two for a timespan, hold it."""
    if column.type == "timespan":
        return (None, None) if value is None else _checked(owner, column, value, Timespan).nsec
    if value is None:
        return (None,)
    if column.type == "region":
        if not hasattr(value, "encode") or isinstance(value, str):
            raise _wrong_type(owner, column, value, "an lsst.sphgeom.Region")
        return (encode_region(value),)
    if column.type == "hash":
        return (base64.b64encode(_checked(owner, column, value, bytes)).decode("ascii"),)
    if column.type == "float":
        return (_number(owner, column, value),)
    if column.type == "bool":
        if isinstance(value, str) or value not in (False, True):
            raise _wrong_type(owner, column, value, "a bool")
        return (bool(value),)
    if column.type == "int":
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise _wrong_type(owner, column, value, "an int")
        if not -(2**63) <= value < 2**63:
            raise _wrong_type(owner, column, value, "an int of 64 bits")
        return (int(value),)
    text = str(_checked(owner, column, value, str))
    if column.length is not None and not 1 <= len(text) <= column.length:
        raise DataIdValueError(
            f"{owner}.{column.name} holds 1 to {column.length} characters; {text!r} has {len(text)}"
        )
    return (text,)


def decode_value(kind: str, *values: Any) -> Any:
    """Return a value of a type from the registry's column, or from two for a timespan."""
    value = values[0]
    if value is None:
        return None
    match kind:
        case "bool":
            return bool(value)
        case "hash":
            return base64.b64decode(value)
        case "region":
            return decode_region(value)
        case "timespan":
            return Timespan.from_nanoseconds(*values)
        case "datetime":
            return time_from_nanoseconds(value)
        case "uuid":
            return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
    return value


def _number(owner: str, column: DimensionColumn, value: Any) -> float | None:
    """Return a float; SQL databases have no common NaN, and NULL says as much."""
    try:
        number = None if isinstance(value, str | bytes | bool) else float(value)
    except (TypeError, ValueError):
        number = None
    if number is None:
        raise _wrong_type(owner, column, value, "a float")
    return None if math.isnan(number) else number


def _checked(owner: str, column: DimensionColumn, value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise _wrong_type(owner, column, value, f"a {kind.__name__}")
    return value


def _wrong_type(owner: str, column: DimensionColumn, value: Any, kind: str) -> DataIdValueError:
    return DataIdValueError(
        f"{owner}.{column.name} is {kind}, not {type(value).__name__} {value!r}"
    )
