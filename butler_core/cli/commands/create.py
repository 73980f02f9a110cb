"""``create``."""

from __future__ import annotations

import click

from ..options import options_file_option, repository_argument

_FILE = click.Path(exists=True, dir_okay=False)


@click.command()
@repository_argument
@click.option(
    "--seed-config", type=_FILE, help="YAML file with what shall differ from the defaults."
)
@click.option(
    "--dimension-config", type=_FILE, help="YAML file with another universe of dimensions."
)
@options_file_option
def command(repo: str, seed_config: str | None, dimension_config: str | None) -> None:
    """Make an empty repository at REPO."""
    from ...butler import Butler

    Butler.makeRepo(repo, seed_config, dimension_config)
