"""The pytest plugin: quiet where it is not wanted, honest where it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.selftest.fakes import repository

pytest_plugins = ["pytester"]

FAKES = "conformance.selftest.fakes"
QUICK = ("-p", "no:hypothesispytest", "-p", "no:cacheprovider")
LAZY = (
    "conformance.notebook",
    "conformance.report",
    "conformance.events",
    "butler_core",
    "jinja2",
    "jsonschema",
    "yaml",
    "astropy",
    "numpy",
    "matplotlib",
    "sqlalchemy",
)


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc")


def test_quiet_in_a_project_of_its_own(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        import sys

        def test_of_the_project():
            loaded = [name for name in {LAZY!r} if name in sys.modules]
            assert loaded == []
        """
    )
    pytester.makeconftest(
        """
        def pytest_addoption(parser):
            for name in ("--report", "--repo", "--registry", "--repository"):
                parser.addoption(name)
        """
    )
    result = pytester.runpytest_subprocess(*QUICK, "--report", "x")
    result.assert_outcomes(passed=1)
    assert "conformance" not in result.stdout.str().replace("butler-conformance-", "")


def test_cases_run_by_the_name_of_their_module(pytester: pytest.Pytester, repo: Path) -> None:
    result = pytester.runpytest_subprocess(
        *QUICK,
        *("--pyargs", "conformance.test_notebook", "-k", "not NB-11 and not NB-22"),
        *(
            "--butler",
            f"{FAKES}:wrong_message",
            "--butler-repo",
            str(repo),
            "--butler-report",
            "out",
        ),
    )
    result.assert_outcomes(passed=38, failed=1, deselected=4)
    result.stdout.fnmatch_lines(
        ["*notebook, January 2020*14/17 (1 failed, 2 not run)", "*set-up*10/*"]
    )
    result.stdout.fnmatch_lines(["*NB-13.w_2020_03 failed: the text of the ValueError*"])
    assert (pytester.path / "out" / "index.html").is_file()


def test_a_selection_leaves_the_rest_not_run(pytester: pytest.Pytester, repo: Path) -> None:
    result = pytester.runpytest_subprocess(
        *QUICK,
        *("--pyargs", "conformance.test_notebook", "-k", "NB-17.current"),
        *("--butler", f"{FAKES}:perfect", "--butler-repo", str(repo), "--butler-report", "out"),
    )
    result.assert_outcomes(passed=1, deselected=42)
    data = json.loads((pytester.path / "out" / "report.json").read_text(encoding="utf-8"))
    verdicts = {case["id"]: case["verdict"] for case in data["runs"][0]["cases"]}
    assert verdicts.pop("NB-17.current") == "passed"
    assert set(verdicts.values()) == {"not run"}


def test_blocked_and_unsupported_are_skips_with_reasons(
    pytester: pytest.Pytester, repo: Path
) -> None:
    result = pytester.runpytest_subprocess(
        *QUICK,
        *("--pyargs", "conformance.test_notebook", "-rs", "-k", "current"),
        *("--butler", f"{FAKES}:crashes_on_open", "--butler-repo", str(repo)),
    )
    result.assert_outcomes(passed=5, failed=4, skipped=12, deselected=22)
    result.stdout.fnmatch_lines(["*NB-10.current blocked: blocked by NB-06.current*"])


def test_a_repository_that_cannot_be_made_is_an_error_not_a_failure(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        breaker="""
        from conformance import recipes

        def fail(name):
            raise OSError("no space left")

        recipes.load = fail
        """
    )
    result = pytester.runpytest_subprocess(
        *QUICK,
        *("-p", "breaker"),
        *("--pyargs", "conformance.test_notebook", "-k", "NB-06"),
        *("--butler", f"{FAKES}:perfect", "--butler-report", "out"),
    )
    result.assert_outcomes(failed=2, deselected=41)
    data = json.loads((pytester.path / "out" / "report.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for case in data["runs"][0]["cases"]}
    assert cases["NB-06.current"]["verdict"] == "error"
    assert "OSError: no space left" in cases["NB-06.current"]["traceback"]
    assert data["exit_status"] == 2


def test_a_run_that_is_broken_off_is_no_success(pytester: pytest.Pytester, repo: Path) -> None:
    pytester.makepyfile(
        breaker="""
        def pytest_runtest_logstart(nodeid):
            if "NB-06.w_2020_03" in nodeid:
                raise KeyboardInterrupt
        """
    )
    pytester.runpytest_subprocess(
        *QUICK,
        *("-p", "breaker"),
        *("--pyargs", "conformance.test_notebook", "--butler", f"{FAKES}:perfect"),
        *("--butler-repo", str(repo), "--butler-report", "out"),
    )
    data = json.loads((pytester.path / "out" / "report.json").read_text(encoding="utf-8"))
    tally = data["runs"][0]["totals"]["notebook.w_2020_03"]
    assert (tally["passed"], tally["not run"]) == (2, 15)
    assert data["exit_status"] == 1
    assert not data["complete"]
    assert "broken off" in (pytester.path / "out" / "summary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--butler", "butler_cor"), "*did you mean 'butler_core'?*"),
        (("--butler-repo", "nowhere"), "*nowhere holds no DATA/butler.yaml*"),
        (("--butler-report", "/dev/full/x"), "*reports cannot be written to /dev/full/x: *"),
    ],
)
def test_options_that_cannot_be_served_are_usage_errors(
    arguments: tuple[str, ...], words: str, pytester: pytest.Pytester
) -> None:
    result = pytester.runpytest_subprocess(*QUICK, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([words])
    assert "Traceback" not in result.stderr.str()


def test_a_case_that_ends_its_process_is_an_error(pytester: pytest.Pytester, repo: Path) -> None:
    pytest.importorskip("xdist")
    pytester.makepyfile(
        ending="""
        import os
        from conformance.selftest import fakes
        from conformance.selftest.fakes import butlers

        class Ending(butlers.TodayButler):
            @classmethod
            def from_config(cls, *arguments, **keywords):
                os._exit(0)

        def make():
            return fakes.fake("ending", today=Ending)
        """
    )
    result = pytester.runpytest_subprocess(
        *QUICK,
        *("--pyargs", "conformance.test_notebook", "-k", "NB-06 or NB-15.w_2020_03"),
        *("--butler", "ending:make", "--butler-repo", str(repo), "--butler-report", "out"),
        *("-n", "1"),
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    data = json.loads((pytester.path / "out" / "report.json").read_text(encoding="utf-8"))
    cases = {case["id"]: case for case in data["runs"][0]["cases"]}
    assert cases["NB-06.current"]["verdict"] == "error"
    assert "crashed" in cases["NB-06.current"]["message"]
    assert cases["NB-06.w_2020_03"]["verdict"] == "passed"
    assert data["exit_status"] == 1


def test_two_processes_give_the_same_verdicts(pytester: pytest.Pytester, repo: Path) -> None:
    pytest.importorskip("xdist")
    found = []
    for extra in ((), ("-n", "2")):
        result = pytester.runpytest_subprocess(
            *QUICK,
            *("--pyargs", "conformance.test_notebook", *extra, "-k", "NB-0 or NB-1"),
            *(
                "--butler",
                f"{FAKES}:crashes_on_open",
                "--butler-repo",
                str(repo),
                "--butler-report",
                "out",
            ),
        )
        assert result.ret == pytest.ExitCode.TESTS_FAILED
        data = json.loads((pytester.path / "out" / "report.json").read_text(encoding="utf-8"))
        found.append(
            [(case["id"], case["verdict"], case["blocked_by"]) for case in data["runs"][0]["cases"]]
        )
    assert found[0] == found[1]
    assert {"failed", "blocked", "passed", "not run"} == {verdict for _, verdict, _ in found[0]}
