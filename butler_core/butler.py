"""The Butler: how data is found, read and written."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .butler_transferring import TransferringButler
from .call_arguments import given_data_id
from .config import ButlerConfig, ConfigSource, repository_path
from .dataset import DatasetRef, DatasetType
from .datastore.file_uri import FileURI
from .errors import UnknownRepositoryError, nearest
from .repository import Repository
from .repository_index import FILE_VARIABLE, labelled_repositories

__all__ = ["Butler"]


class Butler(TransferringButler):
    """Finds, reads and writes the datasets of a repository.

    Parameters
    ----------
    config : `str`, `os.PathLike`, `~collections.abc.Mapping` or `ButlerConfig`
        The root of the repository, its ``butler.yaml``, or its label in the
        index that ``DAF_BUTLER_REPOSITORY_INDEX`` names.
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
    MissingRepositoryError
        If there is no repository.
    ButlerConfigError
        If its configuration cannot be used.
    RepositoryError
        If its database is missing, damaged, or of another version.
    MissingCollectionError
        If one of ``collections`` does not exist.
    """

    @staticmethod
    def makeRepo(
        root: str | os.PathLike[str],
        config: ConfigSource | None = None,
        dimensionConfig: str | os.PathLike[str] | Mapping[str, Any] | None = None,
        *,
        standalone: bool = False,
        outfile: str | os.PathLike[str] | None = None,
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
        standalone : `bool`, optional
            Whether the configuration states how files are named and written,
            so that no later version does it otherwise.
        outfile : `str` or `os.PathLike`, optional
            Where to write the configuration, if not to ``butler.yaml`` in
            ``root``: a YAML file, or a folder for one.

        Returns
        -------
        config : `ButlerConfig`
            Its configuration, which opens it.

        Raises
        ------
        RepositoryExistsError
            If there is a repository, or such a file, already.
        FileTemplateError
            If a template for the names of files cannot be used.
        """
        return Repository.make(
            root, config, dimensionConfig, standalone=standalone, outfile=outfile
        )

    @staticmethod
    def get_known_repos() -> set[str]:
        """Return the labels of repositories, which open them in place of their paths.

        Raises
        ------
        RepositoryIndexError
            If the environment names an index that cannot be read.
        """
        return set(labelled_repositories())

    @staticmethod
    def get_repo_uri(label: str, return_label: bool = False) -> FileURI:
        """Return where the repository of a label is.

        Parameters
        ----------
        label : `str`
            The label.
        return_label : `bool`, optional
            Whether a text that is no label is taken for a path.

        Raises
        ------
        UnknownRepositoryError
            If there is no such label.
        RepositoryIndexError
            If the environment names an index that cannot be read.
        """
        known = labelled_repositories()
        if label not in known and not return_label:
            hint = nearest(label, known) or f"; there are {', '.join(sorted(known))}"
            if not known:
                hint = f": {FILE_VARIABLE} is to name the file of an index"
            raise UnknownRepositoryError(f"no repository has the label {label!r}{hint}")
        return FileURI(repository_path(label))

    @staticmethod
    def has_repo_config(root: str | os.PathLike[str]) -> bool:
        """Return whether there is a repository at a folder."""
        return os.path.isfile(os.path.join(os.fspath(root), "butler.yaml"))  # noqa: PTH113, PTH118

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
            What it shall be. A reference may be to a dataset that the registry
            has, and that has no file.
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
            If the run has another dataset of the type and data ID, or this one
            has its file already.
        DataIdValueError
            If a value of the data ID has no record.
        TypeError
            If the object is not of the storage class's type.
        """
        repository = self._repository
        repository.database.require_writeable()
        may_be_known = isinstance(datasetRefOrType, DatasetRef)
        with repository.database.reading:
            if isinstance(datasetRefOrType, DatasetRef):
                ref = self._expanded(datasetRefOrType)
            else:
                given = given_data_id(self.dimensions, self.put, dataId, kwargs, with_fields=True)
                ref = self._expanded(self._new_ref(self.put, datasetRefOrType, given, run))
            record, _ = self._finder.dataset_type(ref.datasetType)
            target = repository.collections.get(ref.run)
            if not (may_be_known and repository.datasets.has(ref)):
                repository.datasets.check_new(record, [ref], target)
        # The file is written before the database is locked, which may take seconds.
        with self.datastore.staged(obj, ref) as staged, repository.database.transaction():
            if not (may_be_known and repository.datasets.has(ref)):
                repository.datasets.insert_refs(record, [ref], target)
            self.datastore.place(staged)
        return ref
