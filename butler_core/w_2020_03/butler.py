"""The Butler as it was in 2020, translated call by call to that of today."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from typing import Any

import butler_core.butler as today
from butler_core.config import ButlerConfig
from butler_core.errors import ConflictingDefinitionError, DatasetTypeNotSupportedError

from .data_id import DataCoordinate
from .dataset_ref import DatasetRef
from .dataset_type import DatasetType
from .datastore import Datastore
from .deferred import DeferredDatasetHandle
from .registry import Registry
from .translation import Translator

__all__ = ["Butler"]

_Target = DatasetRef | DatasetType | str
_Config = str | os.PathLike[str] | Mapping[str, Any] | ButlerConfig
_NOT_OFFERED = frozenset({"export", "import_", "ingest", "remove", "validateConfiguration"})


class Butler:
    """Finds, reads and writes the datasets of one collection.

    Parameters
    ----------
    config : `str`, `os.PathLike`, `~collections.abc.Mapping` or `ButlerConfig`, optional
        A ``butler.yaml``, or the folder that holds one.
    butler : `Butler`, optional
        A Butler on the same repository, instead of ``config``.
    collection : `str`, optional
        The one collection to look in; it need not exist, and may be empty.
    run : `str`, optional
        The run to put into, and to look in; it is registered.
    searchPaths : `list` [ `str` ], optional
        Accepted for the sake of the interface: there are no configurations
        to search for.

    Raises
    ------
    ValueError
        Neither a run nor a collection was given, or both, and they differ.
    TypeError
        ``config`` or ``searchPaths`` was given with ``butler``.
    """

    collection: str
    """The collection that is searched; a plain attribute, which may be assigned (`str`)."""

    run: str | None
    """The run that datasets are put into (`str` or `None`)."""

    def __init__(
        self,
        config: _Config | None = None,
        butler: Butler | None = None,
        collection: str | None = None,
        run: str | None = None,
        searchPaths: list[str] | None = None,
    ) -> None:
        self._config: ButlerConfig
        self._today: today.Butler
        if butler is not None:
            if config is not None or searchPaths is not None:
                raise TypeError(
                    "Cannot pass 'config' or 'searchPaths' arguments with 'butler' argument."
                )
            self._config = butler._config
        elif config is None:
            raise ValueError(
                "Required to replace <butlerRoot> in '<butlerRoot>/datastore' "
                "but a replacement has not been defined"
            )
        else:
            self._config = ButlerConfig(config)
        if run is not None:
            self.run = run
            collection = run if collection is None else collection
        else:
            self.run = self._config.get("run")
        if collection is None:
            collection = self._config.get("collection", self.run)
        if collection is None:
            raise ValueError("No run or collection provided.")
        if self.run is not None and collection != self.run:
            raise ValueError(f"Run ({self.run}) and collection ({collection}) are inconsistent.")
        self.collection = collection
        if butler is not None and (self.run is None or butler._today.isWriteable()):
            self._today = butler._today
        else:
            self._today = today.Butler(self._config, writeable=self.run is not None)
        database = self._config.expand(str(self._config.required("registry.db")))
        place = database.removeprefix("sqlite:///")
        label = f"SQLite3@{place}" if place != database else database.partition(":")[0]
        self._translate = Translator(self._today)
        self.registry = Registry(self._today, label)
        self.datastore = Datastore(self._today)
        if self.run is not None:
            self.registry.registerRun(self.run)

    @staticmethod
    def makeRepo(root: str | os.PathLike[str], config: _Config | None = None) -> ButlerConfig:
        """Make an empty repository, in the format of today.

        Parameters
        ----------
        root : `str` or `os.PathLike`
            Folder that shall hold it.
        config : `str`, `os.PathLike` or `~collections.abc.Mapping`, optional
            What shall differ from the defaults.
        """
        return today.Butler.makeRepo(root, config)

    def __str__(self) -> str:
        return (
            f"Butler(collection='{self.collection}', datastore='{self.datastore}', "
            f"registry='{self.registry}')"
        )

    def __getattr__(self, name: str) -> Any:
        if name in _NOT_OFFERED:
            raise AttributeError(f"Butler.{name} of w_2020_03 is not offered by butler_core")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Return a context within which all writes happen, files among them, or none."""
        return self._today.transaction()

    def get(
        self,
        datasetRefOrType: _Target,
        dataId: Mapping[Any, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        **kwds: Any,
    ) -> Any:
        """Read a dataset of the collection, or a component of it.

        Parameters
        ----------
        datasetRefOrType : `DatasetRef`, `DatasetType` or `str`
            The dataset, or its type; ``"calexp.wcs"`` is a component.
        dataId : `~collections.abc.Mapping`, optional
            Its data ID; what it does not require is ignored.
        parameters : `~collections.abc.Mapping`, optional
            Read parameters of its storage class.
        **kwds
            More of the data ID.

        Raises
        ------
        KeyError
            There is no such dataset type, or a required dimension has no
            value.
        LookupError
            The collection has no such dataset.
        ValueError
            The collection has another dataset than the reference says.
        FileNotFoundError
            The file is gone.
        """
        dataset_type, given = self._arguments(datasetRefOrType, dataId, kwds)
        plain = DataCoordinate.standardize(given, graph=dataset_type.data_id_graph, **kwds)
        ref = self.registry.find(self.collection, dataset_type, given, **kwds)
        if ref is None:
            raise LookupError(
                f"Dataset {dataset_type.name} with data ID {plain} "
                f"could not be found in {self.collection}"
            )
        if isinstance(datasetRefOrType, DatasetRef) and datasetRefOrType.id not in (None, ref.id):
            raise ValueError("DatasetRef.id does not match id in registry")
        return self.getDirect(ref, parameters)

    def getDirect(self, ref: DatasetRef, parameters: Mapping[str, Any] | None = None) -> Any:
        """Read a dataset of any collection.

        Raises
        ------
        FileNotFoundError
            The file is gone.
        """
        return self.datastore.get(ref, parameters=parameters)

    def getDeferred(
        self,
        datasetRefOrType: _Target,
        dataId: Mapping[Any, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        **kwds: Any,
    ) -> DeferredDatasetHandle:
        """Return a handle that reads later; parameters are those of `get`."""
        return DeferredDatasetHandle(self, datasetRefOrType, dataId, parameters, kwds)

    def getUri(
        self,
        datasetRefOrType: _Target,
        dataId: Mapping[Any, Any] | None = None,
        predict: bool = False,
        **kwds: Any,
    ) -> str:
        """Return where the file of a dataset is, or would be.

        Parameters
        ----------
        datasetRefOrType, dataId, **kwds
            As for `get`.
        predict : `bool`, optional
            Whether to answer with the place where it would be written.

        Raises
        ------
        FileNotFoundError
            There is no such dataset, and no prediction was asked for.
        ValueError
            A prediction was asked of a Butler without a run.
        """
        dataset_type, given = self._arguments(datasetRefOrType, dataId, kwds)
        ref = self.registry.find(self.collection, dataset_type, given, **kwds)
        if ref is not None:
            return self.datastore.getUri(ref, predict)
        plain = DataCoordinate.standardize(given, graph=dataset_type.data_id_graph, **kwds)
        if not predict:
            raise FileNotFoundError(f"Dataset {dataset_type} {plain} does not exist in Registry.")
        if self.run is None:
            raise ValueError("Cannot predict location from read-only Butler.")
        name, values = self._today_arguments(dataset_type, plain, {**(given or {}), **kwds})
        return str(self._today.getURI(name, values, predict=True, run=self.run))

    def datasetExists(
        self, datasetRefOrType: _Target, dataId: Mapping[Any, Any] | None = None, **kwds: Any
    ) -> bool:
        """Whether the file of a dataset is there; the parameters are those of `get`.

        Raises
        ------
        LookupError
            The collection has no such dataset.
        """
        dataset_type, given = self._arguments(datasetRefOrType, dataId, kwds)
        ref = self.registry.find(self.collection, dataset_type, given, **kwds)
        if ref is None:
            plain = DataCoordinate.standardize(given, graph=dataset_type.data_id_graph, **kwds)
            raise LookupError(
                f"{dataset_type} with {plain} not found in collection {self.collection}"
            )
        return self.datastore.exists(ref)

    def put(
        self,
        obj: Any,
        datasetRefOrType: _Target,
        dataId: Mapping[Any, Any] | None = None,
        producer: Any = None,
        **kwds: Any,
    ) -> DatasetRef:
        """Write a dataset to the run.

        Parameters
        ----------
        obj : `object`
            The dataset.
        datasetRefOrType, dataId, **kwds
            What it shall be, as for `get`; a reference must have no id.
        producer : `object`, optional
            Accepted for the sake of the interface.

        Returns
        -------
        ref : `DatasetRef`
            The dataset, with its id and run.

        Raises
        ------
        TypeError
            The Butler has no run.
        ConflictingDefinitionError
            The run has a dataset of the type and data ID already.
        DatasetTypeNotSupportedError
            There is no formatter for it.
        """
        if self.run is None:
            raise TypeError("Butler is read-only.")
        dataset_type, given = self._arguments(datasetRefOrType, dataId, kwds)
        if isinstance(datasetRefOrType, DatasetRef) and datasetRefOrType.id is not None:
            raise ValueError("DatasetRef must not be in registry, must have None id")
        plain = DataCoordinate.standardize(given, graph=dataset_type.data_id_graph, **kwds)
        name, values = self._today_arguments(dataset_type, plain, {**(given or {}), **kwds})
        try:
            made = self._today.put(obj, name, values, run=self.run)
        except ConflictingDefinitionError as error:
            raise ConflictingDefinitionError(
                "Constraint violation while associating datasets with collection "
                f"{self.run}. This probably means that one or more datasets with the same "
                "dataset type and data ID already exist in the collection, but it may also "
                "indicate that the datasets do not exist."
            ) from error
        except DatasetTypeNotSupportedError as error:
            ref = DatasetRef(dataset_type, plain, conform=False)
            raise DatasetTypeNotSupportedError(f"Unable to find formatter for {ref}") from error
        return self._translate.ref(made, dataset_type, run=self.run)

    def _arguments(
        self,
        target: _Target,
        data_id: Mapping[Any, Any] | None,
        keywords: Mapping[str, Any],
    ) -> tuple[DatasetType, Mapping[Any, Any] | None]:
        if isinstance(target, DatasetRef):
            if data_id is not None or keywords:
                raise ValueError("DatasetRef given, cannot use dataId as well")
            return target.datasetType, target.dataId
        if isinstance(target, DatasetType):
            return target, data_id
        return self.registry.getDatasetType(target), data_id

    def _today_arguments(
        self, dataset_type: DatasetType, plain: DataCoordinate, given: Mapping[Any, Any]
    ) -> tuple[str, dict[str, Any]]:
        today_type = self._translate.today_type(dataset_type)
        values = self._translate.today_values(today_type.dimensions.required, plain, given)
        if values is None:
            raise LookupError(f"There is no visit for the exposure of data ID {plain}.")
        return today_type.name, values
