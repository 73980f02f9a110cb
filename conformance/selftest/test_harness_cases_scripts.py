"""Cases as data: the scripts that show a failure with the implementation alone."""

from __future__ import annotations

import ast
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.cases.source import DataCases
from conformance.implementations.loading import load
from conformance.repository import CaseRepository
from conformance.selftest import case_world
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace

CASES = """
- id: MINE-01.value
  title: The children of a chain
  repository: two_runs
  steps:
    - butler.collections.register("chain", CollectionType.CHAINED)
    - |
      butler.collections.redefine_chain("chain", [
          "b", "a",
      ])
  ask: butler.collections.get_info("chain").children
  value: {value}
- id: MINE-01.set
  title: Names in any order
  repository: two_runs
  ask: set(butler.collections.query("*"))
  value: {set}
- id: MINE-01.rows
  title: The datasets of a run
  repository: two_runs
  ask: |
    butler.query_datasets("stats",
                          collections="b")
  rows: [{{visit: {visit}, detector: 1, run: b}}]
- id: MINE-01.ordered
  title: Records in their order
  repository: two_runs
  ask: butler.query_dimension_records("detector", order_by="-detector", limit=2)
  rows: [{{id: {first}}}, {{id: 2}}]
  ordered: true
- id: MINE-01.raises
  title: Nobody raises
  repository: empty
  ask: butler.collections.get_info("{collection}").name
  value: a
  steps: ['butler.collections.register("a")']
- id: MINE-01.error
  title: A collection that is not there
  repository: empty
  steps: ['butler.collections.register("runs")']
  ask: butler.collections.get_info("rnus")
  error: {{type: MissingCollectionError, is: Exception, says: [rnus, {says}]}}
- id: MINE-01.january
  title: A dataset of January 2020
  repository: two_runs
  dialect: w_2020_03
  open: {{collection: b}}
  ask: butler.get("stats", instrument="Cam", visit=1, detector=1)["mean"]
  value: {mean}
"""
RIGHT = {
    "value": "[b, a]",
    "set": "[b, a]",
    "visit": 1,
    "first": 3,
    "collection": "a",
    "says": "did you mean 'runs'",
    "mean": 11,
}
WRONG = {
    "value": "[a, b]",
    "set": "[a]",
    "visit": 2,
    "first": 1,
    "collection": "c",
    "says": "no such text",
    "mean": 12,
}
FUNCTION = """
import functools as tools
from conformance.cases import case

CHILDREN = ["b", "a"]


@tools.cache
def wanted():
    return CHILDREN


def unneeded():
    raise AssertionError


@case("MINE-01.function", "A chain keeps its order", repository="two_runs", value={value})
def survives(api, root):
    with api.Butler.from_config(root, writeable=True) as butler:
        butler.collections.register("chain", api.CollectionType.CHAINED)
        butler.collections.redefine_chain("chain", wanted())
    with api.Butler.from_config(root) as butler:
        return butler.collections.get_info("chain").children
"""
NAMES = ("value", "set", "rows", "ordered", "raises", "error", "january", "function")


def made(folder: Path, words: dict[str, object]) -> Suite:
    """Return the suite of a folder with the cases, filled with some words."""
    case_world.write(folder, CASES.format(**words))
    (folder / "cases" / "mine.py").write_text(FUNCTION.format(value=repr_of(words["value"])))
    return case_world.suite(folder, load("butler_core"))


def repr_of(flow: object) -> str:
    """Return a flow sequence of YAML as Python."""
    return repr(str(flow).strip("[]").split(", "))


def run(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process and a folder of its own."""
    path = folder / "script.py"
    path.write_text(script, encoding="utf-8")
    command = [sys.executable, "-W", "error", str(path), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return made(tmp_path_factory.mktemp("right"), RIGHT)


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    return made(tmp_path_factory.mktemp("wrong"), WRONG)


def script_of(found: Suite, name: str) -> str:
    """Return the script of a case, whatever its verdict."""
    implementation = found.implementation
    folder = Path(found.place.scratch).parent if found.place else Path()
    source = DataCases(implementation, [folder])
    return source.program(found.cases[f"MINE-01.{name}"])


@pytest.mark.parametrize("name", NAMES)
def test_a_script_of_a_case_that_passes_ends_with_0(
    name: str, right: Suite, tmp_path: Path
) -> None:
    outcome = right.outcome(f"MINE-01.{name}")
    assert (outcome.verdict, outcome.message, outcome.repro) == (Verdict.PASSED, "", "")
    path = tmp_path / "script.py"
    path.write_text(script_of(right, name), encoding="utf-8")
    names = runpy.run_path(str(path), run_name="__main__")
    assert "error" in name or names["observed"] == names["expected"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("value", "AssertionError: expected ['a', 'b'], observed ['b', 'a']"),
        ("set", "AssertionError: expected ['a'], observed ['a', 'b']"),
        ("rows", "expected [{'visit': 2, 'detector': 1, 'run': 'b'}], observed [{"),
        ("ordered", "expected [{'id': 1}, {'id': 2}], observed [{'id': 3}, {'id': 2}]"),
        ("raises", "AssertionError: expected 'a', observed MissingCollectionError: no collection"),
        ("error", "AssertionError: expected a text that says 'no such text', observed \"no coll"),
        ("january", "AssertionError: expected 12, observed 11"),
        ("function", "AssertionError: expected ['a', 'b'], observed ['b', 'a']"),
    ],
)
def test_a_failure_leaves_a_script_that_fails_for_the_same_reason(
    name: str, words: str, wrong: Suite, tmp_path: Path
) -> None:
    outcome = wrong.outcome(f"MINE-01.{name}")
    assert outcome.verdict is Verdict.FAILED
    result = run(tmp_path, outcome.repro)
    assert result.returncode == 1
    assert words in result.stderr.splitlines()[-1]
    assert not list(tmp_path.glob("**/gen3.sqlite3"))


@pytest.mark.parametrize("name", NAMES)
def test_a_script_imports_the_implementation_and_python_alone(name: str, right: Suite) -> None:
    tree = ast.parse(script_of(right, name))
    nodes = list(ast.walk(tree))
    imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    imported |= {one.name for node in nodes if isinstance(node, ast.Import) for one in node.names}
    tops = {str(name).partition(".")[0] for name in imported}
    assert tops - set(sys.stdlib_module_names) == {"butler_core"}
    assert "unneeded" not in script_of(right, name)


def test_a_call_that_writes_though_refused_fails_in_its_script(tmp_path: Path) -> None:
    case_world.write(
        tmp_path,
        """\
        - id: MINE-01.writes
          title: It writes
          repository: empty
          ask: |
            (butler.collections.register("a"), (root / "new").write_text("a"),
             butler.collections.get_info("b"))
          error: {type: MissingCollectionError}
        """,
    )
    outcome = case_world.suite(tmp_path, load("butler_core")).outcome("MINE-01.writes")
    assert "new is new; gen3.sqlite3: 1 row more in collection" in outcome.message
    result = run(tmp_path, outcome.repro)
    assert result.returncode == 1
    assert "expected the repository as it was, observed changes of" in result.stderr
    assert "gen3.sqlite3" in result.stderr.splitlines()[-1]


def test_a_script_on_ci_hsc_takes_its_root(tmp_path: Path) -> None:
    implementation = load("butler_core")
    root = tmp_path / "ci_hsc" / "DATA"
    implementation.make_repository(root)
    case_world.write(
        tmp_path,
        "- {id: MINE-01.x, title: X, repository: ci_hsc, "
        "ask: butler.collections.query('*'), value: [a]}\n",
    )
    from conformance.notebook.facts import QUARTER

    place = Workplace(lambda: CaseRepository(root.parent, QUARTER), scratch=tmp_path / "scratch")
    source = DataCases(implementation, [tmp_path])
    outcome = Suite(implementation, [tmp_path], place, [source]).outcome("MINE-01.x")
    assert outcome.verdict is Verdict.FAILED
    assert "makeRepo" not in outcome.repro
    assert run(tmp_path, outcome.repro).stderr.startswith("usage: give the root of a ci_hsc repo")
    result = run(tmp_path, outcome.repro, str(root))
    assert result.stderr.splitlines()[-1] == "AssertionError: expected ['a'], observed []"
