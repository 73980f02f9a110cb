"""The verdicts that fakes with one fault get, step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conformance.case import Outcome
from conformance.notebook.steps import cases
from conformance.repository import CaseRepository, locate
from conformance.selftest import fakes
from conformance.selftest.fakes import repository
from conformance.selftest.fakes.butlers import TodayButler
from conformance.selftest.suites import notebook_suite
from conformance.verdict import Verdict, exit_status

Run = Callable[[fakes.Fake], dict[str, Outcome]]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CaseRepository:
    return locate(repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc"))


@pytest.fixture(scope="module")
def run(files: CaseRepository) -> Run:
    def outcomes(fake: fakes.Fake) -> dict[str, Outcome]:
        suite = notebook_suite(fake, files)
        return {case: suite.outcome(case) for case in suite.cases}

    return outcomes


def with_verdict(outcomes: dict[str, Outcome], verdict: Verdict) -> set[str]:
    return {case for case, outcome in outcomes.items() if outcome.verdict is verdict}


def test_perfect_fake_passes_everything(run: Run) -> None:
    outcomes = run(fakes.perfect())
    assert with_verdict(outcomes, Verdict.PASSED) == set(outcomes)
    assert len(outcomes) == 17 + 16 + 5 + 5


def test_wrong_message_fails_its_step_alone(run: Run) -> None:
    outcomes = run(fakes.wrong_message())
    assert with_verdict(outcomes, Verdict.FAILED) == {"NB-13.w_2020_03"}
    assert with_verdict(outcomes, Verdict.PASSED) == set(outcomes) - {"NB-13.w_2020_03"}
    [seen] = outcomes["NB-13.w_2020_03"].observations
    assert seen.expected == "No run or collection provided.\n"
    assert seen.observed == "No collection given.\n"
    assert not seen.passed


def test_crash_on_open_blocks_later_steps_by_name(run: Run) -> None:
    outcomes = run(fakes.crashes_on_open())
    assert with_verdict(outcomes, Verdict.FAILED) == {
        "NB-06.w_2020_03",
        "NB-13.w_2020_03",
        "NB-14.w_2020_03",
        "NB-05.current",
        "NB-06.current",
        "NB-13.current",
        "NB-14.current",
    }
    blocked = {case: outcomes[case].blocked_by for case in with_verdict(outcomes, Verdict.BLOCKED)}
    assert blocked["NB-10.w_2020_03"] == "NB-06.w_2020_03"
    assert blocked["NB-11.w_2020_03"] == "NB-06.w_2020_03", "the cause, not the step between"
    assert blocked["NB-22.w_2020_03"] == "NB-14.w_2020_03"
    assert blocked["NB-17.current"] == "NB-14.current"
    assert "RuntimeError: the database is on fire" in outcomes["NB-06.current"].traceback
    assert "daf_butler.Butler.from_config(" in outcomes["NB-06.current"].traceback


def test_silence_fails_and_never_breaks_the_harness(run: Run) -> None:
    outcomes = run(fakes.answers_nothing())
    assert with_verdict(outcomes, Verdict.ERROR) == set()
    passed = with_verdict(outcomes, Verdict.PASSED)
    assert passed - {f"NB-{n:02d}.w_2020_03" for n in (4, 5, 7, 8, 9)} == {
        f"NB-{n:02d}.{dialect}" for n in (1, 2, 3, 12, 19) for dialect in ("w_2020_03", "current")
    }


def test_missing_display_is_unsupported_and_refused(run: Run) -> None:
    outcomes = run(fakes.without_display())
    drawing = {f"NB-{n}.{dialect}" for n in (11, 22) for dialect in ("w_2020_03", "current")}
    assert with_verdict(outcomes, Verdict.UNSUPPORTED) == drawing
    assert with_verdict(outcomes, Verdict.PASSED) == set(outcomes) - drawing
    [seen] = outcomes["NB-11.current"].observations
    [drawn] = [one for one in cases(fakes.without_display()) if one.id == "NB-11.current"]
    assert drawn.code.startswith("import fake_without_display_display as afw_display\n")
    assert "ModuleNotFoundError" in seen.observed
    assert seen.expected == "raises ImportError or NotImplementedError"


def test_false_modesty_fails(run: Run) -> None:
    outcomes = run(fakes.claims_no_display())
    assert with_verdict(outcomes, Verdict.FAILED) == {
        f"NB-{n}.{dialect}" for n in (11, 22) for dialect in ("w_2020_03", "current")
    }
    assert "ran to its end" in outcomes["NB-11.current"].message


def test_failed_set_up_blocks_what_needs_it(run: Run) -> None:
    outcomes = run(fakes.without_imports())
    assert with_verdict(outcomes, Verdict.FAILED) == {"NB-02.w_2020_03", "NB-02.current"}
    assert outcomes["NB-22.current"].blocked_by == "NB-02.current"


def test_dialect_that_is_not_offered_is_not_run(run: Run) -> None:
    outcomes = run(fakes.only_today())
    assert with_verdict(outcomes, Verdict.NOT_RUN) == {
        case for case in outcomes if case.endswith("w_2020_03")
    }
    assert with_verdict(outcomes, Verdict.PASSED) == {
        case for case in outcomes if case.endswith("current")
    }


def test_an_adapter_that_opens_another_butler_than_is_judged(files: CaseRepository) -> None:
    class Beside(fakes.Fake):
        def open(self, root: Path, **arguments: Any) -> Any:
            return fakes.perfect().open(root, **arguments)

    judged = fakes.fake("judged", today=type("Own", (TodayButler,), {}))
    beside = Beside(judged.name, judged.dialects)
    outcome = notebook_suite(beside, files).outcome("NB-06.current")
    assert outcome.verdict is Verdict.FAILED
    assert "the kind of Butler that open() of the implementation gives" in outcome.message
    assert notebook_suite(judged, files).outcome("NB-06.current").verdict is Verdict.PASSED


def test_any_selection_gives_the_same_verdict(files: CaseRepository) -> None:
    alone = notebook_suite(fakes.crashes_on_open(), files).outcome("NB-22.current")
    assert alone.verdict is Verdict.BLOCKED
    assert alone.blocked_by == "NB-14.current"
    whole = notebook_suite(fakes.perfect(), files).outcome("NB-22.w_2020_03")
    assert whole.verdict is Verdict.PASSED


def test_pictures_are_written_where_asked(files: CaseRepository, tmp_path: Path) -> None:
    outcome = notebook_suite(fakes.perfect(), files, tmp_path / "pictures").outcome("NB-11.current")
    assert outcome.pictures == ("pictures/NB-11.current.png",)
    assert (tmp_path / outcome.pictures[0]).read_bytes().startswith(b"\x89PNG")


def test_a_judge_that_breaks_is_an_error_of_the_harness(
    files: CaseRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("in the judge")

    monkeypatch.setattr("conformance.notebook.runner.judge_of", lambda *which: broken)
    outcome = notebook_suite(fakes.perfect(), files).outcome("NB-14.current")
    assert outcome.verdict is Verdict.ERROR
    assert "ZeroDivisionError: in the judge" in outcome.message


def test_a_judge_that_looks_at_nothing_is_an_error(
    files: CaseRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "conformance.notebook.runner.judge_of", lambda *which: lambda seen, check: None
    )
    assert notebook_suite(fakes.perfect(), files).outcome("NB-14.current").verdict is Verdict.ERROR


P, F, D, E, U, B, N = Verdict


@pytest.mark.parametrize(
    ("judged", "setup", "status"),
    [
        ([P, P], [P], 0),
        ([P, U], [P], 0),
        ([P, D], [P], 0),
        ([D], [P], 0),
        ([D, F], [P], 1),
        ([P, N], [P, N], 0),
        ([P, F], [P], 1),
        ([P, E], [P], 1),
        ([P, B], [P], 1),
        ([P], [F], 1),
        ([F, B], [P], 1),
        ([], [], 2),
        ([N, N], [N], 2),
        ([E, E], [P], 2),
        ([B, B], [F], 2),
        ([U], [P], 2),
    ],
)
def test_exit_status(judged: list[Verdict], setup: list[Verdict], status: int) -> None:
    assert exit_status(judged, setup) == status
