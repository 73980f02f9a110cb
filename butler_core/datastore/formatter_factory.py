"""Formatters by LSST's names, and the one to write a dataset with."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from butler_core.errors import (
    ArgumentError,
    DatasetTypeNotSupportedError,
    FileExtensionError,
    UnknownFormatterError,
    nearest,
)
from butler_core.lazy_import import import_object

from .lookup import Lookup

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef
    from butler_core.storage_class import StorageClass

    from .formatters import Formatter

__all__ = ["ALLOW_VARIABLE", "FormatterFactory"]

ALLOW_VARIABLE = "BUTLER_CORE_ALLOW_FORMATTERS"
"""Environment variable with names, between commas, that `FormatterFactory` allows."""

_PACKAGED = Path(__file__).parents[1] / "configs" / "formatters.yaml"


class FormatterFactory:
    """Finds the formatter of a file, and that of a dataset to be written.

    Parameters
    ----------
    config : `~collections.abc.Mapping`, optional
        The ``datastore.formatters`` section of a ``butler.yaml``: see `Lookup`
        for the keys; a value is the name of a formatter class, or a mapping
        with ``formatter`` and ``parameters``, of which ``recipe`` is used.
    allow : `~collections.abc.Iterable` [ `str` ], optional
        Names of formatters to allow although they run code from files.

    Notes
    -----
    A repository can choose between the formatters that are known here, by
    name; it cannot bring a class of its own, and it cannot allow one that
    runs code. `register` and `allow` are for the program that opens it.
    """

    def __init__(
        self, config: Mapping[str, Any] | None = None, *, allow: Iterable[str] = ()
    ) -> None:
        packaged = _packaged()
        entries = dict(config or {})
        for key, name in packaged["default"].items():
            entries.setdefault(key, name)
        entries.pop("default", None)
        entries.pop("write_recipes", None)
        self._lookup = Lookup(entries)
        self._addresses: dict[str, str | type[Formatter]] = dict(packaged["formatters"])
        self._refused: dict[str, str] = dict(packaged["trusted_only"])
        self._safe: Mapping[str, Mapping[str, str]] = packaged["safe"]
        self._classes: dict[str, type[Formatter]] = {}
        from_environment = os.environ.get(ALLOW_VARIABLE, "").split(",")
        for name in (*allow, *(part.strip() for part in from_environment if part.strip())):
            self.allow(name)

    def allow(self, name: str) -> None:
        """Allow a formatter that runs code from the files it reads.

        Parameters
        ----------
        name : `str`
            LSST's name, ``lsst.daf.butler.formatters.pickle.PickleFormatter``.

        Raises
        ------
        DatasetTypeNotSupportedError
            There is no formatter of this name.
        """
        if name in self._refused:
            self._addresses[name] = self._refused.pop(name)
        elif name not in self._addresses:
            known = [*self._addresses, *self._refused]
            raise DatasetTypeNotSupportedError(
                f"There is no formatter {name!r} to allow" + nearest(name, known)
            )

    def register(self, name: str, formatter: str | type[Formatter]) -> None:
        """Add a formatter.

        Parameters
        ----------
        name : `str`
            The class name that file records carry.
        formatter : `str` or `type`
            A `Formatter` class or its address.
        """
        self._addresses[name] = formatter
        self._classes.pop(name, None)

    def name_for(self, ref: DatasetRef) -> tuple[str, str]:
        """Return the name of the formatter to write a dataset with, and its recipe.

        Raises
        ------
        DatasetTypeNotSupportedError
            Nothing is configured for this kind of dataset.
        """
        found = self._lookup.find(ref.datasetType, self._lookup.instrument_of(ref))
        if found is None:
            raise DatasetTypeNotSupportedError(
                f"Unable to find formatter for {ref}: none is configured for storage class "
                f"{ref.datasetType.storageClass_name}; name one under datastore.formatters "
                "in butler.yaml"
            )
        entry = found[1]
        if isinstance(entry, Mapping):
            parameters = entry.get("parameters") or {}
            return str(entry.get("formatter")), str(parameters.get("recipe", "default"))
        return str(entry), "default"

    def name_of(self, given: str | type[Formatter]) -> str:
        """Return the name of a formatter that is to read a file, given by its name or class.

        A class that is not known yet is registered under its own name.

        Raises
        ------
        UnknownFormatterError
            There is no formatter of this name.
        ArgumentError
            It is not a formatter.
        """
        from .formatters import Formatter

        if isinstance(given, str):
            if given not in self._addresses and given not in self._refused:
                raise UnknownFormatterError(
                    f"there is no formatter {given!r}{nearest(given, self._addresses)}; one of your"
                    f" own is added with butler.datastore.formatters.register({given!r}, the class)"
                )
            return given
        if not (isinstance(given, type) and issubclass(given, Formatter)):
            raise ArgumentError(f"a formatter is a class of them or the name of one, not {given!r}")
        own = f"{given.__module__}.{given.__qualname__}"
        for name, address in self._addresses.items():
            if address is given or (isinstance(address, str) and address == own):
                return name
        self.register(own, given)
        return own

    def check_extension(self, name: str, extension: str, what: str) -> None:
        """Raise `FileExtensionError` if a formatter does not read files with such names.

        One that is not known here is not asked.
        """
        address = self._addresses.get(name)
        if address is None:
            return
        formatter = self._load(name, address)
        known = sorted({formatter.extension, *formatter.other_extensions})
        if extension not in known:
            raise FileExtensionError(
                f"{what} cannot be ingested: {name} reads {' and '.join(known)} files; give"
                " FileDataset(..., formatter=...) the one that reads it"
            )

    def formatter(
        self, name: str, storage_class: StorageClass, what: object, *, recipe: str = "default"
    ) -> Formatter:
        """Make the formatter of a file.

        Parameters
        ----------
        name : `str`
            LSST's name of the formatter class.
        storage_class : `StorageClass`
            What the file holds.
        what : `object`
            The dataset, as errors shall name it.
        recipe : `str`, optional
            Name of the write recipe.

        Raises
        ------
        DatasetTypeNotSupportedError
            The formatter is not known, or not allowed.
        MissingPackageError
            A package that the formatter needs is not installed.
        """
        return self._class(name, storage_class, what)(storage_class, recipe=recipe)

    def _class(self, name: str, storage_class: StorageClass, what: object) -> type[Formatter]:
        if name in self._classes:
            return self._classes[name]
        if name in self._refused:
            safe = self._safe.get(name, {}).get(storage_class.pytype_name)
            if safe is not None:
                return self._load(safe, safe)
            raise DatasetTypeNotSupportedError(
                f"{what} is stored by {name}, which runs code from the file it reads. If you "
                "trust everybody who can write to the repository, allow it: "
                f"butler.datastore.formatters.allow({name!r}), or {ALLOW_VARIABLE}={name}"
            )
        address = self._addresses.get(name)
        if address is None:
            near = nearest(name, self._addresses)
            raise DatasetTypeNotSupportedError(
                f"Unable to find formatter for {what}: butler_core has nothing for {name}, "
                f"with which storage class {storage_class.name} is stored"
                f"{f'{near} Or' if near else ';'} add a formatter of your own with "
                f"butler.datastore.formatters.register({name!r}, the class)"
            )
        return self._load(name, address)

    def _load(self, name: str, address: str | type[Formatter]) -> type[Formatter]:
        found = self._classes.get(name)
        if found is None:
            found = import_object(address) if isinstance(address, str) else address
            self._classes[name] = found
        return found


@cache
def _packaged() -> Mapping[str, Mapping[str, Any]]:
    import yaml

    loaded: Mapping[str, Mapping[str, Any]]
    loaded = yaml.load(_PACKAGED.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded
