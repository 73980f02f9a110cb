"""Arguments and options that commands share, with the names that LSST's command gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import click

from .options_file import options_file_option
from .splitting import split_commas

__all__ = [
    "collections_option",
    "confirm_option",
    "dataset_options",
    "dataset_types_option",
    "find_first_option",
    "format_option",
    "globs_argument",
    "limit_option",
    "options_file_option",
    "order_by_option",
    "repository_argument",
    "track_file_attrs_option",
    "transfer_option",
    "where_option",
]

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Decorator: TypeAlias = "Callable[[_Function], _Function]"

TRANSFERS = ("auto", "link", "symlink", "hardlink", "copy", "move", "relsymlink", "direct")

repository_argument = click.argument("repo", metavar="REPO")


def globs_argument(name: str = "glob", metavar: str = "GLOB...") -> _Decorator[Any]:
    """Return an argument that takes names and globs, several with commas or spaces."""
    return click.argument(name, metavar=f"[{metavar}]", nargs=-1, callback=split_commas)


def dataset_types_option(help: str = "Names and globs of dataset types.") -> _Decorator[Any]:
    """Return ``-d``, ``--dataset-type``."""
    return click.option(
        "-d", "--dataset-type", metavar="GLOB,...", multiple=True, callback=split_commas, help=help
    )


def collections_option(help: str = "") -> _Decorator[Any]:
    """Return ``--collections``."""
    return click.option(
        "--collections",
        metavar="GLOB,...",
        multiple=True,
        callback=split_commas,
        help=help or "Names and globs of the collections to search, in order; all if not given.",
    )


def limit_option(default: int = -20_000) -> _Decorator[Any]:
    """Return ``--limit``."""
    return click.option(
        "--limit",
        type=int,
        default=default,
        show_default=True,
        help="How many results at most, 0 being all of them;"
        " a negative number is a limit that warns where there are more.",
    )


where_option = click.option(
    "--where",
    default="",
    metavar="EXPRESSION",
    help="Condition on dimensions and the fields of their records,"
    " such as \"visit.exposure_time > 30 AND band = 'r'\".",
)

find_first_option = click.option(
    "--find-first/--no-find-first",
    default=False,
    help="Whether, of datasets with the same data ID, only the one in the first collection is"
    " found; --collections must name them then, without globs.",
)

order_by_option = click.option(
    "--order-by",
    multiple=True,
    metavar="NAME,...",
    callback=split_commas,
    help="Dimensions and fields to order by, such as visit or visit.timespan.begin;"
    " descending with - before.",
)

confirm_option = click.option(
    "--confirm/--no-confirm",
    default=True,
    help="Whether to say what would happen, and ask; it is the default.",
)

transfer_option = click.option(
    "-t",
    "--transfer",
    type=click.Choice(TRANSFERS, case_sensitive=False),
    default="auto",
    show_default=True,
    help="How files get to where they shall be.",
)

track_file_attrs_option = click.option(
    "--track-file-attrs/--no-track-file-attrs",
    default=True,
    help="Whether sizes of files are recorded, which is the default.",
)

format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json"], case_sensitive=False),
    default="table",
    show_default=True,
    help="A table for people, or for programs a JSON list of objects.",
)


def dataset_options(
    *, limit: int = -20_000, order_by: bool = True
) -> Callable[[_Function], _Function]:
    """Return a decorator with the options that choose datasets, but for their types."""

    def decorate(function: _Function) -> _Function:
        chosen = [collections_option(), where_option, find_first_option, limit_option(limit)]
        if order_by:
            chosen.append(order_by_option)
        for option in reversed(chosen):
            function = option(function)
        return function

    return decorate
