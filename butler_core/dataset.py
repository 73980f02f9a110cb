"""Dataset types, and references to datasets."""

from __future__ import annotations

import enum
import os
import re
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from .dimensions import DataCoordinate, DimensionGroup, DimensionUniverse
from .errors import DatasetTypeError, DimensionNameError
from .storage_class import StorageClass, StorageClassFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DatasetId", "DatasetIdGenEnum", "DatasetRef", "DatasetType", "make_dataset_id"]

DatasetId: TypeAlias = uuid.UUID
"""The id of a dataset."""

_NAMESPACE = uuid.UUID("840b31d9-05cd-5161-b2c8-00d32b280d0f")
"""``uuid5(NAMESPACE_DNS, "lsst.org")``, under which the format's ids are made."""


class DatasetIdGenEnum(enum.Enum):
    """How the id of a new dataset is made."""

    UNIQUE = 0
    """Ordered in time, and never made again (UUID version 7)."""

    DATAID_TYPE = 1
    """The same for the same dataset type and data ID (UUID version 5)."""

    DATAID_TYPE_RUN = 2
    """The same for the same run, dataset type and data ID (UUID version 5)."""


class DatasetType:
    """A kind of dataset: its name, dimensions and storage class.

    Parameters
    ----------
    name : `str`
        Name, or ``parent.component`` for the type of a component.
    dimensions : `~collections.abc.Iterable` [ `str` ] or `DimensionGroup`
        What datasets of the type are identified by.
    storageClass : `str` or `StorageClass`
        What a dataset is in memory.
    parentStorageClass : `str` or `StorageClass`, optional
        Storage class of the parent, for the type of a component.
    universe : `DimensionUniverse`, optional
        Where the dimensions are from, if they are given by name.
    isCalibration : `bool`, optional
        Whether datasets may be in calibration collections.

    Raises
    ------
    DatasetTypeError
        If the name is not one.
    DimensionNameError
        If a dimension does not exist.
    MissingStorageClassError
        If there is no such storage class.
    """

    __slots__ = (
        "_dimensions",
        "_is_calibration",
        "_name",
        "_parent_storage_class",
        "_storage_class",
    )

    VALID_NAME_REGEX = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*(\.[a-zA-Z_][a-zA-Z0-9_]*)*")

    def __init__(
        self,
        name: str,
        dimensions: Iterable[str] | DimensionGroup,
        storageClass: str | StorageClass,
        parentStorageClass: str | StorageClass | None = None,
        *,
        universe: DimensionUniverse | None = None,
        isCalibration: bool = False,
    ) -> None:
        if not isinstance(name, str) or self.VALID_NAME_REGEX.fullmatch(name) is None:
            raise DatasetTypeError(
                f"{name!r} is not a name for a dataset type: letters, digits and underscores, not"
                " beginning with a digit, with a dot before a component"
            )
        universe = universe or getattr(dimensions, "universe", None)
        if universe is None:
            raise DimensionNameError(
                f"the dimensions of dataset type {name!r} are names:"
                " give universe=butler.dimensions to say of what"
            )
        self._name = name
        self._dimensions = universe.conform(dimensions)
        self._storage_class = _storage_class(storageClass)
        self._parent_storage_class = (
            None if parentStorageClass is None else _storage_class(parentStorageClass)
        )
        self._is_calibration = bool(isCalibration)

    @property
    def name(self) -> str:
        """The name, with the component's after a dot."""
        return self._name

    @property
    def dimensions(self) -> DimensionGroup:
        """What datasets of the type are identified by."""
        return self._dimensions

    @property
    def storageClass(self) -> StorageClass:
        """What a dataset is in memory."""
        return self._storage_class

    @property
    def storageClass_name(self) -> str:
        """The name of the storage class."""
        return self._storage_class.name

    @property
    def parentStorageClass(self) -> StorageClass | None:
        """The storage class of a component's parent."""
        return self._parent_storage_class

    def isCalibration(self) -> bool:
        """Return whether datasets may be in calibration collections."""
        return self._is_calibration

    @staticmethod
    def splitDatasetTypeName(name: str) -> tuple[str, str | None]:
        """Return the parent's name and the component's, `None` if there is none."""
        parent, _, component = name.partition(".")
        return parent, component or None

    @staticmethod
    def nameWithComponent(datasetTypeName: str, componentName: str) -> str:
        """Return the name of a component's dataset type."""
        return f"{datasetTypeName}.{componentName}"

    def nameAndComponent(self) -> tuple[str, str | None]:
        """Return the parent's name and the component's, `None` if there is none."""
        return self.splitDatasetTypeName(self._name)

    def component(self) -> str | None:
        """Return the name of the component, if this is the type of one."""
        return self.nameAndComponent()[1]

    def isComponent(self) -> bool:
        """Return whether this is the type of a component."""
        return "." in self._name

    def isComposite(self) -> bool:
        """Return whether datasets have components."""
        return bool(self._storage_class.isComposite())

    def componentTypeName(self, component: str) -> str:
        """Return the name of a component's dataset type.

        Raises
        ------
        KeyError
            If the storage class has no such component.
        """
        return self.makeComponentDatasetType(component).name

    def makeComponentDatasetType(self, component: str) -> DatasetType:
        """Return the dataset type of a component.

        Raises
        ------
        KeyError
            If the storage class has no such component.
        """
        from .errors import MissingStorageClassError, nearest

        components = self._storage_class.allComponents()
        if component not in components:
            raise MissingStorageClassError(
                f"datasets of type {self._name!r} ({self._storage_class.name}) have no component"
                f" {component!r}{nearest(component, components)}"
            )
        return DatasetType(
            self.nameWithComponent(self._name, component),
            self._dimensions,
            components[component],
            self._storage_class,
            isCalibration=self._is_calibration,
        )

    def makeAllComponentDatasetTypes(self) -> list[DatasetType]:
        """Return the dataset types of all components."""
        return [self.makeComponentDatasetType(name) for name in self._storage_class.allComponents()]

    def makeCompositeDatasetType(self) -> DatasetType:
        """Return the dataset type of a component's parent."""
        if self._parent_storage_class is None:
            raise DatasetTypeError(f"{self._name!r} is not the type of a component")
        return DatasetType(
            self.nameAndComponent()[0],
            self._dimensions,
            self._parent_storage_class,
            isCalibration=self._is_calibration,
        )

    def overrideStorageClass(self, storageClass: str | StorageClass) -> DatasetType:
        """Return the type with another storage class for the same file."""
        return DatasetType(
            self._name,
            self._dimensions,
            storageClass,
            self._parent_storage_class,
            isCalibration=self._is_calibration,
        )

    def is_compatible_with(self, other: DatasetType) -> bool:
        """Return whether datasets of the other could be of this type."""
        return (self._name, self._dimensions, self._is_calibration) == (
            other._name,
            other._dimensions,
            other._is_calibration,
        ) and bool(self._storage_class.can_convert(other._storage_class))

    def _key(self) -> tuple[Any, ...]:
        return (self._name, self._dimensions, self._storage_class.name, self._is_calibration)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, DatasetType) else NotImplemented

    def __hash__(self) -> int:
        return hash((self._name, self._storage_class.name))

    def __lt__(self, other: DatasetType) -> bool:
        return self._name < other._name

    def __repr__(self) -> str:
        calibration = ", isCalibration=True" if self._is_calibration else ""
        parent = (
            f", parentStorageClass={self._parent_storage_class.name}"
            if self._parent_storage_class is not None
            else ""
        )
        return (
            f"DatasetType({self._name!r}, {self._dimensions}, {self.storageClass_name}"
            f"{parent}{calibration})"
        )


def _storage_class(given: str | StorageClass) -> StorageClass:
    return StorageClassFactory.default().getStorageClass(given) if isinstance(given, str) else given


def make_dataset_id(
    run: str, dataset_type: DatasetType, data_id: DataCoordinate, mode: DatasetIdGenEnum
) -> uuid.UUID:
    """Return the id of a new dataset.

    Deterministic ids are UUID version 5 of the format's own text:
    ``dataset_type=…[,run=…]`` and each required value, sorted by dimension.
    """
    if mode is DatasetIdGenEnum.UNIQUE:
        return uuid7()
    items = [("dataset_type", dataset_type.name)]
    if mode is DatasetIdGenEnum.DATAID_TYPE_RUN:
        items.append(("run", run))
    items += sorted((name, str(value)) for name, value in data_id.required.items())
    return uuid.uuid5(_NAMESPACE, ",".join(f"{name}={value}" for name, value in items))


def uuid7() -> uuid.UUID:
    """Return a new UUID version 7 (RFC 9562): milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & ((1 << 48) - 1)) << 80 | random
    value = value & ~(0xF << 76) | 7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62)


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
        self.datasetType = datasetType
        if conform:
            dataId = DataCoordinate.standardize(dataId, dimensions=datasetType.dimensions)
        assert isinstance(dataId, DataCoordinate)
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
