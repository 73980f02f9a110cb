"""The option ``--options-file``: values of other options, from a YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

__all__ = ["options_file_option"]


def _read(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Make what a file says of the command the defaults of its options."""
    if not value:
        return
    from ..config import read_yaml
    from ..errors import ButlerUserError, nearest

    name = str(context.info_name)
    try:
        sections = read_yaml(Path(value))
    except (ButlerUserError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise click.BadParameter(f"{value}: {reason}", context, parameter) from error
    section = sections.get(name)
    if not isinstance(section, dict):
        raise click.BadParameter(
            f"{value} has no options of {name!r}{nearest(name, map(str, sections))}",
            context,
            parameter,
        )
    parameters = {
        spelling.lstrip("-"): other
        for other in context.command.params
        for spelling in other.opts
        if other.expose_value
    }
    defaults: dict[str, Any] = {}
    for key, given in section.items():
        if key not in parameters:
            raise click.BadParameter(
                f"{value}: {name} has no option {key!r}{nearest(str(key), parameters)}",
                context,
                parameter,
            )
        target = parameters[key]
        takes_several = target.nargs == -1 or getattr(target, "multiple", False)
        is_alone = takes_several and not isinstance(given, list)
        defaults[str(target.name)] = [given] if is_alone else given
    context.default_map = {**(context.default_map or {}), **defaults}


options_file_option = click.option(
    "-@",
    "--options-file",
    metavar="FILE",
    is_eager=True,
    expose_value=False,
    callback=_read,
    help="YAML file with values of these options, below the name of the command;"
    " what is typed takes precedence.",
)
