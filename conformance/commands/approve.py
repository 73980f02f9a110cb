"""``butler-conformance approve``: make what is drawn today the picture to compare with."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.commands import ci_hsc, options
from conformance.console import NothingJudgedError, reason

if TYPE_CHECKING:
    from conformance.pictures.approving import Proposal


@click.command("approve")
@click.argument("name")
@click.option("--reason", "why", required=True, help="Why the picture is right; it is kept.")
@options.butler("The Butler that draws")
@options.suite("pictures")
@options.repository("")
@click.option(
    "--pictures",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("report/approve"),
    show_default=True,
    help="Folder for the pictures to look at.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(
    name: str,
    why: str,
    butler: str,
    folders: tuple[Path, ...],
    repo: Path | None,
    output: Path,
    yes: bool,
) -> None:
    """Draw NAME, such as cell-11-pixels, show what is new, and approve it.

    Nothing is written among the approved pictures before you say yes. Exit status: 0 where it was
    approved, 1 where it was not, 2 where it could not be drawn.
    """
    if not why.strip():
        raise click.BadParameter("it is empty; say why the picture is right", param_hint="--reason")
    if not yes and not can_ask():
        raise click.UsageError("there is no terminal to ask on; write --yes")
    with ExitStack() as stack:
        proposal = _proposal(stack, name, why, butler, folders, repo)
        try:
            paths = proposal.show(output)
        except OSError as error:
            raise click.ClickException(f"no pictures to look at: {reason(error)}.") from error
        for line in proposal.news():
            click.echo(line)
        for path in paths:
            click.echo(path)
        if not yes and not click.confirm(f"Approve {name}?"):
            raise click.ClickException(f"{name} stays as it was.")
        try:
            proposal.approve()
        except OSError as error:
            text = f"{name} stays as it was: it cannot be written: {reason(error)}."
            raise click.ClickException(text) from error
    click.echo(f"{name} is approved: {proposal.folder / name}.png and .json")


def can_ask() -> bool:
    """Return whether somebody can answer."""
    return sys.stdin is not None and sys.stdin.isatty()


def _proposal(
    stack: ExitStack,
    name: str,
    why: str,
    butler: str,
    folders: tuple[Path, ...],
    repo: Path | None,
) -> Proposal:
    from conformance.implementations import ImplementationError
    from conformance.implementations.loading import load
    from conformance.notebook.runner import Notebook
    from conformance.pictures.approving import ApprovalError, propose
    from conformance.pictures.declaring import PictureError
    from conformance.pictures.source import Pictures
    from conformance.suite import Suite
    from conformance.workplace import Workplace

    try:
        notebook = Notebook(load(butler))
        pictures = Pictures(notebook, [folder.resolve() for folder in folders])
        place = Workplace(
            find_ci_hsc=lambda: ci_hsc.found_with_progress(stack, repo),
            scratch=ci_hsc.scratch_folder(stack),
        )
        suite = Suite(notebook.implementation, place=place, sources=[notebook, pictures])
        return propose(name, why, pictures, suite)
    except (ImplementationError, PictureError, ApprovalError) as error:
        raise NothingJudgedError(str(error)) from error
