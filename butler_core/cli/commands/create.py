"""``create``."""

from __future__ import annotations

import click

from ..options import options_file_option, repository_argument

_FILE = click.Path(exists=True, dir_okay=False)


@click.command(short_help="Make an empty repository.")
@repository_argument
@click.option(
    "--seed-config", type=_FILE, help="YAML file with what shall differ from the defaults."
)
@click.option(
    "--dimension-config", type=_FILE, help="YAML file with another universe of dimensions."
)
@click.option(
    "--standalone",
    is_flag=True,
    help="State in its configuration how files are named and written, so that no later version"
    " does it otherwise.",
)
@click.option(
    "--override",
    is_flag=True,
    help="Keep the root of the datastore and the database that --seed-config names, which"
    " butler-core does without it, too.",
)
@click.option(
    "-f",
    "--outfile",
    metavar="FILE",
    help="Where to write its configuration, if not to butler.yaml in REPO.",
)
@options_file_option
def command(
    repo: str,
    seed_config: str | None,
    dimension_config: str | None,
    standalone: bool,
    override: bool,
    outfile: str | None,
) -> None:
    """Make an empty repository at REPO."""
    from ...butler import Butler

    Butler.makeRepo(repo, seed_config, dimension_config, standalone=standalone, outfile=outfile)
