"""Writing of export files, line by line.

The records are as LSST's Butler writes them: see `scalars` for the values.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import IO, Any
from uuid import UUID

from ..collection import CollectionType
from ..dimensions import DimensionElement, DimensionGroup, DimensionUniverse
from ..timespan import MAX_NANOSECONDS, MIN_NANOSECONDS, Timespan
from .records import FORMAT_VERSION, DatasetTypeDefinition, ExportedCollection
from .scalars import float_scalar, scalar, text_scalar
from .tags import REGION_CLASSES, TIME_TAG, TIMESPAN_TAG, time_text

__all__ = ["ExportWriter", "file_text", "record_writer"]


class ExportWriter:
    """Writes an export.

    Parameters
    ----------
    stream : text file
        Where to.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._is_empty = True

    def begin(self, universe: DimensionUniverse) -> None:
        """Write what stands before the records."""
        self._stream.write(
            "description: Butler Data Repository Export\n"
            f"version: {'.'.join(map(str, FORMAT_VERSION))}\n"
            f"universe_version: {universe.version}\n"
            f"universe_namespace: {text_scalar(universe.namespace)}\n"
        )

    def end(self) -> None:
        """Write what is lacking to a complete file."""
        if self._is_empty:
            self._stream.write("data: []\n")

    def _record(self, kind: str, **fields: Any) -> None:
        if self._is_empty:
            self._stream.write("data:\n")
            self._is_empty = False
        self._stream.write(f"- type: {kind}\n")
        for name, value in fields.items():
            if isinstance(value, tuple):
                self._names(name, value)
            else:
                self._stream.write(f"  {name}: {scalar(value)}\n")

    def _names(self, name: str, values: Sequence[str]) -> None:
        self._stream.write(f"  {name}:{'' if values else ' []'}\n")
        self._stream.writelines(f"  - {text_scalar(value)}\n" for value in values)

    def dimension(self, element: str, texts: Iterable[str]) -> None:
        """Write records of a dimension element, as `record_writer` returns them."""
        self._record("dimension", element=element)
        self._stream.write("  records:\n")
        self._stream.writelines(texts)

    def collection(self, collection: ExportedCollection) -> None:
        """Write a collection."""
        fields: dict[str, Any] = {"name": collection.name}
        if collection.doc is not None:
            fields["doc"] = collection.doc
        if collection.type is CollectionType.RUN:
            fields.update(host=None, timespan_begin=None, timespan_end=None)
        elif collection.type is CollectionType.CHAINED:
            fields["children"] = collection.children
        self._record("collection", collection_type=collection.type.name, **fields)

    def dataset_type(self, definition: DatasetTypeDefinition) -> None:
        """Write a dataset type."""
        self._record(
            "dataset_type",
            name=definition.name,
            dimensions=definition.dimensions,
            storage_class=definition.storage_class,
            is_calibration=definition.is_calibration,
        )

    def files(self, dataset_type: str, run: str, texts: Iterable[str]) -> None:
        """Write files of a dataset type and run, as `file_text` returns them."""
        self._record("dataset", dataset_type=dataset_type, run=run)
        self._stream.write("  records:\n")
        self._stream.writelines(texts)

    def tagged(self, collection: str, ids: Iterable[UUID]) -> None:
        """Write which datasets are in a tagged collection."""
        self._record("associations", collection=collection, collection_type="TAGGED")
        self._stream.write("  dataset_ids:\n")
        self._stream.writelines(f"  - !uuid '{id}'\n" for id in ids)

    def calibrations(
        self, collection: str, ranges: Iterable[tuple[Timespan, Iterable[UUID]]]
    ) -> None:
        """Write which datasets are in a calibration collection, by their validity ranges."""
        self._record("associations", collection=collection, collection_type="CALIBRATION")
        self._stream.write("  validity_ranges:\n")
        for timespan, ids in ranges:
            if timespan.isEmpty():
                self._stream.write(f"  - timespan: {TIMESPAN_TAG} 'EMPTY'\n")
            else:
                begin, end = _bounds(*timespan.nsec)
                self._stream.write(
                    f"  - timespan: {TIMESPAN_TAG}\n      begin: {begin}\n      end: {end}\n"
                )
            self._stream.write("    dataset_ids:\n")
            self._stream.writelines(f"    - !uuid '{id}'\n" for id in ids)


def _bounds(begin: int, end: int) -> tuple[str, str]:
    return (
        "null" if begin == MIN_NANOSECONDS else f"{TIME_TAG} '{time_text(begin)}'",
        "null" if end == MAX_NANOSECONDS else f"{TIME_TAG} '{time_text(end)}'",
    )


def file_text(
    datasets: Iterable[tuple[UUID | str, Sequence[int | str]]],
    dimensions: DimensionGroup,
    path: str,
    formatter: str | None,
) -> str:
    """Return a file with its datasets, each with its id and required values."""
    ids, data_ids = "", ""
    lines = _data_id_lines(dimensions)
    for id, values in datasets:
        ids += f"    - !uuid '{id if isinstance(id, UUID) else UUID(hex=id)}'\n"
        data_ids += lines % tuple(
            [value if type(value) is int else text_scalar(str(value)) for value in values]
        )
    return (
        f"  - dataset_id:\n{ids}    data_id:\n{data_ids}    path: {text_scalar(path)}\n"
        f"    formatter: {scalar(formatter)}\n"
    )


@cache
def _data_id_lines(dimensions: DimensionGroup) -> str:
    if not dimensions.required:
        return "    - {}\n"
    heads = ["    - ", *["      "] * (len(dimensions.required) - 1)]
    return "".join(
        f"{head}{name}: %s\n" for head, name in zip(heads, dimensions.required, strict=True)
    )


def record_writer(element: DimensionElement) -> Callable[[tuple[Any, ...]], str]:
    """Return the function that writes a row of an element's table as a record."""
    columns: list[tuple[str, Callable[[Any], str], int]] = []
    timespan, place = -1, 0
    for column in element.columns:
        if column.type == "timespan":
            timespan = place
            place += 2
            continue
        columns.append((column.name, _VALUES.get(column.type, scalar), place))
        place += 1

    def write(row: tuple[Any, ...]) -> str:
        lines = [f"{name}: {value(row[place])}\n" for name, value, place in columns]
        if timespan >= 0 and row[timespan] is not None:
            begin, end = row[timespan : timespan + 2]
            if begin >= end:
                # LSST's Butler writes bounds here that it cannot read; it reads this.
                lines.append(f"timespan: {TIMESPAN_TAG} 'EMPTY'\n")
            else:
                first, last = _bounds(begin, end)
                lines += [f"datetime_begin: {first}\n", f"datetime_end: {last}\n"]
        return "  - " + "    ".join(lines)

    return write


def _boolean(value: Any) -> str:
    return "null" if value is None else scalar(bool(value))


def _float(value: float | None) -> str:
    return "null" if value is None else float_scalar(float(value))


def _digest(value: str | None) -> str:
    return "null" if value is None else f"!!binary |\n      {value}"


def _region(value: str | None) -> str:
    if value is None:
        return "null"
    encoded = base64.b64decode(value)
    name = REGION_CLASSES[chr(encoded[0])]
    digits = encoded.hex()
    if digits.isdecimal():  # which would be a number
        digits = f"'{digits}'"
    return f"!<lsst.sphgeom.{name}>\n      encoded: {digits}"


_VALUES: dict[str, Callable[[Any], str]] = {
    "bool": _boolean,
    "float": _float,
    "hash": _digest,
    "region": _region,
}
