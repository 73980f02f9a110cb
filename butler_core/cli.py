"""The command ``butler-core``: look into a repository from the shell."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from .butler import Butler

__all__ = ["main"]


class _Command(click.Group):
    """A group whose errors are one line, and exit status 1."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command, and end the process with its status."""
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):  # letters that the terminal lacks become escapes
                stream.reconfigure(errors="backslashreplace")
        try:
            super().main(*args, **extra)
        except OSError as error:
            _discard_output()
            what = error.filename or "the output cannot be written"
            with contextlib.suppress(OSError):
                click.echo(f"Error: {what}: {error.strerror or error}.", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        from .errors import ButlerUserError

        try:
            return super().invoke(ctx)
        except ButlerUserError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="butler-conformance")
def main() -> None:
    """Look into a Butler repository, or make an empty one.

    To have one to look into, `butler-conformance make-repo ci_hsc DEST` builds the repository of
    the notebook "Exploring the Gen-3 Butler"; its REPO is DEST/DATA.
    """


_repository = click.argument("repo", metavar="REPO")


def _globs(name: str) -> Callable[[Any], Any]:
    return click.argument(name, metavar="GLOB...", nargs=-1)


@main.command()
@_repository
@click.option(
    "--seed-config",
    type=click.Path(exists=True, dir_okay=False),
    help="YAML file with what shall differ from the defaults.",
)
def create(repo: str, seed_config: str | None) -> None:
    """Make an empty repository at REPO."""
    from .butler import Butler

    Butler.makeRepo(repo, seed_config)


@main.command("query-collections")
@_repository
@_globs("glob")
def query_collections(repo: str, glob: tuple[str, ...]) -> None:
    """List collections, the children of chains below them."""
    with _open(repo) as butler:
        rows = []
        for info in butler.collections.query_info(glob or "*"):
            rows.append((info.name, info.type.name))
            rows += [
                (f"  {child}", butler.collections.get_info(child).type.name)
                for child in info.children
            ]
        _print_table(("Name", "Type"), rows)


@main.command("query-dataset-types")
@_repository
@_globs("glob")
def query_dataset_types(repo: str, glob: tuple[str, ...]) -> None:
    """List dataset types with their dimensions and storage classes."""
    with _open(repo) as butler:
        types = sorted(butler.registry.queryDatasetTypes(glob or ...))
        _print_table(
            ("name", "dimensions", "storage class"),
            [(one.name, ", ".join(one.dimensions.names), one.storageClass_name) for one in types],
        )


@main.command("query-datasets")
@_repository
@_globs("glob")
@click.option("--collections", default="*", show_default=True, help="Names and globs, with commas.")
@click.option("--limit", type=click.IntRange(min=0), help="How many of each dataset type at most.")
def query_datasets(repo: str, glob: tuple[str, ...], collections: str, limit: int | None) -> None:
    """List datasets, a table for each dataset type."""
    with _open(repo) as butler:
        results = butler.registry.queryDatasets(glob or ..., collections=collections.split(","))
        for refs in results.limit(limit).byParentDatasetType():
            found = list(refs)
            if found:
                keys = found[0].dimensions.required
                rows = [
                    (ref.datasetType.name, ref.run, ref.id, *ref.dataId.required.values())
                    for ref in found
                ]
                _print_table(("type", "run", "id", *keys), rows)


@main.command("query-dimension-records")
@_repository
@click.argument("element")
def query_dimension_records(repo: str, element: str) -> None:
    """List the records of a dimension element, without regions."""
    with _open(repo) as butler:
        fields = [
            name for name in butler.dimensions[element].RecordClass.fields if name != "region"
        ]
        records = butler.query_dimension_records(element)
        _print_table(fields, [[record.get(name) for name in fields] for record in records])


def _discard_output() -> None:
    """Let whatever is left of the output go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _open(repo: str) -> Butler:
    from .butler import Butler

    return Butler(repo)


def _print_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print columns as wide as their widest value."""
    lines = [[str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *lines, strict=True)]
    for line in (header, ["-" * width for width in widths], *lines):
        text = "  ".join(value.ljust(width) for value, width in zip(line, widths, strict=True))
        click.echo(text.rstrip())
