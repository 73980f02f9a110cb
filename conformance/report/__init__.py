"""The reports of a run, made from its stream of events."""

from __future__ import annotations

import re
from pathlib import Path

from conformance.events import Event, JsonLines, RunFinished

OWN_PICTURE = re.compile(r"[A-Z]+-\d+\.[a-z0-9_]+\.png")


class ReportWriter:
    """Listens to the events of a run, and writes its reports when the run is over.

    Parameters
    ----------
    folder
        Where ``events.jsonl``, ``report.json``, ``junit.xml``, ``summary.md`` and
        ``index.html`` go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in (self.folder / "pictures").glob("*.png"):
            if OWN_PICTURE.fullmatch(old.name):
                old.unlink()
        self.lines = JsonLines(folder / "events.jsonl")
        self.events: list[Event] = []

    def pytest_conformance_event(self, event: Event) -> None:
        """Keep one event; write at the last."""
        self.lines.pytest_conformance_event(event)
        self.events.append(event)
        if isinstance(event, RunFinished):
            write(self.events, self.folder)


def write(events: list[Event], folder: Path) -> list[Path]:
    """Write all reports of a run into a folder, and return their paths."""
    from conformance.report import html, json_report, junit, markdown
    from conformance.report.model import collect

    report = collect(events)
    return [writer.write(report, folder) for writer in (json_report, junit, markdown, html)]
