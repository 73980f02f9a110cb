"""``butler-conformance bench``: time Butlers side by side."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.console import NothingJudgedError, reason

if TYPE_CHECKING:
    from conformance.benchmarks import Row
    from conformance.benchmarks.results import Contestant, Results, RowResult

USUAL = ("butler_core", "lsst_daf_butler")
SIZES = {"tiny": 224, "small": 10_080, "large": 100_016, "million": 1_000_048}


def _size(context: click.Context, option: click.Parameter, value: str) -> int:
    """Return the number of datasets that was given, or named."""
    number = SIZES.get(value) or (int(value) if value.isdecimal() else 0)
    if number < 1:
        raise click.BadParameter(
            f"{value!r} is neither a number of datasets nor one of {', '.join(SIZES)}."
        )
    return number


@click.command("bench")
@click.option(
    "--butler",
    "butlers",
    multiple=True,
    metavar="NAME",
    help="A Butler to time: an installed name, or package.module:factory. Given twice, ratios say "
    "how many times faster the first is.  [default: butler_core, and lsst_daf_butler where it is "
    "installed]",
)
@click.option(
    "--rows", default="", metavar="NAME,…", help="Time these rows alone, such as find,insert."
)
@click.option(
    "--size",
    callback=_size,
    metavar="N",
    default="small",
    show_default=True,
    help=f"How many datasets: a number, or {', '.join(f'{k} ({v:,})' for k, v in SIZES.items())}.",
)
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How often a row is timed on each; one that takes more than a minute is not repeated.",
)
@click.option(
    "--json",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the table to this file too.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    help="Put the table into the report in this folder, whether `run` wrote it or will.",
)
def command(
    butlers: tuple[str, ...],
    rows: str,
    size: int,
    rounds: int,
    path: Path | None,
    report: Path | None,
) -> None:
    """Time Butlers side by side, each row in processes of its own, in turn.

    Repositories are made where temporary files are: TMPDIR says on which file
    system, which decides what a put takes.

    Exit status: 0 where each row could be done by one of them, 2 where nothing could be timed.
    """
    from conformance.benchmarks.as_json import as_json
    from conformance.benchmarks.table import show
    from conformance.progress import terminal

    results = _results(_contestants(butlers), _rows(rows), size, rounds)
    text = f"{json.dumps(as_json(results), indent=2, ensure_ascii=False)}\n"
    show(terminal(), results)
    if path is not None:
        _write(path, text)
        click.echo(f"table: {path}")
    if report is not None:
        from conformance.report.benchmarks import NAME, PAGE, refresh

        _write(report / NAME, text)
        click.echo(f"report: {report / (PAGE if refresh(report) else NAME)}")
    if not any(one.measurements for row in results.rows for one in row.timings.values()):
        raise NothingJudgedError("no row could be timed.")


def _rows(names: str) -> list[Row]:
    from conformance.benchmarks import BenchmarkError, chosen

    try:
        return chosen([name.strip() for name in names.split(",") if name.strip()])
    except BenchmarkError as error:
        raise NothingJudgedError(str(error)) from error


def _contestants(butlers: Sequence[str]) -> list[Contestant]:
    """Return the implementations; of the usual ones those that are installed."""
    from conformance.benchmarks.results import Contestant
    from conformance.implementations import ImplementationError
    from conformance.implementations.loading import load

    found = []
    for butler in dict.fromkeys(butlers or USUAL):
        try:
            implementation = load(butler)
        except ImplementationError as error:
            if not butlers and butler != USUAL[0]:
                continue
            raise NothingJudgedError(str(error)) from error
        dialect = implementation.dialects.get("current")
        if dialect is None:
            raise NothingJudgedError(
                f"--butler {butler}: {implementation.name} does not offer today's dialect, in which"
                " Butlers are timed."
            )
        name, version = implementation.name, implementation.version
        found.append(Contestant(butler, name, version, dialect.butler))
    return found


def _results(
    contestants: Sequence[Contestant], rows: Sequence[Row], size: int, rounds: int
) -> Results:
    from conformance.benchmarks.measuring import Measuring
    from conformance.benchmarks.results import Results
    from conformance.progress import ProgressLine, terminal

    when = datetime.now(UTC).isoformat(timespec="seconds")
    done: list[RowResult] = []
    with (
        tempfile.TemporaryDirectory(prefix="butler-bench-") as scratch,
        ProgressLine(terminal(stderr=True)) as line,
    ):
        measuring = Measuring(
            contestants,
            size,
            rounds,
            Path(scratch),
            lambda text: line.show(f"timing: {text}", len(done), len(rows)),
        )
        done += measuring.rows(rows)
    machine = f"{os.cpu_count()} processors of {platform.machine()}, {platform.system()}"
    return Results(when, machine, platform.python_version(), size, rounds, contestants, done)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {reason(error)}.") from error
