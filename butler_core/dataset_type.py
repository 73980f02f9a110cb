"""Dataset types: kinds of datasets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .dimensions import DimensionGroup, DimensionUniverse
from .errors import (
    DatasetTypeDefinitionError,
    DatasetTypeError,
    MissingPackageError,
    UnknownComponentError,
    nearest,
)
from .storage_class import StorageClass, StorageClassFactory

__all__ = ["DatasetType"]


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
    DatasetTypeDefinitionError
        If the name is not one, or it is open of which universe the dimensions
        are.
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
            raise DatasetTypeDefinitionError(
                f"{name!r} is not a name for a dataset type: letters, digits and underscores, not"
                " beginning with a digit, with a dot before a component"
            )
        universe = universe or getattr(dimensions, "universe", None)
        if universe is None:
            raise DatasetTypeDefinitionError(
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
        UnknownComponentError
            If the storage class has no such component.
        """
        components = self._storage_class.allComponents()
        if component not in components:
            raise UnknownComponentError(
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
        """Return the type with another storage class for the same file.

        Raises
        ------
        DatasetTypeDefinitionError
            If objects of that storage class are not made of those of this one.
        """
        wanted, own = _storage_class(storageClass), self._storage_class
        if not _may_be_made_of(wanted, own):
            raise DatasetTypeDefinitionError(
                f"datasets of type {self._name!r} are {own.name} ({own.pytype_name}), of which no"
                f" {wanted.name} ({wanted.pytype_name}) is made"
            )
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
    if isinstance(given, StorageClass):
        return given
    if not isinstance(given, str):
        raise DatasetTypeDefinitionError(
            f"a storage class is a StorageClass or the name of one, not {given!r}"
        )
    return StorageClassFactory.default().getStorageClass(given)


def _may_be_made_of(wanted: StorageClass, own: StorageClass) -> bool:
    """Return whether objects of a storage class could be made of those of another."""
    if wanted.can_convert(own):
        return True
    try:
        return issubclass(own.pytype, wanted.pytype)
    except MissingPackageError:
        return True  # a subclass, perhaps, of which nothing is known here
