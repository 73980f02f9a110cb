"""What an export file holds, piece by piece."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from ..collection import CollectionType
from ..timespan import Timespan

__all__ = [
    "FORMAT_VERSION",
    "AssociatedDatasets",
    "DatasetTypeDefinition",
    "DimensionRecords",
    "ExportHeader",
    "ExportPiece",
    "ExportedCollection",
    "ExportedFiles",
    "FileRecord",
]

FORMAT_VERSION = (1, 0, 2)
"""The version that is written; others of the same first number, and no larger second, are read."""


@dataclasses.dataclass(frozen=True, slots=True)
class ExportHeader:
    """What stands before the records.

    Parameters
    ----------
    version : `tuple` [ `int` ]
        Version of the format.
    universe_version : `int`
        Version of the dimension universe of the exported repository.
    universe_namespace : `str`
        Its namespace.
    """

    version: tuple[int, int, int]
    universe_version: int
    universe_namespace: str


class FileRecord(NamedTuple):
    """A file, with the datasets in it.

    Parameters
    ----------
    ids : `tuple` [ `str` ]
        Ids of the datasets, 32 hex digits each.
    data_ids : `tuple` [ `~collections.abc.Mapping` ]
        The data ID of each.
    path : `str` or `None`
        Where the file is: a path relative to the folder of the export, or to
        the root of the repository, or a URI.
    formatter : `str` or `None`
        Full name of LSST's formatter class.
    """

    ids: tuple[str, ...]
    data_ids: tuple[Mapping[str, Any], ...]
    path: str | None
    formatter: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class DimensionRecords:
    """Some records of a dimension element.

    Parameters
    ----------
    element : `str`
        Name of the element.
    records : `~collections.abc.Sequence` [ `dict` ]
        Fields by name.
    """

    element: str
    records: Sequence[dict[str, Any]]


@dataclasses.dataclass(frozen=True, slots=True)
class ExportedCollection:
    """A collection.

    Parameters
    ----------
    name : `str`
        Its name.
    type : `CollectionType`
        Its type.
    doc : `str` or `None`
        Its documentation.
    children : `tuple` [ `str` ]
        The children of a chain.
    """

    name: str
    type: CollectionType
    doc: str | None = None
    children: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetTypeDefinition:
    """A dataset type, whose dimensions and storage class need not exist here.

    Parameters
    ----------
    name : `str`
        Its name.
    dimensions : `tuple` [ `str` ]
        Its dimensions.
    storage_class : `str`
        Name of its storage class.
    is_calibration : `bool`
        Whether datasets may be in calibration collections.
    """

    name: str
    dimensions: tuple[str, ...]
    storage_class: str
    is_calibration: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class ExportedFiles:
    """Some files of one dataset type and run.

    Parameters
    ----------
    dataset_type : `str`
        Name of the dataset type.
    run : `str`
        The run.
    files : `~collections.abc.Sequence` [ `FileRecord` ]
        The files.
    """

    dataset_type: str
    run: str
    files: Sequence[FileRecord]


@dataclasses.dataclass(frozen=True, slots=True)
class AssociatedDatasets:
    """Some datasets of a tagged or calibration collection.

    Parameters
    ----------
    collection : `str`
        The collection.
    ids : `~collections.abc.Sequence` [ `str` ]
        Ids of the datasets, 32 hex digits each.
    timespan : `Timespan` or `None`
        When they are valid; `None` in a tagged collection.
    """

    collection: str
    ids: Sequence[str]
    timespan: Timespan | None


ExportPiece: TypeAlias = (
    DimensionRecords
    | ExportedCollection
    | DatasetTypeDefinition
    | ExportedFiles
    | AssociatedDatasets
)
"""One of the above."""
