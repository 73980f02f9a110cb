"""The command ``butler-conformance``."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.progress import ProgressLine


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="butler-conformance")
def main() -> None:
    """Judge Gen-3 Butlers by what a notebook of 2020 and its users expect of them."""


@main.command()
@click.option(
    "--butler",
    default="butler_core",
    show_default=True,
    metavar="NAME",
    help="The Butler to judge: an installed name, or package.module:factory.",
)
@click.option(
    "--registry",
    type=click.Choice(["sqlite"]),
    default="sqlite",
    show_default=True,
    help="The database of the repository.",
)
@click.option(
    "--report",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("report"),
    show_default=True,
    help="Folder for the reports.",
)
@click.option(
    "--repo",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A ci_hsc repository that is there; else one is made for the run.",
)
def run(butler: str, registry: str, report: Path, repo: Path | None) -> None:
    """Run every step of the notebook, and write the report.

    Exit status: 0 where all judged cases passed, 1 where something failed, 2 where nothing
    could be judged.
    """
    from rich.console import Console

    from conformance.implementations.loading import ImplementationError, load
    from conformance.progress import ProgressLine, RunProgress, show_table
    from conformance.repository import RepositoryNotFoundError, locate

    console = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="butler-conformance-") as scratch:
        try:
            load(butler)
            if repo is not None:
                locate(repo)
        except (ImplementationError, RepositoryNotFoundError) as error:
            raise _NothingJudgedError(str(error)) from error
        with ProgressLine(console) as line:
            if repo is None:
                repo = Path(scratch)
                _make_for_run(repo, line)
            listener = RunProgress(line)
            status = _pytest(butler, registry, report, repo, listener)
        found = listener.report
        if found is None:
            raise _NothingJudgedError(f"pytest ended with status {status} before the run was over")
        show_table(Console(), found, report)
    sys.exit(found.exit_status)


@main.command("make-repo")
@click.argument("recipe")
@click.argument("destination", type=click.Path(file_okay=False, path_type=Path))
@click.option("--full-size", is_flag=True, help="Images of 2048 x 4176 pixels, not a quarter.")
def make_repo(recipe: str, destination: Path, full_size: bool) -> None:
    """Build the repository of RECIPE, such as ci_hsc, below DESTINATION."""
    from rich.console import Console

    from conformance.progress import ProgressLine

    if destination.exists() and any(destination.iterdir()):
        raise click.ClickException(f"{destination} is not empty; name a folder that is, or none.")
    with ProgressLine(Console(stderr=True)) as line:
        root = _make(recipe, destination, full_size, line)
    click.echo(root)


def _make_for_run(destination: Path, line: ProgressLine) -> None:
    try:
        _make("ci_hsc", destination, False, line)
    except Exception as error:
        text = f"ci_hsc could not be made: {type(error).__name__}: {error}"
        raise _NothingJudgedError(text) from error


def _make(recipe: str, destination: Path, full_size: bool, line: ProgressLine) -> Path:
    from conformance import recipes

    try:
        found = recipes.load(recipe)
    except LookupError as error:
        raise click.ClickException(str(error.args[0])) from error
    line.show(f"making {recipe}", 0, 1)
    return found.make(destination, full_size=full_size, progress=line.show)


def _pytest(butler: str, registry: str, report: Path, repo: Path, listener: object) -> int:
    """Run the cases in this process, untouched by the settings of the folder we are in."""
    import pytest

    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # a plugin may reorder, repeat or retry
    package = Path(__file__).parent
    arguments = [
        *("-p", "conformance.plugin", "-p", "no:terminal", "-p", "no:cacheprovider"),
        *("-c", os.devnull, "--rootdir", str(package), "--capture", "no"),
        *("--confcutdir", str(package)),
        *("--butler", butler, "--butler-registry", registry),
        *("--butler-report", str(report), "--butler-repo", str(repo)),
        str(package / "test_notebook.py"),
    ]
    return int(pytest.main(arguments, plugins=[listener]))


class _NothingJudgedError(click.ClickException):
    """Nothing could be judged, and so nothing is said of the implementation."""

    exit_code = 2
