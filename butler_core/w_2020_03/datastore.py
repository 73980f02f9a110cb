"""The datastore of a Butler, as far as programs of 2020 asked it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from butler_core.errors import MissingFileError

from .dataset_ref import DatasetRef
from .translation import Translator

if TYPE_CHECKING:
    from butler_core.butler import Butler as TodayButler

__all__ = ["Datastore"]


class Datastore:
    """The files of a repository.

    Parameters
    ----------
    today : `butler_core.Butler`
        The Butler that does the work.
    """

    def __init__(self, today: TodayButler) -> None:
        self._today = today
        self._translate = Translator(today)

    @property
    def root(self) -> str:
        """Folder that holds the files (`str`)."""
        return str(self._today.datastore.root)

    @property
    def name(self) -> str:
        """Name of the datastore (`str`)."""
        return f"PosixDatastore@{self.root}"

    def exists(self, ref: DatasetRef) -> bool:
        """Whether the file of a dataset is there."""
        return self._today.datastore.exists(self._translate.today_ref(ref))

    def get(self, ref: DatasetRef, parameters: Mapping[str, Any] | None = None) -> Any:
        """Read a dataset.

        Raises
        ------
        FileNotFoundError
            The file is not there.
        """
        try:
            return self._today.datastore.get(self._translate.today_ref(ref), parameters=parameters)
        except MissingFileError as error:
            raise FileNotFoundError(
                f"Unable to locate dataset '{ref}' in datastore {self.name}"
            ) from error

    def getUri(self, ref: DatasetRef, predict: bool = False) -> str:
        """Return where the file of a dataset is.

        Raises
        ------
        FileNotFoundError
            It is not stored, and no prediction was asked for.
        """
        return str(self._today.datastore.getURI(self._translate.today_ref(ref), predict=predict))

    def __str__(self) -> str:
        return self.root
