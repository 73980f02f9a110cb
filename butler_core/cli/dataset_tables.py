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
        rows = list(_rows(refs, uris))
        if not is_ordered:
            places = sort_places(dataset_type.dimensions.universe, names)
            rows.sort(key=operator.itemgetter(1, *(3 + place for place in places)))
        click.echo()
        print_table(("type", "run", "id", *names, *(() if uris is None else ("URI",))), rows)
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
            found["uri"] = _uri(uris, ref)
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


def _rows(refs: Iterable[DatasetRef], uris: Butler | None) -> Iterator[tuple[Any, ...]]:
    for ref in refs:
        row = (ref.datasetType.name, ref.run, ref.id, *ref.dataId.full_values)
        yield row if uris is None else (*row, _uri(uris, ref))


def _uri(butler: Butler, ref: DatasetRef) -> str:
    return str(butler.getURI(ref, predict=True))
