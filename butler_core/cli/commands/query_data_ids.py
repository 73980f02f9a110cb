"""``query-data-ids``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..dataset_tables import sort_places
from ..held_types import datasets_option, types_held
from ..limits import within_limit
from ..opening import open_repository
from ..options import (
    collections_option,
    format_option,
    limit_option,
    options_file_option,
    order_by_option,
    repository_argument,
    where_option,
)
from ..output import print_json
from ..retired import offset_option
from ..splitting import split_commas
from ..tables import print_table

if TYPE_CHECKING:
    from ...dataset import DatasetType
    from ...dimensions import DataCoordinate


@click.command(short_help="List data IDs of dimensions or datasets.")
@repository_argument
@click.argument("dimensions", metavar="[DIMENSION...]", nargs=-1, callback=split_commas)
@collections_option("Where to look for the --datasets; in all collections if not given.")
@datasets_option
@where_option
@order_by_option
@limit_option()
@offset_option
@format_option
@options_file_option
def command(
    repo: str,
    dimensions: tuple[str, ...],
    collections: tuple[str, ...],
    datasets: tuple[str, ...],
    where: str,
    order_by: tuple[str, ...],
    limit: int,
    format_: str,
) -> None:
    """List the data IDs of DIMENSIONS for which there are dimension records.

    With --datasets, those that have datasets of each of these types; DIMENSIONS are the ones that
    the types have in common if none are given. As JSON, each is an object of its dimensions.
    """
    if not dimensions and not datasets:
        raise click.UsageError("say of which DIMENSIONS, such as visit detector, or --datasets.")
    with open_repository(repo) as butler:
        types = types_held(butler, datasets, collections)
        group = butler.dimensions.conform(dimensions or _common(types))
        found: list[DataCoordinate] = []
        if group and bool(types) == bool(datasets):
            results = butler.registry.queryDataIds(
                group,
                datasets=types or None,
                collections=(collections or "*") if types else None,
                where=where,
            )
            results = results.order_by(*order_by) if order_by else results
            found = within_limit(results, limit, "data IDs")
        keys = group.data_coordinate_keys
        if not order_by:
            places = sort_places(butler.dimensions, keys)
            found.sort(key=lambda one: [one.full_values[place] for place in places])
        if format_ == "json":
            print_json(dict(one.mapping) for one in found)
        elif found:
            print_table(keys, [one.full_values for one in found])
        else:
            reason = ": the collections hold no such datasets" if datasets and not types else ""
            click.echo(f"No data IDs{reason}.", err=True)


def _common(types: Sequence[DatasetType]) -> set[str]:
    """Return the dimensions that all of some dataset types have."""
    if not types:
        return set()
    return set.intersection(*(set(one.dimensions.names) for one in types))
