"""The report as one HTML file, which needs nothing beside itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from conformance.observation import Observation
from conformance.report import folder as report_folder
from conformance.report.established import not_established
from conformance.report.highlight import python_html
from conformance.report.model import Report, Result
from conformance.report.picture import Picture, gather
from conformance.verdict import Verdict

LONGEST_VALUE = 72
LONGEST_SENTENCE = 200
REGISTRY_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
DIALECT_NAMES = {"w_2020_03": "January 2020", "current": "Today"}
SIGNS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗",
    Verdict.ERROR: "!",
    Verdict.UNSUPPORTED: "∅",
    Verdict.BLOCKED: "⊘",
    Verdict.NOT_RUN: "–",
}


@dataclass(slots=True)
class StepView:
    """A step of the notebook with its results in each dialect."""

    id: str
    number: int
    title: str
    judged: bool
    results: dict[str, Result]
    pictures: list[Picture]

    @property
    def requirement(self) -> Any:
        """The requirement of the step, None for a set-up step."""
        return next(iter(self.results.values())).requirement


def write(report: Report, folder: Path) -> Path:
    """Write ``index.html``, with the pictures of the folder inside it."""
    path = folder / "index.html"
    report_folder.write(path, as_html(report, folder))
    return path


def as_html(report: Report, folder: Path) -> str:
    """Return the page of a report.

    Parameters
    ----------
    report
        What the run found.
    folder
        The folder that the names of pictures start from.
    """
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_text),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        code=lambda text: Markup(python_html(text)),
        value=show_value,
        day=show_day,
        duration=show_duration,
        dialect=lambda name: DIALECT_NAMES.get(name, name),
        registry=lambda name: REGISTRY_NAMES.get(name, name),
    )
    setup = {tally.name: tally for tally in report.tallies(judged=False)}
    return environment.get_template("page.html.j2").render(
        report=report,
        started=report.started,
        tallies=[(tally, setup[tally.name]) for tally in report.tallies()],
        steps=list(_steps(report, folder)),
        not_established=not_established(report),
        Verdict=Verdict,
        signs=SIGNS,
        slug=lambda verdict: str(verdict).replace(" ", "-"),
        is_long=is_long,
        same=is_same,
        count=count,
        css=Markup(_text("page.css")),
        script=Markup(_text("page.js")),
    )


def _text(name: str) -> str:
    return (files("conformance.report") / name).read_text(encoding="utf-8")


def _steps(report: Report, folder: Path) -> Iterator[StepView]:
    views: dict[int, StepView] = {}
    for result in report.results:
        case = result.case
        if case.step is None:
            continue
        name = case.requirement
        view = views.setdefault(
            case.step, StepView(name, case.step, case.title, case.judged, {}, [])
        )
        view.results[case.dialect] = result
    for number in sorted(views):
        view = views[number]
        view.pictures = gather(
            (dialect, folder / name)
            for dialect, result in view.results.items()
            for name in result.outcome.pictures
        )
        yield view


def show_value(value: Any) -> str:
    """Return plain data as text: words without quotes, lists with commas, where that is clear."""
    if isinstance(value, str) and value.strip() == value != "":
        return value
    if isinstance(value, list) and value and all(_is_clear(item) for item in value):
        return ", ".join(show_value(item) for item in value)
    if isinstance(value, dict) and value and all(_is_clear(item) for item in value.values()):
        return ", ".join(f"{name}: {show_value(item)}" for name, item in value.items())
    if value == [] or value == {}:
        return "none"
    if isinstance(value, float):
        return f"{value:.8g}"
    return repr(value)


def _is_clear(item: Any) -> bool:
    """Return whether an item can stand among others without marks round it."""
    if isinstance(item, str):
        return item.strip() == item != "" and not set(item) & set(",:{[")
    return not isinstance(item, list | dict)


def is_same(seen: Observation) -> bool:
    """Return whether a long observed value is, in full, the expected one."""
    return seen.observed == seen.expected and is_long(seen.expected)


def is_long(value: Any) -> bool:
    """Return whether a value is folded away: words may be longer than data."""
    longest = LONGEST_SENTENCE if isinstance(value, str) else LONGEST_VALUE
    return len(show_value(value)) > longest


def count(value: Any) -> str:
    """Return how much a long value holds, such as ``33 values``."""
    if isinstance(value, list | dict):
        return f"{len(value)} values"
    return f"{len(show_value(value))} characters"


def show_day(when: str) -> str:
    """Return a time as ``23 November 2026, 08:34 UTC``."""
    time = datetime.fromisoformat(when)
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def show_duration(seconds: float) -> str:
    """Return a time span in the unit that suits it, with two or three figures."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.3g} ms"
    return f"{seconds:.3g} s"
