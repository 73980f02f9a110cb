"""``associate``."""

from __future__ import annotations

from typing import Any

import click

from ..found_datasets import DatasetChoice
from ..opening import open_repository
from ..options import (
    dataset_options,
    dataset_types_option,
    options_file_option,
    repository_argument,
)


@click.command(short_help="Add datasets to a tagged collection.")
@repository_argument
@click.argument("collection", metavar="COLLECTION")
@dataset_types_option()
@dataset_options(limit=0, order_by=False)
@options_file_option
def command(repo: str, collection: str, dataset_type: tuple[str, ...], **choice: Any) -> None:
    """Add the datasets that the options choose to the tagged collection COLLECTION.

    It is made if there is none.
    """
    with open_repository(repo, writeable=True) as butler, butler.transaction():
        from ...collection import CollectionType

        butler.collections.register(collection, CollectionType.TAGGED)
        for _, refs in DatasetChoice(dataset_type, **choice).find(butler):
            butler.registry.associate(collection, refs)
