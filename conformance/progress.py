"""The line that shows how far a run is, and the table at its end; both on the standard error."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from conformance.events import CaseFinished, CasePlanned, CaseStarted, Event, RunFinished
from conformance.report.model import Report, collect
from conformance.verdict import Verdict

STYLES = {
    Verdict.PASSED: "green",
    Verdict.FAILED: "bold red",
    Verdict.ERROR: "bold magenta",
    Verdict.UNSUPPORTED: "cyan",
    Verdict.BLOCKED: "yellow",
    Verdict.NOT_RUN: "dim",
}
COUNT_STYLES = {"passed": "green", "failed": "bold red", "partial": "bold"}


class ProgressLine:
    """One line that fills as work is done; without a terminal, a word for each kind of work.

    Parameters
    ----------
    console
        Where to write.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self._progress = Progress(
            TextColumn("{task.description:<42}"),
            BarColumn(bar_width=26),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None
        self._kinds: set[str] = set()

    def __enter__(self) -> ProgressLine:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def show(self, label: str, done: int, total: int) -> None:
        """Show what is being done, and how much of it is."""
        if self._task is None:
            self._task = self._progress.add_task(label, total=total)
        self._progress.update(self._task, description=label[:42], completed=done, total=total)
        kind = label.split(" ", 1)[0]
        if not self.console.is_terminal and kind not in self._kinds:
            self.console.print(kind, highlight=False, markup=False)
        self._kinds.add(kind)


class RunProgress:
    """Listens to the events of a run, and shows which case runs.

    Parameters
    ----------
    line
        Where to show it.
    """

    def __init__(self, line: ProgressLine) -> None:
        self.line = line
        self.events: list[Event] = []
        self._titles: dict[str, str] = {}
        self._done = 0

    def pytest_conformance_event(self, event: Event) -> None:
        """Hear one event."""
        self.events.append(event)
        match event:
            case CasePlanned(case=case):
                self._titles[case.id] = case.title
            case CaseStarted(id=case_id):
                self._show(f"{case_id.split('.')[0]} {self._titles.get(case_id, '')}")
            case CaseFinished():
                self._done += 1
            case RunFinished():
                self._show("writing the report")

    def _show(self, label: str) -> None:
        if self.line.console.is_terminal:
            self.line.show(label, self._done, len(self._titles))

    @property
    def report(self) -> Report | None:
        """The report of the run, where it was finished."""
        finished = any(isinstance(event, RunFinished) for event in self.events)
        return collect(self.events) if finished else None


def show_table(console: Console, report: Report, folder: Path) -> None:
    """Print the counts of a run, what is not a pass, and where the report is."""
    started = report.started
    table = Table(
        title=f"{started.implementation} {started.version} on {started.registry}",
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 3, 0, 0),
    )
    for heading in ("dialect", "passed", "set-up"):
        table.add_column(heading)
    setup = {tally.name: tally for tally in report.tallies(judged=False)}
    for tally in report.tallies():
        style = COUNT_STYLES[tally.state]
        table.add_row(tally.name, f"[{style}]{tally.text}[/]", setup[tally.name].text)
    console.print(table)
    if not report.complete:
        console.print("[bold red]the run was broken off before its end[/]")
    for result in report.results:
        outcome = result.outcome
        if outcome.verdict in (Verdict.FAILED, Verdict.ERROR):
            console.print(
                f"[{STYLES[outcome.verdict]}]{result.case.id} {outcome.verdict}[/]", end=" "
            )
            console.print(outcome.message, markup=False, highlight=False)
    console.print(f"report: {folder / 'index.html'}", highlight=False, markup=False, soft_wrap=True)
