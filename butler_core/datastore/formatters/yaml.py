"""Structured data as YAML."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .numpy_values import unrepresentable
from .plain import PLAIN_TYPES, from_plain, to_plain
from .property_list import add_constructors, add_representer, represent
from .whole_file import WholeFileFormatter

__all__ = ["YamlFormatter"]


class _Loader(yaml.CSafeLoader):
    """The safe loader, which also reads the property lists of lsst.daf.base."""


class _Dumper(yaml.CSafeDumper):
    """The safe dumper, with a type of its own for property lists."""


add_constructors(_Loader)
add_representer(_Dumper)


class YamlFormatter(WholeFileFormatter):
    """Reads and writes structured data as YAML.

    Notes
    -----
    Only plain types are read: a tag that asks for another Python object is an
    error. The exceptions are the ``PropertyList``, ``PropertySet`` and
    ``DateTime`` of ``lsst.daf.base``, which become mappings and strings; a
    dataset of such a storage class is written with their tags again.
    """

    extension = ".yaml"
    interchangeable = PLAIN_TYPES

    def load(self, path: Path, parameters: Mapping[str, Any]) -> Any:
        """Read the whole file."""
        plain = yaml.load(path.read_bytes(), Loader=_Loader)
        return from_plain(plain, self.storage_class)

    def write(self, obj: Any, path: Path) -> None:
        """Write the dataset, keys in their own order."""
        plain = represent(to_plain(obj), self.storage_class.name)
        try:
            text = yaml.dump(plain, Dumper=_Dumper, sort_keys=False, encoding="utf-8")
        except yaml.representer.RepresenterError as error:
            raise TypeError(unrepresentable(plain) or str(error)) from error
        path.write_bytes(text)
