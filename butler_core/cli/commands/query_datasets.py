"""``query-datasets``."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..found_datasets import DatasetChoice, sort_places
from ..opening import open_repository
from ..options import (
    dataset_options,
    format_option,
    globs_argument,
    options_file_option,
    repository_argument,
)
from ..output import print_json
from ..tables import print_table

if TYPE_CHECKING:
    from ...butler import Butler
    from ...dataset import DatasetRef


@click.command()
@repository_argument
@globs_argument()
@dataset_options()
@click.option("--show-uri", is_flag=True, help="Show where the files are.")
@format_option
@options_file_option
def command(repo: str, glob: tuple[str, ...], show_uri: bool, format_: str, **choice: Any) -> None:
    """List datasets whose types GLOB names, or all of them, with a table for each type.

    As JSON, each is an object with type, run, id, data_id, and uri where it is asked for.
    """
    with open_repository(repo) as butler:
        found = DatasetChoice(glob, **choice).find(butler)
        if format_ == "json":
            print_json(_objects(butler, (ref for _, refs in found for ref in refs), show_uri))
            return
        for dataset_type, refs in found:
            click.echo()
            names = dataset_type.dimensions.data_coordinate_keys
            rows = list(_rows(butler, refs, show_uri))
            if not choice["order_by"]:
                places = [3 + place for place in sort_places(butler.dimensions, names)]
                rows.sort(key=operator.itemgetter(1, *places))
            print_table(("type", "run", "id", *names, *(["URI"] if show_uri else [])), rows)
        click.echo()


def _rows(butler: Butler, refs: list[DatasetRef], show_uri: bool) -> Iterator[tuple[Any, ...]]:
    for ref in refs:
        row = (ref.datasetType.name, ref.run, ref.id, *ref.dataId.full_values)
        yield (*row, _uri(butler, ref)) if show_uri else row


def _objects(
    butler: Butler, refs: Iterator[DatasetRef], show_uri: bool
) -> Iterator[dict[str, Any]]:
    for ref in refs:
        found: dict[str, Any] = {
            "type": ref.datasetType.name,
            "run": ref.run,
            "id": str(ref.id),
            "data_id": dict(ref.dataId.mapping),
        }
        if show_uri:
            found["uri"] = _uri(butler, ref)
        yield found


def _uri(butler: Butler, ref: DatasetRef) -> str:
    return str(butler.getURI(ref, predict=True))
