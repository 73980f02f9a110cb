"""Between the data IDs, dataset types and references of 2020 and those of today."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from butler_core.errors import DataIdError, DatasetNotFoundError, MissingDatasetTypeError

from .data_id import DataCoordinate, ExpandedDataCoordinate, Expansion
from .dataset_ref import DatasetRef
from .dataset_type import DatasetType
from .dimensions import HIDDEN, DimensionGraph, DimensionUniverse, old_name, today_name

if TYPE_CHECKING:
    from butler_core.butler import Butler as TodayButler
    from butler_core.dataset import DatasetRef as TodayDatasetRef
    from butler_core.dataset import DatasetType as TodayDatasetType

__all__ = ["Translator", "known_dimension"]


def known_dimension(name: str) -> str:
    """Return the name of a dimension of universe 0.

    Raises
    ------
    KeyError
        There was none of that name.
    """
    if name not in DimensionUniverse():
        raise KeyError(name)
    return name


class Translator:
    """Translates with what the registry knows.

    Parameters
    ----------
    today : `butler_core.Butler`
        The Butler that does the work.
    """

    def __init__(self, today: TodayButler) -> None:
        self._today = today

    def expand(self, data_id: DataCoordinate) -> Expansion:
        """Return what the registry knows of a data ID.

        Raises
        ------
        LookupError
            A value has no record.
        """
        names = [today_name(name) for name in data_id.graph.names]
        group = self._today.dimensions.conform(names)
        values = self.today_values(group.required, data_id, {})
        if values is None:
            raise LookupError(f"There is no visit for the exposure of data ID {data_id}.")
        try:
            today = self._today.registry.expandDataId(values, dimensions=group)
        except (DataIdError, DatasetNotFoundError) as error:
            raise LookupError(str(error)) from error
        elements = {old_name(name): today.records.get(name) for name in group.elements}
        return Expansion(
            {name: today.mapping.get(today_name(name)) for name in data_id.graph.names},
            {name: record for name, record in elements.items() if name not in HIDDEN},
            today.region,
            today.timespan,
        )

    def today_values(
        self, required: Iterable[str], data_id: DataCoordinate, given: Mapping[str, Any]
    ) -> dict[str, Any] | None:
        """Return a data ID of today; `None` if the exposure it names is of no visit."""
        values: dict[str, Any] = {}
        for name in required:
            old = old_name(name)
            if old in data_id.byName():
                values[name] = data_id.byName()[old]
            elif name == "visit" and "exposure" in data_id.byName():
                visit = self._visit_of(data_id)
                if visit is None:
                    return None
                values[name] = visit
            elif name in given:
                values[name] = given[name]
            else:
                raise KeyError(f"No value in data ID for required dimension {old!r}.")
        return values

    def _visit_of(self, data_id: DataCoordinate) -> int | None:
        """Return the visit of an exposure, which implied it in 2020."""
        definitions = self._today.registry.queryDimensionRecords(
            "visit_definition",
            instrument=data_id["instrument"],
            exposure=data_id["exposure"],
        )
        return next((record.get("visit") for record in definitions), None)

    def constraint(
        self, data_id: Mapping[Any, Any] | None, keywords: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what a query's data ID demands, by the names of today.

        Raises
        ------
        KeyError
            A key is no dimension, or a required dimension has no value.
        """
        given = {getattr(key, "name", key): value for key, value in (data_id or {}).items()}
        given.update(keywords)
        graph = DimensionGraph(known_dimension(name) for name in given)
        plain = DataCoordinate.standardize(given, graph=graph)
        values = {**plain.byName(), **{name: given[name] for name in given if name in graph}}
        return {today_name(name): value for name, value in values.items()}

    def today_type(self, dataset_type: DatasetType) -> TodayDatasetType:
        """Return the registered type that stands for one of 2020.

        Raises
        ------
        KeyError
            There is none of that name.
        """
        whole, component = dataset_type.nameAndComponent()
        try:
            today = self._today.registry.getDatasetType(whole)
        except MissingDatasetTypeError as error:
            raise KeyError(f"Could not find entry for datasetType {dataset_type.name}") from error
        return today.makeComponentDatasetType(component) if component else today

    def ref(
        self,
        today: TodayDatasetRef,
        dataset_type: DatasetType,
        *,
        expand: bool = True,
        run: str | None = None,
    ) -> DatasetRef:
        """Return the reference of 2020 to a dataset."""
        graph = dataset_type.data_id_graph
        mapping = today.dataId.mapping
        values = {each.name: mapping[today_name(each.name)] for each in graph.required}
        data_id = (
            ExpandedDataCoordinate(graph, values, self.expand)
            if expand
            else DataCoordinate(graph, values)
        )
        return DatasetRef(dataset_type, data_id, id=today.id.int, run=run, conform=False)

    def today_ref(self, ref: DatasetRef) -> TodayDatasetRef:
        """Return today's reference to a dataset in the registry.

        Raises
        ------
        LookupError
            The reference has no id, or it is that of no dataset.
        """
        found = None if ref.id is None else self._today.registry.getDataset(uuid.UUID(int=ref.id))
        if found is None:
            raise LookupError(f"{ref} is not in the registry")
        component = ref.datasetType.component()
        return found.makeComponentRef(component) if component else found
