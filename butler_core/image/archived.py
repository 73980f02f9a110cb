"""An object of an archive that the classes here do not model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .archive import Archive
    from .catalog import BaseCatalog

__all__ = ["ArchivedObject"]


class ArchivedObject:
    """An object that a file holds in LSST's archive form.

    Parameters
    ----------
    archive : `Archive`
        The archive that holds it.
    archive_id : `int`
        Its number there.

    Notes
    -----
    The object can be looked at as tables, carried along and written again, but
    it cannot do what the class of LSST does.
    """

    __slots__ = ("_archive", "_archive_id")

    def __init__(self, archive: Archive, archive_id: int) -> None:
        self._archive = archive
        self._archive_id = archive_id

    @property
    def archive(self) -> Archive:
        """The archive that holds the object (`Archive`)."""
        return self._archive

    @property
    def archive_id(self) -> int:
        """The number of the object in its archive (`int`)."""
        return self._archive_id

    @property
    def class_name(self) -> str:
        """The name of the class of LSST (`str`)."""
        return self._archive.entries(self._archive_id)[0].name

    @property
    def module(self) -> str:
        """The module of LSST that holds the class (`str`)."""
        return self._archive.entries(self._archive_id)[0].module

    @property
    def tables(self) -> list[BaseCatalog]:
        """The rows of the object, a catalogue for each of its tables (`list`)."""
        return self._archive.tables(self._archive_id)

    def __repr__(self) -> str:
        return (
            f"ArchivedObject(class_name={self.class_name!r}, module={self.module!r}, "
            f"archive_id={self._archive_id})"
        )
