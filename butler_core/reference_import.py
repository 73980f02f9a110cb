"""Datasets that bring their ids, on their way into a registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .collection import CollectionType
from .dataset import DatasetRef, DatasetType
from .dimensions import DataCoordinate
from .errors import ConflictingDefinitionError
from .registry.dataset_types import DatasetTypeRecord
from .registry.expansion import expand_many
from .repository import Repository

__all__ = ["import_references", "known_type"]


def import_references(
    repository: Repository,
    refs: Sequence[DatasetRef],
    *,
    register_types: bool,
    documentation: Callable[[str], str | None] = lambda run: None,
) -> list[DatasetRef]:
    """Make sure that datasets, and their runs, are registered.

    Parameters
    ----------
    repository : `Repository`
        Where to.
    refs : `~collections.abc.Sequence` [ `DatasetRef` ]
        The datasets.
    register_types : `bool`
        Whether dataset types that do not exist are registered.
    documentation : `~collections.abc.Callable`, optional
        Returns that of a run that does not exist.

    Returns
    -------
    refs : `list` [ `DatasetRef` ]
        The datasets, in the same order, with records in their data IDs.

    Raises
    ------
    MissingDatasetTypeError
        If a dataset type does not exist, and shall not be registered.
    ConflictingDefinitionError
        If one is registered otherwise; if a dataset differs from what is
        registered, or its run has another of the same type and data ID.
    DataIdValueError
        If a value of a data ID has no record.
    """
    by_type: dict[tuple[str, DatasetType], list[int]] = {}
    for place, ref in enumerate(refs):
        by_type.setdefault((ref.run, ref.datasetType), []).append(place)
    expanded = list(refs)
    for (run, dataset_type), places in by_type.items():
        record = known_type(repository, dataset_type, register=register_types)
        if run not in repository.collections:
            repository.collections.register(run, CollectionType.RUN, documentation(run))
        # What another repository knew of a data ID may not be so here.
        bare = [_bare(refs[place].dataId) for place in places]
        data_ids = expand_many(repository.records, bare, of_datasets=True)
        for place, data_id in zip(places, data_ids, strict=True):
            expanded[place] = refs[place].expanded(data_id)
        repository.datasets.import_refs(
            record, [expanded[place] for place in places], repository.collections.get(run)
        )
    return expanded


def _bare(data_id: DataCoordinate) -> DataCoordinate:
    if not data_id.hasFull():
        return data_id
    return DataCoordinate.from_required_values(data_id.dimensions, data_id.required_values)


def known_type(
    repository: Repository, dataset_type: DatasetType, *, register: bool
) -> DatasetTypeRecord:
    """Return a dataset type as it is registered, whose storage class may be a compatible one.

    Raises
    ------
    MissingDatasetTypeError
        If it does not exist, and shall not be registered.
    ConflictingDefinitionError
        If it is registered otherwise.
    """
    types = repository.dataset_types
    name = dataset_type.name
    if register and name not in types:
        types.register(dataset_type)
    known = types.get(name)
    there = known.dataset_type
    if there != dataset_type and not (
        there.is_compatible_with(dataset_type) and dataset_type.is_compatible_with(there)
    ):
        raise ConflictingDefinitionError(
            f"{dataset_type} is not what is registered under this name, {there}, and not each"
            " could be read as the other"
        )
    return known
