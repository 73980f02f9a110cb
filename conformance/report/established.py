"""What a run does not establish, said plainly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conformance.implementations import DIALECTS
from conformance.report.model import Run
from conformance.verdict import Verdict

MOST_NAMED = 12
LEFT_OPEN = {
    Verdict.UNSUPPORTED: "declared as unsupported, and refused as documented",
    Verdict.BLOCKED: "blocked by one that did not pass",
    Verdict.ERROR: "not judged because the harness broke",
    Verdict.NOT_RUN: "not run",
}


def not_established(run: Run) -> list[str]:
    """Return sentences on what a reader must not conclude from the run of an implementation."""
    return [
        *_of_the_run(run),
        *_of_the_world(run),
        *(text for kind, text in _of_kinds(run) if kind in _kinds(run)),
        *_of_the_requirements(run),
        *_of_the_verdicts(run),
    ]


def _of_the_run(run: Run) -> Iterator[str]:
    if not run.complete:
        yield "The run was broken off before its end."
    if run.started.fault:
        yield (
            f"The fault {run.started.fault} stood in front of {run.name}: the verdicts tell what "
            "the suite sees of that fault, and nothing of the implementation."
        )


def _of_the_world(run: Run) -> Iterator[str]:
    size = run.started.repository.get("size")
    pixels = f" of {size} size" if size in ("quarter", "full") else ""
    yield (
        f"Images and catalogues were read from one repository, ci_hsc{pixels}, whose sky is "
        "synthetic: its registry has the records of the real one, its pixels have not."
    )
    if {"data", "function", "property"} & _kinds(run):
        yield (
            "The other repositories held a few rows each, and but for those of interop cases were "
            "made by the implementation itself: nothing is said of large ones."
        )
    yield (
        f"The database was {run.started.registry}, on one machine, used by one process: other "
        "databases, access over a network, several writers at once and speed were not tried."
    )


def _of_kinds(run: Run) -> Iterator[tuple[str, str]]:
    started = run.started
    yield (
        "property",
        f"Properties were tried with the programs that chance wrote from seed {started.seed} in "
        f"the profile {started.profile}; a longer or another program may still fail.",
    )
    if "w_2020_03" in started.dialects:
        yield (
            "step",
            "Steps 4, 5, 7, 8 and 9 of the notebook in the dialect of January 2020 list folders: "
            "they judge the files of the repository, which a recipe made, and would pass for any "
            "Butler.",
        )
    yield (
        "step",
        "XY0 of every calexp of ci_hsc is 0, 0: there, a Butler that takes that for granted "
        "passes.",
    )
    others = " and ".join(started.others)
    yield (
        "interop",
        f"In interop cases repositories and exports were shared with {others}, and with no other."
        if others
        else f"In interop cases {run.name} shared repositories with itself: nothing is said of "
        "those that another Butler made.",
    )
    if "picture" in _kinds(run):
        version = started.versions.get("matplotlib", "one version")
        text = f"Pictures were drawn with matplotlib {version} alone, from two frames of ci_hsc."
        yield "picture", text
    else:
        yield (
            "step",
            "Pictures were held against the file's pixels by limits, colours, places of markers "
            "and mean differences, not pixel by pixel.",
        )


def _of_the_requirements(run: Run) -> Iterator[str]:
    yield "Only what the requirements say was judged; the rest of the API was not."
    tried = {result.case.requirement for result in run.judged}
    without = [one.id for one in run.requirements if one.id not in tried]
    if without:
        is_one = len(without) == 1
        words = "requirement has" if is_one else "requirements have"
        yield f"{len(without)} {words} no case: {_named(without)}."


def _of_the_verdicts(run: Run) -> Iterator[str]:
    missing = [dialect for dialect in DIALECTS if dialect not in run.started.dialects]
    for dialect in missing:
        yield (
            f"{run.name} does not offer the dialect {dialect}: nothing is said of its cases there."
        )
    for verdict, words in LEFT_OPEN.items():
        names = [
            result.case.id
            for result in run.judged
            if result.verdict is verdict and result.case.dialect not in missing
        ]
        if names:
            yield f"{len(names)} {words}: {_named(names)}."


def _named(names: Iterable[str]) -> str:
    found = list(names)
    more = len(found) - MOST_NAMED
    shown = ", ".join(found[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def _kinds(run: Run) -> set[str]:
    return {result.case.kind for result in run.judged if result.verdict is not Verdict.NOT_RUN}
