"""The report as a short Markdown page, for the summary of a CI step."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from conformance.report import benchmarks
from conformance.report import folder as report_folder
from conformance.report.differences import Borne, of_run
from conformance.report.established import not_established
from conformance.report.model import Report, Run
from conformance.report.repros import replay
from conformance.report.totals import GROUPS, SETUP, Result

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f]")
MOST_FAILURES = 40
LONGEST_MESSAGE = 240
MOST_CASES = 4


def write(report: Report, folder: Path) -> Path:
    """Write ``summary.md``."""
    path = folder / "summary.md"
    report_folder.write(path, as_text(report, folder))
    return path


def as_text(report: Report, folder: Path | None = None) -> str:
    """Return the summary of a report in Markdown: counts, failures, and what is left open.

    After these comes the table of benchmarks, where the folder of the report has one.

    What passed stands there as a count, so that the text stays far below what a CI step may
    show, whatever the number of cases.
    """
    lines = [f"## {' and '.join(escaped(run.title) for run in report.runs)}", ""]
    for run in report.runs:
        if run.started.fault:
            lines += [
                f"**The fault {escaped(run.started.fault)} stood before {escaped(run.name)}.**",
                "",
            ]
        if not run.complete:
            of = f" of {escaped(run.name)}" if len(report.runs) > 1 else ""
            lines += [f"**The run{of} was broken off before its end.**", ""]
    lines += [*_counts(report), ""]
    for run in report.runs:
        lines += _failures(run, several=len(report.runs) > 1)
        lines += _deviations(run, several=len(report.runs) > 1)
    lines += [*_left_open(report)]
    if folder is not None:
        lines += ["", *benchmarks.as_markdown(folder, escaped)]
    return "\n".join(lines) + "\n"


def _counts(report: Report) -> Iterator[str]:
    """Yield a table: a row for each group, a column for each implementation."""
    columns = [_column(run) for run in report.runs]
    labels = [*GROUPS.values(), SETUP, "requirements"]
    labels += sorted({label for column in columns for label in column} - set(labels))
    yield f"| passed | {' | '.join(escaped(run.name) for run in report.runs)} |"
    yield "|---|" + "---|" * len(columns)
    for label in labels:
        cells = [column.get(label, "") for column in columns]
        if any(cells):
            yield f"| {label} | {' | '.join(map(escaped, cells))} |"


def _column(run: Run) -> dict[str, str]:
    return {label: text for label, text, _ in run.counts}


def _failures(run: Run, *, several: bool) -> Iterator[str]:
    wrong = run.wrong
    if not wrong:
        return
    yield f"### What failed{f' on {escaped(run.name)}' if several else ''}"
    yield ""
    for result in wrong[:MOST_FAILURES]:
        yield from _failure(result, run)
    if len(wrong) > MOST_FAILURES:
        yield f"- and {len(wrong) - MOST_FAILURES} more, which the page lists"
    yield ""


def _failure(result: Result, run: Run) -> Iterator[str]:
    message = " ".join(result.outcome.message.split())
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[: LONGEST_MESSAGE - 1]}…"
    title = escaped(result.case.title)
    yield f"- **{escaped(result.case.id)}** {title}: {result.verdict}, {escaped(message)}  "
    yield f"  {_code(replay(result, run))}"


def _deviations(run: Run, *, several: bool) -> Iterator[str]:
    """Yield a row for each known deviation, with its cases."""
    found = of_run(run)
    if not found.kinds:
        return
    yield f"### What is known to deviate{f' on {escaped(run.name)}' if several else ''}"
    yield ""
    yield "| kind | why | cases |"
    yield "|---|---|---|"
    for kind, deviations in found.kinds:
        for one in deviations:
            link = f" <{one.deviation.link}>" if one.deviation.link else ""
            yield f"| {kind} | {escaped(one.deviation.reason)}{link} | {escaped(_cases(one))} |"
    yield ""


def _cases(one: Borne) -> str:
    more = len(one.cases) - MOST_CASES
    return ", ".join(one.cases[:MOST_CASES]) + (f" and {more} more" if more > 0 else "")


def _left_open(report: Report) -> Iterator[str]:
    yield "<details><summary>What this does not establish</summary>"
    yield ""
    sentences = [not_established(run) for run in report.runs]
    common = [one for one in sentences[0] if all(one in others for others in sentences)]
    for sentence in common:
        yield f"- {escaped(sentence)}"
    for run, own in zip(report.runs, sentences, strict=True):
        for sentence in own:
            if sentence not in common:
                of = "" if run.name in sentence else f"{escaped(run.name)}: "
                yield f"- {of}{escaped(sentence)}"
    yield ""
    yield "</details>"


def _code(text: str) -> str:
    """Return text as code; it may hold backticks."""
    flat = " ".join(text.split())
    longest = max(map(len, re.findall("`+", flat)), default=0)
    marks = "`" * (longest + 1)
    return f"{marks} {flat} {marks}" if longest else f"`{flat}`"


def escaped(text: str) -> str:
    """Return text that stays in its cell and is not read as markup."""
    flat = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))
    for character in "\\`*_<>|[]":
        flat = flat.replace(character, "\\" + character)
    return flat
