"""``remove-collections``."""

from __future__ import annotations

from collections.abc import Sequence

import click

from ...collection import CollectionInfo, CollectionType
from ..opening import open_repository
from ..options import confirm_option, options_file_option, repository_argument
from ..tables import print_table


@click.command(short_help="Remove collections, but no runs.")
@repository_argument
@click.argument("collection", metavar="COLLECTION")
@confirm_option
@click.option(
    "--remove-from-parents",
    is_flag=True,
    help="Take them out of the chains that hold them, which keep them otherwise.",
)
@options_file_option
def command(repo: str, collection: str, confirm: bool, remove_from_parents: bool) -> None:
    """Remove the collections that COLLECTION, a name or a glob, names, but for runs.

    Datasets stay, as they are in runs: remove-runs removes those.
    """
    with open_repository(repo, writeable=True) as butler:
        found = butler.collections.query_info(collection, include_parents=True)
        found.sort(key=lambda info: info.name)
        runs = [info for info in found if info.type is CollectionType.RUN]
        gone = [info for info in found if info.type is not CollectionType.RUN]
        if not remove_from_parents:
            _refuse_held(gone)
        if confirm or not gone:
            _tell(gone, runs, remove_from_parents, "will be")
        if not gone:
            return
        if confirm and not click.confirm("Continue?", default=False):
            click.echo("Nothing was removed.")
            return
        with butler.transaction():
            if remove_from_parents:
                for info in gone:
                    for parent in sorted(info.parents or ()):
                        butler.collections.remove_from_chain(parent, info.name)
            for info in _chains_first(gone):
                butler.collections.x_remove(info.name)
        if confirm:
            click.echo("They were removed.")
        else:
            _tell(gone, runs, remove_from_parents, "were")


def _refuse_held(gone: Sequence[CollectionInfo]) -> None:
    """Raise `click.ClickException` if a chain that stays holds one of some collections."""
    names = {info.name for info in gone}
    for info in gone:
        parents = sorted((info.parents or frozenset()) - names)
        if parents:
            raise click.ClickException(
                f"chain {parents[0]!r} holds {info.name!r}: --remove-from-parents takes it out"
            )


def _chains_first(gone: Sequence[CollectionInfo]) -> list[CollectionInfo]:
    """Return collections in an order in which no chain that goes too holds one that goes."""
    left = {info.name: info for info in gone}
    ordered: list[CollectionInfo] = []
    while left:
        free = [info for info in left.values() if not left.keys() & (info.parents or set())]
        ordered += free
        for info in free:
            del left[info.name]
    return ordered


def _tell(
    gone: Sequence[CollectionInfo], runs: Sequence[CollectionInfo], unlink: bool, verb: str
) -> None:
    """Say what will go, or what went."""
    if gone:
        click.echo(f"These collections {verb} removed:")
        rows = [(info.name, info.type.name) for info in gone]
        print_table(("Collection", "Collection Type"), rows, align="<")
    else:
        click.echo("No collection but runs has such a name.")
    links = [(info.name, parent) for info in gone for parent in sorted(info.parents or ())]
    if unlink and links:
        click.echo(f"They {verb} taken out of these chains:")
        print_table(("Child Collection", "Parent Collection"), links, align="<")
    if runs:
        click.echo("These are runs, and stay; remove-runs removes such:")
        print_table(("Collection",), [(info.name,) for info in runs], align="<")
