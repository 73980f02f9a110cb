"""``collection-chain``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ..opening import open_repository
from ..options import options_file_option, repository_argument
from ..splitting import split_commas

if TYPE_CHECKING:
    from ...butler_collections import ButlerCollections

_MODES = ("redefine", "extend", "remove", "prepend", "pop")
_MAKES_CHAIN = ("redefine", "extend", "prepend")


@click.command(short_help="Make or change a chain of collections.")
@repository_argument
@click.argument("parent", metavar="PARENT")
@click.argument("children", metavar="[CHILD...]", nargs=-1, callback=split_commas)
@click.option("--doc", default="", help="Documentation of the chain, if it is new.")
@click.option(
    "--flatten/--no-flatten",
    default=False,
    help="Whether the collections of a chain among CHILDREN take its place.",
)
@click.option(
    "--mode",
    type=click.Choice(_MODES),
    default="redefine",
    show_default=True,
    help="redefine: CHILDREN are the chain; extend, prepend: they are added at its end, at its"
    " beginning; remove: they are taken out; pop: so are those at places, of which 0, the default,"
    " is the first and -1 the last.",
)
@options_file_option
def command(
    repo: str, parent: str, children: tuple[str, ...], doc: str, flatten: bool, mode: str
) -> None:
    """Make or change the chain PARENT, and print its children.

    Places from the end come after two dashes: butler-core collection-chain --mode pop REPO PARENT
    -- -1.
    """
    if not children and mode != "pop":
        raise click.UsageError(f"--mode {mode} needs the CHILDREN of the chain.")
    if flatten and mode not in _MAKES_CHAIN:
        raise click.UsageError(f"--flatten has no meaning for --mode {mode}.")
    with open_repository(repo, writeable=True) as butler, butler.transaction():
        from ...collection import CollectionType

        collections = butler.collections
        if mode in _MAKES_CHAIN and parent not in collections.query("*"):
            collections.register(parent, CollectionType.CHAINED, doc or None)
        given: Sequence[str] = children
        if flatten:
            given = collections.query(children, flatten_chains=True)
        if mode == "redefine":
            collections.redefine_chain(parent, given)
        elif mode == "extend":
            collections.extend_chain(parent, given)
        elif mode == "prepend":
            collections.prepend_chain(parent, given)
        else:
            gone = _at_places(collections, parent, given) if mode == "pop" else given
            collections.remove_from_chain(parent, gone)
        shown = ", ".join(collections.get_info(parent).children)
    click.echo(f"[{shown}]")


def _at_places(collections: ButlerCollections, parent: str, places: Sequence[str]) -> list[str]:
    """Return the children at some places of a chain."""
    children = collections.get_info(parent).children
    found = []
    for place in places or ["0"]:
        try:
            found.append(children[int(place)])
        except ValueError:
            raise click.UsageError(
                f"--mode pop takes places in the chain, such as 0 or -1, not {place!r}."
            ) from None
        except IndexError:
            raise click.ClickException(
                f"chain {parent!r} has no child at place {place}: it is [{', '.join(children)}]"
            ) from None
    return found
