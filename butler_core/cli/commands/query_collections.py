"""``query-collections``."""

from __future__ import annotations

import click

from ..opening import open_repository
from ..options import format_option, globs_argument, options_file_option, repository_argument
from ..output import print_json
from ..splitting import split_commas
from ..tables import print_table

_TYPES = ("RUN", "TAGGED", "CHAINED", "CALIBRATION")
_CHAINS = ("TABLE", "INVERSE-TABLE", "TREE", "INVERSE-TREE", "FLATTEN", "NO-CHILDREN")


@click.command(short_help="List collections, and what chains hold.")
@repository_argument
@globs_argument()
@click.option(
    "--collection-type",
    multiple=True,
    type=click.Choice(_TYPES, case_sensitive=False),
    help="List collections of this type; may be given several times.",
)
@click.option(
    "--chains",
    type=click.Choice(_CHAINS, case_sensitive=False),
    default="TREE",
    show_default=True,
    help="How chains are shown. TREE: children below each chain, and theirs below them;"
    " TABLE: children in a column; INVERSE-TREE and INVERSE-TABLE: likewise, the chains that hold"
    " a collection; FLATTEN: what chains hold in their place; NO-CHILDREN: chains alone.",
)
@click.option(
    "-t",
    "--show-dataset-types",
    is_flag=True,
    help="Show the dataset types that a collection may hold.",
)
@click.option(
    "--exclude-dataset-types",
    multiple=True,
    metavar="GLOB,...",
    default=["*_config,*_log,*_metadata,packages"],
    show_default=True,
    callback=split_commas,
    help="Dataset types not to show.",
)
@format_option
@options_file_option
def command(
    repo: str,
    glob: tuple[str, ...],
    collection_type: tuple[str, ...],
    chains: str,
    show_dataset_types: bool,
    exclude_dataset_types: tuple[str, ...],
    format_: str,
) -> None:
    """List the collections that GLOB names, or all of them.

    As JSON, each is an object with name, type, doc, children, and where they are asked for parents
    and dataset_types; a tree is a list of all that are in it.
    """
    with open_repository(repo) as butler:
        from ...collection import CollectionType
        from ..collection_tables import CollectionListing

        listing = CollectionListing(
            butler.collections,
            glob,
            frozenset(CollectionType.from_name(name) for name in collection_type),
            chains.upper(),
            exclude_dataset_types if show_dataset_types else None,
        )
        if format_ == "json":
            print_json(listing.objects())
            return
        rows = list(listing.rows())
        if rows:
            print_table(listing.header(), rows, align="<")
