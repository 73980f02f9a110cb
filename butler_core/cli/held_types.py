"""The dataset types that ``--datasets`` constrains a query by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .splitting import split_commas

if TYPE_CHECKING:
    from ..butler import Butler
    from ..dataset import DatasetType

__all__ = ["datasets_option", "types_held"]

datasets_option = click.option(
    "--datasets",
    metavar="GLOB,...",
    multiple=True,
    callback=split_commas,
    help="Only what has datasets of each of these types, of those that the collections hold.",
)


def types_held(
    butler: Butler, globs: tuple[str, ...], collections: tuple[str, ...]
) -> list[DatasetType]:
    """Return the dataset types of some names and globs that collections may hold.

    Raises
    ------
    MissingDatasetTypeError, MissingCollectionError
        If what is named, not by a glob, does not exist.
    """
    missing: list[str] = []
    found = butler.registry.queryDatasetTypes(globs, missing=missing)
    for name in missing:
        butler.get_dataset_type(name)  # raises, with the nearest names
    held: set[str] = set()
    for info in butler.collections.query_info(collections or "*", include_summary=True):
        held |= info.dataset_types or frozenset()
    return [one for one in found if one.name in held]
