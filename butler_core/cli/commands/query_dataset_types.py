"""``query-dataset-types``."""

from __future__ import annotations

import click

from ..opening import open_repository
from ..options import (
    collections_option,
    format_option,
    globs_argument,
    options_file_option,
    repository_argument,
)
from ..output import print_json
from ..tables import print_table


@click.command(short_help="List dataset types.")
@repository_argument
@globs_argument()
@click.option("-v", "--verbose", is_flag=True, help="Show dimensions and storage classes too.")
@collections_option("Only types of which one of these collections may hold datasets.")
@format_option
@options_file_option
def command(
    repo: str, glob: tuple[str, ...], verbose: bool, collections: tuple[str, ...], format_: str
) -> None:
    """List the dataset types that GLOB names, or all of them.

    As JSON, each is an object with name, dimensions, storage_class and is_calibration.
    """
    with open_repository(repo) as butler:
        types = sorted(butler.registry.queryDatasetTypes(glob or ...), key=lambda one: one.name)
        if collections:
            held: set[str] = set()
            for info in butler.collections.query_info(collections, include_summary=True):
                held |= info.dataset_types or frozenset()
            types = [one for one in types if one.name in held]
        if format_ == "json":
            print_json(
                {
                    "name": one.name,
                    "dimensions": list(one.dimensions.names),
                    "storage_class": one.storageClass_name,
                    "is_calibration": one.isCalibration(),
                }
                for one in types
            )
        elif not types:
            click.echo("No dataset types.", err=True)
        elif verbose:
            print_table(
                ("name", "dimensions", "storage class"),
                [(one.name, list(one.dimensions.names), one.storageClass_name) for one in types],
                align="<",
            )
        else:
            print_table(("name",), [(one.name,) for one in types], align="<")
