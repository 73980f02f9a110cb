"""References to datasets, with their types and ids."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from .dataset_id import DatasetId, DatasetIdGenEnum, make_dataset_id
from .dataset_type import DatasetType
from .dimensions import DataCoordinate, DimensionGroup
from .errors import ArgumentError
from .storage_class import StorageClass

__all__ = [
    "DatasetId",
    "DatasetIdGenEnum",
    "DatasetRef",
    "DatasetType",
    "given_references",
    "make_dataset_id",
]


class DatasetRef:
    """A reference to a dataset: its type, data ID, run and id.

    Parameters
    ----------
    datasetType : `DatasetType`
        Type of the dataset.
    dataId : `DataCoordinate` or `~collections.abc.Mapping`
        Data ID.
    run : `str`
        The run that the dataset belongs to.
    id : `uuid.UUID`, optional
        Its id; a new one is made if none is given.
    conform : `bool`, optional
        Whether to make a data ID with just the type's dimensions of
        ``dataId``; it must be one if not.
    id_generation_mode : `DatasetIdGenEnum`, optional
        How an id is made.
    """

    __slots__ = ("_id", "dataId", "datasetType", "run")

    _id: uuid.UUID | str
    datasetType: DatasetType
    dataId: DataCoordinate
    run: str

    def __init__(
        self,
        datasetType: DatasetType,
        dataId: DataCoordinate | Mapping[str, Any],
        run: str,
        *,
        id: uuid.UUID | None = None,
        conform: bool = True,
        id_generation_mode: DatasetIdGenEnum = DatasetIdGenEnum.UNIQUE,
    ) -> None:
        if not isinstance(datasetType, DatasetType):
            raise ArgumentError(
                f"the type of a DatasetRef is a DatasetType, not {datasetType!r}:"
                " butler.get_dataset_type(name) returns it"
            )
        self.datasetType = datasetType
        if conform:
            dataId = DataCoordinate.standardize(dataId, dimensions=datasetType.dimensions)
        if not isinstance(dataId, DataCoordinate):
            raise ArgumentError(
                f"with conform=False, the data ID of a DatasetRef is a DataCoordinate, not {dataId}"
            )
        self.dataId = dataId
        self.run = run
        if id is None:
            id = make_dataset_id(run, datasetType, dataId, id_generation_mode)
        self._id = id

    @classmethod
    def from_row(
        cls, dataset_type: DatasetType, data_id: DataCoordinate, run: str, id: uuid.UUID | str
    ) -> DatasetRef:
        """Make a reference of checked values; an id of hex digits is parsed when asked for."""
        self = cls.__new__(cls)
        self.datasetType = dataset_type
        self.dataId = data_id
        self.run = run
        self._id = id
        return self

    @property
    def id(self) -> uuid.UUID:
        """The id of the dataset."""
        if isinstance(self._id, str):
            self._id = uuid.UUID(hex=self._id)
        return self._id

    @property
    def raw_id(self) -> uuid.UUID | str:
        """The id, or its hex digits as long as nobody asked for the id."""
        return self._id

    @property
    def id_digits(self) -> str:
        """The 32 hex digits of the id, for which no `uuid.UUID` is made."""
        return self._id if isinstance(self._id, str) else self._id.hex

    @property
    def dimensions(self) -> DimensionGroup:
        """The dimensions of the dataset type."""
        return self.datasetType.dimensions

    def isComponent(self) -> bool:
        """Return whether this refers to a component."""
        return self.datasetType.isComponent()

    def isComposite(self) -> bool:
        """Return whether the dataset has components."""
        return self.datasetType.isComposite()

    def makeComponentRef(self, name: str) -> DatasetRef:
        """Return a reference to a component."""
        return self._of_type(self.datasetType.makeComponentDatasetType(name))

    def makeCompositeRef(self) -> DatasetRef:
        """Return a reference to a component's parent."""
        return self._of_type(self.datasetType.makeCompositeDatasetType())

    def overrideStorageClass(self, storageClass: str | StorageClass) -> DatasetRef:
        """Return the reference with another storage class."""
        return self._of_type(self.datasetType.overrideStorageClass(storageClass))

    def _of_type(self, dataset_type: DatasetType) -> DatasetRef:
        return DatasetRef.from_row(dataset_type, self.dataId, self.run, self._id)

    def expanded(self, dataId: DataCoordinate) -> DatasetRef:
        """Return the reference with an equal data ID that knows more."""
        if dataId != self.dataId:
            raise ValueError(f"data ID {dataId} is not that of {self}")
        return DatasetRef.from_row(self.datasetType, dataId, self.run, self._id)

    @staticmethod
    def groupByType(refs: Iterable[DatasetRef]) -> dict[DatasetType, list[DatasetRef]]:
        """Return references in lists, by dataset type."""
        groups: dict[DatasetType, list[DatasetRef]] = {}
        for ref in refs:
            groups.setdefault(ref.datasetType, []).append(ref)
        return groups

    @staticmethod
    def iter_by_type(
        refs: Iterable[DatasetRef],
    ) -> Iterator[tuple[DatasetType, list[DatasetRef]]]:
        """Yield each dataset type with its references."""
        yield from DatasetRef.groupByType(refs).items()

    def __reduce__(self) -> tuple[Callable[..., DatasetRef], tuple[Any, ...]]:
        return DatasetRef.from_row, (self.datasetType, self.dataId, self.run, self._id)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DatasetRef):
            return NotImplemented
        return (
            self.id == other.id
            and self.datasetType == other.datasetType
            and self.dataId == other.dataId
            and self.run == other.run
        )

    def __hash__(self) -> int:
        return hash((self.datasetType, self.dataId, self.id))

    def __lt__(self, other: DatasetRef) -> bool:
        mine = (self.run, self.datasetType.name, self.dataId.required_values)
        return mine < (other.run, other.datasetType.name, other.dataId.required_values)

    def __repr__(self) -> str:
        return f"DatasetRef({self.datasetType!r}, {self.dataId}, run={self.run!r}, id={self.id})"

    def __str__(self) -> str:
        return (
            f"{self.datasetType.name}@{self.dataId} [sc={self.datasetType.storageClass_name}]"
            f" (run={self.run} id={self.id})"
        )


def given_references(call: Callable[..., Any], refs: Any) -> list[DatasetRef]:
    """Return the references that a call was given.

    Raises
    ------
    ArgumentError
        If there is something else among them.
    """
    given = list(refs) if isinstance(refs, Iterable) else [refs]
    wrong = [one for one in given if not isinstance(one, DatasetRef)]
    if wrong or not isinstance(refs, Iterable):
        raise ArgumentError(
            f"{call.__name__} takes instances of DatasetRef in a list, [ref], not"
            f" {wrong[0] if wrong else refs!r}"
        )
    return given
