"""Numpy arrays in the pickles that LSST's Butler writes, read without running what they say."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from butler_core.errors import DatasetReadError

from .inert_pickle import UnreadablePickleError, load_inert
from .pickled_arrays import NAMES, array_of, is_plain
from .whole_file import WholeFileFormatter

__all__ = ["ArrayPickleFormatter"]

_PROTOCOL = 5
_PICKLE = "lsst.daf.butler.formatters.pickle.PickleFormatter"


class ArrayPickleFormatter(WholeFileFormatter):
    """Reads and writes arrays of numbers, texts, times and structures of such.

    Notes
    -----
    LSST's Butler stores arrays as pickles, so this writes pickles, which it can
    read. To load a pickle is to run what it says; here nothing is run: the file
    may hold plain values and a closed list of names, for which inert objects
    stand; what they were called with is checked, and the array is made of that.
    Arrays of Python objects need a true pickle, and are refused.
    """

    extension = ".pickle"

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the array."""
        try:
            return array_of(load_inert(path.read_bytes(), NAMES))
        except UnreadablePickleError as error:
            raise DatasetReadError(
                f"{path} is not read as a numpy array: {error}. If you trust everybody who can "
                "write to the repository, read it as any pickle: "
                f"butler.datastore.formatters.allow({_PICKLE!r})"
            ) from error

    def write(self, obj: Any, path: Path) -> None:
        """Write the array."""
        if type(obj) not in (np.ndarray, np.recarray, np.ma.MaskedArray):
            raise TypeError(
                f"a {type(obj).__name__} would come back as another type; put numpy.asarray(...) "
                "of it, or numpy.ma.asarray(...)"
            )
        if not is_plain(obj.dtype):
            raise TypeError(
                f"an array of dtype {obj.dtype} is not stored, since only a true pickle holds it, "
                "which can run code when it is read; put it with .astype(...) of numbers, texts "
                "of fixed length, times, or structures of such"
            )
        path.write_bytes(pickle.dumps(obj, protocol=_PROTOCOL))
