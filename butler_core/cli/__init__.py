"""The command ``butler-core``: a repository from the shell."""

from __future__ import annotations

from typing import Any

import click

from .group import CommandFolder
from .logs import log_options, set_up_logs

__all__ = ["main"]


@click.group(
    cls=CommandFolder,
    package=f"{__name__}.commands",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="butler-conformance")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long to wait for a database that another process has locked; 30 if not given.",
)
@log_options
def main(timeout: float | None, **logging: Any) -> None:
    """Look into a Butler repository, fill it, or make an empty one.

    Names and options are those of LSST's `butler`; queries take --format json
    besides.

    To have one to look into, `butler-conformance make-repo ci_hsc DEST` builds the repository of
    the notebook "Exploring the Gen-3 Butler"; its REPO is DEST/DATA.
    """
    set_up_logs(**logging)
