"""The Butler: how data is found, read and written."""

from __future__ import annotations

import contextlib
import logging
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import EllipsisType, TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from .butler_collections import ButlerCollections
from .butler_registry import Registry
from .collection import CollectionType
from .config import ButlerConfig, ConfigSource
from .dataset import DatasetRef, DatasetType
from .defaults import RegistryDefaults
from .deferred import DeferredDatasetHandle
from .dimensions import DimensionRecord, DimensionUniverse
from .errors import (
    ConflictingDefinitionError,
    DatasetNotFoundError,
    EmptyQueryResultError,
    ReadOnlyError,
)
from .existence import DatasetExistence
from .finder import DatasetFinder
from .queries.constraints import checked_constraint, refuse_expression
from .queries.datasets import DatasetQuery
from .queries.results import DatasetQueryResults, RecordQueryResults
from .registry.collections import CollectionExpression
from .registry.expansion import expand
from .repository import Repository
from .timespan import Timespan

if TYPE_CHECKING:
    from .datastore.file_datastore import FileDatastore
    from .datastore.file_uri import FileURI
    from .storage_class import StorageClass

__all__ = ["Butler"]

_Found = TypeVar("_Found")


class Butler:
    """Finds, reads and writes the datasets of a repository.

    Parameters
    ----------
    config : `str`, `os.PathLike`, `~collections.abc.Mapping` or `ButlerConfig`
        The root of the repository, or its ``butler.yaml``.
    collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
        Where to look, in order: names, and globs such as ``HSC/*``. The run,
        if one is given.
    run : `str`, optional
        Where to put; it is registered if it does not exist, and opens the
        repository for writing.
    writeable : `bool`, optional
        Whether to open for writing.
    inferDefaults : `bool`, optional
        Whether instrument and skymap may be left out of a data ID where the
        collections hold one alone.
    timeout : `float`, optional
        Seconds to wait for another process that holds the database.
    **kwargs : `str`
        Default values of governor dimensions, such as ``instrument="HSC"``.

    Raises
    ------
    FileNotFoundError
        If there is no repository.
    ButlerConfigError
        If its configuration cannot be used.
    RepositoryError
        If its database is missing, damaged, or of another version.
    MissingCollectionError
        If one of ``collections`` does not exist.
    """

    def __init__(
        self,
        config: ConfigSource,
        *,
        collections: CollectionExpression | None = None,
        run: str | None = None,
        writeable: bool | None = None,
        inferDefaults: bool = True,
        timeout: float = 30.0,
        **kwargs: Any,
    ) -> None:
        if "collection" in kwargs:
            raise TypeError(
                f"Butler takes no collection={kwargs['collection']!r}; did you mean collections=?"
            )
        may_write = run is not None if writeable is None else writeable
        if run is not None and not may_write:
            raise ReadOnlyError(f"run={run!r} is where to write, but writeable=False was given")
        self._repository = Repository(ButlerConfig(config), writeable=may_write, timeout=timeout)
        try:
            if run is not None and run not in self._repository.collections:
                self._repository.collections.register(run, CollectionType.RUN)
            self._defaults = RegistryDefaults.make(
                self._repository, collections, run, kwargs, inferDefaults
            )
        except BaseException:
            self._repository.close()
            raise

    @classmethod
    def from_config(cls, config: ConfigSource, **kwargs: Any) -> Butler:
        """Open a repository; the parameters are those of `Butler`."""
        return cls(config, **kwargs)

    @staticmethod
    def makeRepo(
        root: str | os.PathLike[str],
        config: ConfigSource | None = None,
        dimensionConfig: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    ) -> ButlerConfig:
        """Make an empty repository.

        Parameters
        ----------
        root : `str` or `os.PathLike`
            Folder that shall hold it; made if it does not exist.
        config : `str`, `os.PathLike` or `~collections.abc.Mapping`, optional
            Seed configuration: what shall differ from the defaults, such as
            ``{"datastore": {"templates": {"default": "…"}}}``.
        dimensionConfig : `str`, `os.PathLike` or `~collections.abc.Mapping`, optional
            Dimension configuration, if it shall not be universe 8.

        Returns
        -------
        config : `ButlerConfig`
            Its configuration, which opens it.

        Raises
        ------
        FileExistsError
            If there is a repository already.
        FileTemplateError
            If a template for the names of files cannot be used.
        """
        return Repository.make(root, config, dimensionConfig)

    @staticmethod
    def has_repo_config(root: str | os.PathLike[str]) -> bool:
        """Return whether there is a repository at a folder."""
        return os.path.isfile(os.path.join(os.fspath(root), "butler.yaml"))  # noqa: PTH113, PTH118

    def clone(
        self,
        *,
        collections: CollectionExpression | EllipsisType | None = ...,
        run: str | EllipsisType | None = ...,
        inferDefaults: bool | EllipsisType = ...,
        dataId: Mapping[str, Any] | EllipsisType = ...,
    ) -> Butler:
        """Return a Butler on the same repository with other defaults.

        Parameters are as for `Butler`, ``dataId`` being the default values of
        governor dimensions; those not given stay as they are. The clone shares
        the connection: closing one closes both.
        """
        old = self._defaults
        keep_collections = isinstance(collections, EllipsisType)
        names: CollectionExpression | None = (
            (old.collections or None) if isinstance(collections, EllipsisType) else collections
        )
        new_run = old.run if isinstance(run, EllipsisType) else run
        if keep_collections and not isinstance(run, EllipsisType) and old.collections == (old.run,):
            names = None
        if isinstance(run, str) and run not in self._repository.collections:
            self._repository.collections.register(run, CollectionType.RUN)
        other = Butler.__new__(type(self))
        other._repository = self._repository
        other._defaults = RegistryDefaults.make(
            self._repository,
            names,
            new_run,
            old.dataId if isinstance(dataId, EllipsisType) else dataId,
            old.infer if isinstance(inferDefaults, EllipsisType) else inferDefaults,
        )
        return other

    def close(self) -> None:
        """Close the connection to the database."""
        self._repository.close()

    def __enter__(self) -> Butler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def run(self) -> str | None:
        """The run that datasets are put into."""
        return self._defaults.run

    @cached_property
    def registry(self) -> Registry:
        """The registry."""
        return Registry(self._repository, self._defaults)

    @cached_property
    def collections(self) -> ButlerCollections:
        """The collections."""
        return ButlerCollections(self._repository, self._defaults)

    @property
    def dimensions(self) -> DimensionUniverse:
        """The universe of dimensions."""
        return self._repository.universe

    @property
    def datastore(self) -> FileDatastore:
        """The files."""
        return self._repository.datastore

    @cached_property
    def _finder(self) -> DatasetFinder:
        return DatasetFinder(self._repository, self._defaults)

    def isWriteable(self) -> bool:
        """Return whether the repository may be written."""
        return self._repository.writeable

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("collection", "collections", "run"):
            setting = "run" if name == "run" else "collections"
            raise AttributeError(
                f"Butler.{name} cannot be assigned; make another Butler with"
                f" butler.clone({setting}={value!r})"
            )
        super().__setattr__(name, value)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all writes within happen, files among them, or none."""
        with self._repository.database.transaction():
            yield

    # Reading ----------------------------------------------------------------

    def get(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        collections: CollectionExpression | None = None,
        storageClass: StorageClass | str | None = None,
        timespan: Timespan | None = None,
        **kwargs: Any,
    ) -> Any:
        """Read a dataset, or a component of it.

        Parameters
        ----------
        datasetRefOrType : `DatasetRef`, `DatasetType` or `str`
            The dataset, or its type: ``"calexp"``, or ``"calexp.wcs"`` for a
            component.
        dataId : `~collections.abc.Mapping`, optional
            Data ID, if a type is given.
        parameters : `~collections.abc.Mapping`, optional
            What to read of it, such as ``{"bbox": box}``.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look, in order.
        storageClass : `StorageClass` or `str`, optional
            What to return, if not what the type says.
        timespan : `Timespan`, optional
            When a calibration must be valid.
        **kwargs
            More values of dimensions.

        Raises
        ------
        MissingDatasetTypeError
            If there is no such type.
        DatasetNotFoundError
            If there is no such dataset.
        FileNotFoundError
            If its file is gone.
        DatasetReadError
            If its file cannot be read.
        """
        ref = self._ref(datasetRefOrType, dataId, kwargs, collections, timespan)
        return self.datastore.get(ref, parameters=parameters, storage_class=storageClass)

    def getDeferred(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        parameters: Mapping[str, Any] | None = None,
        collections: CollectionExpression | None = None,
        storageClass: StorageClass | str | None = None,
        timespan: Timespan | None = None,
        **kwargs: Any,
    ) -> DeferredDatasetHandle:
        """Return a handle that reads the dataset later; parameters are as for `get`.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, or it has no file.
        """
        ref = self._ref(datasetRefOrType, dataId, kwargs, collections, timespan)
        if not self.datastore.exists(ref):
            raise DatasetNotFoundError(f"Dataset {ref} has no file to read later")
        return DeferredDatasetHandle(self, ref, parameters, storageClass)

    def getURI(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        predict: bool = False,
        collections: CollectionExpression | None = None,
        run: str | None = None,
        **kwargs: Any,
    ) -> FileURI:
        """Return where the file of a dataset is.

        Parameters
        ----------
        datasetRefOrType, dataId, collections, **kwargs
            As for `get`.
        predict : `bool`, optional
            Whether to return where it would be written, if it is not there.
        run : `str`, optional
            The run to predict for; the default run if not given.

        Raises
        ------
        DatasetNotFoundError
            If there is no such dataset, and it is not predicted.
        FileNotFoundError
            If it has no file, and it is not predicted.
        """
        if isinstance(datasetRefOrType, DatasetRef) or not predict:
            ref = self._ref(datasetRefOrType, dataId, kwargs, collections)
        else:
            found = (
                self._finder.find(datasetRefOrType, dataId, kwargs, collections)
                if collections or self._defaults.collections
                else None
            )
            ref = found or self._new_ref(datasetRefOrType, dataId, kwargs, run)
        return self.datastore.getURI(self._expanded(ref) if predict else ref, predict=predict)

    def find_dataset(
        self,
        dataset_type: DatasetType | str,
        data_id: Mapping[str, Any] | None = None,
        *,
        collections: CollectionExpression | None = None,
        timespan: Timespan | None = None,
        storage_class: StorageClass | str | None = None,
        dimension_records: bool = False,
        **kwargs: Any,
    ) -> DatasetRef | None:
        """Return the dataset in the first collection that has one, or `None`.

        Parameters
        ----------
        dataset_type : `DatasetType` or `str`
            Its type.
        data_id : `~collections.abc.Mapping`, optional
            Its data ID.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look, in order; chains are searched in theirs.
        timespan : `Timespan`, optional
            When a calibration must be valid.
        storage_class : `StorageClass` or `str`, optional
            Storage class of the returned reference.
        dimension_records : `bool`, optional
            Whether its data ID shall have records.
        **kwargs
            More values of dimensions.
        """
        ref = self._finder.find(dataset_type, data_id, kwargs, collections, timespan)
        if ref is None:
            return None
        if storage_class is not None:
            ref = ref.overrideStorageClass(storage_class)
        return self._expanded(ref) if dimension_records else ref

    def get_dataset(
        self, id: uuid.UUID | str, *, dimension_records: bool = False
    ) -> DatasetRef | None:
        """Return the dataset with an id, or `None`."""
        ref = self.registry.getDataset(id)
        return self._expanded(ref) if ref is not None and dimension_records else ref

    def get_dataset_type(self, name: str) -> DatasetType:
        """Return a dataset type.

        Raises
        ------
        MissingDatasetTypeError
            If there is none of that name.
        """
        return self.registry.getDatasetType(name)

    def exists(
        self,
        dataset_ref_or_type: DatasetRef | DatasetType | str,
        /,
        data_id: Mapping[str, Any] | None = None,
        *,
        full_check: bool = True,
        collections: CollectionExpression | None = None,
        **kwargs: Any,
    ) -> DatasetExistence:
        """Return what is known of a dataset; it is true if the dataset can be read.

        Parameters
        ----------
        dataset_ref_or_type, data_id, collections, **kwargs
            As for `get`.
        full_check : `bool`, optional
            Whether to look if the file is there.
        """
        if isinstance(dataset_ref_or_type, DatasetRef):
            ref: DatasetRef | None = dataset_ref_or_type
            recorded = self.registry.getDataset(dataset_ref_or_type.id) is not None
        else:
            ref = self._finder.find(dataset_ref_or_type, data_id, kwargs, collections)
            recorded = ref is not None
        existence = DatasetExistence.RECORDED if recorded else DatasetExistence.UNRECOGNIZED
        if ref is None or not self.datastore.knows(ref):
            return existence
        existence |= DatasetExistence.DATASTORE
        if not full_check:
            return existence | DatasetExistence._ASSUMED
        return existence | DatasetExistence._ARTIFACT if self.datastore.exists(ref) else existence

    def stored(self, ref: DatasetRef) -> bool:
        """Return whether the datastore has a record of a file of the dataset."""
        return self.datastore.knows(ref)

    def query_datasets(
        self,
        dataset_type: str | DatasetType,
        collections: CollectionExpression | None = None,
        *,
        find_first: bool = True,
        data_id: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        with_dimension_records: bool = False,
        order_by: Iterable[str] | str | None = None,
        limit: int | None = None,
        explain: bool = True,
        **kwargs: Any,
    ) -> list[DatasetRef]:
        """Return the datasets of a type.

        Parameters
        ----------
        dataset_type : `str` or `DatasetType`
            Their type.
        collections : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Where to look; the default collections if not given.
        find_first : `bool`, optional
            Whether, of datasets with the same data ID, only the one in the
            first collection is returned.
        data_id : `~collections.abc.Mapping`, optional
            Values of dimensions that the datasets must have.
        where, bind
            Accepted only if empty: see `InvalidQueryError`.
        with_dimension_records : `bool`, optional
            Whether data IDs have records.
        order_by : `str` or `~collections.abc.Iterable` [ `str` ], optional
            Dimensions and fields to order by, descending with ``-`` before.
        limit : `int`, optional
            How many to return at most; a negative number warns if there are more.
        explain : `bool`, optional
            Whether finding nothing is an error that says why.
        **kwargs
            More values of dimensions.

        Raises
        ------
        EmptyQueryResultError
            If there are none, and ``explain`` is `True`.
        MissingDatasetTypeError, MissingCollectionError, NoDefaultCollectionError
            If what is named does not exist.
        """
        refuse_expression(where, bind)
        record, asked = self._finder.dataset_type(dataset_type)
        searched = self._defaults.search(self._repository, collections)
        constraint = checked_constraint(self.dimensions, data_id, kwargs)
        query = DatasetQuery(
            record, searched, constraint, find_first, _terms(order_by), _size(limit)
        )
        results = DatasetQueryResults(self._repository, [query], expand=with_dimension_records)
        refs = _limited(results, limit, "datasets")
        if not refs and explain and limit != 0:
            raise EmptyQueryResultError(self._why_empty(query))
        if asked != record.dataset_type:
            return [DatasetRef.from_row(asked, ref.dataId, ref.run, ref.id) for ref in refs]
        return refs

    def _why_empty(self, query: DatasetQuery) -> str:
        name = query.record.dataset_type.name
        where = ", ".join(repr(one.name) for one in query.collections)
        held = self._repository.datasets.summaries
        if query.record.key not in held.dataset_types(one.key for one in query.collections):
            return f"no dataset of type {name!r} was ever put into {where}"
        for dimension, value in query.constraint.items():
            element = self.dimensions[dimension]
            constraint = {
                key: query.constraint[key]
                for key in element.required_names
                if key in query.constraint
            }
            if element.skypix is None and not any(
                True for _ in self._repository.record_queries.run(element, constraint, limit=1)
            ):
                return f"no {dimension} record has the value {value!r} of the data ID"
        return f"no dataset of type {name!r} in {where} matches data ID {dict(query.constraint)}"

    def query_dimension_records(
        self,
        element: str,
        *,
        data_id: Mapping[str, Any] | None = None,
        where: str = "",
        bind: Mapping[str, Any] | None = None,
        order_by: Iterable[str] | str | None = None,
        limit: int | None = None,
        explain: bool = True,
        **kwargs: Any,
    ) -> list[DimensionRecord]:
        """Return the records of a dimension element; parameters are as for `query_datasets`.

        Raises
        ------
        EmptyQueryResultError
            If there are none, and ``explain`` is `True`.
        InvalidQueryError
            If a key of the data ID says nothing about the element.
        """
        refuse_expression(where, bind)
        constraint = checked_constraint(self.dimensions, data_id, kwargs)
        results = RecordQueryResults(
            self._repository.record_queries,
            self.dimensions[element],
            constraint,
            _terms(order_by),
            _size(limit),
        )
        records = _limited(results, limit, "dimension records")
        if not records and explain and limit != 0:
            raise EmptyQueryResultError(
                f"no {element} record matches data ID {constraint}"
                if constraint
                else f"there are no {element} records"
            )
        return records

    # Writing ----------------------------------------------------------------

    def put(
        self,
        obj: Any,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        run: str | None = None,
        **kwargs: Any,
    ) -> DatasetRef:
        """Write a dataset: its file, and its row in the registry.

        Parameters
        ----------
        obj : `object`
            The dataset.
        datasetRefOrType : `DatasetRef`, `DatasetType` or `str`
            What it shall be.
        dataId : `~collections.abc.Mapping`, optional
            Data ID, if a type is given.
        run : `str`, optional
            Where to; the default run if not given.
        **kwargs
            More values of dimensions.

        Returns
        -------
        ref : `DatasetRef`
            The dataset.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        ConflictingDefinitionError
            If the run has a dataset of the type and data ID already.
        DataIdValueError
            If a value of the data ID has no record.
        TypeError
            If the object is not of the storage class's type.
        """
        repository = self._repository
        repository.database.require_writeable()
        if isinstance(datasetRefOrType, DatasetRef):
            ref = self._expanded(datasetRefOrType)
        else:
            ref = self._expanded(self._new_ref(datasetRefOrType, dataId, kwargs, run))
        record, _ = self._finder.dataset_type(ref.datasetType)
        target = repository.collections.get(ref.run)
        repository.datasets.check_new(record, [ref], target)
        # The file is written before the database is locked, which may take seconds.
        staged = self.datastore.stage(obj, ref)
        try:
            with repository.database.transaction():
                repository.datasets.insert_refs(record, [ref], target)
                self.datastore.place(staged)
        except BaseException:
            staged.file.discard()
            raise
        return ref

    def _new_ref(
        self,
        dataset_type: DatasetType | str,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        run: str | None,
    ) -> DatasetRef:
        target = run if run is not None else self._defaults.run
        if target is None:
            raise TypeError("put needs run=..., as the Butler was opened without a run")
        _, asked = self._finder.dataset_type(dataset_type)
        coordinate = self._finder.data_id(asked.dimensions, data_id, keywords)
        return DatasetRef(asked, coordinate, target)

    def _expanded(self, ref: DatasetRef) -> DatasetRef:
        if ref.dataId.hasRecords():
            return ref
        return ref.expanded(expand(self._repository.records, ref.dataId))

    def _ref(
        self,
        given: DatasetRef | DatasetType | str,
        data_id: Mapping[str, Any] | None,
        keywords: Mapping[str, Any],
        collections: CollectionExpression | None,
        timespan: Timespan | None = None,
    ) -> DatasetRef:
        if not isinstance(given, DatasetRef):
            return self._finder.require(given, data_id, keywords, collections, timespan)
        if data_id is not None or keywords:
            raise ConflictingDefinitionError(
                f"a data ID was given beside {given}, which has its own: give the one or the other"
            )
        return given

    def __repr__(self) -> str:
        return (
            f"Butler(collections={self._defaults.collections!r}, run={self._defaults.run!r},"
            f" datastore={str(self.datastore.root)!r}, registry={self._repository.database})"
        )


def _terms(order_by: Iterable[str] | str | None) -> tuple[str, ...]:
    if order_by is None:
        return ()
    return (order_by,) if isinstance(order_by, str) else tuple(order_by)


def _size(limit: int | None) -> int | None:
    """Return how many to ask for: one more than a negative limit, to know if there are more."""
    return None if limit is None else limit if limit >= 0 else 1 - limit


def _limited(results: Iterable[_Found], limit: int | None, what: str) -> list[_Found]:
    found = list(results)
    if limit is not None and limit < 0 and len(found) > -limit:
        logging.getLogger(__name__).warning(
            "More %s are available than the requested limit of %d.", what, -limit
        )
        del found[-limit:]
    return found
