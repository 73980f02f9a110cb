"""Files on their way into a datastore: their places, their transfer and their records."""

from __future__ import annotations

import contextlib
import functools
import os
import posixpath
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from butler_core.errors import (
    ButlerUserError,
    ConflictingDefinitionError,
    DatasetWriteError,
    MissingFileError,
    TransferError,
)

from .locations import FileLocations
from .placing import PlacedFiles, refuse_unmovable
from .recorded_path import RecordedPath
from .stored_file import FileRecords, NewFile
from .transfer_modes import MAKES_A_FILE, transfer_file
from .zip_members import extract_member, member_info

__all__ = ["Arrival", "FileArrivals", "Held", "HeldMember"]


class HeldMember(NamedTuple):
    """What is recorded of a member of a Zip file, rather than of that."""

    member: str
    """It, as `RecordedPath` has it."""

    formatter: str
    size: int
    checksum: str | None


class Held(NamedTuple):
    """A dataset, or a component of it, that a file holds, or a member of the file."""

    dataset_id: uuid.UUID | str
    storage_class: str
    component: str | None = None
    member: HeldMember | None = None


class Arrival(NamedTuple):
    """A file on its way into the datastore.

    Attributes
    ----------
    what : `object`
        The dataset, as errors shall name it.
    source : `str`
        Absolute path of the file.
    mode : `str` or `None`
        How it comes: one of `MAKES_A_FILE`, or it stays where it is.
    recorded : `str`
        What its records will say: a path relative to the root, or a URI.
    held : `~collections.abc.Sequence` [ `Held` ]
        What it holds.
    formatter : `str`
        Name of the formatter that reads it.
    size : `int`, optional
        Its size, -1 to record none; that of the file, if not given.
    checksum : `str`, optional
        Its checksum, if one is known.
    part : `RecordedPath`, optional
        Names the member of the source, a Zip file, that the file is.
    """

    what: object
    source: str
    mode: str | None
    recorded: str
    held: Sequence[Held]
    formatter: str
    size: int | None = None
    checksum: str | None = None
    part: RecordedPath | None = None


class FileArrivals:
    """Takes files into a datastore, all of them or none.

    Parameters
    ----------
    locations : `FileLocations`
        Where files are.
    records : `FileRecords`
        The table of files.
    may_share : `~collections.abc.Callable`, optional
        Given a path and a dataset that has its file there already, tells
        whether that is the same file.
    """

    def __init__(
        self,
        locations: FileLocations,
        records: FileRecords,
        *,
        may_share: Callable[[str, uuid.UUID], bool] = lambda path, owner: False,
    ) -> None:
        self._locations = locations
        self._records = records
        self._may_share = may_share
        self._placed = PlacedFiles()

    @contextlib.contextmanager
    def all_or_none(self) -> Iterator[None]:
        """Give a transaction: if it fails, or one around it, files are as they were."""
        with self._records.transaction():
            self._records.on_rollback(self._placed.undo)
            self._records.on_commit(self._placed.remove_sources)
            yield

    def take(self, arrivals: Sequence[Arrival]) -> int:
        """Put some files into place, and record them.

        Returns
        -------
        count : `int`
            How many records are new.

        Raises
        ------
        ConflictingDefinitionError
            The place of a file is that of another.
        MissingFileError
            There is no such file.
        DatasetWriteError
            A file cannot be transferred.
        """
        stored: list[NewFile] = []
        sizes: dict[str, int] = {}  # of the files: many datasets may share one
        for arrival in self._with_places(arrivals):
            size = sizes.get(arrival.source)
            if arrival.part is not None:
                size = member_info(arrival.source, arrival.part, arrival.what).file_size
            elif size is None:
                size = sizes[arrival.source] = self._size(arrival)
            if arrival.size is not None:
                size = arrival.size
            if arrival.mode in MAKES_A_FILE:
                self._stage(arrival)
            for dataset_id, storage_class, component, member in arrival.held:
                path, of_file = arrival.recorded, (arrival.formatter, arrival.checksum, size)
                if member is not None:
                    path = str(RecordedPath(path, member.member))
                    of_file = member.formatter, member.checksum, member.size
                formatter, checksum, bytes_ = of_file
                stored.append(
                    NewFile(dataset_id, path, formatter, storage_class, component, checksum, bytes_)
                )
        self._placed.settle()
        self._records.insert(stored)
        return len(stored)

    def _with_places(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Return files with places of their own."""
        made = [one for one in arrivals if one.mode in MAKES_A_FILE]
        if not made:
            return list(arrivals)
        claims = self._records.claims(one.recorded for one in made)
        seen: dict[str, Arrival] = {}
        placed = []
        for one in arrivals:
            if one.mode in MAKES_A_FILE:
                one = self._with_place(one, claims)
                other = seen.setdefault(one.recorded, one)
                if other is not one:
                    raise _same_place(one, other.what)
            placed.append(one)
        return placed

    def _with_place(self, arrival: Arrival, claims: Mapping[str, uuid.UUID | None]) -> Arrival:
        path = arrival.recorded
        owner = claims.get(path)
        if owner is not None:
            if not self._may_share(path, owner):
                raise _same_place(arrival, f"dataset {owner}")
            return arrival._replace(mode=None)
        if path not in claims:
            return arrival
        # A file that was removed may have to be back there.
        stem, extension = posixpath.splitext(path)
        number = 1
        while path in claims:
            number += 1
            path = f"{stem}-{number}{extension}"
            claims = self._records.claims([path])
        return arrival._replace(recorded=path)

    def _size(self, arrival: Arrival) -> int:
        try:
            status = os.stat(arrival.source)
        except OSError as error:
            raise MissingFileError(
                f"{arrival.source}, the file of {arrival.what}, cannot be found: {error.strerror}"
            ) from error
        return status.st_size

    def _stage(self, arrival: Arrival) -> None:
        place = f"{self._locations.root}/{arrival.recorded}"
        source, mode = arrival.source, str(arrival.mode)
        if arrival.part is not None:
            self._stage_member(arrival, arrival.part, place)
            return
        if os.path.exists(place) and os.path.samefile(source, place):
            return  # it is there
        if mode == "move":
            refuse_unmovable(source)
        try:
            self._placed.stage(place, functools.partial(transfer_file, mode, source, place))
        except OSError as error:
            raise DatasetWriteError(
                f"{source} cannot become {place} with transfer={mode!r}: {error.strerror}"
            ) from error
        if mode == "move":
            self._placed.remove_later(source)

    def _stage_member(self, arrival: Arrival, part: RecordedPath, place: str) -> None:
        source, mode = arrival.source, arrival.mode
        if mode not in ("copy", "link"):
            raise TransferError(
                f"{part.name!r} in {source} cannot become a file with transfer={mode!r}: a member"
                " of a Zip file can be copied"
            )
        try:
            self._placed.stage(place, functools.partial(extract_member, source, part, arrival.what))
        except ButlerUserError:
            raise
        except OSError as error:
            raise DatasetWriteError(
                f"{part.name!r} in {source} cannot become {place}: {error.strerror}"
            ) from error


def _same_place(arrival: Arrival, other: object) -> ConflictingDefinitionError:
    of_members = any(one.member is not None for one in arrival.held)
    way_out = (
        "another Zip file has the same names in it"
        if of_members
        else "datastore.templates in butler.yaml must give them different paths"
    )
    return ConflictingDefinitionError(
        f"{arrival.what} would be stored at {arrival.recorded}, which is the place of {other};"
        f" {way_out}"
    )
