"""``ingest-zip``."""

from __future__ import annotations

import click

from ..opening import open_repository
from ..options import options_file_option, repository_argument, transfer_option


@click.command(short_help="Take in a Zip file of datasets.")
@repository_argument
@click.argument("zip_file", metavar="ZIP")
@transfer_option
@click.option(
    "--transfer-dimensions/--no-transfer-dimensions",
    default=False,
    help="Whether to take over the dimension records that are in the file.",
)
@click.option("--dry-run/--no-dry-run", default=False, help="Whether to write nothing.")
@options_file_option
def command(
    repo: str, zip_file: str, transfer: str, transfer_dimensions: bool, dry_run: bool
) -> None:
    """Take in the Zip file that `retrieve-artifacts --zip` wrote.

    It stays one file, from which datasets are read. The dimension records must be there already, or
    in the file.
    """
    with open_repository(repo, writeable=True) as butler:
        butler.ingest_zip(
            zip_file, transfer=transfer, transfer_dimensions=transfer_dimensions, dry_run=dry_run
        )
