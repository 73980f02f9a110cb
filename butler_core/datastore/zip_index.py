"""What a Zip file of datasets holds, as the index in it says."""

from __future__ import annotations

import json
import uuid
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from butler_core.dataset import DatasetRef, DatasetType
from butler_core.dimensions import DataCoordinate
from butler_core.dimensions.record import region_decoder
from butler_core.errors import (
    ButlerUserError,
    InconsistentUniverseError,
    MissingFileError,
    ZipFileError,
)
from butler_core.timespan import Timespan

from .artifact_index import INDEX_NAME, name_of_zip
from .locations import leaves_root
from .reading import described
from .zip_members import BROKEN

if TYPE_CHECKING:
    from butler_core.dimensions import DimensionElement, DimensionRecord, DimensionUniverse

__all__ = ["IndexedMember", "ZipIndex", "read_zip_index"]

_VERSION = "V1"


class IndexedMember(NamedTuple):
    """A member of a Zip file, and the datasets that it holds."""

    name: str
    formatter: str
    storage_class: str
    component: str | None
    checksum: str | None
    size: int
    """Its size in bytes, -1 if none is to be recorded."""
    ids: Sequence[uuid.UUID]


class ZipIndex(NamedTuple):
    """The index of a Zip file."""

    path: str
    """Path of the Zip file."""

    members: Sequence[IndexedMember]
    refs: Mapping[uuid.UUID, DatasetRef]
    """The datasets that are in a member."""

    records: Mapping[DimensionElement, Sequence[DimensionRecord]] | None
    """Dimension records that the datasets need, those that others need first; if it has any."""

    @property
    def file_name(self) -> str:
        """The name that the Zip file has in a repository, which follows from what is in it."""
        return name_of_zip(member.name for member in self.members)


def read_zip_index(path: str, universe: DimensionUniverse) -> ZipIndex:
    """Read the index of a Zip file, and look whether its members are as it says.

    Parameters
    ----------
    path : `str`
        The Zip file.
    universe : `DimensionUniverse`
        The dimensions that its datasets shall have.

    Raises
    ------
    MissingFileError
        There is no such file.
    ZipFileError
        It is no Zip file, has no index or not such a one; a member is missing,
        damaged or encrypted, or its name leads elsewhere.
    InconsistentUniverseError
        Its datasets have dimensions that are others, or unknown.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            try:
                content = archive.read(INDEX_NAME)
            except KeyError:
                raise _refused(
                    path,
                    f"it has no {INDEX_NAME}, which says what its files are, and which"
                    " butler.retrieve_artifacts_zip writes",
                ) from None
            index = _parsed(path, content, universe)
            _check_members(path, archive, index.members)
    except OSError as error:
        if isinstance(error, ButlerUserError):
            raise
        raise MissingFileError(f"there is no Zip file at {path}: {error.strerror}") from error
    except BROKEN as error:
        if isinstance(error, ButlerUserError):
            raise
        raise _refused(path, f"it is damaged, or no Zip file ({described(error)})") from error
    return index


def _refused(path: str, why: str) -> ZipFileError:
    return ZipFileError(f"{path} cannot be ingested: {why}")


def _parsed(path: str, content: bytes, universe: DimensionUniverse) -> ZipIndex:
    try:
        index = json.loads(content)
        _check_version(index["index_version"], index["refs"]["container_version"])
        refs = _refs(index["refs"], universe)
        members = [_member(name, one, refs) for name, one in index["artifact_map"].items()]
        records = _records(index["refs"].get("dimension_records"), universe)
    except ButlerUserError as error:
        raise type(error)(f"{path} cannot be ingested: {error}") from error
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _refused(
            path,
            f"its {INDEX_NAME} is not as butler.retrieve_artifacts_zip writes it"
            f" ({described(error)})",
        ) from error
    held = {dataset_id for member in members for dataset_id in member.ids}
    if not members:
        raise _refused(path, f"its {INDEX_NAME} names no files")
    parts = Counter((one, member.component) for member in members for one in member.ids)
    twice = next((one for (one, _), count in parts.items() if count > 1), None)
    if twice is not None:
        raise _refused(path, f"dataset {twice} is in two of its files")
    return ZipIndex(path, members, {one: refs[one] for one in refs if one in held}, records)


def _check_version(*versions: object) -> None:
    for version in versions:
        if version != _VERSION:
            raise ZipFileError(f"its index is of version {version!r}, not {_VERSION!r}")


def _refs(given: Mapping[str, Any], universe: DimensionUniverse) -> dict[uuid.UUID, DatasetRef]:
    if given["universe_namespace"] != universe.namespace:
        raise InconsistentUniverseError(
            f"its datasets have dimensions of namespace {given['universe_namespace']!r},"
            f" the repository those of {universe.namespace!r}"
        )
    types = {name: _dataset_type(one, universe) for name, one in given["dataset_types"].items()}
    refs = {}
    for text, one in given["compact_refs"].items():
        kind = types[one["dataset_type_name"]]
        values = {name: one["data_id"][name] for name in kind.dimensions.required}
        data_id = DataCoordinate.standardize(values, dimensions=kind.dimensions)
        dataset_id = uuid.UUID(text)
        ref = DatasetRef.from_row(kind, data_id, str(one["run"]), dataset_id)
        refs[dataset_id] = ref.makeCompositeRef() if ref.isComponent() else ref
    return refs


def _dataset_type(given: Mapping[str, Any], universe: DimensionUniverse) -> DatasetType:
    unknown = [name for name in given["dimensions"] if name not in universe]
    if unknown:
        raise InconsistentUniverseError(
            f"dataset type {given['name']!r} in it has dimensions that the repository has not:"
            f" {', '.join(unknown)}"
        )
    return DatasetType(
        given["name"],
        given["dimensions"],
        given["storageClass"],
        given.get("parentStorageClass"),
        universe=universe,
        isCalibration=bool(given.get("isCalibration", False)),
    )


def _member(
    name: str, given: Mapping[str, Any], refs: Mapping[uuid.UUID, DatasetRef]
) -> IndexedMember:
    if leaves_root(name) or not name or name.endswith("/"):
        raise ZipFileError(f"the file {name!r} in it would be outside of where it is unpacked")
    ids = [uuid.UUID(text) for text in given["ids"]]
    for dataset_id in ids:
        if dataset_id not in refs:
            raise ZipFileError(f"its index does not say what dataset {dataset_id} is")
    info = given["info"]
    component, checksum = info.get("component"), info.get("checksum")
    return IndexedMember(
        *(name, str(info["formatter"]), str(info["storage_class"])),
        None if component is None else str(component),
        None if checksum is None else str(checksum),
        int(info["file_size"]),
        sorted(ids),
    )


def _records(
    given: Mapping[str, Any] | None, universe: DimensionUniverse
) -> dict[DimensionElement, list[DimensionRecord]] | None:
    if given is None:
        return None
    elements = [one for one in universe.elements if one.name in given and one.has_own_table]
    return {element: [_record(element, row) for row in given[element.name]] for element in elements}


def _record(element: DimensionElement, values: Sequence[Any]) -> DimensionRecord:
    if len(values) != len(element.columns):
        raise ValueError(
            f"a record of {element.name} has {len(values)} fields, not {len(element.columns)}"
        )
    fields = {
        column.name: _decoded(column.type, value)
        for column, value in zip(element.columns, values, strict=True)
    }
    return element.RecordClass(**fields)


def _decoded(kind: str, value: Any) -> Any:
    """Return a field as JSON has it, where bytes are hexadecimal, as one of a record."""
    if value is None:
        return None
    if kind == "timespan":
        begin, end = value
        return Timespan.from_nanoseconds(int(begin), int(end))
    if kind == "region":
        return region_decoder()(bytes.fromhex(value))
    return bytes.fromhex(value) if kind == "hash" else value


def _check_members(path: str, archive: zipfile.ZipFile, members: Sequence[IndexedMember]) -> None:
    """Look at the header of each member, not at its content, which may be large."""
    counts = Counter(archive.namelist())
    for member in members:
        if counts[member.name] != 1:
            often = "has no file" if not counts[member.name] else "has more than one file"
            raise _refused(path, f"it {often} {member.name!r}, which its index names")
        info = archive.getinfo(member.name)
        if info.flag_bits & 1:
            raise _refused(path, f"{member.name!r} in it is encrypted, which datasets may not be")
        if member.size not in (-1, info.file_size):
            raise _refused(
                path,
                f"{member.name!r} in it has {info.file_size} bytes, not the {member.size} that"
                " its index says",
            )
        archive.open(info).close()
