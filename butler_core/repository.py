"""A repository that is open: its configuration, database and files."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .collection import CollectionSummary, CollectionType, DatasetTypeSet
from .config import ButlerConfig, ConfigSource, read_yaml
from .dimensions import DimensionUniverse
from .errors import CollectionTypeError, OrphanedRecordError, RepositoryExistsError
from .registry.attributes import check_attributes, check_managers, write_attributes
from .registry.calibrations import CalibrationManager
from .registry.collections import CollectionManager, CollectionRecord
from .registry.database import Database, connect
from .registry.dataset_types import DatasetTypeManager
from .registry.datasets import DatasetManager
from .registry.dimension_records import DimensionRecordManager
from .registry.file_records import DatabaseFileRecords
from .registry.schema import shared_schema
from .storage_class import StorageClassFactory

if TYPE_CHECKING:
    from .datastore.file_datastore import FileDatastore
    from .queries.associations import AssociationQueries
    from .queries.data_ids import DataIdQueries
    from .queries.datasets import DatasetQueries
    from .queries.general import GeneralQueries
    from .queries.records import RecordQueries

__all__ = ["Repository"]


class Repository:
    """A repository's database and files, opened once and shared by clones of a Butler.

    Parameters
    ----------
    config : `ButlerConfig`
        Its configuration.
    writeable : `bool`
        Whether it may be written.
    timeout : `float`
        Seconds to wait for another process's lock.
    """

    def __init__(self, config: ButlerConfig, *, writeable: bool, timeout: float) -> None:
        self._users = 1
        self.config = config
        self.writeable = writeable
        self.timeout = timeout
        self.database: Database = connect(
            str(config.required("registry.db")),
            expand=config.expand,
            writeable=writeable,
            timeout=timeout,
        )
        try:
            self.universe: DimensionUniverse = check_attributes(
                self.database, config.managers(), writeable=writeable
            )
            self.storage_classes = StorageClassFactory.default()
            added = config.get("storageClasses")
            if added:
                self.storage_classes.addFromConfig(added)
            _ = self.datastore  # its templates are checked when the repository is opened
        except BaseException:
            self.database.close()
            raise
        self.schema = shared_schema(self.universe)
        self.records = DimensionRecordManager(self.database, self.schema)
        self.collections = CollectionManager(self.database)
        self.dataset_types = DatasetTypeManager(self.database, self.schema)
        self.datasets = DatasetManager(
            self.database, self.schema, self.collections, self.dataset_types
        )
        self.calibrations = CalibrationManager(
            self.database, self.schema, self.dataset_types, self.datasets.summaries
        )

    @cached_property
    def datastore(self) -> FileDatastore:
        """The files."""
        from .datastore.file_datastore import FileDatastore
        from .datastore.formatter_factory import FormatterFactory
        from .datastore.templates import FileTemplates

        config = self.config
        return FileDatastore(
            Path(config.expand(str(config.get("datastore.root", "<butlerRoot>")))),
            DatabaseFileRecords(self.database),
            templates=FileTemplates(config.get("datastore.templates")),
            formatters=FormatterFactory(config.get("datastore.formatters")),
            storage_classes=self.storage_classes,
        )

    @cached_property
    def dataset_queries(self) -> DatasetQueries:
        """Queries for datasets."""
        from .queries.datasets import DatasetQueries

        return DatasetQueries(self.database, self.schema, self.datasets.summaries)

    @cached_property
    def record_queries(self) -> RecordQueries:
        """Queries for dimension records."""
        from .queries.records import RecordQueries

        return RecordQueries(self.database, self.schema, self.datasets.summaries)

    @cached_property
    def general_queries(self) -> GeneralQueries:
        """Queries for rows of fields."""
        from .queries.general import GeneralQueries

        return GeneralQueries(self.database, self.schema, self.datasets.summaries)

    @cached_property
    def data_id_queries(self) -> DataIdQueries:
        """Queries for data IDs."""
        from .queries.data_ids import DataIdQueries

        return DataIdQueries(self.database, self.schema, self.datasets.summaries)

    @cached_property
    def association_queries(self) -> AssociationQueries:
        """Queries for the datasets that are in collections."""
        from .queries.associations import AssociationQueries

        return AssociationQueries(self.database, self.schema, self.datasets.summaries)

    @classmethod
    def make(
        cls,
        root: str | os.PathLike[str],
        seed: ConfigSource | None = None,
        dimensions: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        *,
        standalone: bool = False,
        outfile: str | os.PathLike[str] | None = None,
    ) -> ButlerConfig:
        """Make an empty repository.

        Parameters
        ----------
        root : `str` or `os.PathLike`
            Folder that shall hold it.
        seed : `str`, `os.PathLike` or `~collections.abc.Mapping`, optional
            Configuration that differs from the defaults.
        dimensions : `str`, `os.PathLike` or `~collections.abc.Mapping`, optional
            Dimension configuration, if it shall not be universe 8.
        standalone : `bool`, optional
            Whether its configuration states the defaults of files too.
        outfile : `str` or `os.PathLike`, optional
            Where to write its configuration, if not into the folder.

        Raises
        ------
        RepositoryExistsError
            If there is a repository already.
        """
        folder = Path(root).expanduser().absolute()
        if (folder / "butler.yaml").exists():
            raise RepositoryExistsError(f"there is a Butler repository at {folder} already")
        config = ButlerConfig.for_new_repository(folder, seed, standalone=standalone)
        cls._check(config)
        given = (
            read_yaml(Path(dimensions)) if isinstance(dimensions, str | os.PathLike) else dimensions
        )
        universe = DimensionUniverse(given)
        with _undone_on_error(folder):
            database = connect(
                str(config.required("registry.db")),
                expand=config.expand,
                writeable=True,
                create=True,
            )
            try:
                schema = shared_schema(universe)
                with database.transaction():
                    for table in schema.static_tables():
                        database.create(table)
                    write_attributes(database, schema.table("butler_attributes"), universe)
                    database.execute(
                        "INSERT INTO opaque_meta (table_name) VALUES (:name)",
                        [("file_datastore_records",)],
                    )
            finally:
                database.close()
            config.write(outfile)
        return config

    @staticmethod
    def _check(config: ButlerConfig) -> None:
        """Refuse a configuration that would not open."""
        from .datastore.templates import FileTemplates

        FileTemplates(config.get("datastore.templates"))
        StorageClassFactory(config.get("storageClasses"))
        check_managers(config.managers())

    def summary(self, collection: str) -> CollectionSummary:
        """Return what a collection, or the children of a chain, may hold."""
        keys = [one.key for one in self.collections.flatten(collection)]
        summaries = self.datasets.summaries
        held = summaries.dataset_types(keys)
        types = [one.dataset_type for one in self.dataset_types if one.key in held]
        return CollectionSummary(DatasetTypeSet(types), summaries.governors(keys))

    def remove_collection(self, name: str) -> None:
        """Remove a collection; a run only if none of its datasets has a file.

        Raises
        ------
        MissingCollectionError
            If there is none of that name.
        OrphanedRecordError
            If a chain holds it, or a run's datasets have files.
        """
        record = self.collections.get(name)
        with self.database.transaction():
            if record.type is CollectionType.RUN:
                stored = self.database.query(
                    "SELECT count(*) FROM dataset"
                    " JOIN dataset_location ON dataset_location.dataset_id = dataset.id"
                    " WHERE dataset.run_id = :run",
                    (record.key,),
                ).fetchall()[0][0]
                if stored:
                    count = "1 dataset" if stored == 1 else f"{stored} datasets"
                    raise OrphanedRecordError(
                        f"run {name!r} has {count} with files, which would be left behind:"
                        f" butler.removeRuns([{name!r}]) removes them too"
                    )
            self.datasets.summaries.forget()
            self.collections.remove(name)

    def remove_runs(self, expression: Iterable[str], *, unlink_from_chains: bool) -> None:
        """Remove runs with their datasets and files.

        Raises
        ------
        MissingCollectionError
            If there is none of a name.
        CollectionTypeError
            If a collection is not a run.
        OrphanedRecordError
            If a chain holds one of them, and it is not to be taken out.
        """
        with self.database.transaction():
            runs = self.collections.query(expression)
            self._refuse_others_than_runs(runs)
            if unlink_from_chains:
                self.collections.unlink(run.name for run in runs)
            for run in runs:
                self._refuse_in_chain(run.name)
            for run in runs:
                self.datastore.trash(self.datasets.stored_in_run(run))
                self.collections.remove(run.name)
            self.datasets.summaries.forget()

    @staticmethod
    def _refuse_others_than_runs(records: Iterable[CollectionRecord]) -> None:
        for record in records:
            if record.type is not CollectionType.RUN:
                raise CollectionTypeError(
                    f"removeRuns removes RUN collections; {record.name!r} is {record.type}, which"
                    f" butler.collections.x_remove({record.name!r}) removes"
                )

    def _refuse_in_chain(self, name: str) -> None:
        parents = sorted(self.collections.parents(name))
        if parents:
            raise OrphanedRecordError(
                f"run {name!r} is in {' and '.join(f'chain {one!r}' for one in parents)}: take it"
                f" out with butler.collections.remove_from_chain({parents[0]!r}, {name!r}), or"
                f" write butler.removeRuns([{name!r}], unlink_from_chains=True)"
            )

    def __repr__(self) -> str:
        return f"Repository({str(self.config.root)!r})"

    def shared(self) -> Repository:
        """Return the repository for one more Butler, which will close it too."""
        self._users += 1
        return self

    def close(self) -> None:
        """Close the database when the last Butler that has it open asks for it."""
        self._users -= 1
        if self._users <= 0:
            self.database.close()


@contextlib.contextmanager
def _undone_on_error(folder: Path) -> Iterator[None]:
    """Make a folder, and remove what was put there if that fails."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    before = set(folder.iterdir())
    try:
        yield
    except BaseException:
        for path in set(folder.iterdir()) - before:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        for path in made:
            path.rmdir()
        raise
