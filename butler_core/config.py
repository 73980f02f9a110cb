"""The configuration of a repository, its ``butler.yaml``."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import yaml

from .errors import (
    ButlerConfigError,
    MissingRepositoryError,
    RepositoryExistsError,
    RepositoryIndexError,
    nearest,
)
from .repository_index import labelled_repositories

__all__ = ["ButlerConfig", "ConfigSource", "repository_path"]

ConfigSource: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | ButlerConfig"
"""What a configuration is read from."""

_ROOT = "<butlerRoot>"
_FILE = "butler.yaml"

_MANAGERS = "lsst.daf.butler.registry"
MANAGERS = {
    "attributes": f"{_MANAGERS}.attributes.DefaultButlerAttributeManager",
    "collections": f"{_MANAGERS}.collections.synthIntKey.SynthIntKeyCollectionManager",
    "datasets": (f"{_MANAGERS}.datasets.byDimensions.ByDimensionsDatasetRecordStorageManagerUUID"),
    "datastores": f"{_MANAGERS}.bridge.monolithic.MonolithicDatastoreRegistryBridgeManager",
    "dimensions": f"{_MANAGERS}.dimensions.static.StaticDimensionRecordStorageManager",
    "opaque": f"{_MANAGERS}.opaque.ByNameOpaqueTableStorageManager",
}
"""The managers whose tables this package reads and writes, by the format's names."""

_DEFAULTS: dict[str, Any] = {
    "datastore": {
        "cls": "lsst.daf.butler.datastores.fileDatastore.FileDatastore",
        "records": {"table": "file_datastore_records"},
        "root": _ROOT,
    },
    "registry": {"db": f"sqlite:///{_ROOT}/gen3.sqlite3", "managers": MANAGERS},
}


class ButlerConfig:
    """The configuration of a repository.

    Parameters
    ----------
    source : `str`, `os.PathLike`, `~collections.abc.Mapping` or `ButlerConfig`
        The root of a repository, its ``butler.yaml``, its label in the index
        that the environment names, or a configuration.
    root : `str` or `os.PathLike`, optional
        What ``<butlerRoot>`` stands for, if ``source`` is a configuration.

    Raises
    ------
    MissingRepositoryError
        If there is no repository.
    ButlerConfigError
        If the file is not the configuration of a repository.
    """

    root: Path
    file: Path | None
    _values: dict[str, Any]

    def __init__(self, source: ConfigSource, root: str | os.PathLike[str] | None = None) -> None:
        if isinstance(source, ButlerConfig):
            self.root, self.file, self._values = source.root, source.file, source._values
        elif isinstance(source, Mapping):
            self.file = None
            self.root = Path(root if root is not None else source.get("root", ".")).absolute()
            self._values = _plain(source)
        elif not isinstance(source, str | os.PathLike):
            raise ButlerConfigError(
                "a repository is opened by its root, its butler.yaml or a configuration,"
                f" not by {source!r}"
            )
        else:
            self.file = file = self._find(source)
            self.root = Path(root).absolute() if root is not None else file.parent
            self._values = read_yaml(file)
            if "root" in self._values and root is None:
                self.root = _path(str(self._values["root"]))
        for key in ("registry.db", "datastore.cls"):
            self.required(key)

    @staticmethod
    def _find(source: str | os.PathLike[str]) -> Path:
        text = os.fspath(source)
        labels, problem = _labels() if isinstance(source, str) else ({}, "")
        place = labels.get(text, text)
        path = repository_path(text, place)
        file = path if path.suffix in (".yaml", ".yml") else path / _FILE
        if not file.is_file():
            below = sorted(path.glob(f"*/{_FILE}")) if path.is_dir() else []
            hint = f"; did you mean {below[0].parent}?" if below else ""
            if labels and not hint and place == text:
                listed = f"; labels of repositories are {', '.join(sorted(labels))}"
                hint = nearest(text, labels) or listed
            what = f"{place}, whose label is {text}" if place != text else text
            raise MissingRepositoryError(
                f"there is no Butler repository at {what}: {file} does not exist"
                f" (Butler.makeRepo makes an empty one){hint}{problem}"
            )
        return file

    @classmethod
    def for_new_repository(
        cls, root: Path, seed: ConfigSource | None, *, standalone: bool = False
    ) -> ButlerConfig:
        """Return the defaults, with what a seed configuration says otherwise.

        Parameters
        ----------
        root : `~pathlib.Path`
            Root of the new repository.
        seed : `str`, `os.PathLike` or `~collections.abc.Mapping`, optional
            A YAML file, or its contents.
        standalone : `bool`, optional
            Whether to state how files are named and written, as this version
            does it, so that a later one does no other.
        """
        values = copy.deepcopy(_DEFAULTS)
        if standalone:
            values["datastore"].update(_packaged_datastore())
        if isinstance(seed, ButlerConfig):
            _merge(values, _plain(seed._values))
        elif isinstance(seed, Mapping):
            _merge(values, _plain(seed))
        elif seed is not None:
            _merge(values, read_yaml(Path(seed)))
        return cls(values, root=root)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value at a dotted key."""
        value: Any = self._values
        for part in key.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return default
            value = value[part]
        return value

    def required(self, key: str) -> Any:
        """Return the value at a dotted key.

        Raises
        ------
        ButlerConfigError
            If there is none.
        """
        value = self.get(key)
        if value is None:
            raise ButlerConfigError(
                f"{self.file or 'the configuration'} is not that of a Butler repository:"
                f" it has no {key!r}"
            )
        return value

    def managers(self) -> Mapping[str, str]:
        """Return the class of each manager of the registry that is named.

        Raises
        ------
        ButlerConfigError
            If there is something else than names of classes.
        """
        managers = self.get("registry.managers") or {}
        if not isinstance(managers, Mapping):
            raise ButlerConfigError(
                f"registry.managers in {self.file or 'the configuration'} is a mapping from"
                f" managers to classes, not {managers!r}"
            )
        for name, value in managers.items():
            if not isinstance(value, str):
                raise ButlerConfigError(
                    f"registry.managers.{name} in {self.file or 'the configuration'} is the name"
                    f" of a class, not {value!r}"
                )
        return managers

    def expand(self, text: str) -> str:
        """Return a text with ``<butlerRoot>`` replaced."""
        return text.replace(_ROOT, str(self.root))

    def write(self, outfile: str | os.PathLike[str] | None = None) -> Path:
        """Write the configuration as the root's ``butler.yaml``, or elsewhere.

        Parameters
        ----------
        outfile : `str` or `os.PathLike`, optional
            Another file, or a folder for its ``butler.yaml``. It says where the
            root is.

        Raises
        ------
        RepositoryExistsError
            If there is such a file already.
        """
        from .datastore.atomic_write import write_atomically

        file, values = self.root / _FILE, self._values
        if outfile is not None:
            file, values = _path(os.fspath(outfile)), {**values, "root": str(self.root)}
            if file.suffix not in (".yaml", ".yml"):
                file /= _FILE
            if file.exists():
                raise RepositoryExistsError(f"there is a file {file} already")
        text = yaml.safe_dump(values, sort_keys=True)

        def write(path: Path) -> None:
            path.write_text(text, encoding="utf-8")

        write_atomically(file, write)
        return file

    def __repr__(self) -> str:
        return f"ButlerConfig({str(self.file or self.root)!r})"


def _packaged_datastore() -> dict[str, Any]:
    """Return the sections of the datastore that the package sets where butler.yaml does not."""
    folder = Path(__file__).parent / "configs"
    return {
        "formatters": read_yaml(folder / "formatters.yaml")["default"],
        "templates": read_yaml(folder / "templates.yaml")["templates"],
    }


def _labels() -> tuple[Mapping[str, str], str]:
    """Return the labels of repositories, and what is wrong with their index."""
    try:
        return labelled_repositories(), ""
    except RepositoryIndexError as error:  # which does not matter to who gives a path
        return {}, f"; {error}"


def repository_path(text: str, place: str | None = None) -> Path:
    """Return the path of a repository, which is named by a path or a label.

    Raises
    ------
    MissingRepositoryError
        If it is elsewhere.
    """
    if place is None:
        place = labelled_repositories().get(text, text)
    scheme, separator, _ = place.partition("://")
    if separator and scheme != "file":
        what = f"{place}, whose label is {text}," if place != text else place
        raise MissingRepositoryError(
            f"{what} is no local repository; butler_core opens folders and files alone"
        )
    return _path(place)


def _path(text: str) -> Path:
    """Return the path that a path or a ``file://`` URI stands for."""
    if text.startswith("file://"):
        text = unquote(text.removeprefix("file://"))
    return Path(text).expanduser().absolute()


def read_yaml(file: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping.

    Raises
    ------
    ButlerConfigError
        If it is not YAML, or no mapping; with file, line and column.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        values = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise ButlerConfigError(f"{file}{where}: {error.problem or error}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ButlerConfigError(f"{file} is not YAML: {error}") from error
    if not isinstance(values, dict):
        kind = "empty" if values is None else f"a {type(values).__name__}"
        raise ButlerConfigError(f"{file} is not the configuration of a Butler: it is {kind}")
    return values


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _plain(value) if isinstance(value, Mapping) else copy.deepcopy(value)
        for key, value in values.items()
    }


def _merge(values: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, Mapping) and isinstance(values.get(key), dict):
            _merge(values[key], value)
        else:
            values[key] = value
