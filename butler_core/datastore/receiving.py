"""Files of another datastore, taken over with what it recorded of them."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from butler_core.errors import TransferError

from .arrivals import Arrival, FileArrivals, Held, HeldMember
from .file_uri import extension_of
from .locations import FileLocations, leaves_root
from .recorded_path import RecordedPath, place_of_zip
from .stored_file import FileRecords, StoredFile
from .transfer_modes import check_mode

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef

    from .templates import FileTemplates

__all__ = ["FileReception", "ForeignFile", "check_transfer"]

_MODES: Final = (
    *("auto", "copy", "move", "link", "hardlink", "symlink", "relsymlink"),
    "unsafe_direct",
)
_TOGETHER = 2_000  # datasets, whose files are placed and recorded together


class ForeignFile(NamedTuple):
    """A file of another datastore: what that recorded, and where it is."""

    stored: StoredFile
    """Its record; without a path, if that is not known."""

    source: str
    """Its absolute path."""

    uri: str
    """Its absolute URI."""


def check_transfer(transfer: str) -> None:
    """Raise `TransferError` if there is no such mode to take over files in."""
    if transfer in ("direct", "split"):
        raise TransferError(
            f"transfer={transfer!r} would record files that the other repository may remove:"
            " 'copy' takes them over"
        )
    check_mode(transfer, _MODES)


class FileReception:
    """Takes over the files of another datastore.

    They have the paths here that they have there, unless they are recorded by a
    URI there; ``auto`` keeps those as they are, and links the others.

    Parameters
    ----------
    locations : `FileLocations`
        Where files are.
    records : `FileRecords`
        The table of files.
    templates : `FileTemplates`
        How files are named that have no path.
    transfer : `str`
        How files come here, see `check_transfer`; ``unsafe_direct`` records
        where they are, and leaves them to the other's mercy.
    is_there : `~collections.abc.Callable`
        Whether a dataset has its file at a path there too.

    """

    def __init__(
        self,
        locations: FileLocations,
        records: FileRecords,
        templates: FileTemplates,
        *,
        transfer: str,
        is_there: Callable[[str, uuid.UUID], bool],
    ) -> None:
        self._records = records
        self._templates = templates
        self._transfer = transfer
        self._arrivals = FileArrivals(locations, records, may_share=is_there)

    def run(self, files: Iterable[tuple[DatasetRef, Sequence[ForeignFile]]]) -> None:
        """Take over the files of datasets, but for those that have files here already.

        All of them, or none: what was placed goes if the transaction fails.

        Parameters
        ----------
        files : `~collections.abc.Iterable`
            Datasets, whose data IDs are expanded as far as the templates ask,
            each with its files.

        Raises
        ------
        ConflictingDefinitionError
            The place of a file is that of another dataset.
        MissingFileError
            A file is gone.
        DatasetWriteError
            One cannot be transferred.
        """
        with self._arrivals.all_or_none():
            waiting = iter(files)
            while batch := list(itertools.islice(waiting, _TOGETHER)):
                known = self._records.known(ref.id for ref, _ in batch)
                arrivals: dict[str, Arrival] = {}
                for ref, some in batch:
                    if ref.id not in known:
                        for file in some:
                            self._add(arrivals, ref, file)
                self._arrivals.take(list(arrivals.values()))

    def _add(self, arrivals: dict[str, Arrival], ref: DatasetRef, file: ForeignFile) -> None:
        """Add a file, or what another dataset has in it to one that was added."""
        stored = file.stored
        place = RecordedPath.parse(stored.path)
        member = None
        if place.member is not None:
            self._refuse_moved(ref, file)
            known = stored.formatter, stored.file_size, stored.checksum
            member = HeldMember(place.member, *known)
        held = Held(ref.id, stored.storage_class, stored.component, member)
        shared = arrivals.get(file.source)
        if shared is not None:
            arrivals[file.source] = shared._replace(held=[*shared.held, held])
            return
        mode: str | None = "link" if self._transfer == "auto" else self._transfer
        recorded = place.file
        if self._transfer == "unsafe_direct":
            mode, recorded = None, file.uri
        elif not recorded or "://" in recorded:
            if recorded and self._transfer == "auto":
                mode = None
            elif member is not None:
                recorded = place_of_zip(os.path.basename(file.source))  # noqa: PTH119
            else:
                recorded = self._templates.path(ref) + extension_of(file.source)
        elif leaves_root(recorded):
            raise TransferError(f"the file of {ref} is {recorded!r}, which is outside of its root")
        arrivals[file.source] = Arrival(
            *(ref, file.source, mode, recorded, [held], stored.formatter),
            size=stored.file_size,
            checksum=stored.checksum,
        )

    def _refuse_moved(self, ref: DatasetRef, file: ForeignFile) -> None:
        if self._transfer == "move":
            raise TransferError(
                f"{ref} is in {file.source} with other datasets, from which transfer='move' would"
                " take it: 'copy' leaves it there"
            )
