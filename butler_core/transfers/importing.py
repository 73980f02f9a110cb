"""Import of an export into a repository: all of it, or nothing."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..datastore.transfer_modes import check_mode
from ..dimensions import DimensionRecord
from ..errors import (
    ButlerUserError,
    DataIdValueError,
    ExportFileError,
    IncompatibleVersionError,
    MissingCollectionError,
    MissingDatasetTypeError,
)
from ..file_dataset import FileDataset
from .loading import ImportOptions, PieceLoader
from .migrations import Migration
from .order import needs_sorting, stage_of
from .reader import MisreadError, read_header, read_pieces
from .records import ExportHeader, ExportPiece

if TYPE_CHECKING:
    from ..repository import Repository
    from .source import ExportSource

__all__ = ["ExportImport"]

_UNMET = (DataIdValueError, MissingCollectionError, MissingDatasetTypeError, ExportFileError)
"""What is raised for a piece that needs another, which may come after it."""


@contextlib.contextmanager
def _no_cycles_sought() -> Iterator[None]:
    """Leave all objects to their reference counts, which are enough for those of an import.

    The collector of cycles would look at each of its many rows several times.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class ExportImport:
    """The import of an export.

    The file is read once, if each piece comes after those that it needs, as it
    does in all that a Butler writes: memory does not grow with it. Otherwise it
    is read again for each kind of piece.

    Parameters
    ----------
    repository : `Repository`
        Where to.
    source : `ExportSource`
        The export.
    options : `ImportOptions`
        How.

    Raises
    ------
    ExportFileError
        If the file cannot be used; with the line.
    IncompatibleVersionError
        If its version, or the namespace of its dimensions, is another.
    """

    def __init__(
        self, repository: Repository, source: ExportSource, options: ImportOptions
    ) -> None:
        if not options.without_datastore:
            check_mode(options.transfer)
        self._repository = repository
        self._source = source
        self._options = options
        self._bulk = True
        with source.opened() as stream:
            self._header = read_header(stream, source.name)
        self._check_namespace(self._header)

    def _check_namespace(self, header: ExportHeader) -> None:
        universe = self._repository.universe
        if header.universe_namespace != universe.namespace:
            raise IncompatibleVersionError(
                f"{self._source.name} was exported from a repository with dimensions of namespace"
                f" {header.universe_namespace!r}, version {header.universe_version}; this one's"
                f" are {universe.namespace!r}, version {universe.version}"
            )

    def run(self) -> None:
        """Import everything.

        Raises
        ------
        ButlerUserError
            Of the class that the same mistake has in other calls, with the
            file and the line: nothing has been imported.
        """
        try:
            self._attempt()
        except MisreadError:
            self._bulk = False
            self.run()
        except _UNMET:
            stages = self._stages()
            if not stages:
                raise
            self._attempt(stages)

    def _stages(self) -> list[int]:
        """Return the stages to load one after the other, none if that is how the file is."""
        try:
            pieces = (piece for _, piece in self._pieces())
            return needs_sorting(pieces, self._repository.universe)
        except (MisreadError, ExportFileError):
            return []

    def _attempt(self, stages: Sequence[int] | None = None) -> None:
        """Import everything, in the order of the file or in stages, or nothing."""
        loader = PieceLoader(self._repository, self._options)
        with self._repository.database.transaction(), self._named(), _no_cycles_sought():
            files = self._loaded(loader, stages)
            if self._options.without_datastore:
                for _ in files:
                    pass
                return
            self._repository.datastore.ingest(
                files,
                transfer=self._options.transfer,
                record_validation_info=self._options.record_validation_info,
                skip_existing=True,
            )

    def _loaded(self, loader: PieceLoader, stages: Sequence[int] | None) -> Iterator[FileDataset]:
        """Yield the files whose datasets are in the registry."""
        universe = self._repository.universe
        for stage in [None] if stages is None else stages:
            for line, piece in self._pieces():
                if stage is None or stage == stage_of(piece, universe):
                    with self._named(f", line {line}"):
                        files = loader.load(piece)
                    yield from files

    def _pieces(self) -> Iterator[tuple[int, ExportPiece]]:
        """Yield the pieces of the file with their lines, as this universe has them."""
        universe, records = self._repository.universe, self._repository.records
        instruments: list[DimensionRecord] = []
        if "instrument" in universe:
            records.refresh()
            instruments = list(records.all_cached(universe["instrument"]).values())
        migration = Migration(self._header, universe, instruments)
        with self._source.opened() as stream:
            for line, piece in read_pieces(stream, self._source.name, bulk=self._bulk):
                with self._named(f", line {line}"):
                    migrated = list(migration.pieces(piece))
                for one in migrated:
                    yield line, one
        migration.warn()

    @contextlib.contextmanager
    def _named(self, place: str = "") -> Iterator[None]:
        """Let errors name the file, and the place in it."""
        try:
            yield
        except ButlerUserError as error:
            if str(error).startswith(self._source.name):
                raise
            raise type(error)(f"{self._source.name}{place}: {error}") from error
