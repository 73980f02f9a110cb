"""Which entry of a configuration applies to a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from butler_core.dataset import DatasetRef, DatasetType
    from butler_core.dimensions import DimensionGroup

__all__ = ["Lookup"]

_INSTRUMENT_SECTION = re.compile(r"instrument<(.+)>")
_Found = tuple[str, Any] | None


class Lookup:
    """Entries of a configuration by what they apply to.

    Parameters
    ----------
    entries : `~collections.abc.Mapping`
        Each key is the name of a dataset type, the name of a storage class,
        or names of dimensions joined by ``+`` (``visit+`` for a single one).
        Under ``instrument<NAME>`` stands a mapping of such keys, which apply
        to datasets of that instrument alone.

    Notes
    -----
    As in LSST's configuration, an entry of the dataset's instrument goes
    first, then the name of the dataset type comes before that of its parent,
    the dimensions, and the storage classes.
    """

    def __init__(self, entries: Mapping[str, Any]) -> None:
        self._general: dict[str, Any] = {}
        self._by_instrument: dict[str, dict[str, Any]] = {}
        for key, value in entries.items():
            section = _INSTRUMENT_SECTION.fullmatch(str(key))
            if section and isinstance(value, Mapping):
                self._by_instrument[section.group(1)] = dict(value)
            else:
                self._general[str(key)] = value
        self._found: dict[tuple[Any, ...], _Found] = {}

    def instrument_of(self, ref: DatasetRef) -> str | None:
        """Return the instrument of a dataset, `None` if there is none that matters here."""
        if not self._by_instrument:
            return None
        instrument = ref.dataId.mapping.get("instrument")
        return None if instrument is None else str(instrument)

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Iterate over all keys and values."""
        yield from self._general.items()
        for instrument, section in self._by_instrument.items():
            for key, value in section.items():
                yield f"instrument<{instrument}>.{key}", value

    def find(self, dataset_type: DatasetType, instrument: str | None = None) -> _Found:
        """Return the key and the value that apply to a dataset.

        Parameters
        ----------
        dataset_type : `DatasetType`
            Type of the dataset.
        instrument : `str`, optional
            Instrument of its data ID.

        Returns
        -------
        entry : `tuple` [ `str`, `object` ] or `None`
            The entry, if one applies.
        """
        group = dataset_type.dimensions
        place = (dataset_type.name, dataset_type.storageClass_name, group, instrument)
        if place not in self._found:
            self._found[place] = self._search(dataset_type, instrument)
        return self._found[place]

    def _search(self, dataset_type: DatasetType, instrument: str | None) -> _Found:
        sections = [self._general]
        if instrument in self._by_instrument:
            sections.insert(0, self._by_instrument[instrument])
        for section in sections:
            for name in _names(dataset_type):
                if isinstance(name, str):
                    if name in section:
                        return name, section[name]
                else:
                    for key, value in section.items():
                        if "+" in key and _same_dimensions(key, name):
                            return key, value
        return None


def _names(dataset_type: DatasetType) -> list[str | DimensionGroup]:
    names: list[str | DimensionGroup] = [dataset_type.name]
    if dataset_type.isComponent():
        names.append(dataset_type.nameAndComponent()[0])
    if dataset_type.dimensions:
        names.append(dataset_type.dimensions)
    names.append(dataset_type.storageClass_name)
    if dataset_type.parentStorageClass is not None:
        names.append(dataset_type.parentStorageClass.name)
    return names


def _same_dimensions(key: str, group: DimensionGroup) -> bool:
    given = {name for name in key.split("+") if name}
    return all(name in group.universe for name in given) and group.universe.conform(given) == group
