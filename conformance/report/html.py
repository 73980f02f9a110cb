"""The report as one HTML file, which needs nothing beside itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from conformance.deviations import KINDS
from conformance.report import benchmarks, repros, values
from conformance.report import folder as report_folder
from conformance.report.differences import deviating
from conformance.report.established import not_established
from conformance.report.highlight import python_html
from conformance.report.model import Report, Run
from conformance.report.names import names
from conformance.report.picture import Album, Picture, compared, gather
from conformance.report.totals import Coverage, Tally
from conformance.report.views import CaseView, Family, Row, families, wrong
from conformance.verdict import Verdict

NO_CASE = "no case"
MOST_WRONG = 40


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
        What the runs found.
    folder
        The folder that the names of pictures start from.
    """
    from markupsafe import Markup

    found = families(report)
    several = len(report.runs) > 1
    page: str = _template().render(
        report=report,
        runs=report.runs,
        first=report.runs[0].started,
        families=found,
        wrong=wrong(found),
        filters=_filters(found),
        deviating=deviating(report),
        sums=sums(report),
        left_open=left_open(report),
        several=several,
        pictures=lambda row: _pictures(row, folder, several=several),
        bench=benchmarks.table(folder),
        names=names(report),
        album=Album(),
        compared=lambda comparison: compared(comparison, folder),
        Verdict=Verdict,
        signs=values.SIGNS,
        is_long=values.is_long,
        same=values.is_same,
        count=values.count,
        number=values.number,
        replay=repros.replay,
        script=repros.usage,
        NO_CASE=NO_CASE,
        MOST_WRONG=MOST_WRONG,
        css=Markup(_text("page.css")),
        javascript=Markup(_text("page.js")),
    )
    return page


def _template() -> Any:
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
        value=values.show_value,
        day=values.show_day,
        duration=values.show_duration,
        dialect=values.dialect_name,
        registry=lambda name: values.REGISTRY_NAMES.get(name, name),
        family=values.family_title,
        slug=values.slug,
        link=values.link_name,
        capitalize_first=lambda text: text[:1].upper() + text[1:],
    )
    return environment.get_template("page.html.j2")


def _text(name: str) -> str:
    return (files("conformance.report") / name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the cases can be chosen by, with how many cases are so."""

    verdicts: list[tuple[Verdict, int]]
    differing: int
    kinds: list[tuple[str, int]]
    without: int
    judged: int
    requirements: int


def _filters(found: list[Family]) -> Filters:
    rows = [row for family in found for row in family.rows]
    cases = [case for row in rows for case in row.cases]
    counts = Counter(verdict for case in cases for verdict in case.verdicts)
    kinds = Counter(kind for case in cases for kind in case.kinds)
    return Filters(
        [(verdict, counts[verdict]) for verdict in Verdict if counts[verdict]],
        sum(case.differs for case in cases),
        [(kind, kinds[kind]) for kind in KINDS if kinds[kind]],
        sum(not row.cases for row in rows),
        sum(case.case.judged for case in cases),
        sum(row.requirement is not None for row in rows),
    )


def sums(report: Report) -> list[tuple[str, list[Tally | Coverage | None]]]:
    """Return the counts of several runs: the title of each, and what each run has there."""
    titles = {tally.title: tally.name for run in report.runs for tally in run.tallies}
    by_run = [{tally.title: tally for tally in run.tallies} for run in report.runs]
    rows: list[tuple[str, list[Tally | Coverage | None]]] = [
        (title, [tallies.get(title) for tallies in by_run]) for title in titles
    ]
    rows.append(("requirements met", [run.coverage for run in report.runs]))
    if any(run.setup_tally.total for run in report.runs):
        rows.append(("set-up, counted apart", [run.setup_tally for run in report.runs]))
    return rows


def left_open(report: Report) -> list[tuple[str, list[str]]]:
    """Return what the runs do not establish: under "" what holds for all, then for each its own."""
    sentences = {run.name: not_established(run) for run in report.runs}
    first = sentences[report.runs[0].name]
    common = [one for one in first if all(one in own for own in sentences.values())]
    own = [(name, [one for one in mine if one not in common]) for name, mine in sentences.items()]
    return [("", common), *((name, mine) for name, mine in own if mine)]


def _pictures(row: Row, folder: Path, *, several: bool) -> list[Picture]:
    def label(run: Run, case: CaseView) -> str:
        dialect = values.dialect_name(case.case.dialect).replace("Today", "today")
        return f"{f'by {run.name} ' if several else ''}in {dialect}’s dialect"

    return gather(
        (label(run, case), folder / name)
        for case in row.cases
        for ending in case.endings
        for run, result, _ in ending.runs
        for name in result.outcome.pictures
    )
