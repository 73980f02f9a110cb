"""How a Butler exports what a repository holds, and imports it into another."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .butler_ingesting import IngestingButler
from .errors import ArgumentError, ExportFileError, MissingFileError, nearest

if TYPE_CHECKING:
    from .dimensions import DimensionElement
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

    def import_(
        self,
        *,
        directory: str | os.PathLike[str] | None = None,
        filename: str | os.PathLike[str] | IO[Any] | None = None,
        format: str | None = None,
        transfer: str | None = None,
        skip_dimensions: Iterable[str | DimensionElement] | None = None,
        record_validation_info: bool = True,
        without_datastore: bool = False,
    ) -> None:
        """Import what was exported from another repository.

        All of it is imported, or nothing. What is there already stays as it is,
        with its files: a second import of the same file changes nothing.

        Parameters
        ----------
        directory : `str` or `os.PathLike`, optional
            Folder that the paths of files are relative to, and ``filename``,
            if it is not found in the current one. The root of the repository,
            if not given.
        filename : `str`, `os.PathLike` or file object, optional
            The file, or one that is open for text or bytes; ``export.yaml``
            if not given.
        format : `str`, optional
            ``yaml``; the extension of ``filename``, if not given.
        transfer : `str`, optional
            How files come into the repository; see `Butler.ingest`. With `None`
            they are there already.
        skip_dimensions : `~collections.abc.Iterable` [ `str` ], optional
            Elements whose records are not imported.
        record_validation_info : `bool`, optional
            Whether the sizes of files are recorded, and checked when they are
            read.
        without_datastore : `bool`, optional
            Whether files are passed over: the datasets are registered alone.

        Raises
        ------
        ReadOnlyError
            If the Butler was opened for reading.
        ExportFileError
            If the file cannot be used; with the line.
        IncompatibleVersionError
            If it is of another version or namespace.
        ConflictingDefinitionError
            If something in it is in the repository with another definition.
        MissingFileError
            If it, or the file of a dataset, is not there.
        """
        from .transfers.importing import ExportImport
        from .transfers.loading import ImportOptions
        from .transfers.source import ExportSource, local_path

        self._repository.database.require_writeable()
        folder = None if directory is None else local_path(directory, "directory")
        skipped = [self.dimensions[one].name for one in skip_dimensions or ()]
        options = ImportOptions(
            None if folder is None else str(folder.absolute()),
            transfer,
            frozenset(skipped),
            record_validation_info,
            without_datastore,
        )
        given: Path | IO[Any]
        if filename is None or isinstance(filename, str | os.PathLike):
            default = f"export.{_format(format or 'yaml', None)}"
            name = local_path(default if filename is None else filename, "filename")
            _format(format, name)
            given = _found(name, folder)
        elif callable(getattr(filename, "read", None)):
            _format(format or "yaml", None)
            given = filename
        else:
            raise ArgumentError(f"filename= takes a path or an open file, not {filename!r}")
        with ExportSource(given) as source:
            ExportImport(self._repository, source, options).run()


def _found(name: Path, folder: Path | None) -> Path:
    """Return the file that a name means: in the folder if it is there, else where it says."""
    places = [name] if folder is None or name.is_absolute() else [folder / name, name]
    for place in places:
        if place.exists():
            return place
    raise MissingFileError(f"there is no export at {' or '.join(map(str, places))}")


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
