"""Known deviations: what they excuse, and all the ways in which a file of them goes wrong."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from conformance import report as reports
from conformance.case import Outcome
from conformance.cases.mistakes import CaseFileError
from conformance.cases.source import DataCases
from conformance.commands.gate import command as gate
from conformance.commands.replay import command as replay
from conformance.commands.run import command as run_command
from conformance.deviations import reading
from conformance.events import CaseFinished, Event, RunStarted, read
from conformance.lint import lint
from conformance.replaying import lines, status
from conformance.selftest import case_world
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace

pytest_plugins = ["pytester"]

CASES = """\
- id: MINE-01.right
  title: One is one
  repository: empty
  ask: "1"
  value: 1
- id: MINE-01.wrong
  title: One is two
  repository: empty
  ask: {here: "1", there: "1 + 0"}
  value: 2
"""
ENTRY = """\
- cases: [{cases}]
  kind: not yet
  reason: Two is one in
    this Butler.
  versions: "{versions}"
  link: https://example.org/1
"""


def known(folder: Path, cases: str = "MINE-01.wrong", versions: str = ">=1,<2") -> Path:
    """Write the cases and one deviation of the small Butler into a folder of a suite."""
    case_world.write(folder, CASES)
    return listed(
        folder / "deviations" / "small.yaml", ENTRY.format(cases=cases, versions=versions)
    )


def listed(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def outcomes(folder: Path, version: str = "1.4") -> dict[str, Outcome]:
    suite = case_world.suite(folder, case_world.small(version=version))
    return {one.id: suite.outcome(one.id) for one in suite.cases.values() if "MINE" in one.id}


def mistake(folder: Path) -> str:
    """Return what is said of a file that cannot be used: one line, that begins with its place."""
    with pytest.raises(CaseFileError) as caught:
        outcomes(folder)
    text = str(caught.value)
    assert "deviations/small.yaml:" in text
    return text.partition("deviations/")[2]


def test_a_failure_that_is_known_deviates_and_keeps_its_evidence(tmp_path: Path) -> None:
    known(tmp_path)
    found = outcomes(tmp_path)
    assert {name: str(one.verdict) for name, one in found.items()} == {
        "MINE-01.right": "passed",
        "MINE-01.wrong.here": "deviates",
        "MINE-01.wrong.there": "deviates",
    }
    wrong = found["MINE-01.wrong.here"]
    assert wrong.deviation is not None
    assert not wrong.has_vanished
    assert wrong.deviation.reason == "Two is one in this Butler."
    assert wrong.deviation.place == "deviations/small.yaml:1"
    assert wrong.message == "1: expected 2, observed 1"
    assert "assert observed == expected" in wrong.repro


def test_replay_says_what_is_known(tmp_path: Path) -> None:
    known(tmp_path)
    suite = case_world.suite(tmp_path)
    found = [suite.outcome(name) for name in ("MINE-01.right", "MINE-01.wrong.here")]
    said = list(lines(suite, found[1]))
    assert said[0] == "MINE-01.wrong.here deviates: 1: expected 2, observed 1"
    assert said[1].strip() == (
        "known, not yet: Two is one in this Butler. See https://example.org/1 "
        "(deviations/small.yaml:1)"
    )
    assert status(found) == 0


@pytest.mark.parametrize("cases", ["MINE-01", "MINE-01.*", "MINE-01.right, MINE-01.wrong"])
def test_one_that_passes_is_to_be_removed(tmp_path: Path, cases: str) -> None:
    known(tmp_path, cases)
    found = outcomes(tmp_path)
    right = found["MINE-01.right"]
    assert (right.verdict, right.has_vanished) == (Verdict.PASSED, True)
    assert right.message == (
        "the deviation of deviations/small.yaml:1 is not seen any more: remove the case there"
    )
    assert not found["MINE-01.wrong.here"].has_vanished
    assert status(list(found.values())) == 1


@pytest.mark.parametrize(
    ("versions", "version", "verdict"),
    [
        (">=1,<2", "1.4", "deviates"),
        (">=1,<2", "2.0", "failed"),
        ("==30.2026.4300", "30.2026.4300", "deviates"),
        (">=1", "2.0rc1", "deviates"),
        (">=1", "g0f1e2d+dirty", "failed"),
        ("any", "g0f1e2d+dirty", "deviates"),
    ],
)
def test_an_entry_is_of_its_versions(
    tmp_path: Path, versions: str, version: str, verdict: str
) -> None:
    known(tmp_path, versions=versions)
    wrong = outcomes(tmp_path, version)["MINE-01.wrong.here"]
    assert wrong.verdict == verdict
    told = wrong.texts.get("known of other versions", "")
    assert bool(told) is (verdict == "failed")
    assert told in (
        "",
        f"deviations/small.yaml:1 knows it of the versions {versions} alone: "
        "Two is one in this Butler.",
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            ENTRY.format(cases="MINE-01.wrogn", versions="any"),
            "small.yaml:1: 'MINE-01.wrogn' matches no case; remove it, or name another: "
            "did you mean 'MINE-01.wrong.here'?",
        ),
        (
            2 * ENTRY.format(cases="MINE-01.wrong", versions="any"),
            "small.yaml:7: MINE-01.wrong.there is listed in deviations/small.yaml:1 already; "
            "remove one of them",
        ),
        (
            ENTRY.format(cases="MINE-01.wrong", versions="30.x"),
            "small.yaml:5: 'versions' is '30.x'; write them as for pip, such as '>=30.2026.4300'",
        ),
        (
            ENTRY.format(cases="MINE-01.wrong", versions="any").replace("not yet", "bug"),
            "small.yaml:2: 'kind' is 'bug'; write defect or not yet or by design",
        ),
        ("- cases: [MINE-01.wrong]\n  kind: defect\n  versions: any\n", "has no 'reason'; write"),
        ("cases: [MINE-01.wrong]\n", "small.yaml:1: this entry is {'cases'"),
        ("- cases: [\n", "is not YAML"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    known(tmp_path)
    listed(tmp_path / "deviations" / "small.yaml", text)
    assert words in mistake(tmp_path)


def test_the_lint_looks_through_the_files_of_all_implementations(tmp_path: Path) -> None:
    known(tmp_path, "MINE-01.wrong, MINE-01.wrong.hare")
    text = ENTRY.format(cases="MINE-01.right", versions="any").replace("Two is", "it must be")
    listed(tmp_path / "deviations" / "other.yaml", text)
    said = [str(one) for one in lint([tmp_path]).findings if one.place.startswith("deviations")]
    assert said == [
        "deviations/other.yaml:1: the reason: the sentence begins with 'i'; begin it with a "
        "capital letter",
        "deviations/other.yaml:1: the reason: the sentence says 'must'; the level says that; write "
        "what holds",
        "deviations/small.yaml:1: 'MINE-01.wrong.hare' matches no case; remove it, or name "
        "another: did you mean 'MINE-01.wrong.here'?",
    ]


def test_another_version_may_be_listed_again(tmp_path: Path) -> None:
    path = known(tmp_path, versions="<1")
    with path.open("a") as stream:
        stream.write(ENTRY.format(cases="MINE-01.wrong", versions=">=1"))
    assert outcomes(tmp_path)["MINE-01.wrong.here"].verdict is Verdict.DEVIATES


def test_a_file_that_is_given_is_named_as_the_implementation(tmp_path: Path) -> None:
    case_world.write(tmp_path, CASES)
    path = listed(
        tmp_path / "elsewhere" / "small.yaml", ENTRY.format(cases="MINE-01.wrong", versions="any")
    )
    implementation = case_world.small()
    place = Workplace(case_world._no_ci_hsc, scratch=tmp_path / "scratch")
    sources = [DataCases(implementation, [tmp_path])]
    suite = Suite(implementation, [tmp_path], place, sources, deviations=[path])
    assert suite.outcome("MINE-01.wrong.here").verdict is Verdict.DEVIATES
    reading.check_given([path], ["butler_core", "small"])
    with pytest.raises(ValueError, match=r"named as the implementation is; write mine\.yaml\."):
        reading.check_given([path], ["mine"])
    with pytest.raises(ValueError, match=r"gone\.yaml: there is no such file\."):
        reading.check_given([tmp_path / "gone.yaml"], ["gone"])


def test_commands_end_with_2_where_a_file_cannot_be_used(tmp_path: Path) -> None:
    known(tmp_path / "mysuite", "MINE-01.gone")
    listed(
        tmp_path / "mysuite" / "deviations" / "butler_core.yaml",
        ENTRY.format(cases="MINE-01.gone", versions="any"),
    )
    suite = ["--suite", str(tmp_path / "mysuite")]
    other = ["--deviations", str(tmp_path / "mysuite" / "deviations" / "small.yaml")]
    report = ["--report", str(tmp_path / "report")]
    for command, arguments, words in (
        (run_command, [*suite, *report], "butler_core.yaml:1: 'MINE-01.gone' matches no case"),
        (run_command, [*other, *report], "named as the implementation is; write butler_core.yaml."),
        (replay, ["MINE-01", *suite], "butler_core.yaml:1: 'MINE-01.gone' matches no case"),
        (replay, ["COL-01", *other], "named as the implementation is; write butler_core.yaml."),
    ):
        done = CliRunner().invoke(command, arguments)
        assert (done.exit_code, done.stdout) == (2, "")
        assert words in done.stderr


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run pytest on the cases of one's own, with a deviation that is there and one that is not."""
    folder = pytester.path / "mysuite"
    known(folder, "MINE-01.wrong.here, MINE-01.right")
    (folder / "deviations" / "small.yaml").rename(folder / "deviations" / "butler_core.yaml")
    text = (folder / "deviations" / "butler_core.yaml").read_text().replace(">=1,<2", "any")
    (folder / "deviations" / "butler_core.yaml").write_text(text)
    quick = ("-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-rxf")
    result = pytester.runpytest_subprocess(*quick, str(folder), "--butler-report", "out")
    result.assert_outcomes(xfailed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "MINE-01.right passed: the deviation of deviations/butler_core.yaml:1 is not seen *",
            "XFAIL *::MINE-01.wrong.here - MINE-01.wrong.here deviates (not yet): 1: expected 2*",
        ]
    )
    return pytester.path / "out"


def test_all_reports_tell_deviations_from_passes_and_failures(run: Path) -> None:
    data = json.loads((run / "report.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for case in data["runs"][0]["cases"]}
    assert cases["MINE-01.wrong.here"]["deviation"]["kind"] == "not yet"
    assert data["runs"][0]["totals"]["registry"]["deviates"] == 1
    assert data["exit_status"] == 1

    root = ElementTree.parse(run / "junit.xml").getroot()
    assert root.attrib["failures"] == "2"
    skipped = [one for one in root.iter("skipped") if "deviates" in one.attrib["message"]]
    assert [one.attrib["message"] for one in skipped] == [
        "deviates (not yet): Two is one in this Butler."
    ]
    assert "observed 1" in (skipped[0].text or "")

    summary = (run / "summary.md").read_text(encoding="utf-8")
    assert "1 deviates" in summary
    assert (
        "| not yet | Two is one in this Butler. <https://example.org/1> | MINE-01.wrong.here |"
        in summary
    )
    assert "- **MINE-01.right** One is one: passed, the deviation of" in summary

    page = (run / "index.html").read_text(encoding="utf-8")
    assert "Two is one in this Butler." in page
    assert 'href="https://example.org/1"' in page

    assert 'data-verdicts="deviates not-yet "' in page, "they can be chosen by kind"

    old = run / "old.json"
    cases["MINE-01.wrong.here"].update(verdict="passed", deviation=None)
    for seen in cases["MINE-01.wrong.here"]["observations"]:
        seen["passed"] = True
    old.write_text(json.dumps(data), encoding="utf-8")
    done = CliRunner().invoke(gate, [str(run / "report.json"), "--against", str(old)])
    assert done.exit_code == 1
    assert "regression MINE-01.wrong.here on butler_core: passed → deviates" in done.output


def test_two_columns_show_where_they_differ_and_why(run: Path) -> None:
    def other(event: Event) -> Event:
        if isinstance(event, RunStarted):
            return replace(event, implementation="other", version="2.0")
        if not isinstance(event, CaseFinished) or event.outcome.case != "MINE-01.wrong.here":
            return event
        right = replace(event.outcome.observations[0], observed=2, passed=True)
        passed = replace(event.outcome, verdict=Verdict.PASSED, deviation=None, message="")
        return CaseFinished(replace(passed, observations=(right,), repro=""))

    events = list(read(run / "events.jsonl"))
    reports.write([*events, *map(other, events)], run)
    page = (run / "index.html").read_text(encoding="utf-8")
    assert 'data-verdicts="deviates passed not-yet differ"' in page
    assert page.count(' differ"') == 1
    assert '<a href="#?verdict=differ">In the matrix, the 1 case that did not end alike</a>' in page
    assert "butler_core does otherwise than is required in 1 case of 1 requirement: 1 not yet." in (
        " ".join(page.split())
    )
    [cell] = re.findall(r'<td data-label="butler_core">(.*?deviates.*?)</td>', page)
    assert 'not yet:</span> Two is one in this Butler. <a class="link"' in cell
    assert '<th scope="col" class="wide">butler_core</th><th scope="col">other</th>' in page
    assert re.search(r"1/\d+</span> <span class=\"rest\">1 failed, 1 deviates", page)
