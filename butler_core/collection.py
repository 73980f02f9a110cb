"""Collections: their types, and what is told of one."""

from __future__ import annotations

import dataclasses
import enum

__all__ = ["CollectionInfo", "CollectionType"]


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
