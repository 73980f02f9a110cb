"""``remove-runs``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ...collection import CollectionInfo, CollectionType
from ..opening import open_repository
from ..options import confirm_option, options_file_option, repository_argument

if TYPE_CHECKING:
    from ...butler import Butler


@click.command(short_help="Remove runs with datasets and files.")
@repository_argument
@click.argument("collection", metavar="COLLECTION")
@confirm_option
@click.option(
    "--force",
    is_flag=True,
    help="Take runs out of the chains that hold them without asking; --no-confirm needs it then.",
)
@options_file_option
def command(repo: str, collection: str, confirm: bool, force: bool) -> None:
    """Remove the runs that COLLECTION, a name or a glob, names, with their datasets and files."""
    with open_repository(repo, writeable=True) as butler:
        runs = butler.collections.query_info(collection, CollectionType.RUN, include_parents=True)
        if not runs:
            click.echo("No run has such a name.")
            return
        counts = _counts(butler, runs)
        held = [info for info in runs if info.parents]
        if not confirm and held and not force:
            raise click.ClickException(
                f"{'; '.join(map(_holders, held))}: --force takes runs out of their chains, and"
                " without --no-confirm you are asked"
            )
        if confirm:
            _tell(runs, counts, "will be")
            if not click.confirm("Continue?", default=False):
                click.echo("Nothing was removed.")
                return
        butler.removeRuns([info.name for info in runs], unlink_from_chains=True)
        if confirm:
            click.echo("They were removed.")
        else:
            _tell(runs, counts, "were")


def _counts(butler: Butler, runs: Sequence[CollectionInfo]) -> Counter[str]:
    """Return how many datasets some runs have together, by the names of their types."""
    from ...registry.dataset_counts import count_in_runs

    repository = butler._repository
    names = {record.key: record.dataset_type.name for record in repository.dataset_types}
    counts: Counter[str] = Counter()
    records = [repository.collections.get(info.name) for info in runs]
    for (_, dataset_type), count in count_in_runs(repository.database, records).items():
        counts[names[dataset_type]] += count
    return counts


def _holders(run: CollectionInfo) -> str:
    parents = " and ".join(repr(name) for name in sorted(run.parents or ()))
    return f"run {run.name!r} is in chain {parents}"


def _tell(runs: Sequence[CollectionInfo], counts: Counter[str], verb: str) -> None:
    """Say what will go, or what went."""
    click.echo(f"These runs {verb} removed:")
    for run in runs:
        parents = ", ".join(repr(name) for name in sorted(run.parents or ()))
        click.echo(f"{run.name}, {verb} taken out of {parents}" if parents else run.name)
    if not counts:
        click.echo(f"No datasets {verb} removed with them.")
        return
    click.echo(f"These datasets {verb} removed with them, {counts.total()} in all:")
    click.echo(", ".join(f"{name}({count})" for name, count in sorted(counts.items())))
