"""What a run does not establish, said plainly."""

from __future__ import annotations

from conformance.implementations import DIALECTS
from conformance.report.model import Report
from conformance.verdict import Verdict


def not_established(report: Report) -> list[str]:
    """Return sentences on what a reader must not conclude from a report."""
    started = report.started
    size = started.repository.get("size")
    pixels = f" of {size} size" if size in ("quarter", "full") else ""
    sentences = [
        f"One repository was read, ci_hsc{pixels}, whose sky is synthetic: its registry has the "
        "records of the real one, its pixels have not.",
        f"The database was {started.registry}, with one process reading it; other databases, "
        "writing, concurrency and speed were not tried.",
        "Only what the notebook does was judged; the rest of the API was not.",
        "Steps 4, 5, 7, 8 and 9 in the dialect of January 2020 list folders: they judge the files "
        "of the repository, which a recipe made, and would pass for any Butler.",
        "XY0 of every calexp is 0, 0, so a Butler that takes that for granted passes.",
        "Pictures were held against the file's pixels by limits, colours, places of markers and "
        "mean differences, not pixel by pixel.",
    ]
    if not report.complete:
        sentences.insert(0, "The run was broken off before its end.")
    missing = [dialect for dialect in DIALECTS if dialect not in started.dialects]
    sentences += [
        f"{started.implementation} does not offer the dialect {dialect}: nothing is said of its "
        "steps there."
        for dialect in missing
    ]
    for verdict, reason in (
        (Verdict.UNSUPPORTED, "declared as unsupported, and refused as documented"),
        (Verdict.BLOCKED, "blocked by a step that did not pass"),
        (Verdict.ERROR, "not judged because the harness broke"),
        (Verdict.NOT_RUN, "not run"),
    ):
        names = [
            result.case.id
            for result in report.judged
            if result.outcome.verdict is verdict and result.case.dialect not in missing
        ]
        if names:
            sentences.append(f"{len(names)} {reason}: {', '.join(names)}.")
    return sentences
