"""The command ``butler-conformance``."""

from __future__ import annotations

import click

from conformance.commands import approve, bench, gate, lint, make_repo, prove, replay, run, schema
from conformance.console import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="butler-conformance")
def main() -> None:
    """Judge Gen-3 Butlers by what a notebook of 2020 and its users expect of them."""


for module in (run, replay, gate, prove, bench, approve, lint, make_repo, schema):
    main.add_command(module.command)
