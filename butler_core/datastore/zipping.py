"""Copies of files in one Zip file, which `Butler.ingest_zip` takes in, LSST's too."""

from __future__ import annotations

import functools
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from butler_core.errors import ButlerUserError, DatasetWriteError, ExistingFileError

from .artifact_index import INDEX_NAME, name_of_zip
from .atomic_write import write_atomically
from .retrieving import folder_path

__all__ = ["zip_retrieved"]


def zip_retrieved(
    retrieve: Callable[[str], Iterable[str]],
    destination: str | os.PathLike[str],
    *,
    overwrite: bool,
) -> Path:
    """Put files and their index into a Zip file, which is named by the paths in it.

    Parameters
    ----------
    retrieve : `~collections.abc.Callable`
        Puts the files and the index into a folder, and returns the paths of
        the files.
    destination : `str` or `os.PathLike`
        The folder where the Zip file shall be, which is made if it does not exist.
    overwrite : `bool`
        Whether one that is there is replaced.

    Raises
    ------
    NotADirectoryGivenError
        The destination is not a folder.
    ExistingFileError
        The Zip file is there already.
    DatasetWriteError
        It cannot be written.
    """
    folder = Path(folder_path(destination))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            names = sorted(os.path.relpath(path, scratch) for path in retrieve(scratch))
            path = folder / name_of_zip(names)
            if path.exists() and not overwrite:
                raise ExistingFileError(f"{path} is there already: overwrite=True replaces it")
            write_atomically(path, functools.partial(_write, scratch, names))
    except ButlerUserError:
        raise
    except OSError as error:
        raise DatasetWriteError(
            f"no Zip file can be written to {folder}: {error.strerror or error}"
        ) from error
    return path


def _write(scratch: str, names: Sequence[str], path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        index = Path(scratch, INDEX_NAME)
        archive.write(index, INDEX_NAME, compress_type=zipfile.ZIP_DEFLATED)
        for name in names:  # files of datasets are compressed by their formats
            archive.write(Path(scratch, name), name)
