"""``export``."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..found_datasets import DatasetChoice
from ..new_folder import made_folder
from ..opening import open_repository
from ..options import (
    dataset_options,
    dataset_types_option,
    options_file_option,
    repository_argument,
    transfer_option,
)

if TYPE_CHECKING:
    from ...butler import Butler
    from ...dataset import DatasetRef


@click.command(short_help="Export datasets for another repository.")
@repository_argument
@click.argument("directory", metavar="DIRECTORY", type=click.Path(file_okay=False, path_type=Path))
@dataset_types_option()
@dataset_options(limit=0, order_by=False)
@click.option(
    "--only-stored",
    is_flag=True,
    help="Leave out datasets that have no file, which are an error otherwise.",
)
@transfer_option
@click.option(
    "--export-file",
    metavar="FILE",
    default="export.yaml",
    show_default=True,
    help="Name, in DIRECTORY, of the file that says what is exported.",
)
@options_file_option
def command(
    repo: str,
    directory: Path,
    dataset_type: tuple[str, ...],
    only_stored: bool,
    transfer: str,
    export_file: str,
    **choice: Any,
) -> None:
    """Export the datasets that the options choose to DIRECTORY, for `import`.

    With them go their dimension records, and the collections that were searched: runs, chains, and
    the tagged and calibration collections with what of theirs is exported.
    """
    with open_repository(repo) as butler:
        found = DatasetChoice(dataset_type, **choice).find(butler, with_dimension_records=True)
        refs: Iterable[DatasetRef] = itertools.chain.from_iterable(refs for _, refs in found)
        if only_stored:
            refs = _stored(butler, refs)
        names = butler.collections.query(
            choice["collections"] or "*", flatten_chains=True, include_chains=True
        )
        with (
            made_folder(directory),
            butler.export(directory=directory, filename=export_file, transfer=transfer) as export,
        ):
            export.saveDatasets(refs)
            for name in names:
                export.saveCollection(name)


def _stored(butler: Butler, refs: Iterable[DatasetRef]) -> Iterator[DatasetRef]:
    return (ref for ref in refs if butler.datastore.knows(ref))
