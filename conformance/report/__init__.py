"""The reports of runs, made from their streams of events."""

from __future__ import annotations

from pathlib import Path

from conformance.events import Event, JsonLines, RunFinished, RunStarted
from conformance.report import folder as report_folder


class ReportWriter:
    """Listens to the events of runs, one after another, and writes their report.

    It is written when a run is over, and again with the next, so that what broke off later runs
    leaves the report of the earlier ones.

    Parameters
    ----------
    folder
        Where ``events.jsonl``, ``report.json``, ``junit.xml``, ``summary.md``, ``index.html`` and
        the scripts in ``repro`` go.

    Attributes
    ----------
    failure
        Why reports could not be written, where they could not.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failure: OSError | None = None
        self.events: list[Event] = []
        self._lines: JsonLines | None = None

    def pytest_conformance_event(self, event: Event) -> None:
        """Keep one event; write at the last of a run."""
        self.events.append(event)
        if self.failure is not None:
            return
        try:
            self._write(event)
        except OSError as error:
            self.failure = error

    def _write(self, event: Event) -> None:
        if isinstance(event, RunStarted) and self._lines is None:
            report_folder.clear(self.folder)
            self._lines = JsonLines(self.folder / "events.jsonl")
        if self._lines is not None:
            self._lines.pytest_conformance_event(event)
        if isinstance(event, RunFinished):
            write(self.events, self.folder)


def write(events: list[Event], folder: Path) -> list[Path]:
    """Write all reports of one or several runs into a folder, and return their paths."""
    from conformance.report import html, json_report, junit, markdown, repros
    from conformance.report.model import collect

    report = collect(events)
    paths = [writer.write(report, folder) for writer in (json_report, junit, markdown, html)]
    return [*paths, *repros.write(report, folder)]
