"""What is known of a dataset's existence."""

from __future__ import annotations

import enum

__all__ = ["DatasetExistence"]


class DatasetExistence(enum.Flag):
    """Where a dataset is known; true only if it can be read."""

    UNRECOGNIZED = 0
    """Nobody knows it."""

    RECORDED = enum.auto()
    """The registry has a row of it."""

    DATASTORE = enum.auto()
    """The datastore has a record of its file."""

    _ARTIFACT = enum.auto()
    """Its file is there."""

    _ASSUMED = enum.auto()
    """Its file was not looked for."""

    KNOWN = RECORDED | DATASTORE | _ASSUMED
    """Registry and datastore know it; whether the file is there was not seen."""

    VERIFIED = RECORDED | DATASTORE | _ARTIFACT
    """It can be read."""

    def __bool__(self) -> bool:
        known = (DatasetExistence.RECORDED | DatasetExistence.DATASTORE).value
        found = (DatasetExistence._ARTIFACT | DatasetExistence._ASSUMED).value
        return self.value & known == known and bool(self.value & found)
