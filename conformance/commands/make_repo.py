"""``butler-conformance make-repo``: build a test repository."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.console import reason


@click.command("make-repo")
@click.argument("recipe")
@click.argument("destination", type=click.Path(path_type=Path))
@click.option(
    "--full-size",
    is_flag=True,
    help="Images of 2048 x 4176 pixels (3.2 GB in all) instead of 512 x 1044 (86 MB).",
)
def command(recipe: str, destination: Path, full_size: bool) -> None:
    """Build the repository of RECIPE, such as ci_hsc, below DESTINATION.

    DESTINATION is a folder that is empty or not there yet. The repository appears in it when it
    is whole.
    """
    from conformance import recipes
    from conformance.progress import ProgressLine, terminal
    from conformance.staging import staged

    try:
        found = recipes.load(recipe)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from error
    try:
        with ProgressLine(terminal(stderr=True)) as line, staged(destination) as folder:
            line.show(f"making {recipe}", 0, 1)
            root = found.make(folder, full_size=full_size, progress=line.show)
            place = destination / root.relative_to(folder)
    except Exception as error:
        text = f"{recipe} cannot be made below {destination}: {reason(error)}."
        raise click.ClickException(text) from error
    click.echo(place)
