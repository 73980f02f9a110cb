"""Options that LSST's command still takes, and that have no meaning any more."""

from __future__ import annotations

import click

__all__ = ["no_check_option", "offset_option"]


def _refuse(context: click.Context, parameter: click.Parameter, value: int) -> None:
    if value:
        raise click.BadParameter(
            "results have no fixed place that could be counted from: --order-by and --where choose"
            " a part of them.",
            context,
            parameter,
        )


def _warn(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo("Warning: --no-check has no effect.", err=True)


offset_option = click.option(
    "--offset", type=int, default=0, hidden=True, expose_value=False, callback=_refuse
)

no_check_option = click.option(
    "--no-check", is_flag=True, hidden=True, expose_value=False, callback=_warn
)
