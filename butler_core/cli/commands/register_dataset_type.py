"""``register-dataset-type``."""

from __future__ import annotations

import click

from ..opening import open_repository
from ..options import options_file_option, repository_argument
from ..splitting import split_commas


@click.command(short_help="Register a dataset type.")
@repository_argument
@click.argument("dataset_type", metavar="DATASET_TYPE")
@click.argument("storage_class", metavar="STORAGE_CLASS")
@click.argument("dimensions", metavar="[DIMENSION...]", nargs=-1, callback=split_commas)
@click.option(
    "--is-calibration/--no-is-calibration",
    default=False,
    help="Whether its datasets may have validity ranges.",
)
@options_file_option
def command(
    repo: str,
    dataset_type: str,
    storage_class: str,
    dimensions: tuple[str, ...],
    is_calibration: bool,
) -> None:
    """Register a dataset type by its name, its storage class and its dimensions.

    Components come with the whole dataset, and are not registered.
    """
    with open_repository(repo, writeable=True) as butler:
        from ...dataset import DatasetType

        new = DatasetType(
            dataset_type,
            dimensions,
            storage_class,
            universe=butler.dimensions,
            isCalibration=is_calibration,
        )
        if butler.registry.registerDatasetType(new):
            click.echo(f"Registered dataset type {dataset_type!r}.")
        else:
            click.echo(f"Dataset type {dataset_type!r} is registered so already.")
