"""Collections: their types, and what is told of one."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterable

from .dataset_type import DatasetType
from .named_set import NamedSet

__all__ = ["CollectionInfo", "CollectionSummary", "CollectionType", "DatasetTypeSet"]


class CollectionType(enum.IntEnum):
    """What a collection may hold; the values are those of the registry."""

    RUN = 1
    """Datasets that belong to it, each data ID once a dataset type."""

    TAGGED = 2
    """Datasets of any run, each data ID once a dataset type."""

    CHAINED = 3
    """Other collections, searched in order."""

    CALIBRATION = 4
    """Datasets with validity ranges."""

    @classmethod
    def all(cls) -> frozenset[CollectionType]:
        """Return all types."""
        return frozenset(cls)

    @classmethod
    def from_name(cls, name: str) -> CollectionType:
        """Return the type of a name, in any case.

        Raises
        ------
        KeyError
            If there is no such type.
        """
        return cls[name.upper()]

    def __str__(self) -> str:
        return self.name


@dataclasses.dataclass(frozen=True, slots=True)
class CollectionInfo:
    """What a registry tells of a collection.

    Parameters
    ----------
    name : `str`
        Name of the collection.
    type : `CollectionType`
        Its type.
    doc : `str`
        Its documentation, empty if it has none or was not asked for.
    children : `tuple` [ `str` ]
        The collections of a chain, in the order of search.
    parents : `frozenset` [ `str` ] or `None`
        The chains that hold it, if they were asked for.
    dataset_types : `frozenset` [ `str` ] or `None`
        Names of the dataset types that it may hold, if they were asked for.
    governors : `dict` [ `str`, `frozenset` [ `str` ] ] or `None`
        Values of the governor dimensions that it may hold, if asked for.
    """

    name: str
    type: CollectionType
    doc: str = ""
    children: tuple[str, ...] = ()
    parents: frozenset[str] | None = None
    dataset_types: frozenset[str] | None = None
    governors: dict[str, frozenset[str]] | None = None

    def __lt__(self, other: object) -> bool:
        return self.name < other.name if isinstance(other, CollectionInfo) else NotImplemented


class DatasetTypeSet(NamedSet[DatasetType]):
    """Dataset types, which their names find as well.

    Parameters
    ----------
    dataset_types : `~collections.abc.Iterable` [ `DatasetType` ]
        The dataset types.
    """

    def __init__(self, dataset_types: Iterable[DatasetType] = ()) -> None:
        super().__init__(sorted(dataset_types, key=_name_of))


def _name_of(dataset_type: DatasetType) -> str:
    return dataset_type.name


@dataclasses.dataclass(frozen=True, slots=True)
class CollectionSummary:
    """What a collection may hold: less may be left of it.

    Parameters
    ----------
    dataset_types : `DatasetTypeSet`
        The types of its datasets.
    governors : `dict` [ `str`, `set` [ `str` ] ]
        The values of governor dimensions that they have, by the dimension.
    """

    dataset_types: DatasetTypeSet
    governors: dict[str, set[str]]
