"""``query-datasets``."""

from __future__ import annotations

import itertools
from typing import Any

import click

from ..dataset_tables import dataset_objects, print_datasets
from ..found_datasets import DatasetChoice
from ..opening import open_repository
from ..options import (
    dataset_options,
    format_option,
    globs_argument,
    options_file_option,
    repository_argument,
)
from ..output import print_json


@click.command(short_help="List datasets.")
@repository_argument
@globs_argument()
@dataset_options()
@click.option("--show-uri", is_flag=True, help="Show where the files are.")
@format_option
@options_file_option
def command(repo: str, glob: tuple[str, ...], show_uri: bool, format_: str, **choice: Any) -> None:
    """List datasets whose types GLOB names, or all of them, with a table for each type.

    As JSON, each is an object with type, run, id, data_id, and with --show-uri uri, which is null
    where component_uris say where its parts are.
    """
    with open_repository(repo) as butler:
        found = DatasetChoice(glob, **choice).find(butler)
        uris = butler if show_uri else None
        if format_ == "json":
            refs = itertools.chain.from_iterable(refs for _, refs in found)
            print_json(dataset_objects(refs, uris=uris))
        else:
            print_datasets(found, uris=uris, is_ordered=bool(choice["order_by"]))
