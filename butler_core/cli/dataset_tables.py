"""Tables of datasets, one for each dataset type."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from .tables import print_table

if TYPE_CHECKING:
    from ..butler import Butler
    from ..dataset import DatasetRef, DatasetType
    from ..dimensions import DimensionUniverse

__all__ = ["dataset_objects", "print_datasets", "sort_places"]


def print_datasets(
    found: Iterable[tuple[DatasetType, Sequence[DatasetRef]]],
    *,
    uris: Butler | None = None,
    is_ordered: bool = False,
) -> None:
    """Print a table for each dataset type, after an empty line, and an empty line at the end.

    With URIs, components that have files of their own have tables of their own.

    Parameters
    ----------
    found : `~collections.abc.Iterable`
        Dataset types, with datasets whose data IDs have implied values.
    uris : `Butler`, optional
        Whom to ask where files are; no column says it, if not given.
    is_ordered : `bool`, optional
        Whether the order stays. If not, it is by run, and by what is in space
        and time before the other dimensions.
    """
    for dataset_type, refs in found:
        names = dataset_type.dimensions.data_coordinate_keys
        header = ("type", "run", "id", *names, *(() if uris is None else ("URI",)))
        places = sort_places(dataset_type.dimensions.universe, names)
        for rows in _tables(refs, uris):
            if not is_ordered:
                rows.sort(key=operator.itemgetter(1, *(3 + place for place in places)))
            click.echo()
            print_table(header, rows)
    click.echo()


def dataset_objects(
    refs: Iterable[DatasetRef], *, uris: Butler | None = None
) -> Iterator[dict[str, Any]]:
    """Yield datasets as objects for JSON; parameters are as for `print_datasets`."""
    for ref in refs:
        found: dict[str, Any] = {
            "type": ref.datasetType.name,
            "run": ref.run,
            "id": str(ref.id),
            "data_id": dict(ref.dataId.mapping),
        }
        if uris is not None:
            primary, parts = uris.getURIs(ref, predict=True)
            found["uri"] = None if primary is None else str(primary)
            if parts:
                found["component_uris"] = {name: str(uri) for name, uri in parts.items()}
        yield found


def sort_places(universe: DimensionUniverse, names: Sequence[str]) -> list[int]:
    """Return the columns to sort data IDs by: those of space and time, then the others.

    Parameters
    ----------
    universe : `DimensionUniverse`
        Where the dimensions are from.
    names : `~collections.abc.Sequence` [ `str` ]
        The dimension of each column.
    """
    early: list[str] = []
    late: list[str] = []
    for name in names:
        element = universe[name]
        if element.spatial is not None or element.temporal is not None:
            early += element.required_names
        else:
            late.append(name)
    return [names.index(name) for name in dict.fromkeys([*early, *late])]


def _tables(refs: Iterable[DatasetRef], uris: Butler | None) -> list[list[tuple[Any, ...]]]:
    """Return the rows of a table, or of one for each component that has files of its own."""
    tables: dict[str, list[tuple[Any, ...]]] = {}
    for ref in refs:
        name = ref.datasetType.name
        row = (ref.run, ref.id, *ref.dataId.full_values)
        if uris is None:
            tables.setdefault(name, []).append((name, *row))
            continue
        primary, parts = uris.getURIs(ref, predict=True)
        files = {f"{name}.{part}": uri for part, uri in parts.items()}
        if primary is not None:
            files[name] = primary
        for shown, uri in files.items():
            tables.setdefault(shown, []).append((shown, *row, str(uri)))
    return [tables[name] for name in sorted(tables)]
