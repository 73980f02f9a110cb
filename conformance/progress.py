"""How far a run is, on the standard error, and its results, on the standard output."""

from __future__ import annotations

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.text import Text

from conformance.console import one_line
from conformance.events import (
    CaseFinished,
    CasePlanned,
    CaseStarted,
    Event,
    RunFinished,
    RunStarted,
)
from conformance.report.differences import of_run
from conformance.report.model import Report, Run, collect
from conformance.report.repros import replay
from conformance.stopping import Stopped, check_stopped
from conformance.verdict import Verdict

STYLES = {
    Verdict.FAILED: "bold red",
    Verdict.ERROR: "bold magenta",
}
COUNTS = {
    "passed": "green",
    "failed": "bold red",
    "partial": "bold",
    "absent": "dim",
    "plain": "",
}


def terminal(*, stderr: bool = False) -> Console:
    """Return the standard output, or the standard error; rich prints nothing on no columns."""
    console = Console(stderr=stderr)
    return console if console.width > 0 else Console(stderr=stderr, width=80)


class ProgressLine:
    """One line that fills as work is done; without a terminal, a line for each kind of work.

    Parameters
    ----------
    console
        Where to write; an error of writing ends the showing, not the work.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.moves = console.is_terminal and not console.is_dumb_terminal
        self._progress = Progress(
            TextColumn("{task.description:<42}", markup=False),
            BarColumn(bar_width=26),
            MofNCompleteColumn(),
            console=console,
            transient=True,
            disable=not self.moves,
        )
        self._task: TaskID | None = None
        self._kinds: set[str] = set()
        self._is_lost = False

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
        """Show what is being done, and how much of it is.

        Parameters
        ----------
        label
            The kind of work, and after a colon the piece of it. Without a terminal the kind
            alone is shown, once.
        done, total
            How many pieces are done, and how many there are.

        Raises
        ------
        Stopped
            Raised where a signal has come that ends the work.
        """
        check_stopped()
        if self.moves:
            if self._task is None:
                self._task = self._progress.add_task(label, total=total)
            self._progress.update(self._task, description=label[:42], completed=done, total=total)
            return
        kind = label.partition(":")[0]
        if kind not in self._kinds and not self._is_lost:
            self._kinds.add(kind)
            try:
                print_text(self.console, Text(kind))
            except OSError:
                self._is_lost = True


class RunProgress:
    """Listens to the events of runs, one after another, and shows which case runs.

    Parameters
    ----------
    line
        Where to show it.

    Attributes
    ----------
    interruption
        The exception of the signal that broke the run off.
    """

    def __init__(self, line: ProgressLine) -> None:
        self.line = line
        self.events: list[Event] = []
        self.interruption: KeyboardInterrupt | None = None
        self._titles: dict[str, str] = {}
        self._done = 0
        self._whole = ""
        self._latest = ""

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[Any]) -> None:
        """Keep what pytest takes for the end of the run."""
        if isinstance(excinfo.value, KeyboardInterrupt):
            self.interruption = excinfo.value

    def pytest_conformance_event(self, event: Event) -> None:
        """Hear one event."""
        self.events.append(event)
        match event:
            case RunStarted():
                self._titles, self._done = {}, 0
                self._whole = self._latest = f"judging {one_line(event.implementation)}"
            case CasePlanned(case=case):
                self._titles[case.id] = case.title
            case CaseStarted(id=case_id):
                title = f"{case_id.split('.')[0]} {self._titles.get(case_id, '')}"
                self._latest = title if self.line.moves else self._whole
                self._show(self._latest)
            case CaseFinished():
                self._done += 1
                self._show(self._latest)
            case RunFinished():
                with contextlib.suppress(Stopped):  # what broke the run off is no news
                    self._show("writing the report")

    def _show(self, label: str) -> None:
        self.line.show(label, self._done, len(self._titles))

    @property
    def finished(self) -> int:
        """How many runs came to an end, or were broken off."""
        return sum(isinstance(event, RunFinished) for event in self.events)

    @property
    def report(self) -> Report:
        """The report of the runs."""
        return collect(self.events)


def show_results(console: Console, report: Report, page: Path) -> None:
    """Print the counts of each run, what failed with how to try it again, and where the report is.

    Parameters
    ----------
    console
        Where to print.
    report
        What the runs found.
    page
        The report that a reader opens.
    """
    for run in report.runs:
        _show_run(console, run)
    print_text(console, Text(f"report: {page}"))


def _show_run(console: Console, run: Run) -> None:
    print_text(console, Text(one_line(run.title), style="bold"))
    if run.started.fault:
        print_text(console, Text(f"with the fault {one_line(run.started.fault)}", "bold red"))
    width = max(len(label) for label, _, _ in run.counts) + 3
    for label, text, state in run.counts:
        print_text(console, Text.assemble(f"{label:<{width}}", (one_line(text), COUNTS[state])))
    known = of_run(run)
    if known.kinds:
        words = f"{'known to deviate':<{width}}{known.counts}"
        print_text(console, Text(words))
    if not run.complete:
        print_text(console, Text("the run was broken off before its end", "bold red"))
    for result in run.wrong:
        head = Text(f"{result.case.id} {result.verdict}", STYLES[result.verdict])
        print_text(console, Text.assemble(head, " ", one_line(result.outcome.message)))
    if run.wrong:
        print_text(console, Text(f"to try one again: {one_line(replay(run.wrong[0], run))}"))


def print_text(console: Console, text: Text) -> None:
    """Print one line as it is, however narrow the terminal: whoever reads a log searches it."""
    console.print(text, soft_wrap=True, highlight=False)
