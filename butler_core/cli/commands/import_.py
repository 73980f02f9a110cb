"""``import``."""

from __future__ import annotations

import click

from ..opening import open_repository
from ..options import (
    options_file_option,
    repository_argument,
    track_file_attrs_option,
    transfer_option,
)
from ..splitting import split_commas


@click.command(short_help="Import what was exported.")
@repository_argument
@click.argument("directory", metavar="DIRECTORY", type=click.Path(exists=True, file_okay=False))
@transfer_option
@click.option(
    "--export-file",
    metavar="FILE",
    help="What `export` wrote: here, or in DIRECTORY; export.yaml if not given.",
)
@click.option(
    "-s",
    "--skip-dimensions",
    metavar="NAME,...",
    multiple=True,
    callback=split_commas,
    help="Dimension elements whose records are not imported.",
)
@track_file_attrs_option
@options_file_option
def command(
    repo: str,
    directory: str,
    transfer: str,
    export_file: str | None,
    skip_dimensions: tuple[str, ...],
    track_file_attrs: bool,
) -> None:
    """Import what was exported, whose files are in DIRECTORY.

    What is there already stays as it is.
    """
    with open_repository(repo, writeable=True) as butler:
        butler.import_(
            directory=directory,
            filename=export_file,
            format="yaml",
            transfer=transfer,
            skip_dimensions=set(skip_dimensions) or None,
            record_validation_info=track_file_attrs,
        )
