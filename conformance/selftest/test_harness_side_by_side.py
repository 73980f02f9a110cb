"""The reports of a large suite on two Butlers, made from streams of events by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from conformance import report as reports
from conformance.case import Case, Outcome, PictureComparison
from conformance.events import CaseFinished, CasePlanned, Event, RunFinished, RunStarted
from conformance.implementations.loading import load
from conformance.report import folder as report_folder
from conformance.report import json_report
from conformance.report.established import not_established
from conformance.report.model import collect
from conformance.report.picture import Album, compared
from conformance.report.totals import Result, coverage, group_of
from conformance.requirements import Requirement
from conformance.selftest.large_streams import stream, two_butlers
from conformance.suite import Suite
from conformance.verdict import Verdict

BOTH = ("w_2020_03", "current")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    reports.write(two_butlers(folder), folder)
    return folder


def test_json_holds_requirements_once_and_a_run_for_each_butler(folder: Path) -> None:
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json_report.schema(), cls=jsonschema.Draft202012Validator)
    assert data["format"] == "butler-conformance report 3"
    assert len(data["requirements"]) == 111
    cases = {one["id"]: one["cases"] for one in data["requirements"]}
    assert cases["COL-12"] == []
    assert cases["COL-01"] == ["COL-01.in-order", "COL-01.after", "COL-01.with-tag"]
    first, second = data["runs"]
    assert first["totals"]["registry"]["failed"] == 2
    assert second["totals"]["registry"]["failed"] == 1
    assert [run["totals"]["notebook.w_2020_03"]["offered"] for run in (first, second)] == [
        True,
        False,
    ]
    assert first["coverage"]["text"] == "102/110 (1 without a case)"
    assert (first["seed"], first["profile"], first["fault"]) == (20261123, "ci", "")
    assert data["exit_status"] == 1


def test_a_count_leaves_out_cases_in_a_dialect_that_is_not_offered(tmp_path: Path) -> None:
    def older(event: Event) -> Event:
        if isinstance(event, CasePlanned) and event.case.id == "COL-01.after":
            return CasePlanned(replace(event.case, dialect="w_2020_03"))
        return event

    events = list(stream("it", "it", tmp_path, families=("collections",)))
    before, after = (collect(one).runs[0] for one in (events, map(older, events)))
    assert before.started.dialects == BOTH
    only = replace(after, started=replace(after.started, dialects=("current",)))
    counts = [
        next(tally for tally in run.tallies if tally.name == "registry").total
        for run in (before, after, only)
    ]
    assert counts[0] == counts[1] == counts[2] + 1


def test_the_summary_is_short_and_says_how_to_try_again(folder: Path) -> None:
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert len(text.encode()) < 20_000
    assert "| requirements | 102/110 (1 without a case) | 103/110 (1 without a case) |" in text
    assert "### What failed on butler\\_core" in text
    assert "`butler-conformance replay COL-03.after --butler butler_core`" in text
    assert "--profile ci --seed 20261123`" in text
    assert "COL-01.after" not in text, "what passed is a count"


def test_a_summary_of_hundreds_of_failures_stays_short(tmp_path: Path) -> None:
    def failing(event: Event) -> Event:
        if not isinstance(event, CaseFinished):
            return event
        outcome = replace(event.outcome, verdict=Verdict.FAILED, message="long " * 400)
        return CaseFinished(outcome)

    reports.write([*map(failing, stream("it", "it", tmp_path))], tmp_path)
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert len(text.encode()) < 20_000
    assert "- and 285 more, which the page lists" in text


def test_each_failure_leaves_its_script(folder: Path, tmp_path: Path) -> None:
    found = {path.relative_to(folder).as_posix() for path in (folder / "repro").rglob("*.py")}
    ours = ("COL-03.after", "COL-07.in-order", "LAW-01.in-order", "PIC-01.in-order")
    assert found == {
        *(f"repro/butler_core/{name}.py" for name in ours),
        *(f"repro/lsst_daf_butler/{name}.py" for name in ours[1:]),
    }
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f"python {name}" in page for name in found)
    reports.write(stream("it", "it", tmp_path), tmp_path)
    assert {path.name for path in (tmp_path / "repro").iterdir()} == {f"{one}.py" for one in ours}


def test_a_new_run_clears_what_an_earlier_left(folder: Path, tmp_path: Path) -> None:
    reports.write(two_butlers(tmp_path), tmp_path)
    (tmp_path / "repro" / "mine.py").touch()
    report_folder.clear(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"pictures", "repro", "repro/mine.py"}


def test_junit_knows_family_and_butler(folder: Path) -> None:
    root = ElementTree.parse(folder / "junit.xml").getroot()
    names = [suite.attrib["name"] for suite in root]
    assert names[:3] == [
        "butler_core.notebook.w_2020_03",
        "butler_core.notebook.current",
        "butler_core.registry",
    ]
    classes = {one.attrib["classname"] for one in root.iter("testcase")}
    assert {"butler_core.collections", "lsst_daf_butler.laws"} <= classes
    [failure] = [
        one.find("failure")
        for one in root.iter("testcase")
        if one.attrib["name"].startswith("LAW-01") and "butler_core" in one.attrib["classname"]
    ]
    assert failure is not None
    assert "Shortest program:\nbutler.registry.registerDatasetType" in (failure.text or "")
    assert "butler-conformance replay LAW-01.in-order" in (failure.text or "")


def test_a_repository_that_cannot_be_made_is_no_mere_skip(tmp_path: Path) -> None:
    def failing(event: Event) -> Event:
        if not isinstance(event, CaseFinished) or event.outcome.case != "REPO.two_runs":
            return event
        return CaseFinished(replace(event.outcome, verdict=Verdict.FAILED, message="no room"))

    reports.write([*map(failing, stream("it", "it", tmp_path, failures=False))], tmp_path)
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert root.attrib["failures"] == "1"
    [suite] = root.findall("testsuite[@name='set-up']")
    assert [one.attrib["classname"] for one in suite.iter("testcase")] == ["repositories"]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.index("What failed") < page.index("REPO.two_runs") < page.index("Requirements</h2>")
    assert "**REPO.two\\_runs**" in (tmp_path / "summary.md").read_text(encoding="utf-8")


def test_the_events_of_several_runs_stand_one_after_another(tmp_path: Path) -> None:
    writer = reports.ReportWriter(tmp_path)
    events = two_butlers(tmp_path)
    for event in events:
        writer.pytest_conformance_event(event)
    assert writer.failure is None
    lines = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(events)
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert len(data["runs"]) == 2


def test_two_butlers_of_one_name_are_told_apart(tmp_path: Path) -> None:
    once = stream("it", "it", tmp_path, families=())
    assert [run.name for run in collect([*once, *once]).runs] == ["it", "it (2)"]


@pytest.mark.parametrize(
    ("names", "folders"),
    [
        (["a"], [""]),
        (["butler_core", "lsst.daf"], ["butler_core", "lsst.daf"]),
        (["a/../b", "a b", "..", "é"], ["a-..-b", "a-b", "butler", "butler-2"]),
        (["it", "it"], ["it", "it-2"]),
    ],
)
def test_folders_of_butlers_are_plain_and_distinct(names: list[str], folders: list[str]) -> None:
    assert report_folder.subfolders(names) == folders


def test_pictures_are_named_below_the_folder_of_their_butler() -> None:
    comparison = PictureComparison(name="p", expected="pictures/e.png", actual="it/a.png")
    outcome = Outcome(
        case="PIC-01.x",
        verdict=Verdict.PASSED,
        pictures=("pictures/x.png",),
        comparisons=(comparison,),
    )
    moved = report_folder.moved(outcome, "it")
    assert moved.pictures == ("pictures/it/x.png",)
    [placed] = moved.comparisons
    assert (placed.expected, placed.actual) == ("pictures/it/e.png", "pictures/it/a.png")
    assert placed.difference == ""


def test_a_choice_of_cases_brings_what_sets_them_up() -> None:
    suite = Suite(load("butler_core"))
    chosen = suite.wanted(["COL-06", "NB-11.c*"])
    assert {case for case in chosen if suite.cases[case].judged} == {
        "NB-11.current",
        *(case for case in suite.cases if case.startswith("COL-06.")),
    }
    assert {"REPO.survey", "NB-01.current", "NB-02.current"} <= chosen
    assert "NB-01.w_2020_03" not in chosen
    assert suite.wanted(["COL-0"]) == set(), "a beginning of a word is no name"
    assert suite.wanted(["COL-0[67]"]) == suite.wanted(["COL-06", "COL-07.*"])


def results(*ends: tuple[str, str, Verdict]) -> list[Result]:
    return [
        Result(
            Case(id=f"{name}.{number}", requirement=name, title="", dialect=dialect, kind="data"),
            Outcome(case=f"{name}.{number}", verdict=verdict),
            None,
        )
        for number, (name, dialect, verdict) in enumerate(ends)
    ]


@pytest.mark.parametrize(
    ("ends", "dialects", "text"),
    [
        ([("A-1", "current", Verdict.PASSED)], BOTH, "1/1 (2 without a case)"),
        (
            [("A-1", "current", Verdict.PASSED), ("A-1", "current", Verdict.UNSUPPORTED)],
            BOTH,
            "0/1 (2 without a case)",
        ),
        (
            [("A-1", "current", Verdict.PASSED), ("A-1", "w_2020_03", Verdict.NOT_RUN)],
            ("current",),
            "1/1 (2 without a case)",
        ),
        (
            [("A-1", "current", Verdict.PASSED), ("A-1", "current", Verdict.NOT_RUN)],
            BOTH,
            "0/1 (2 without a case)",
        ),
        (
            [("A-1", "w_2020_03", Verdict.NOT_RUN), ("A-2", "current", Verdict.NOT_RUN)],
            ("current",),
            "0/0 (1 without a case, 1 not run, 1 only in a dialect that is not offered)",
        ),
        ([(name, "current", Verdict.PASSED) for name in ("A-1", "A-2", "A-3")], BOTH, "3/3"),
    ],
)
def test_coverage(
    ends: Sequence[tuple[str, str, Verdict]], dialects: tuple[str, ...], text: str
) -> None:
    known = [
        Requirement(id=name, sentence="", level="must", source="", family="a")
        for name in ("A-1", "A-2", "A-3")
    ]
    assert coverage(known, results(*ends), dialects).text == text


@pytest.mark.parametrize(
    ("kind", "judged", "group"),
    [
        ("step", True, "notebook.current"),
        ("step", False, "set-up"),
        ("data", True, "registry"),
        ("function", True, "registry"),
        ("property", True, "properties"),
        ("picture", True, "pictures"),
        ("repository", False, "set-up"),
    ],
)
def test_groups(kind: str, judged: bool, group: str) -> None:
    assert group_of(Case(id="A-1.x", requirement="", title="", kind=kind, judged=judged)) == group


def test_what_is_not_established_follows_from_what_was_run(tmp_path: Path) -> None:
    events = stream("it", "it", tmp_path)
    [run] = collect(events).runs
    sentences = "\n".join(not_established(run))
    assert "1 requirement has no case: COL-12." in sentences
    assert "from seed 20261123 in the profile ci" in sentences
    assert "matplotlib 3.10.8 alone" in sentences
    assert "1 blocked by one that did not pass: CHN-02.after." in sentences
    assert "fault" not in sentences

    unfinished = [one for one in events if not isinstance(one, CaseFinished)]
    [run] = collect(unfinished).runs
    sentences = "\n".join(not_established(run))
    assert "from seed" not in sentences, "no property was tried"
    assert "matplotlib" not in sentences

    started = events[0]
    assert isinstance(started, RunStarted)
    [run] = collect([replace(started, fault="q-for-8"), *events[1:]]).runs
    assert "the verdicts tell what the suite sees of that fault" in not_established(run)[0]


def test_one_broken_run_of_two_is_named(tmp_path: Path) -> None:
    *events, finished = two_butlers(tmp_path)
    assert isinstance(finished, RunFinished)
    reports.write([*events, replace(finished, complete=False)], tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "The run of lsst_daf_butler was broken off before its end." in page
    assert "The run of butler_core was" not in page
    data = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert [run["complete"] for run in data["runs"]] == [True, False]
    assert not data["complete"]


def test_a_fault_is_said_first(tmp_path: Path) -> None:
    started, *events = stream("it", "it", tmp_path)
    assert isinstance(started, RunStarted)
    reports.write([replace(started, fault="q-for-8"), *events], tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert page.index("The fault <code>q-for-8</code> stood in front of it") < page.index("<main")
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "**The fault q-for-8 stood before it.**" in summary


def test_where_pictures_differ_in_words() -> None:
    def where(**facts: object) -> str:
        return compared(PictureComparison(name="p", **facts), Path()).where  # type: ignore[arg-type]

    assert where() == ""
    assert where(total=9) == "None of 9 pixels differs."
    assert where(total=1000, count=1, first=(3, 2), box=(3, 2, 4, 3)) == (
        "1 of 1,000 pixels differs, the first at column 3, row 2."
    )


def test_a_picture_is_shown_once(folder: Path) -> None:
    comparison = PictureComparison(
        name="p", expected="pictures/butler_core/PIC-01.in-order.expected.png", total=9
    )
    one, same = (compared(comparison, folder).shown[0][1] for _ in range(2))
    album = Album()
    assert album.earlier([one], "NB-11") == ""
    assert album.earlier([same], "PIC-01.x") == "NB-11"
    assert album.earlier([one, same], "PIC-01.x") == ""
