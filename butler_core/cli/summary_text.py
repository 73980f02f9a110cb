"""The summary of a repository, as people read it and as programs do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from ..repository_summary import CollectionSummary, GovernorSummary, RepositorySummary
from .output import exact_time, iso_time
from .tables import print_table

__all__ = ["print_summary", "summary_object"]

_SHOWN = 10  # files of a kind that are named
_TYPES_SHOWN = 3  # dataset types of a collection that are named
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def print_summary(repo: str, summary: RepositorySummary) -> None:
    """Print a summary as a line and tables.

    Parameters
    ----------
    repo : `str`
        How the user names the repository.
    summary : `RepositorySummary`
        What it holds.
    """
    types = summary.dataset_types
    datasets, files, size = (
        sum(getattr(one, name) for one in types) for name in ("datasets", "files", "bytes")
    )
    click.echo(f"{repo}: {datasets} datasets with {files} files of {_size(size)}")
    click.echo()
    _print_collections(summary.collections)
    _print_dataset_types(summary)
    for name in dict.fromkeys(one.dimension for one in summary.governors):
        _print_governors(name, [one for one in summary.governors if one.dimension == name])
    if summary.files is not None:
        click.echo()
        _print_files("missing", summary.files.missing)
        _print_files("orphaned", summary.files.orphaned)


def summary_object(summary: RepositorySummary) -> dict[str, Any]:
    """Return a summary as an object for JSON; times are TAI, sizes are bytes."""
    found: dict[str, Any] = {
        "collections": [dataclasses.asdict(one) for one in summary.collections],
        "dataset_types": [dataclasses.asdict(one) for one in summary.dataset_types],
        "instruments": [],
        "skymaps": [],
        "files": None if summary.files is None else dataclasses.asdict(summary.files),
    }
    for one in summary.governors:
        span = one.timespan
        found.setdefault(f"{one.dimension}s", []).append(
            {
                "name": one.name,
                "records": dict(one.records),
                "begin": None if span is None else exact_time(span[0]),
                "end": None if span is None else exact_time(span[1]),
            }
        )
    return found


def _print_collections(collections: Sequence[CollectionSummary]) -> None:
    if not collections:
        click.echo("No collections.")
        return
    by_name = {one.name: one for one in collections}
    inner = {child for one in collections for child in one.children}
    roots = [one for one in collections if one.name not in inner]
    rows = [row for root in roots for row in _branch(by_name, root, 0)]
    print_table(("Collection", "Type", "Datasets", "Most of Them"), rows, align="<<><")


def _branch(
    by_name: Mapping[str, CollectionSummary], one: CollectionSummary, level: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a collection, and of those below it."""
    count = "" if one.type == "CHAINED" else one.datasets
    yield ("  " * level + one.name, one.type, count, _most(one.dataset_types))
    for child in one.children:
        yield from _branch(by_name, by_name[child], level + 1)


def _most(counts: Mapping[str, int]) -> str:
    """Return the dataset types of which there is most, with their counts."""
    first = sorted(counts, key=lambda name: (-counts[name], name))[:_TYPES_SHOWN]
    shown = [f"{name} ({counts[name]})" for name in first]
    if len(counts) > len(first):
        shown.append(f"{len(counts) - len(first)} more types")
    return ", ".join(shown)


def _print_dataset_types(summary: RepositorySummary) -> None:
    click.echo()
    if not summary.dataset_types:
        click.echo("No dataset types.")
        return
    rows = [
        (
            one.name,
            ", ".join(one.dimensions),
            one.storage_class,
            one.datasets,
            one.files,
            _size(one.bytes),
        )
        for one in summary.dataset_types
    ]
    header = ("Dataset Type", "Dimensions", "Storage Class", "Datasets", "Files", "Size")
    print_table(header, rows, align="<<<>>>")


def _print_governors(name: str, governors: Sequence[GovernorSummary]) -> None:
    click.echo()
    counted = list(dict.fromkeys(key for one in governors for key in one.records))
    timed = any(one.timespan for one in governors)
    rows = [
        (
            one.name,
            *(one.records.get(key, 0) for key in counted),
            *((_span(one),) if timed else ()),
        )
        for one in governors
    ]
    header = (name.capitalize(), *counted, *(("Time Span (TAI)",) if timed else ()))
    print_table(header, rows, align="<" + ">" * len(counted) + ("<" if timed else ""))


def _span(one: GovernorSummary) -> str:
    return "" if one.timespan is None else " - ".join(iso_time(time) for time in one.timespan)


def _print_files(what: str, paths: Sequence[str]) -> None:
    if not paths:
        click.echo(f"No files are {what}.")
        return
    verb = "file is" if len(paths) == 1 else "files are"
    click.echo(f"{len(paths)} {verb} {what}:")
    for path in paths[:_SHOWN]:
        click.echo(f"  {path}")
    if len(paths) > _SHOWN:
        click.echo(f"  and {len(paths) - _SHOWN} more, all of which --format json lists")


def _size(count: int) -> str:
    """Return a number of bytes with a unit: ``86.4 MB``."""
    size, place = float(count), 0
    while size >= 999.95 and place < len(_UNITS) - 1:
        size /= 1000
        place += 1
    return f"{size:.1f} {_UNITS[place]}" if place else f"{count} B"
