"""Structured data as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .numpy_values import unrepresentable
from .plain import PLAIN_TYPES, from_plain, to_plain
from .whole_file import WholeFileFormatter

__all__ = ["JsonFormatter"]


class JsonFormatter(WholeFileFormatter):
    """Reads and writes structured data as JSON."""

    extension = ".json"
    interchangeable = PLAIN_TYPES

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the whole file."""
        return from_plain(json.loads(path.read_bytes()), self.storage_class)

    def write(self, obj: Any, path: Path) -> None:
        """Write the dataset in one line of UTF-8, as LSST's formatter does."""
        plain = to_plain(obj)
        try:
            text = json.dumps(plain, ensure_ascii=False)
        except TypeError as error:
            raise TypeError(unrepresentable(plain, ()) or str(error)) from error
        path.write_text(text, encoding="utf-8")
