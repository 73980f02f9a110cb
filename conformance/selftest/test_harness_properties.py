"""The machine and the laws: that they find faults, and how they say so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Never

import pytest

from conformance.case import Outcome
from conformance.implementations import Implementation
from conformance.implementations.butler_core import ButlerCore
from conformance.properties import LawError, Session, law, literal, shrinking
from conformance.properties.effort import EFFORTS, Effort
from conformance.properties.source import Properties
from conformance.selftest import mutants
from conformance.verdict import Verdict
from conformance.workplace import Workplace

PROGRAM, DRAWING = "the shortest program", "the collections before the failing call"
Run = Callable[..., Outcome]

MACHINE: dict[mutants.Mutant, tuple[str, int]] = {
    mutants.find_first_reversed: ("the first ", 12),
    mutants.association_dropped: ("datasets of t", 7),
    mutants.chain_order_forgotten: ("the children of c", 4),
    mutants.removed_stays_in_tag: ("the datasets, by id: expected {}", 9),
    mutants.cycle_accepted: ("expected CollectionCycleError (cycle), observed no error", 3),
    mutants.conflict_accepted: ("ConflictingDefinitionError", 10),
    mutants.rollback_keeps_rows: ("with suppress(InterruptedError), butler.transaction()", 6),
    mutants.summary_stale: ("datasets of r", 5),
    mutants.wrong_class_refused: ("observed raised ValueError: no", 7),
    mutants.chain_forgotten_on_reopening: ("Butler.from_config", 6),
    mutants.children_lost_by_extending: ("extend_chain", 4),
}
"""What the message of each fault says, and how many calls show it at most."""

LAWS: dict[mutants.Mutant, str] = {
    mutants.find_first_reversed: "LAW-02.first-match",
    mutants.limit_one_more: "LAW-05.limit",
    mutants.chain_forgotten_on_reopening: "LAW-09.reopening",
    mutants.file_left_by_rollback: "LAW-10.rollback",
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(shrinking, "SECONDS", 120.0)  # on a machine that is busy otherwise

    def tried(
        case: str,
        *,
        seed: int = 0,
        profile: str = "ci",
        folder: Path | None = None,
        implementation: Implementation | None = None,
    ) -> Outcome:
        folders = [folder] if folder else []
        source = Properties(implementation or ButlerCore(), folders)
        place = Workplace(no_repository, tmp_path / "scratch", profile=profile, seed=seed)
        return source.run(source.cases[case], place)

    return tried


def no_repository() -> Never:
    raise AssertionError("properties need no repository but their own")


def script_ends(outcome: Outcome) -> BaseException | None:
    """Return how the script of a failure ends in this process."""
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(outcome.repro, "repro", "exec"), names)
    except Exception as error:
        return error
    finally:
        if "butler" in names:
            names["butler"].close()
            shutil.rmtree(names["folder"])
    return None


def calls(outcome: Outcome) -> int:
    """Return how many statements the shortest program has before what is looked at."""
    lines = outcome.texts[PROGRAM].splitlines()
    return sum(not line.startswith((" ", "#")) for line in lines) - 1


@pytest.mark.parametrize("mutant", MACHINE, ids=lambda mutant: mutant.__name__)
def test_the_machine_finds_a_fault_with_a_short_program(
    mutant: mutants.Mutant, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    says, most = MACHINE[mutant]
    with monkeypatch.context() as patch:
        mutant(patch)
        outcome = run("LAW-01.lock-step")
        wrong = script_ends(outcome)
    assert outcome.verdict is Verdict.FAILED, outcome.message
    assert outcome.message.startswith("LAW-01: ")
    assert says in outcome.message
    assert calls(outcome) <= most, outcome.texts[PROGRAM]
    assert isinstance(wrong, AssertionError), "the script must show the fault"
    assert script_ends(outcome) is None, "the script must pass where the Butler is right"


@pytest.mark.parametrize("mutant", LAWS, ids=lambda mutant: mutant.__name__)
def test_a_law_finds_a_fault(
    mutant: mutants.Mutant, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        mutant(patch)
        outcome = run(LAWS[mutant])
        wrong = script_ends(outcome)
    assert outcome.verdict is Verdict.FAILED, outcome.message
    assert isinstance(wrong, AssertionError)
    assert script_ends(outcome) is None


def test_a_failure_can_be_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    mutants.chain_forgotten_on_reopening(monkeypatch)
    outcome = run("LAW-01.lock-step")
    program = outcome.texts[PROGRAM].splitlines()
    assert program[-3].startswith("list(butler.")
    assert program[-2].startswith('# expected ["')
    assert program[-1].startswith('# observed ["')
    assert outcome.texts[DRAWING].startswith("c")
    assert "├── " in outcome.texts[DRAWING]
    [seen] = outcome.observations
    assert not seen.passed
    assert seen.expected in outcome.message
    assert "from butler_core import Butler, CollectionType\n" in outcome.repro
    assert "conformance" not in outcome.repro


def test_two_runs_with_one_seed_say_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = [replace(run("LAW-08.spellings", seed=3), seconds=0.0) for _ in range(2)]
    assert passes[0] == passes[1]
    mutants.cycle_accepted(monkeypatch)
    fails = [replace(run("LAW-01.lock-step", seed=3), seconds=0.0) for _ in range(2)]
    assert fails[0].verdict is Verdict.FAILED
    assert fails[0] == fails[1]


def test_what_a_module_holds_does_not_change_what_is_drawn(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hypothesis.internal.conjecture.providers

    providers: Any = hypothesis.internal.conjecture.providers
    first = run("LAW-06.one-collection").observations
    numbers = type(providers._local_constants.integers)([1, 2, 3])
    monkeypatch.setattr(providers, "_local_constants", providers.Constants(integers=numbers))
    assert run("LAW-06.one-collection").observations == first


def test_no_file_is_left_behind(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert run("LAW-06.one-collection").verdict is Verdict.PASSED
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_run_that_did_not_reach_what_it_declares_is_not_run(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Effort(laws=1, programs=1, steps=1)
    monkeypatch.setattr("conformance.properties.trying.EFFORTS", {**EFFORTS, "ci": few})
    outcome = run("LAW-02.first-match")
    assert outcome.verdict is Verdict.NOT_RUN
    assert "examples did not reach" in outcome.message
    assert "a match that hides another" in outcome.message
    missing = [seen for seen in outcome.observations if not seen.passed]
    assert "reached: a match that hides another" in {seen.what for seen in missing}


def test_a_pass_says_what_was_done(run: Run) -> None:
    seen = {one.what: one.observed for one in run("LAW-08.spellings").observations}
    assert seen["examples that were tried"] >= EFFORTS["ci"].laws
    assert seen["calls that were made"] > 100
    assert seen["reached: an empty answer"] > 0


def test_a_butler_that_cannot_be_opened_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(self: object, *arguments: object, **options: object) -> None:
        raise OSError("no way in")

    monkeypatch.setattr("butler_core.butler.Butler.__init__", closed)
    outcome = run("LAW-03.unrelated-run")
    assert outcome.verdict is Verdict.FAILED
    assert outcome.message == (
        "LAW-03: butler = Butler.from_config(root, writeable=True): expected no error, observed"
        " raised OSError: no way in"
    )
    assert isinstance(script_ends(outcome), OSError)


def test_a_law_that_breaks_is_an_error_of_the_harness(run: Run, tmp_path: Path) -> None:
    folder = suite(tmp_path, "    return 1 / 0\n")
    outcome = run("OUR-01.own", folder=folder)
    assert outcome.verdict is Verdict.ERROR
    assert "ZeroDivisionError" in outcome.message
    assert "own.py" in outcome.traceback


def test_a_plain_assert_in_a_law_is_told_to_be_written_otherwise(run: Run, tmp_path: Path) -> None:
    outcome = run("OUR-01.own", folder=suite(tmp_path, "    assert session.ask('1') == 2\n"))
    assert outcome.verdict is Verdict.ERROR
    assert "session.equal" in outcome.message


def test_a_law_in_a_folder_of_ones_own(run: Run, tmp_path: Path) -> None:
    text = """
    name, chain = draw(session.dataset_types()), draw(session.collections("CHAINED"))
    session.equal(
        f"set(butler.query_datasets({name!r}, [{chain!r}], explain=False))",
        f"set(butler.query_datasets({name!r}, {chain!r}, explain=False))",
    )
"""
    folder = suite(tmp_path, text)
    source = Properties(ButlerCore(), [folder])
    case = source.cases["OUR-01.own"]
    assert (case.requirement, case.kind, case.place) == (
        "OUR-01",
        "property",
        "properties/own.py:3",
    )
    assert case.code.startswith("@law(")
    assert run("OUR-01.own", folder=folder).verdict is Verdict.PASSED


def suite(folder: Path, body: str) -> Path:
    """Write a folder with a law of one's own."""
    (folder / "properties").mkdir()
    (folder / "properties" / "own.py").write_text(
        "from conformance.properties import law\n\n"
        '@law("OUR-01.own", "Our own law", reaches=("a chain",))\n'
        f"def own(session, draw):\n{body}"
    )
    return folder


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1 +", "properties/own.py: line 1: SyntaxError"),
        ("import nothing_there", "line 1: ModuleNotFoundError"),
        (
            "from conformance.properties import law\n@law('OUR-1', 'x', reaches=('a chain',))\n"
            "def own(session, draw): ...",
            "such as 'LAW-03.unrelated-run'",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "properties").mkdir()
    (tmp_path / "properties" / "own.py").write_text(text)
    with pytest.raises(LawError, match=r"properties/own\.py") as raised:
        Properties(ButlerCore(), [tmp_path])
    assert says in str(raised.value)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    folder = suite(tmp_path, "    pass\n")
    text = (folder / "properties" / "own.py").read_text()
    (folder / "properties" / "twin.py").write_text(text)
    with pytest.raises(LawError, match=r"twin\.py:3: OUR-01\.own stands in properties/own\.py:3"):
        Properties(ButlerCore(), [folder])


def holds(session: Session, draw: object) -> None:
    """Do nothing."""


@pytest.mark.parametrize(
    ("arguments", "reaches", "says"),
    [
        (("LAW-1", "x"), ("a chain",), "words in small letters"),
        (("LAW-1.a", "Ends with a stop."), ("a chain",), "without its full stop"),
        (("LAW-1.a", "x"), "a chain", r"write texts in a tuple: \('a chain',\)"),
        (("LAW-1.a", "x"), (), "would let it pass without having met anything"),
    ],
)
def test_a_law_is_checked_where_it_is_written(
    arguments: tuple[str, str], reaches: tuple[str, ...], says: str
) -> None:
    with pytest.raises(LawError, match=says):
        law(*arguments, reaches=reaches)


def test_the_parameters_of_a_law_are_named() -> None:
    with pytest.raises(LawError, match=r"write `def wrong\(session, draw\):`, not with \(butler\)"):

        @law("LAW-1.a", "x", reaches=("a chain",))
        def wrong(butler: object) -> None: ...


def test_literals_are_source_with_double_quotes() -> None:
    value = {"a": [1, None, True], "b": ("x",), "é\n": {"z", "y"}}
    assert literal(value) == '{"a": [1, None, True], "b": ("x",), "é\\n": {"y", "z"}}'
    assert eval(literal(value)) == value


def test_nothing_heavy_is_loaded_to_list_properties() -> None:
    code = (
        "import sys\n"
        "from conformance.implementations.butler_core import ButlerCore\n"
        "from conformance.properties.source import Properties\n"
        "assert len(Properties(ButlerCore()).cases) > 9\n"
        "heavy = {'hypothesis', 'sqlalchemy', 'numpy'} & set(sys.modules)\n"
        "sys.exit(', '.join(heavy) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
