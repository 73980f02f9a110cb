"""The reports of a run, made from its stream of events."""

from __future__ import annotations

from pathlib import Path

from conformance.events import Event, JsonLines, RunFinished, RunStarted
from conformance.report import folder as report_folder


class ReportWriter:
    """Listens to the events of a run, and writes its reports when the run is over.

    Parameters
    ----------
    folder
        Where ``events.jsonl``, ``report.json``, ``junit.xml``, ``summary.md`` and
        ``index.html`` go.

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
        """Keep one event; write at the last."""
        self.events.append(event)
        if self.failure is not None:
            return
        try:
            self._write(event)
        except OSError as error:
            self.failure = error

    def _write(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            report_folder.clear(self.folder)
            self._lines = JsonLines(self.folder / "events.jsonl")
        if self._lines is not None:
            self._lines.pytest_conformance_event(event)
        if isinstance(event, RunFinished):
            write(self.events, self.folder)


def write(events: list[Event], folder: Path) -> list[Path]:
    """Write all reports of a run into a folder, and return their paths."""
    from conformance.report import html, json_report, junit, markdown
    from conformance.report.model import collect

    report = collect(events)
    return [writer.write(report, folder) for writer in (json_report, junit, markdown, html)]
