"""The report as a short Markdown page, for the summary of a CI step."""

from __future__ import annotations

from pathlib import Path

from conformance.report import folder as report_folder
from conformance.report.established import not_established
from conformance.report.model import Report, Result
from conformance.verdict import Verdict

SIGNS = {
    Verdict.PASSED: "✓",
    Verdict.FAILED: "✗ failed",
    Verdict.ERROR: "! error",
    Verdict.UNSUPPORTED: "unsupported",
    Verdict.BLOCKED: "blocked",
    Verdict.NOT_RUN: "not run",
}


def write(report: Report, folder: Path) -> Path:
    """Write ``summary.md``."""
    path = folder / "summary.md"
    report_folder.write(path, as_text(report))
    return path


def as_text(report: Report) -> str:
    """Return the summary of a report in Markdown."""
    started = report.started
    setup = {tally.name: tally for tally in report.tallies(judged=False)}
    lines = [
        f"## {_cell(started.implementation)} {_cell(started.version)} on {started.registry}",
        "",
        "| dialect | passed | set-up |",
        "|---|---|---|",
        *(
            f"| {tally.name} | {_cell(tally.text)} "
            f"| {'' if tally.not_offered_by else setup[tally.name].text} |"
            for tally in report.tallies()
        ),
        "",
    ]
    if not report.complete:
        lines += ["**The run was broken off before its end.**", ""]
    wrong = [
        result
        for result in report.results
        if result.outcome.verdict in (Verdict.FAILED, Verdict.ERROR)
    ]
    if wrong:
        lines += ["| case | verdict | why |", "|---|---|---|"]
        lines += [
            f"| {result.case.id} {_cell(result.case.title)} | {result.outcome.verdict} "
            f"| {_cell(result.outcome.message)} |"
            for result in wrong
        ]
        lines.append("")
    lines += [*_steps(report), "", "Not established:", ""]
    lines += [f"- {_cell(sentence)}" for sentence in not_established(report)]
    return "\n".join(lines) + "\n"


def _steps(report: Report) -> list[str]:
    dialects = [tally.name for tally in report.tallies() if not tally.not_offered_by]
    rows: dict[str, dict[str, Result]] = {}
    for result in report.judged:
        rows.setdefault(result.case.requirement, {})[result.case.dialect] = result
    lines = [
        f"| step | {' | '.join(dialects)} |",
        "|---|" + "---|" * len(dialects),
    ]
    for requirement, results in rows.items():
        title = _cell(next(iter(results.values())).case.title)
        signs = [
            SIGNS[results[dialect].outcome.verdict] if dialect in results else ""
            for dialect in dialects
        ]
        lines.append(f"| {requirement} {title} | {' | '.join(signs)} |")
    return lines


def _cell(text: str) -> str:
    """Return text that stays in its cell and is not read as markup."""
    flat = " ".join(text.split())
    for character in "\\`*_<>|[]":
        flat = flat.replace(character, "\\" + character)
    return flat
