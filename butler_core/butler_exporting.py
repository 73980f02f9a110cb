"""How a Butler exports what a repository holds, and imports it into another."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .butler_ingesting import IngestingButler
from .errors import ArgumentError, ExportFileError, MissingFileError, nearest

if TYPE_CHECKING:
    from .transfers.exporting import RepoExportContext

__all__ = ["ExportingButler"]

_FORMATS = ("yaml",)


class ExportingButler(IngestingButler):
    """A Butler that exports and imports; see `Butler`."""

    @contextlib.contextmanager
    def export(
        self,
        *,
        directory: str | os.PathLike[str] | None = None,
        filename: str | os.PathLike[str] | None = None,
        format: str | None = None,
        transfer: str | None = None,
    ) -> Iterator[RepoExportContext]:
        """Export a part of the repository to a file that another can import.

        Parameters
        ----------
        directory : `str` or `os.PathLike`, optional
            Folder for the files of datasets, and for ``filename`` if that is
            not absolute.
        filename : `str` or `os.PathLike`, optional
            The file; ``export.yaml`` if a format is given.
        format : `str`, optional
            ``yaml``; the extension of ``filename``, if not given.
        transfer : `str`, optional
            How files of datasets come into the folder: ``copy``,
            ``hardlink``, ``symlink``, ``relsymlink``, or ``link`` and
            ``auto``, which are a hard link where that can be and a symbolic
            one elsewhere. `None` leaves them, for an import with the same
            root; ``direct`` leaves them and records their URIs.

        Returns
        -------
        export : `~contextlib.AbstractContextManager` [ `RepoExportContext` ]
            In whose context is said what to export. If that fails, no file is
            left.

        Raises
        ------
        ArgumentError
            If arguments do not fit together.
        ExportFileError
            If there is no such format.
        MissingFileError
            If the folder does not exist.
        """
        from .transfers.exporting import RepoExportContext

        if directory is None and transfer is not None:
            raise ArgumentError(
                f"export(transfer={transfer!r}) needs directory=, where to put the files"
            )
        if transfer == "move":
            raise ArgumentError("export(transfer='move') would take files away: give 'copy'")
        if filename is None and format is None:
            raise ArgumentError("export() needs filename=, or format='yaml' for export.yaml")
        format = _format(format, filename)
        place = Path(filename if filename is not None else f"export.{format}")
        if directory is not None:
            place = Path(directory) / place
        if not place.parent.is_dir():
            raise MissingFileError(
                f"{place} cannot be written: the folder {place.parent} does not exist"
            )
        files = self.datastore.exporting(os.curdir if directory is None else directory, transfer)
        context = RepoExportContext(self._repository, files)
        try:
            yield context
            context.write(place)
        except BaseException:
            files.undo()
            raise
        finally:
            context.close()


def _format(given: str | None, filename: str | os.PathLike[str] | None) -> str:
    """Return the format of an export."""
    format = given
    if format is None:
        format = Path(filename or "").suffix
    format = format.removeprefix(".")
    if not format:
        raise ExportFileError(
            f"{os.fspath(filename or '')!r} has no extension, which would tell the format: name it"
            " *.yaml, or give format='yaml'"
        )
    if format not in _FORMATS:
        raise ExportFileError(
            f"there is no export format {format!r}, but {', '.join(map(repr, _FORMATS))}"
            f"{nearest(format, _FORMATS)}"
        )
    return format
