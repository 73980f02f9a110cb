"""The table of benchmarks in a report, where ``bench`` has left one in its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.benchmarks.words import Cells

NAME = "bench.json"
EVENTS = "events.jsonl"
PAGE = "index.html"


@dataclass(frozen=True, slots=True)
class Table:
    """The table as a page shows it.

    Attributes
    ----------
    names
        The implementations.
    rows
        The rows in words.
    reasons
        What could not be done, and why.
    summary
        One sentence of what was measured.
    when
        When that was.
    """

    names: tuple[str, ...]
    rows: tuple[Cells, ...]
    reasons: tuple[str, ...]
    summary: str
    when: str


def table(folder: Path) -> Table | None:
    """Return the table that a folder has; `None` without one, or where it cannot be read."""
    from conformance.benchmarks import words
    from conformance.benchmarks.as_json import from_json

    try:
        results = from_json(json.loads((folder / NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
    return Table(
        names=tuple(one.name for one in results.contestants),
        rows=tuple(words.cells(results, row) for row in results.rows),
        reasons=(*words.parts(results), *words.reasons(results)),
        summary=words.summary(results),
        when=results.when,
    )


def as_markdown(folder: Path, escaped: Callable[[str], str]) -> Iterator[str]:
    """Yield the lines of the table in Markdown, none without one."""
    found = table(folder)
    if found is None:
        return
    several = len(found.names) > 1
    heads = ["CPU time of a call", *found.names, "limit", *(["ratio", "goal"] if several else [])]
    yield "<details><summary>How fast</summary>"
    yield ""
    yield f"| {' | '.join(map(escaped, heads))} |"
    yield f"|---|{'---:|' * (len(heads) - 1)}"
    for row in found.rows:
        texts = [row.title, *row.cpu, row.limit, *([row.ratio, row.goal] if several else [])]
        yield f"| {' | '.join(map(escaped, texts))} |"
    yield ""
    yield f"{escaped(found.summary)}."
    yield ""
    yield "</details>"
    yield ""


def refresh(folder: Path) -> bool:
    """Write the pages of a report anew; return whether a run has left the events they need."""
    from conformance.events import read
    from conformance.report import html, markdown
    from conformance.report.model import collect

    if not (folder / EVENTS).is_file():
        return False
    report = collect(list(read(folder / EVENTS)))
    for writer in (markdown, html):
        writer.write(report, folder)
    return True
