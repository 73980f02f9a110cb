"""The command, from outside: exit status, files, and what it says."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from click.testing import CliRunner

from conformance.commands.run import command as run_command
from conformance.events import CaseFinished, RunFinished, RunStarted, read
from conformance.report.json_report import schema
from conformance.report.model import collect
from conformance.selftest.command_line import command
from conformance.selftest.fakes import repository

FAKES = "conformance.selftest.fakes"
RUN = ("run", "--only", "NB-*", "--butler")


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc")


def test_all_passed(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --x\n", encoding="utf-8")
    done = command(*RUN, f"{FAKES}:perfect", "--repo", str(repo), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "17/17" in done.stdout
    assert "16/16" in done.stdout
    assert "%" not in done.stdout
    assert str(Path("report") / "index.html") in done.stdout
    report = tmp_path / "report"
    names = {path.name for path in report.iterdir()}
    assert names == {
        "events.jsonl",
        "index.html",
        "junit.xml",
        "pictures",
        "report.json",
        "summary.md",
    }
    data = json.loads((report / "report.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    [run] = data["runs"]
    tally = run["totals"]["notebook.w_2020_03"]
    assert (tally["passed"], tally["total"]) == (17, 17)
    assert run["setup"]["passed"] == 10
    assert run["coverage"]["text"].partition(" ")[0] == "17/17"
    page = (report / "index.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 2
    suites = ElementTree.parse(report / "junit.xml").getroot()
    notebook = [one for one in suites if one.attrib["name"].startswith("notebook.")]
    assert [one.attrib["tests"] for one in notebook] == ["17", "16"]
    assert [one.attrib["skipped"] for one in notebook] == ["0", "0"]
    assert {one.attrib["classname"] for one in notebook[0].iter("testcase")} == {"notebook"}


def test_two_processes_find_what_one_finds(repo: Path, tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    arguments = ("run", "--only", "NB-13", "--only", "NB-15", "--repo", str(repo), "--jobs", "2")
    done = command(*arguments, "--butler", f"{FAKES}:wrong_message", folder=tmp_path, fresh=True)
    assert done.returncode == 1, done.stderr
    assert "NB-13.w_2020_03 failed the text of the ValueError" in done.stdout
    assert "judging wrong_message" in done.stderr
    [run] = collect(read(tmp_path / "report" / "events.jsonl")).runs
    judged = {one.case.id: str(one.verdict) for one in run.judged if one.verdict != "not run"}
    assert judged == {
        "NB-13.w_2020_03": "failed",
        "NB-13.current": "passed",
        "NB-15.w_2020_03": "passed",
        "NB-15.current": "passed",
    }


def test_several_processes_need_pytest_xdist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.commands.run.find_spec", lambda name: None)
    done = CliRunner().invoke(run_command, ["--jobs", "2"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith("--jobs needs pytest-xdist; pip install pytest-xdist.\n")


def test_events_hold_the_whole_report(repo: Path, tmp_path: Path) -> None:
    arguments = (*RUN, f"{FAKES}:wrong_message", "--repo", str(repo))
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 1
    assert "NB-13.w_2020_03 failed the text of the ValueError" in done.stdout
    events = list(read(tmp_path / "report" / "events.jsonl"))
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    assert sum(isinstance(event, CaseFinished) for event in events) == 43
    [run] = collect(events).runs
    assert run.exit_status == 1
    data = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert [case["verdict"] for case in data["runs"][0]["cases"]] == [
        str(result.outcome.verdict) for result in run.results
    ]


def test_several_butlers_stand_side_by_side(repo: Path, tmp_path: Path) -> None:
    both = (f"{FAKES}:perfect", "--butler", f"{FAKES}:wrong_message")
    done = command(*RUN, *both, "--only", "NB-1*", "--repo", str(repo), folder=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "perfect 1.0 on sqlite\n" in done.stdout
    assert "wrong_message 1.0 on sqlite\n" in done.stdout
    assert f"replay NB-13.w_2020_03 --butler {FAKES}:wrong_message" in done.stdout
    report = tmp_path / "report"
    data = json.loads((report / "report.json").read_text(encoding="utf-8"))
    assert [run["implementation"]["name"] for run in data["runs"]] == ["perfect", "wrong_message"]
    assert [run["exit_status"] for run in data["runs"]] == [0, 1]
    cases = {case["id"]: case for case in data["runs"][1]["cases"]}
    [picture] = cases["NB-11.current"]["pictures"]
    assert picture == "pictures/wrong_message/NB-11.current.png"
    assert (report / picture).is_file()
    repro = report / "repro" / "wrong_message" / "NB-13.w_2020_03.py"
    assert repro.read_text(encoding="utf-8") == cases["NB-13.w_2020_03"]["repro"]
    starts = [isinstance(event, RunStarted) for event in read(report / "events.jsonl")]
    assert starts.count(True) == 2


def test_butlers_that_cannot_be_judged_end_before_any_is(repo: Path, tmp_path: Path) -> None:
    for other, words in (
        ("butler_cor", "did you mean 'butler_core'?"),
        (f"{FAKES}:perfect", "is given twice"),
    ):
        both = (f"{FAKES}:perfect", "--butler", other)
        done = command(*RUN, *both, "--repo", str(repo), folder=tmp_path)
        assert done.returncode == 2
        assert words in done.stderr
        assert not (tmp_path / "report").exists()


def test_a_choice_that_names_no_case(repo: Path, tmp_path: Path) -> None:
    chosen = ("run", "--only", "NX-*", "--butler", f"{FAKES}:perfect")
    done = command(*chosen, "--repo", str(repo), folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "Error: --only names no case of the suite."


def test_two_runs_give_the_same_report_but_for_times(repo: Path, tmp_path: Path) -> None:
    chosen = ("--only", "CHN-0*", "--only", "ERR-1*", "--only", "LAW-01", "--profile", "dev")
    found = []
    for _ in range(2):
        seeded = (*chosen, "--seed", "5", "--repo", str(repo))
        done = command("run", *seeded, folder=tmp_path, fresh=True)  # sets in another order
        assert done.returncode == 0, done.stdout
        data = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
        [run] = data["runs"]
        assert (run["profile"], run["seed"]) == ("dev", 5)
        for one in (run, *run["cases"]):
            for time in {"seconds", "started", "finished"} & set(one):
                del one[time]
        found.append(run)
    assert [case["verdict"] for case in found[0]["cases"]].count("passed") > 40
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("fake", "status", "words"),
    [
        ("crashes_on_open", 1, "blocked"),
        ("without_display", 0, "2 unsupported"),
        ("without_files", 0, "3 unsupported, 2 blocked"),
        ("only_today", 0, "notebook, January 2020   not offered by only_today\n"),
        ("without_imports", 1, "NB-02.current failed"),
    ],
)
def test_exit_status(fake: str, status: int, words: str, repo: Path, tmp_path: Path) -> None:
    done = command(*RUN, f"{FAKES}:{fake}", "--repo", str(repo), folder=tmp_path)
    assert done.returncode == status, done.stderr
    assert words in done.stdout


@pytest.mark.parametrize(
    ("butler", "words"),
    [
        ("butler_cor", "did you mean 'butler_core'?"),
        ("no.such.module:factory", "'no.such.module' cannot be imported"),
        (f"{FAKES}:prefect", "has no 'prefect'. Its callables are: "),
        (f"{FAKES}:broken_factory", "its factory 'broken_factory' raised OSError: no licence."),
    ],
)
def test_nothing_judged_without_an_implementation(
    butler: str, words: str, repo: Path, tmp_path: Path
) -> None:
    done = command("run", "--butler", butler, "--repo", str(repo), folder=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "report").exists()


def test_nothing_judged_without_a_repository(tmp_path: Path) -> None:
    done = command(*RUN, f"{FAKES}:perfect", "--repo", ".", folder=tmp_path)
    assert done.returncode == 2
    assert "butler-conformance make-repo ci_hsc" in done.stderr
