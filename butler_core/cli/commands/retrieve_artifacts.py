"""``retrieve-artifacts``."""

from __future__ import annotations

import itertools
from typing import Any

import click

from ..found_datasets import DatasetChoice
from ..opening import open_repository
from ..options import (
    dataset_options,
    dataset_types_option,
    options_file_option,
    repository_argument,
    transfer_option,
)


@click.command(short_help="Copy the files of datasets to a folder.")
@repository_argument
@click.argument("destination", metavar="DESTINATION", type=click.Path(file_okay=False))
@dataset_types_option()
@dataset_options()
@transfer_option
@click.option("-v", "--verbose", is_flag=True, help="Print where each file is now.")
@click.option(
    "--preserve-path/--no-preserve-path",
    default=True,
    help="Whether files keep the folders that they are in, or all go into DESTINATION itself.",
)
@click.option(
    "--clobber/--no-clobber", default=False, help="Whether to replace files that are there already."
)
@click.option(
    "--zip/--no-zip", "zip_", default=False, help="Whether to put the files into one Zip file."
)
@options_file_option
def command(
    repo: str,
    destination: str,
    dataset_type: tuple[str, ...],
    transfer: str,
    verbose: bool,
    preserve_path: bool,
    clobber: bool,
    zip_: bool,
    **choice: Any,
) -> None:
    """Copy the files of the datasets that the options choose to the folder DESTINATION."""
    with open_repository(repo) as butler:
        found = DatasetChoice(dataset_type, **choice).find(butler, with_dimension_records=True)
        refs = list(itertools.chain.from_iterable(refs for _, refs in found))
        if not refs:
            click.echo("No datasets.", err=True)
            return
        if zip_:
            click.echo(butler.retrieve_artifacts_zip(refs, destination, overwrite=clobber).path)
            return
        files = butler.retrieveArtifacts(
            refs,
            destination=destination,
            transfer=transfer,
            preserve_path=preserve_path,
            overwrite=clobber,
        )
        if verbose:
            for file in files:
                click.echo(str(file))
        click.echo(f"Files in {destination}: {len(files)}")
