"""Opening a repository, and what an open Butler holds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import EllipsisType, TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Never, Self, TypeVar

from .butler_collections import ButlerCollections
from .butler_registry import Registry
from .call_arguments import meant_argument, refuse_keywords
from .collection import CollectionType
from .config import ButlerConfig, ConfigSource
from .defaults import RegistryDefaults
from .dimensions import DimensionUniverse
from .errors import ArgumentError, ReadOnlyError
from .finder import DatasetFinder
from .former_names import FormerNames
from .registry.collections import CollectionExpression
from .repository import Repository

if TYPE_CHECKING:
    from .datastore.file_datastore import FileDatastore

__all__ = ["OpenButler"]


class OpenButler(FormerNames):
    """A repository that is open, with the defaults of a Butler; see `Butler`."""

    _former_names: ClassVar[Mapping[str, str]] = {
        "collection": "butler.collections.defaults, or butler.run",
        "datasetExists": "butler.exists(...), or butler.stored(ref)",
        "getDirect": "butler.get(ref)",
        "getDirectDeferred": "butler.getDeferred(ref)",
        "getUri": "butler.getURI(ref)",
        "prune": "butler.pruneDatasets(refs)",
        "pruneCollection": "butler.removeRuns([run]), or butler.collections.x_remove(name)",
        "remove": "butler.pruneDatasets([ref], disassociate=True, unstore=True, purge=True)",
        "subset": "butler.query_datasets(dataset_type, ...)",
    }

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
        may_write = run is not None if writeable is None else writeable
        if run is not None and not may_write:
            raise ReadOnlyError(f"run={run!r} is where to write, but writeable=False was given")
        self._repository = Repository(ButlerConfig(config), writeable=may_write, timeout=timeout)
        try:
            self._check_governors(kwargs)
            with _run_registered(self._repository, run):
                self._defaults = RegistryDefaults.make(
                    self._repository, collections, run, kwargs, inferDefaults
                )
        except BaseException:
            self._repository.close()
            raise
        self._is_open = True

    def _check_governors(self, keywords: Mapping[str, Any]) -> None:
        governors = [dimension.name for dimension in self.dimensions.governor_dimensions]
        for name, value in keywords.items():
            if name not in governors:
                hint = meant_argument(OpenButler.__init__, name, governors)
                raise ArgumentError(
                    f"Butler() takes no {name}={value!r}, and default values of"
                    f" {' and '.join(governors)} alone{hint}"
                )

    @classmethod
    def from_config(cls, config: ConfigSource, **kwargs: Any) -> Self:
        """Open a repository; the parameters are those of `Butler`."""
        return cls(config, **kwargs)

    def clone(
        self,
        *,
        collections: CollectionExpression | EllipsisType | None = ...,
        run: str | EllipsisType | None = ...,
        inferDefaults: bool | EllipsisType = ...,
        dataId: Mapping[str, Any] | EllipsisType = ...,
        **misspelt: Never,
    ) -> Self:
        """Return a Butler on the same repository with other defaults.

        Parameters are as for `Butler`, ``dataId`` being the default values of
        governor dimensions; those not given stay as they are. The clone shares
        the connection, which is closed with the last of them.
        """
        governors = {dimension.name: "dataId" for dimension in self.dimensions.governor_dimensions}
        refuse_keywords(self.clone, misspelt, governors)
        self._repository.database.require_open()
        old = self._defaults
        keep_collections = isinstance(collections, EllipsisType)
        names: CollectionExpression | None = (
            (old.collections or None) if isinstance(collections, EllipsisType) else collections
        )
        new_run = old.run if isinstance(run, EllipsisType) else run
        if keep_collections and not isinstance(run, EllipsisType) and old.collections == (old.run,):
            names = None
        other = type(self).__new__(type(self))
        other._repository = self._repository
        other._is_open = False
        with _run_registered(self._repository, None if isinstance(run, EllipsisType) else run):
            other._defaults = RegistryDefaults.make(
                self._repository,
                names,
                new_run,
                old.dataId if isinstance(dataId, EllipsisType) else dataId,
                old.infer if isinstance(inferDefaults, EllipsisType) else inferDefaults,
            )
        other._repository.shared()
        other._is_open = True
        return other

    def __copy__(self) -> Self:
        return self.clone()

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...]]:
        repository = self._repository
        repository.database.require_open()
        how = (repository.config, repository.writeable, repository.timeout)
        return _opened_again, (type(self), *how, self._defaults)

    def close(self) -> None:
        """Close the connection to the database; again is no error."""
        if self._is_open:
            self._is_open = False
            self._repository.close()

    def __enter__(self) -> Self:
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

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Return a context within which all writes happen, files among them, or none."""
        return self._repository.database.transaction()

    def __repr__(self) -> str:
        return (
            f"Butler(collections={self._defaults.collections!r}, run={self._defaults.run!r},"
            f" datastore={str(self.datastore.root)!r},"
            f" registry={self._repository.database.description!r})"
        )


_Butler = TypeVar("_Butler", bound=OpenButler)


def _opened_again(
    kind: type[_Butler],
    config: ButlerConfig,
    writeable: bool,
    timeout: float,
    defaults: RegistryDefaults,
) -> _Butler:
    """Return a Butler like one that was pickled, with a connection of its own."""
    return kind(
        config,
        collections=defaults.collections,
        run=defaults.run,
        writeable=writeable,
        inferDefaults=defaults.infer,
        timeout=timeout,
        **defaults.dataId,
    )


@contextlib.contextmanager
def _run_registered(repository: Repository, run: str | None) -> Iterator[None]:
    """Register a run, unless what needs it fails."""
    if run is None or run in repository.collections:
        yield
        return
    with repository.database.transaction():
        repository.collections.register(run, CollectionType.RUN)
        yield
