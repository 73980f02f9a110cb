"""``prune-datasets``."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

from ..dataset_tables import print_datasets
from ..found_datasets import DatasetChoice, has_glob
from ..opening import open_repository
from ..options import confirm_option, options_file_option, repository_argument, where_option
from ..splitting import split_commas

if TYPE_CHECKING:
    from ...butler import Butler
    from ...dataset import DatasetRef


@click.command(short_help="Remove datasets, or their files or tags.")
@repository_argument
@click.argument("collections", metavar="[COLLECTION...]", nargs=-1, callback=split_commas)
@click.option(
    "--datasets",
    metavar="GLOB,...",
    multiple=True,
    callback=split_commas,
    help="Names and globs of the dataset types to prune.",
)
@click.option(
    "--find-all",
    is_flag=True,
    help="Prune datasets in all COLLECTIONS, and not, of those with the same data ID, the one in"
    " the first alone.",
)
@where_option
@click.option(
    "--disassociate",
    "tags",
    metavar="TAG,...",
    multiple=True,
    callback=split_commas,
    help="Take them out of these tagged collections.",
)
@click.option(
    "--purge",
    metavar="RUN",
    help="Remove them wholly, files, tags and validity ranges too. RUN is what is searched where"
    " no COLLECTION is given.",
)
@click.option("--unstore", is_flag=True, help="Remove their files; the registry still knows them.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@confirm_option
@click.option("--quiet", is_flag=True, help="Neither ask nor say anything.")
@options_file_option
def command(
    repo: str,
    collections: tuple[str, ...],
    datasets: tuple[str, ...],
    find_all: bool,
    where: str,
    tags: tuple[str, ...],
    purge: str | None,
    unstore: bool,
    dry_run: bool,
    confirm: bool,
    quiet: bool,
) -> None:
    """Remove datasets of COLLECTIONS, or their files, or take them out of tagged collections."""
    removal = _Removal(tags, purge is not None, unstore)
    if quiet and dry_run:
        raise click.ClickException("--quiet and --dry-run leave nothing to be done: give one")
    if purge is not None and tags:
        raise click.ClickException(
            "--purge takes datasets out of all tagged collections: give it without --disassociate"
        )
    if purge is None and not tags and not unstore:
        raise click.ClickException("say what to do: --purge, --unstore or --disassociate")
    searched = collections or ((purge,) if purge is not None else tags)
    if not searched:
        raise click.ClickException("say in which COLLECTIONS to search; '*' is all of them")
    if has_glob(searched) and not find_all:
        raise click.ClickException("globs of COLLECTIONS need --find-all")
    with open_repository(repo, writeable=not dry_run) as butler:
        if purge is not None:
            _check_run(butler, purge)
        choice = DatasetChoice(datasets, searched, where, find_first=not find_all)
        found = list(choice.find(butler))
        if not found:
            click.echo("No datasets were found.", err=quiet)
            return
        is_asked = confirm and not quiet and not dry_run
        if dry_run or is_asked:
            click.echo(removal.told("would be" if dry_run else "will be"))
            print_datasets(found)
        if dry_run:
            return
        if is_asked and not click.confirm("Continue?", default=False):
            click.echo("Nothing was removed.")
            return
        removal.do(butler, [ref for _, refs in found for ref in refs])
    if is_asked:
        click.echo("It was done.")
    elif not quiet:
        click.echo(removal.told("were"))
        print_datasets(found)


@dataclasses.dataclass(frozen=True, slots=True)
class _Removal:
    """What shall happen to datasets."""

    tags: tuple[str, ...]
    purge: bool
    unstore: bool

    def told(self, verb: str) -> str:
        """Return the sentence above the table of datasets."""
        if self.purge:
            what = f"{verb} removed, with their files and from all collections"
        else:
            parts = []
            if self.tags:
                parts.append(f"{verb} taken out of {', '.join(self.tags)}")
            if self.unstore:
                parts.append(f"{verb} left without their files")
            what = " and ".join(parts)
        return f"These datasets {what}:"

    def do(self, butler: Butler, refs: list[DatasetRef]) -> None:
        """Do it."""
        butler.pruneDatasets(
            refs,
            disassociate=self.purge or bool(self.tags),
            unstore=self.purge or self.unstore,
            tags=self.tags,
            purge=self.purge,
        )


def _check_run(butler: Butler, name: str) -> None:
    """Raise `click.ClickException` if a collection is not a run."""
    from ...collection import CollectionType

    kind = butler.collections.get_info(name).type
    if kind is not CollectionType.RUN:
        raise click.ClickException(f"--purge names a run, and {name!r} is {kind}")
