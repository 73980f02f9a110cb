"""Single objects in FITS files: a WCS, a calibration, a point-spread function.

Notes
-----
LSST keeps such an object as an archive of its own: an empty primary HDU, the
index, the tables.  The object has number 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import DatasetReadError
from .archive import Archive
from .archive_write import ArchiveBuilder
from .archived import ArchivedObject
from .fits_file import FitsFile, open_fits
from .fits_planes import empty_primary, write_hdus
from .persist import persist, restore

__all__ = ["is_archive", "read_persistable", "write_persistable"]

_NUMBER = 1


def is_archive(file: FitsFile) -> bool:
    """Return whether the first extension is the index of an archive."""
    return file.has(1) and "AR_NCAT" in file.header(1)


def read_persistable(path: str | Path) -> Any:
    """Read a single object.

    Parameters
    ----------
    path : `str` or `~pathlib.Path`
        The file.

    Returns
    -------
    object
        An `ArchivedObject` if its class is not modelled here.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    DatasetReadError
        The file holds no archive, or is truncated.
    """
    with open_fits(path) as file:
        if not is_archive(file):
            raise DatasetReadError(f"{file.path} holds no object: HDU 1 is no index of an archive")
        archive = Archive(file.raw_from(1), source=str(file.path))
    return restore(archive, _NUMBER)


def write_persistable(obj: Any, path: str | Path) -> None:
    """Write a single object.

    Parameters
    ----------
    obj : `SkyWcs`, `PhotoCalib`, `GaussianPsf`, `FilterLabel`, `Polygon` or `ArchivedObject`
        The object; an `ArchivedObject` must come from a file of its own.
    path : `str` or `~pathlib.Path`
        The file; one that is there is replaced.

    Raises
    ------
    TypeError
        Objects of this class cannot be written.
    ValueError
        It is a WCS that has no text, or an object out of a larger file.
    """
    if isinstance(obj, ArchivedObject):
        if obj.archive_id != _NUMBER:
            raise ValueError(f"{obj!r} is a part of {obj.archive.source} and cannot stand alone")
        hdus = obj.archive.hdus
    else:
        builder = ArchiveBuilder()
        if persist(builder, obj) is None:
            raise ValueError(f"{obj!r} is no TAN or TAN-SIP in ICRS, which a file of its own needs")
        hdus = builder.build()
    write_hdus(path, [empty_primary(None), *hdus])
