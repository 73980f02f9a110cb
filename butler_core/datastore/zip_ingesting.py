"""A Zip file of datasets, taken into a datastore as it is."""

from __future__ import annotations

from typing import Final

from butler_core.errors import ConflictingDefinitionError, DatasetWriteError

from .arrivals import Arrival, FileArrivals, Held, HeldMember
from .locations import FileLocations
from .recorded_path import RecordedPath, place_of_zip
from .stored_file import FileRecords
from .transfer_modes import AUTO, MAKES_A_FILE
from .zip_index import ZipIndex

__all__ = ["ZIP_MODES", "take_zip"]

ZIP_MODES: Final = (AUTO, *MAKES_A_FILE, "direct", None)
"""How a Zip file may come: ``auto`` links it."""


def take_zip(
    locations: FileLocations,
    records: FileRecords,
    index: ZipIndex,
    *,
    transfer: str | None,
    dry_run: bool,
) -> None:
    """Put a Zip file into place and record its members, in the transaction that is open.

    Parameters
    ----------
    locations : `FileLocations`
        Where files are.
    records : `FileRecords`
        The table of files.
    index : `ZipIndex`
        What the Zip file holds.
    transfer : `str` or `None`
        One of `ZIP_MODES`.
    dry_run : `bool`
        Whether to look only if it can be done.

    Raises
    ------
    ConflictingDefinitionError
        Its place is that of another file; it is to be moved, and holds datasets
        of this datastore.
    DatasetWriteError
        It is to stay in place, and is not in the root; it cannot be
        transferred.
    """
    arrival = _arrival(locations, records, index, transfer)
    if not dry_run:
        arrivals = FileArrivals(locations, records)
        with arrivals.all_or_none():
            arrivals.take([arrival])


def _arrival(
    locations: FileLocations, records: FileRecords, index: ZipIndex, transfer: str | None
) -> Arrival:
    source = locations.source(index.path)
    mode = "link" if transfer == AUTO else transfer
    recorded = source.uri
    if mode in MAKES_A_FILE:
        recorded = place_of_zip(index.file_name)
    elif mode is None:
        if source.inside is None:
            raise DatasetWriteError(
                f"{source.path} is not in {locations.root}, and would not be moved or copied there"
                " with transfer=None: give another transfer, 'copy' for instance"
            )
        recorded = source.inside
    if mode == "move" and source.inside is not None and records.owners(source.inside):
        raise ConflictingDefinitionError(
            f"{source.path} cannot be moved: it holds dataset {records.owners(source.inside)[0]}"
            " of this repository; transfer='copy' leaves it there"
        )
    held = [
        Held(
            *(dataset_id, member.storage_class, member.component),
            HeldMember(
                str(RecordedPath.of_member("", member.name).member),
                *(member.formatter, member.size, member.checksum),
            ),
        )
        for member in index.members
        for dataset_id in member.ids
    ]
    return Arrival(f"Zip file {source.path}", source.path, mode, recorded, held, "")
