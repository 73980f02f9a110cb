"""Python pickles, which run code when they are read."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .whole_file import WholeFileFormatter

__all__ = ["PickleFormatter"]


class PickleFormatter(WholeFileFormatter):
    """Reads and writes pickles, for a repository that asks for it by name.

    Notes
    -----
    To load a pickle is to run what it says. The formatter is in no default;
    a ``butler.yaml`` whose every writer is trusted may name it under
    ``datastore.formatters``; see `FormatterFactory`.
    """

    extension = ".pickle"

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the whole file."""
        return pickle.loads(path.read_bytes())

    def write(self, obj: Any, path: Path) -> None:
        """Write the object."""
        path.write_bytes(pickle.dumps(obj, protocol=pickle.HIGHEST_PROTOCOL))
