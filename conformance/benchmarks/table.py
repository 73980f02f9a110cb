"""Results as a table on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conformance.benchmarks.results import Results
from conformance.benchmarks.words import Cells, cells, parts, reasons, summary
from conformance.console import one_line

NARROWEST = 100
STYLES = {"reached": "green", "half": "", "short": "bold red", "": ""}


def show(console: Console, results: Results) -> None:
    """Print the table, and below it what could not be done."""
    console.width = max(console.width, NARROWEST)
    console.print(_table(results, console.is_terminal))
    for reason in (*parts(results), *reasons(results)):
        console.print(Text(one_line(reason)), soft_wrap=True, highlight=False)
    console.print(Text(f"{summary(results)}."), soft_wrap=True, highlight=False)


def _table(results: Results, is_terminal: bool) -> Table:
    table = Table(box=box.SIMPLE if is_terminal else None, pad_edge=is_terminal)
    table.add_column("CPU time of a call")
    for one in results.contestants:
        table.add_column(one.name, justify="right", no_wrap=True)
        table.add_column("peak", justify="right", no_wrap=True, style="dim")
    table.add_column("limit", justify="right", no_wrap=True)
    several = len(results.contestants) > 1
    for name in ("ratio", "goal", "of it") if several else ():
        table.add_column(name, justify="right", no_wrap=True)
    for row in results.rows:
        table.add_row(*_texts(cells(results, row), several))
    return table


def _texts(row: Cells, several: bool) -> list[Text]:
    found = [Text(row.title)]
    for cpu, memory in zip(row.cpu, row.memory, strict=True):
        found += [Text(cpu), Text(memory)]
    found.append(Text(row.limit))
    if several:
        found += [Text(row.ratio), Text(row.goal), Text(row.of_goal, STYLES[row.state])]
    return found
