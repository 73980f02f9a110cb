"""``summary``."""

from __future__ import annotations

import click

from ..opening import open_repository
from ..options import format_option, options_file_option, repository_argument


@click.command(short_help="Show at a glance what there is.")
@repository_argument
@click.option(
    "--check-files/--no-check-files",
    default=True,
    help="Whether to look for files that are missing, and for those that nobody knows.",
)
@format_option
@options_file_option
def command(repo: str, check_files: bool, format_: str) -> None:
    """Show at a glance what a repository holds.

    That is its collections as a tree, dataset types with counts, instruments and sky maps with the
    time of their observations, and files that are missing or that no dataset has.

    As JSON, it is one object with collections, dataset_types, instruments, skymaps and files, each
    with all of what it has.
    """
    with open_repository(repo) as butler:
        from ...repository_summary import summarize
        from ..summary_text import print_summary, summary_object

        summary = summarize(butler, check_files=check_files)
        if format_ == "json":
            import json

            click.echo(json.dumps(summary_object(summary), indent=2))
        else:
            print_summary(repo, summary)
