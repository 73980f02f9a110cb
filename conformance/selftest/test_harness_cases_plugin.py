"""Cases as data: files as items of pytest, and as the command runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.cases.kinds import FIRST_LINES
from conformance.folders import PACKAGE
from conformance.selftest import case_world
from conformance.selftest.command_line import command
from conformance.selftest.fakes import repository

pytest_plugins = ["pytester"]

QUICK = ("-p", "no:hypothesispytest", "-p", "no:cacheprovider")
CASES = """\
- id: MINE-01.right
  title: A run is registered
  repository: mine
  ask: {butler: 'butler.collections.query("*")', registry: butler.registry.queryCollections()}
  value: [a]
- id: MINE-01.wrong
  title: A run is registered wrongly
  repository: mine
  ask: butler.collections.query("*")
  value: [b]
"""
FUNCTION = """\
from conformance.cases import case

@case("MINE-01.function", "A function is a case", repository="mine", value="a")
def function(api, root):
    return api.Butler.from_config(root).collections.get_info("a").name
"""
MINE = f"{FIRST_LINES['repositories']}\nabout: A run.\nsteps: [butler.collections.register('a')]\n"


@pytest.fixture
def mine(pytester: pytest.Pytester) -> Path:
    """Return a suite folder of one's own, with cases that pass and one that does not."""
    folder = pytester.path / "mysuite"
    case_world.write(folder, CASES)
    (folder / "repositories" / "mine.yaml").write_text(MINE)
    (folder / "cases" / "mine.py").write_text(FUNCTION)
    return folder


def verdicts(folder: Path) -> dict[str, str]:
    """Return the verdicts of a report on the cases of one's own."""
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    cases = data["runs"][0]["cases"]
    return {case["id"]: case["verdict"] for case in cases if "MINE" in case["id"]}


def test_a_file_in_a_folder_of_ones_own_is_enough(pytester: pytest.Pytester, mine: Path) -> None:
    result = pytester.runpytest_subprocess(*QUICK, "-v", "mysuite/cases/mine.yaml")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "mysuite/cases/mine.yaml::MINE-01.right.butler PASSED*",
            "mysuite/cases/mine.yaml::MINE-01.right.registry PASSED*",
            "mysuite/cases/mine.yaml::MINE-01.wrong FAILED*",
            "*_ MINE-01.wrong: A run is registered wrongly _*",
            "MINE-01.wrong failed: butler.collections.query(?**?): expected *'b'*, observed *'a'*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_functions_repositories_and_selections_are_collected(
    pytester: pytest.Pytester, mine: Path
) -> None:
    result = pytester.runpytest_subprocess(
        *QUICK, "--collect-only", "-q", "mysuite", "-k", "not wr"
    )
    assert [line for line in result.outlines if "::" in line] == [
        "mysuite/cases/mine.py::MINE-01.function",
        "mysuite/cases/mine.yaml::MINE-01.right.butler",
        "mysuite/cases/mine.yaml::MINE-01.right.registry",
        "mysuite/repositories/mine.yaml::REPO.mine",
    ]
    result = pytester.runpytest_subprocess(*QUICK, "mysuite", "-k", "function or REPO")
    result.assert_outcomes(passed=2, deselected=3)


def test_two_processes_give_the_same_verdicts(pytester: pytest.Pytester, mine: Path) -> None:
    pytest.importorskip("xdist")
    found = []
    for folder, extra in (("one", ()), ("two", ("-n", "2"))):
        result = pytester.runpytest_subprocess(*QUICK, *extra, str(mine), "--butler-report", folder)
        result.assert_outcomes(passed=4, failed=1)
        found.append(verdicts(pytester.path / folder))
    assert found[0] == found[1]
    assert found[0] == {
        "MINE-01.function": "passed",
        "MINE-01.right.butler": "passed",
        "MINE-01.right.registry": "passed",
        "MINE-01.wrong": "failed",
    }


def test_processes_know_a_folder_beside_the_root_of_the_tests(
    pytester: pytest.Pytester, mine: Path
) -> None:
    pytest.importorskip("xdist")
    elsewhere = pytester.mkdir("elsewhere")
    elsewhere.joinpath("pytest.ini").write_text("[pytest]\n")
    result = pytester.runpytest_subprocess(
        *QUICK,
        *("-n", "1", "-c", str(elsewhere / "pytest.ini"), "--rootdir", str(elsewhere)),
        *(str(mine / "cases" / "mine.yaml"), "--butler-report", "out"),
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["FAILED *mysuite/cases/mine.yaml::MINE-01.wrong*"])
    assert verdicts(pytester.path / "out")["MINE-01.wrong"] == "failed"


def test_the_line_of_a_case_is_where_it_is_written(pytester: pytest.Pytester, mine: Path) -> None:
    items, _ = pytester.inline_genitems(*QUICK, str(mine / "cases" / "mine.yaml"))
    path, line, text = items[-1].reportinfo()
    assert (Path(path), line, text) == (
        mine / "cases" / "mine.yaml",
        6,
        "MINE-01.wrong: A run is registered wrongly",
    )


@pytest.mark.parametrize("extra", [(), ("-n", "1")])
def test_a_broken_file_is_one_error_without_a_traceback(
    extra: tuple[str, ...], pytester: pytest.Pytester, mine: Path
) -> None:
    if extra:
        pytest.importorskip("xdist")
    (mine / "cases" / "mine.yaml").write_text(f"{FIRST_LINES['cases']}\n{CASES}  stesp: []\n")
    result = pytester.runpytest_subprocess(*QUICK, *extra, "mysuite/cases/mine.yaml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["mysuite/cases/mine.yaml:12: 'stesp' is not a key of a case; did you mean 'steps'?"]
    )
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert "checked(" not in result.stdout.str()
    assert result.ret in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.TESTS_FAILED)


def test_a_mistake_is_told_once_by_its_own_file_where_that_is_collected(
    pytester: pytest.Pytester, mine: Path
) -> None:
    other = mine / "cases" / "other.yaml"
    other.write_text(f"{FIRST_LINES['cases']}\n- just text\n")
    words = "mysuite/cases/other.yaml:2: this entry is 'just text'; write a mapping"
    result = pytester.runpytest_subprocess(*QUICK, "mysuite")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ERROR collecting mysuite/cases/other.yaml*", words])
    result = pytester.runpytest_subprocess(*QUICK, "mysuite/cases/mine.yaml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*ERROR collecting mysuite/cases/mine.yaml*", words])
    result = pytester.runpytest_subprocess(
        *QUICK, "--pyargs", "conformance.test_notebook", "mysuite", "-k", "NB-04 or MINE"
    )
    assert result.stdout.str().count("other.yaml:2:") == 1
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_a_function_under_the_decorator_is_no_test_besides(
    pytester: pytest.Pytester, mine: Path
) -> None:
    path = mine / "cases" / "mine.py"
    path.write_text(path.read_text().replace("def function", "def test_function"))
    pytester.runpytest_subprocess(*QUICK, str(path)).assert_outcomes(passed=1)


def test_a_repository_that_breaks_fails_its_cases_where_it_is_not_run_itself(
    pytester: pytest.Pytester, mine: Path
) -> None:
    (mine / "repositories" / "mine.yaml").write_text(MINE.replace("register('a')", "no_such"))
    result = pytester.runpytest_subprocess(*QUICK, "mysuite/cases")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["REPO.mine: AttributeError: *no_such*"])
    result = pytester.runpytest_subprocess(*QUICK, "mysuite")
    result.assert_outcomes(failed=1, skipped=4)


def test_files_of_others_are_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_of_the_project():
            assert not [name for name in sys.modules if name.startswith("conformance.cases.c")]
            assert "yaml" not in sys.modules
            assert "jsonschema" not in sys.modules
        """
    )
    folder = pytester.mkdir("cases")
    (folder / "theirs.yaml").write_text("- id: [not closed\n")
    (folder / "helper.py").write_text("raise RuntimeError('imported')\n")
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    (pytester.mkdir("repositories") / "theirs.yaml").write_text("a: 1\n")
    result = pytester.runpytest_subprocess(*QUICK)
    result.assert_outcomes(passed=1)
    assert "conformance" not in result.stdout.str().replace("butler-conformance-", "")


def test_the_suite_itself_is_collected_by_its_name(pytester: pytest.Pytester) -> None:
    repositories = str(PACKAGE / "repositories")
    result = pytester.runpytest_subprocess(
        *QUICK, "--pyargs", "conformance.cases", repositories, "--collect-only", "-q"
    )
    assert result.ret == 0
    assert any("collections.yaml::COL-" in line for line in result.outlines)
    assert any("two_runs.yaml::REPO.two_runs" in line for line in result.outlines)


def test_the_command_runs_folders_of_ones_own(pytester: pytest.Pytester, mine: Path) -> None:
    files = repository.make(pytester.path / "ci_hsc")
    result = command(
        *("run", "--repo", str(files), "--suite", "mysuite", "--report", "out"),
        *("--butler", "conformance.selftest.fakes:perfect"),
        folder=pytester.path,
    )
    found = verdicts(pytester.path / "out")
    assert set(found) == {
        "MINE-01.function",
        "MINE-01.right.butler",
        "MINE-01.right.registry",
        "MINE-01.wrong",
    }
    assert set(found.values()) <= {"failed", "blocked"}  # a fake that answers the notebook alone
    assert result.returncode == 1


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("mysuite", "Error: mysuite/cases/mine.yaml:12: 'stesp' is not a key of a case; did you"),
        ("nowhere", "nowhere: is no folder of a suite; one holds requirements, repositories, ca"),
    ],
)
def test_the_command_ends_with_2_and_one_sentence_where_a_file_is_broken(
    folder: str, words: str, pytester: pytest.Pytester, mine: Path
) -> None:
    (mine / "cases" / "mine.yaml").write_text(f"{FIRST_LINES['cases']}\n{CASES}  stesp: []\n")
    result = command("run", "--suite", folder, "--report", "out", folder=pytester.path)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert words in result.stderr
