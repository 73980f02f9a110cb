"""Where the files of a Butler's datasets are, and copies of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .butler_reading import ReadingButler
from .dataset import DatasetRef, DatasetType, given_references
from .errors import EmptyZipFileError
from .registry.collections import CollectionExpression

if TYPE_CHECKING:
    from .datastore.file_uri import DatasetRefURIs, FileURI

__all__ = ["RetrievingButler"]


class RetrievingButler(ReadingButler):
    """A Butler that hands out files; see `Butler`."""

    def getURIs(
        self,
        datasetRefOrType: DatasetRef | DatasetType | str,
        /,
        dataId: Mapping[str, Any] | None = None,
        *,
        predict: bool = False,
        collections: CollectionExpression | None = None,
        run: str | None = None,
        **kwargs: Any,
    ) -> DatasetRefURIs:
        """Return where the files of a dataset are, those of its parts if it is stored in such.

        Parameters and errors are those of `getURI`.
        """
        ref = self._ref_to_locate(
            self.getURIs, datasetRefOrType, dataId, kwargs, predict, collections, run
        )
        return self.datastore.getURIs(ref, predict)

    def retrieveArtifacts(
        self,
        refs: Iterable[DatasetRef],
        destination: str | os.PathLike[str],
        transfer: str = "auto",
        preserve_path: bool = True,
        overwrite: bool = False,
    ) -> list[FileURI]:
        """Put the files of datasets into a folder, with an index of them.

        All of it happens, or nothing.

        Parameters
        ----------
        refs : `~collections.abc.Iterable` [ `DatasetRef` ]
            The datasets.
        destination : `str` or `os.PathLike`
            The folder; it is made if it does not exist.
        transfer : `str`, optional
            How files come there: ``copy``, ``hardlink``, ``symlink``,
            ``relsymlink``, or ``link``, which is a hard link where that can be
            and a symbolic one elsewhere. ``auto`` is ``link``: what is written
            to such a file is written to the repository.
        preserve_path : `bool`, optional
            Whether they keep the folders that they have in the repository.
        overwrite : `bool`, optional
            Whether files that are there may be replaced.

        Returns
        -------
        targets : `list` [ `FileURI` ]
            The files, each once where several datasets share it. Beside them
            is ``_butler_zip_index.json``, which says what they hold.

        Raises
        ------
        TransferError
            If there is no such mode, or it would move files out of the
            repository.
        UnstoredDatasetError
            If a dataset has no file.
        MissingFileError
            If its file is gone.
        ExistingFileError
            If a file is in the way, or two would be at one place.
        NotADirectoryGivenError
            If the destination is not a folder.
        DatasetWriteError
            If a file cannot be put there.
        """
        given = given_references(self.retrieveArtifacts, refs)
        return self.datastore.retrieveArtifacts(
            given, destination, transfer, preserve_path, overwrite
        )

    def retrieve_artifacts_zip(
        self,
        refs: Iterable[DatasetRef],
        destination: str | os.PathLike[str],
        overwrite: bool = True,
    ) -> FileURI:
        """Put the files of datasets into one Zip file, with an index of them.

        All of it happens, or nothing.

        Parameters
        ----------
        refs : `~collections.abc.Iterable` [ `DatasetRef` ]
            The datasets.
        destination : `str` or `os.PathLike`
            The folder for the Zip file, whose name follows from what is in it;
            it is made if it does not exist.
        overwrite : `bool`, optional
            Whether it may replace one that is there.

        Returns
        -------
        zip_file : `FileURI`
            The Zip file, which holds the files, under names that begin with the
            id of a dataset, and the index ``_butler_zip_index.json``.

        Raises
        ------
        EmptyZipFileError
            If there are no datasets.
        UnstoredDatasetError
            If a dataset has no file.
        MissingFileError
            If its file is gone.
        ExistingFileError
            If there is such a Zip file already, and it may not be replaced.
        NotADirectoryGivenError
            If the destination is not a folder.
        DatasetWriteError
            If it cannot be written.
        """
        given = given_references(self.retrieve_artifacts_zip, refs)
        if not given:
            raise EmptyZipFileError(
                "retrieve_artifacts_zip was given no datasets to put into a file"
            )
        return self.datastore.retrieve_zip(given, destination, overwrite)
