"""The registry of a Butler, in the spelling of ``butler.registry``."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import EllipsisType
from typing import Any

from .collection import CollectionType
from .dataset import DatasetIdGenEnum, DatasetRef, DatasetType
from .defaults import RegistryDefaults
from .dimensions import (
    DataCoordinate,
    DimensionElement,
    DimensionGroup,
    DimensionRecord,
    DimensionUniverse,
)
from .errors import ConflictingDefinitionError, DataIdError, MissingDatasetTypeError
from .finder import DatasetFinder
from .queries.constraints import checked_constraint, refuse_expression
from .queries.datasets import DatasetQuery
from .queries.results import DatasetQueryResults, RecordQueryResults
from .registry.collections import CollectionExpression
from .registry.expansion import expand as _expand
from .registry.expansion import expand_many
from .repository import Repository
from .timespan import Timespan

__all__ = ["Registry"]


class Registry:
    """The registry of a repository.

    Parameters
    ----------
    repository : `Repository`
        The open repository.
    defaults : `RegistryDefaults`
        Defaults of the Butler.
    """

    def __init__(self, repository: Repository, defaults: RegistryDefaults) -> None:
        self._repository = repository
        self._defaults = defaults
        self._finder = DatasetFinder(repository, defaults)

    @property
    def dimensions(self) -> DimensionUniverse:
        """The universe of dimensions."""
        return self._repository.universe

    @property
    def defaults(self) -> RegistryDefaults:
        """Default collections, run and data ID values."""
        return self._defaults

    def isWriteable(self) -> bool:
        """Return whether the registry may be written."""
        return self._repository.writeable

    def refresh(self) -> None:
        """Forget what is kept in memory; changes of others are noticed without."""
        self._repository.records.refresh()

    @contextlib.contextmanager
    def transaction(self, *, savepoint: bool = False) -> Iterator[None]:
        """Make all writes within happen, or none."""
        with self._repository.database.transaction():
            yield

    # Collections ------------------------------------------------------------

    def registerCollection(
        self, name: str, type: CollectionType = CollectionType.TAGGED, doc: str | None = None
    ) -> bool:
        """Make sure that a collection exists; return whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with another type.
        """
        return self._repository.collections.register(name, CollectionType(type), doc)

    def registerRun(self, name: str, doc: str | None = None) -> bool:
        """Make sure that a run exists; return whether it is new."""
        return self.registerCollection(name, CollectionType.RUN, doc)

    def getCollectionType(self, name: str) -> CollectionType:
        """Return the type of a collection."""
        return self._repository.collections.get(name).type

    def getCollectionChain(self, parent: str) -> Sequence[str]:
        """Return the children of a chain, in the order of search."""
        return self._repository.collections.get(parent).children

    def getCollectionParentChains(self, collection: str) -> set[str]:
        """Return the chains that hold a collection."""
        return self._repository.collections.parents(collection)

    def setCollectionChain(
        self, parent: str, children: str | Iterable[str], *, flatten: bool = False
    ) -> None:
        """Replace the children of a chain.

        Raises
        ------
        CollectionTypeError
            If the parent is not a chain.
        CollectionCycleError
            If the chain would hold itself.
        """
        self._repository.collections.set_chain(parent, children, flatten=flatten)

    def getCollectionDocumentation(self, collection: str) -> str | None:
        """Return a collection's documentation, `None` if it has none."""
        return self._repository.collections.get(collection).doc or None

    def setCollectionDocumentation(self, collection: str, doc: str | None) -> None:
        """Replace a collection's documentation."""
        self._repository.collections.set_doc(collection, doc)

    def removeCollection(self, name: str) -> None:
        """Remove a collection, and the datasets of a run from the registry.

        Raises
        ------
        OrphanedRecordError
            If a chain holds it, or a run's datasets have files.
        """
        self._repository.remove_collection(name)

    def queryCollections(
        self,
        expression: CollectionExpression = ...,
        datasetType: DatasetType | str | None = None,
        collectionTypes: Iterable[CollectionType] | CollectionType | None = None,
        flattenChains: bool = False,
        includeChains: bool | None = None,
    ) -> list[str]:
        """Return the names of collections.

        Parameters
        ----------
        expression : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``, optional
            Names and globs.
        datasetType : `DatasetType` or `str`, optional
            Only collections that may hold datasets of this type.
        collectionTypes : `CollectionType` or iterable of them, optional
            Types to return.
        flattenChains, includeChains : `bool`, optional
            Whether to return the children of chains, and chains themselves.
        """
        repository = self._repository
        records = repository.collections.query(
            expression,
            collectionTypes,
            flatten_chains=flattenChains,
            include_chains=includeChains,
        )
        if datasetType is None:
            return [record.name for record in records]
        wanted, _ = self._finder.dataset_type(datasetType)
        held = repository.datasets.summaries
        return [
            record.name
            for record in records
            if wanted.key
            in held.dataset_types(one.key for one in repository.collections.flatten(record.name))
        ]

    # Dimensions -------------------------------------------------------------

    def insertDimensionData(
        self,
        element: DimensionElement | str,
        *data: Mapping[str, Any] | DimensionRecord,
        conform: bool = True,
        replace: bool = False,
        skip_existing: bool = False,
    ) -> None:
        """Insert records of a dimension element.

        Parameters
        ----------
        element : `DimensionElement` or `str`
            The element.
        *data : `~collections.abc.Mapping` or `DimensionRecord`
            Its records; see `DimensionRecord` for the fields.
        conform : `bool`, optional
            Accepted for the sake of the interface; data is always checked.
        replace : `bool`, optional
            Whether records with the same keys are replaced.
        skip_existing : `bool`, optional
            Whether records with the same keys are left as they are.

        Raises
        ------
        ConflictingDefinitionError
            If a record with the same key exists.
        DataIdValueError
            If a value is of the wrong type, or refers to a record that does
            not exist.
        """
        if replace and skip_existing:
            raise TypeError(
                "insertDimensionData takes replace=True or skip_existing=True, not both"
            )
        target = self.dimensions[element]
        records = [_record(target, one) for one in data]
        self._repository.records.insert(
            target, records, replace=replace, skip_existing=skip_existing
        )

    def syncDimensionData(
        self,
        element: DimensionElement | str,
        row: Mapping[str, Any] | DimensionRecord,
        conform: bool = True,
        update: bool = False,
    ) -> bool | dict[str, Any]:
        """Make sure that a record exists.

        Returns
        -------
        changed : `bool` or `dict` [ `str`, `object` ]
            `True` if it is new, `False` if it was there, the old values of
            changed fields if ``update`` changed some.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with other values, and ``update`` is `False`.
        """
        target = self.dimensions[element]
        return self._repository.records.sync(target, _record(target, row), update=update)

    def expandDataId(
        self,
        dataId: Mapping[str, Any] | None = None,
        *,
        dimensions: Iterable[str] | DimensionGroup | None = None,
        records: Mapping[str, DimensionRecord | None] | None = None,
        withDefaults: bool = True,
        **kwargs: Any,
    ) -> DataCoordinate:
        """Return a data ID with records and implied values.

        Raises
        ------
        DataIdValueError
            If a dimension's value has no record.
        InconsistentDataIdError
            If values contradict each other.
        """
        given = {**(dataId or {}), **kwargs}
        defaults = self._defaults.data_id(self._repository) if withDefaults else None
        coordinate = DataCoordinate.standardize(
            dataId if not kwargs else given,
            dimensions=dimensions,
            universe=self.dimensions,
            defaults=defaults,
        )
        if records is not None and set(records) >= set(coordinate.dimensions.elements):
            return DataCoordinate.with_records(
                coordinate.dimensions, coordinate.full_values, records
            )
        return _expand(self._repository.records, coordinate, given)

    def queryDimensionRecords(
        self,
        element: DimensionElement | str,
        *,
        dataId: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> RecordQueryResults:
        """Return the records that match a data ID, as an iterable that runs when iterated.

        Raises
        ------
        InvalidQueryError
            If a key says nothing about the element.
        """
        refuse_expression(where, bind)
        target = self.dimensions[element]
        constraint = checked_constraint(self.dimensions, dataId, kwargs)
        return RecordQueryResults(self._repository.record_queries, target, constraint)

    # Dataset types and datasets ---------------------------------------------

    def registerDatasetType(self, datasetType: DatasetType) -> bool:
        """Make sure that a dataset type exists; return whether it is new.

        Raises
        ------
        ConflictingDefinitionError
            If it exists with another definition; with the difference.
        """
        return self._repository.dataset_types.register(datasetType)

    def removeDatasetType(self, name: str | Iterable[str]) -> None:
        """Remove dataset types that have no datasets; globs may name several."""
        for record in self._repository.dataset_types.query(name):
            self._repository.dataset_types.remove(record.dataset_type.name)

    def getDatasetType(self, name: str) -> DatasetType:
        """Return a dataset type, or that of a component.

        Raises
        ------
        MissingDatasetTypeError
            If there is none of that name.
        """
        return self._finder.dataset_type(name)[1]

    def queryDatasetTypes(
        self,
        expression: str | DatasetType | Iterable[str] | EllipsisType = ...,
        *,
        missing: list[str] | None = None,
    ) -> list[DatasetType]:
        """Return dataset types by names and globs.

        Parameters
        ----------
        expression : `str`, `~collections.abc.Iterable` [ `str` ] or ``...``, optional
            Names and globs.
        missing : `list` [ `str` ], optional
            Filled with the names that are those of none.
        """
        if isinstance(expression, DatasetType):
            expression = expression.name
        found = [record.dataset_type for record in self._repository.dataset_types.query(expression)]
        if missing is not None and not isinstance(expression, EllipsisType):
            names = [expression] if isinstance(expression, str) else list(expression)
            known = {one.name for one in found}
            missing += [name for name in names if name not in known and not set(name) & set("*?[")]
        return found

    def insertDatasets(
        self,
        datasetType: DatasetType | str,
        dataIds: Iterable[Mapping[str, Any]],
        run: str | None = None,
        expand: bool = True,
        idGenerationMode: DatasetIdGenEnum = DatasetIdGenEnum.UNIQUE,
    ) -> list[DatasetRef]:
        """Insert datasets without files.

        Parameters
        ----------
        datasetType : `DatasetType` or `str`
            Their type.
        dataIds : `~collections.abc.Iterable` of `~collections.abc.Mapping`
            Their data IDs.
        run : `str`, optional
            Where to; the default run if not given.
        expand : `bool`, optional
            Whether the returned references know their records.
        idGenerationMode : `DatasetIdGenEnum`, optional
            How ids are made.

        Raises
        ------
        ConflictingDefinitionError
            If the run has a dataset of the type and data ID already.
        DataIdValueError
            If a value has no record.
        """
        record, _ = self._finder.dataset_type(datasetType)
        name = run if run is not None else self._defaults.run
        if name is None:
            raise TypeError("insertDatasets needs run=..., as the Butler has no default run")
        target = self._repository.collections.get(name)
        group = record.dataset_type.dimensions
        coordinates = [self._finder.data_id(group, data_id, {}) for data_id in dataIds]
        if not coordinates:
            return []
        with self._repository.database.transaction():
            expanded = expand_many(self._repository.records, coordinates)
            return self._repository.datasets.insert(
                record, expanded if expand else coordinates, target, mode=idGenerationMode
            )

    def getDataset(self, id: uuid.UUID | str) -> DatasetRef | None:
        """Return the dataset with an id, or `None`."""
        return self._repository.datasets.get(uuid.UUID(str(id)))

    def findDataset(
        self,
        datasetType: DatasetType | str,
        dataId: Mapping[str, Any] | None = None,
        *,
        collections: CollectionExpression | None = None,
        timespan: Timespan | None = None,
        **kwargs: Any,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one, or `None`."""
        return self._finder.find(datasetType, dataId, kwargs, collections, timespan)

    def queryDatasets(
        self,
        datasetType: str | DatasetType | Iterable[str] | EllipsisType,
        *,
        collections: CollectionExpression | None = None,
        dataId: Mapping[str, Any] | None = None,
        where: str = "",
        findFirst: bool = False,
        bind: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> DatasetQueryResults:
        """Return datasets, as an iterable that runs when iterated.

        Parameters
        ----------
        datasetType : `str`, `DatasetType`, iterable of them, or ``...``
            Types, or globs of their names.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look; the default collections if not given.
        dataId : `~collections.abc.Mapping`, optional
            Values of dimensions that the datasets must have.
        where, bind
            Accepted only if empty: see `InvalidQueryError`.
        findFirst : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.
        **kwargs
            More values of dimensions.

        Raises
        ------
        MissingDatasetTypeError
            If a name, not a glob, is that of no dataset type.
        MissingCollectionError
            If a name, not a glob, is that of no collection.
        """
        refuse_expression(where, bind)
        constraint = checked_constraint(self.dimensions, dataId, kwargs)
        searched = self._defaults.search(self._repository, collections)
        missing: list[str] = []
        types = self.queryDatasetTypes(datasetType, missing=missing)
        if missing:
            raise MissingDatasetTypeError(str(_error_of(self._repository, missing[0])))
        queries = [
            DatasetQuery(
                self._repository.dataset_types.get(one.name), searched, constraint, findFirst
            )
            for one in types
        ]
        return DatasetQueryResults(self._repository, queries)

    def associate(self, collection: str, refs: Iterable[DatasetRef]) -> None:
        """Add datasets to a tagged collection, in place of others with the same data ID.

        Raises
        ------
        CollectionTypeError
            If the collection is not tagged.
        """
        target = self._repository.collections.get(collection)
        self._repository.datasets.associate(target, refs)

    def disassociate(self, collection: str, refs: Iterable[DatasetRef]) -> None:
        """Take datasets out of a tagged collection; others are passed over.

        Raises
        ------
        CollectionTypeError
            If the collection is not tagged.
        """
        target = self._repository.collections.get(collection)
        self._repository.datasets.disassociate(target, refs)


def _record(
    element: DimensionElement, given: Mapping[str, Any] | DimensionRecord
) -> DimensionRecord:
    if not isinstance(given, DimensionRecord):
        return element.RecordClass(**given)
    if given.definition != element:
        raise ConflictingDefinitionError(
            f"a record of {given.definition.name!r} was given for {element.name!r}"
        )
    return given


def _error_of(repository: Repository, name: str) -> Exception:
    try:
        repository.dataset_types.get(name)
    except (MissingDatasetTypeError, DataIdError) as error:
        return error
    raise AssertionError(f"{name} is registered")
