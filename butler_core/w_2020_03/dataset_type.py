"""Dataset types as they were in 2020, components among them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from butler_core.storage_class import StorageClass, StorageClassFactory

from .dimensions import CALIBRATION_LABEL, HIDDEN, Dimension, DimensionGraph, old_name, today_name

if TYPE_CHECKING:
    from butler_core.dataset import DatasetType as TodayDatasetType
    from butler_core.dimensions import DimensionUniverse as TodayUniverse

__all__ = ["DatasetType", "components_of"]

_COMPONENTS = (
    *("image", "mask", "variance", "wcs", "psf", "photoCalib", "visitInfo", "apCorrMap"),
    *("coaddInputs", "transmissionCurve", "metadata"),
)


def components_of(storage_class: StorageClass) -> dict[str, StorageClass]:
    """Return the components that a storage class had in 2020."""
    today = storage_class.components
    return {name: today[name] for name in _COMPONENTS if name in today}


class DatasetType:
    """A kind of dataset: its name, dimensions and storage class.

    Parameters
    ----------
    name : `str`
        Its name; that of a component has a dot.
    dimensions : `DimensionGraph` or `~collections.abc.Iterable`
        Its dimensions or their names, those of 2020.
    storageClass : `StorageClass` or `str`
        Its storage class.
    universe : `object`, optional
        Accepted for the sake of the interface.
    """

    __slots__ = ("_dimensions", "_name", "_storage_class")

    def __init__(
        self,
        name: str,
        dimensions: DimensionGraph | Iterable[Dimension | str],
        storageClass: StorageClass | str,
        *,
        universe: Any = None,
    ) -> None:
        self._name = name
        self._dimensions = (
            dimensions
            if isinstance(dimensions, DimensionGraph)
            else DimensionGraph(
                each.name if isinstance(each, Dimension) else each for each in dimensions
            )
        )
        self._storage_class = (
            StorageClassFactory.default().getStorageClass(storageClass)
            if isinstance(storageClass, str)
            else storageClass
        )

    @classmethod
    def from_today(cls, today: TodayDatasetType) -> DatasetType:
        """Make the dataset type of 2020 of one of today."""
        names = [old_name(name) for name in today.dimensions.names if name not in HIDDEN]
        if today.isCalibration():
            names.append(CALIBRATION_LABEL)
        return cls(today.name, names, today.storageClass)

    def to_today(self, universe: TodayUniverse) -> TodayDatasetType:
        """Return the dataset type of today that stands for this one."""
        from butler_core.dataset import DatasetType as Today

        return Today(
            self._name,
            [today_name(name) for name in self._dimensions.names if name != CALIBRATION_LABEL],
            self._storage_class,
            universe=universe,
            isCalibration=CALIBRATION_LABEL in self._dimensions,
        )

    @property
    def name(self) -> str:
        """Its name (`str`)."""
        return self._name

    @property
    def dimensions(self) -> DimensionGraph:
        """Its dimensions (`DimensionGraph`)."""
        return self._dimensions

    @property
    def storageClass(self) -> StorageClass:
        """Its storage class (`StorageClass`)."""
        return self._storage_class

    @property
    def data_id_graph(self) -> DimensionGraph:
        """The dimensions that data IDs show: all but the calibration label."""
        return self._dimensions.without(CALIBRATION_LABEL)

    def isComponent(self) -> bool:
        """Whether it is the type of a component."""
        return self.component() is not None

    def isComposite(self) -> bool:
        """Whether it has components."""
        return bool(components_of(self._storage_class))

    def nameAndComponent(self) -> tuple[str, str | None]:
        """Return the name of the whole, and that of the component, if it is one."""
        whole, _, component = self._name.partition(".")
        return whole, component or None

    def component(self) -> str | None:
        """Return the name of the component, if it is one."""
        return self.nameAndComponent()[1]

    def componentTypeName(self, component: str) -> str:
        """Return the name of the type of a component.

        Raises
        ------
        KeyError
            There was no such component in 2020.
        """
        return self.makeComponentDatasetType(component).name

    def makeComponentDatasetType(self, component: str) -> DatasetType:
        """Return the type of a component.

        Raises
        ------
        KeyError
            There was no such component in 2020.
        """
        parts = components_of(self._storage_class)
        if component not in parts:
            raise KeyError(
                f"Requested component ({component}) not understood by this DatasetType ({self})"
            )
        return DatasetType(f"{self._name}.{component}", self._dimensions, parts[component])

    def makeAllComponentDatasetTypes(self) -> list[DatasetType]:
        """Return the types of all components."""
        return [self.makeComponentDatasetType(name) for name in components_of(self._storage_class)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, DatasetType):
            return NotImplemented
        return (
            self._name == other._name
            and self._dimensions == other._dimensions
            and self._storage_class == other._storage_class
        )

    def __hash__(self) -> int:
        return hash((self._name, self._dimensions, self._storage_class.name))

    def __repr__(self) -> str:
        return f"DatasetType({self._name}, {self._dimensions}, {self._storage_class.name})"
