"""The gate: which changes between two reports are worse, and when nothing can be said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from conformance.commands.gate import command
from conformance.report import json_report
from conformance.report.gate import Change, Kind
from conformance.report.model import collect
from conformance.selftest.large_streams import stream
from conformance.verdict import Verdict

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED
CASE = "COL-01.after"


def report(folder: Path) -> dict[str, Any]:
    events = stream("it", "it", folder, families=("collections", "chains"))
    data: dict[str, Any] = json.loads(json.dumps(json_report.as_data(collect(events))))
    return data


def case(data: dict[str, Any], name: str = CASE) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in data["runs"][0]["cases"] if one["id"] == name)
    return found


def end(data: dict[str, Any], verdict: str, message: str = "why", name: str = CASE) -> None:
    case(data, name).update(verdict=verdict, message=message)


def drop(data: dict[str, Any], name: str = CASE) -> None:
    cases = data["runs"][0]["cases"]
    cases.remove(case(data, name))


def gate(
    folder: Path,
    change_new: Callable[[dict[str, Any]], object] = dict,
    change_old: Callable[[dict[str, Any]], object] = dict,
    *options: str,
) -> Result:
    paths = {}
    for name, change in (("new", change_new), ("old", change_old)):
        data = report(folder)
        change(data)
        paths[name] = folder / f"{name}.json"
        paths[name].write_text(json.dumps(data), encoding="utf-8")
    arguments = [str(paths["new"]), "--against", str(paths["old"]), *options]
    return CliRunner().invoke(command, arguments)


def test_nothing_changed(tmp_path: Path) -> None:
    done = gate(tmp_path)
    assert (done.exit_code, done.output) == (0, "no verdict changed\n")


def test_times_and_messages_are_no_verdicts(tmp_path: Path) -> None:
    done = gate(tmp_path, lambda data: case(data).update(seconds=9, message="other"))
    assert (done.exit_code, done.output) == (0, "no verdict changed\n")


def test_a_regression_names_case_butler_verdicts_and_reason(tmp_path: Path) -> None:
    done = gate(tmp_path, lambda data: end(data, "failed", "expected 1,\nobserved 2"))
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        f"regression {CASE} on it: passed → failed: expected 1, observed 2",
        "1 regression",
    ]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (PASSED, FAILED, Kind.REGRESSION),
        (PASSED, Verdict.ERROR, Kind.REGRESSION),
        (PASSED, Verdict.BLOCKED, Kind.REGRESSION),
        (PASSED, Verdict.NOT_RUN, Kind.REGRESSION),
        (PASSED, Verdict.UNSUPPORTED, Kind.REGRESSION),
        (PASSED, None, Kind.REGRESSION),
        (None, FAILED, Kind.REGRESSION),
        (None, Verdict.ERROR, Kind.REGRESSION),
        (Verdict.NOT_RUN, FAILED, Kind.REGRESSION),
        (Verdict.UNSUPPORTED, FAILED, Kind.REGRESSION),
        (None, PASSED, Kind.NEW),
        (None, Verdict.UNSUPPORTED, Kind.NEW),
        (FAILED, None, Kind.GONE),
        (FAILED, PASSED, Kind.REPAIRED),
        (Verdict.NOT_RUN, PASSED, Kind.REPAIRED),
        (Verdict.BLOCKED, FAILED, Kind.OTHER),
        (FAILED, Verdict.ERROR, Kind.OTHER),
    ],
)
def test_what_is_a_regression(old: Verdict | None, new: Verdict | None, kind: Kind) -> None:
    assert Change("it", CASE, old, new, "").kind is kind


def test_new_gone_and_repaired_cases_are_told_and_do_no_harm(tmp_path: Path) -> None:
    def repaired(data: dict[str, Any]) -> None:
        end(data, "passed", "", "CHN-02.after")
        case(data, "CHN-02.after")["observations"] = case(data)["observations"]
        drop(data, "CHN-03.after")

    done = gate(tmp_path, repaired, drop)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "repaired   CHN-02.after on it: blocked → passed",
        f"new        {CASE} on it: new, passed",
        "gone       CHN-03.after on it: error, now gone",
        "1 repaired, 1 new, 1 gone",
    ]


def test_a_case_that_passed_may_not_vanish(tmp_path: Path) -> None:
    done = gate(tmp_path, drop)
    assert done.exit_code == 1
    assert done.output.splitlines()[0] == f"regression {CASE} on it: passed, now gone"


def test_markdown_is_a_table_of_text(tmp_path: Path) -> None:
    done = gate(tmp_path, lambda data: end(data, "failed", "<b>a|b</b>"), dict, "--markdown")
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "**1 regression**",
        "",
        "| | case | Butler | verdict | why |",
        "|---|---|---|---|---|",
        f"| regression | {CASE} | it | passed → failed | \\<b\\>a\\|b\\</b\\> |",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.update(format="butler-conformance report 1"), "report 1'; this"),
        (lambda data: data.pop("runs"), "at top: 'runs' is a required property"),
        (lambda data: case(data).update(verdict="fine"), "at runs/0/cases/"),
        (
            lambda data: data["runs"][0]["implementation"].update(name="other"),
            "the earlier report judges it, the later other.",
        ),
        (lambda data: data["runs"][0].update(fault="q"), "judged with no fault, and now with q."),
        (lambda data: data["runs"][0].update(complete=False), "the run of it was broken off."),
    ],
)
def test_where_nothing_can_be_said(
    change: Callable[[dict[str, Any]], object], words: str, tmp_path: Path
) -> None:
    done = gate(tmp_path, change)
    assert done.exit_code == 2
    assert words in done.output
    assert "regression" not in done.output


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "No such file"), ("{", "cannot be read"), ("[]", "is no report")],
)
def test_files_that_are_no_reports(text: str | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    new = tmp_path / "new.json"
    new.write_text(json.dumps(report(tmp_path)), encoding="utf-8")
    done = CliRunner().invoke(command, [str(new), "--against", str(path)])
    assert done.exit_code == 2
    assert words in done.output
