"""The proof that the suite can fail: its verdicts, and the command that prints them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from conformance.case import Case
from conformance.faults import Fault, Real, fault
from conformance.faulty import Faulty
from conformance.proving import (
    NOT_PROVEN,
    NOT_REACHED,
    PROVEN,
    FaultProof,
    Proof,
    Seen,
    Trial,
    held,
    untouched,
)
from conformance.proving.as_json import as_json, schema
from conformance.proving.table import show
from conformance.repository import CaseRepository, locate
from conformance.selftest import fakes
from conformance.selftest.command_line import command
from conformance.selftest.fakes import repository
from conformance.selftest.suites import notebook_suite
from conformance.suite import Suite
from conformance.verdict import Verdict

PASSED, FAILED = Verdict.PASSED, Verdict.FAILED


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> CaseRepository:
    return locate(repository.make(tmp_path_factory.mktemp("fake") / "ci_hsc"))


def no_collections(*red: str) -> Fault:
    @fault("There are none.", calls=["butler.registry.getAllCollections"], red=red)
    def no_collections(real: Real) -> set[str]:
        return set()

    return no_collections


@pytest.fixture(scope="module")
def tried(files: CaseRepository) -> tuple[Mapping[str, Case], Trial, Trial]:
    """Return the steps of the notebook, tried on the perfect fake, and with a fault before it."""
    plain = notebook_suite(fakes.perfect(), files)
    faulty = notebook_suite(Faulty(fakes.perfect(), no_collections()), files)
    return plain.cases, trial(plain), trial(faulty, "no_collections")


def trial(suite: Suite, name: str = "") -> Trial:
    """Try the steps that draw nothing."""
    cases = [case.id for case in suite.cases.values() if "display" not in case.capabilities]
    outcomes = [suite.outcome(case) for case in cases]
    return Trial(fault=name, seen={one.case: Seen(one.verdict, one.message) for one in outcomes})


@pytest.mark.parametrize(
    ("red", "missing", "more", "verdict"),
    [
        (["NB-15.w_2020_03"], (), (), PROVEN),
        (["NB-15.w*"], (), (), PROVEN),
        (["NB-15"], ("NB-15.current",), (), NOT_PROVEN),
        (["NB-15.w_2020_03", "NB-16.current"], ("NB-16.current",), (), NOT_PROVEN),
        (["NB-14.current"], ("NB-14.current",), ("NB-15.w_2020_03",), NOT_PROVEN),
        ([], (), ("NB-15.w_2020_03",), NOT_PROVEN),
    ],
)
def test_a_fault_on_a_butler_is_proven_by_exactly_its_cases(
    red: list[str],
    missing: tuple[str, ...],
    more: tuple[str, ...],
    verdict: str,
    tried: tuple[Mapping[str, Case], Trial, Trial],
) -> None:
    proof = held(no_collections(*red), *tried)
    assert list(proof.red) == ["NB-15.w_2020_03"]
    assert (proof.missing, proof.more, proof.verdict) == (missing, more, verdict)


CASES = {
    id: Case(id=id, requirement=id.partition(".")[0], title="a case")
    for id in ("AAA-01.one", "AAA-01.two", "AAA-02.one", "BBB-01.one", "BBB-01.two")
}


def seen(name: str = "", **verdicts: Verdict) -> Trial:
    """Return a trial in which all cases passed but for some."""
    every = {case: verdicts.get(re.sub(r"\W", "_", case), PASSED) for case in CASES}
    found = {case: Seen(each, "so") for case, each in every.items()}
    return Trial(fault=name, seen=found, tried=len(found))


def proof(red: list[str], plain: Trial | None = None, **verdicts: Verdict) -> FaultProof:
    wrong = no_collections(*red)
    return held(wrong, CASES, plain or seen(), seen(wrong.name, **verdicts))


def test_what_a_red_case_blocks_is_left_aside() -> None:
    found = proof(["AAA-01"], AAA_01_one=FAILED, AAA_01_two=Verdict.BLOCKED)
    assert (found.verdict, found.missing, found.more) == (PROVEN, (), ())
    assert proof(["AAA-02"], AAA_01_two=Verdict.BLOCKED, AAA_02_one=FAILED).verdict == PROVEN


def test_a_case_in_which_the_harness_broke_proves_nothing() -> None:
    found = proof(["AAA-02"], AAA_02_one=Verdict.ERROR)
    assert (found.verdict, found.broken) == (NOT_PROVEN, ("AAA-02.one",))


def test_an_entry_that_names_no_case_is_told() -> None:
    found = proof(["AAA-02", "AAA-03"], AAA_02_one=FAILED)
    assert (found.verdict, found.unknown) == (NOT_PROVEN, ("AAA-03",))


def test_a_fault_whose_cases_are_not_run_is_not_reached() -> None:
    without = seen(AAA_02_one=Verdict.UNSUPPORTED)
    found = proof(["AAA-02"], without, AAA_02_one=Verdict.UNSUPPORTED)
    assert (found.verdict, found.missing) == (NOT_REACHED, ())
    some = proof(["AAA-02", "BBB-01"], without, AAA_02_one=Verdict.UNSUPPORTED, BBB_01_one=FAILED)
    assert (some.verdict, some.missing) == (NOT_PROVEN, ("BBB-01.two",))


def test_the_cases_are_copyable_by_requirement_where_all_of_it_are_red() -> None:
    found = proof([], BBB_01_one=FAILED, AAA_01_two=FAILED, BBB_01_two=FAILED)
    assert found.copyable == ("AAA-01.two", "BBB-01")


def whole(*proofs: FaultProof) -> Proof:
    requirements, alone = untouched(CASES, seen(), proofs)
    facts: dict[str, Any] = {"implementation": "mine", "version": "1", "profile": "ci", "seed": 0}
    return Proof(**facts, cases=5, requirements=requirements, untouched=alone, faults=proofs)


def test_the_status_is_1_for_a_fault_that_is_not_proven_and_2_where_none_is_reached() -> None:
    good = proof(["AAA-02"], AAA_02_one=FAILED)
    wrong = proof(["AAA-02"])
    gone = seen(AAA_02_one=Verdict.NOT_RUN)
    not_reached = proof(["AAA-02"], gone, AAA_02_one=Verdict.NOT_RUN)
    assert whole(good, not_reached).exit_status == 0
    assert whole(good, wrong).exit_status == 1
    assert whole(not_reached).exit_status == 2


def test_the_table_names_each_case_that_is_missing_or_too_many() -> None:
    output = io.StringIO()
    wrong = proof(["AAA-02", "AAA-09"], BBB_01_one=FAILED, AAA_01_one=Verdict.ERROR)
    show(Console(file=output, width=40), whole(proof(["AAA-02"], AAA_02_one=FAILED), wrong))
    text = output.getvalue()
    assert re.search(r"no_collections +5 +1 +0 +0 +proven *\n", text)
    assert re.search(r"no_collections +5 +2 +1 +2 +not proven *\n", text)
    assert re.search(r"no_collections \(selftest/test_harness_proving.py:\d+\): not proven", text)
    for line in (
        "  missing: AAA-02.one stayed green",
        "  more: BBB-01.one turned red: so",
        "  broken: AAA-01.one is no judgement: so",
        "  unknown: it declares 'AAA-09', and no case or requirement is called so",
        '  red=["AAA-01.one", "BBB-01.one"],',
    ):
        assert line in text.splitlines()
    assert "0 of 3 requirements with a case have none that a fault turned red" in text


def test_requirements_that_no_fault_touches_are_counted() -> None:
    assert whole(proof(["AAA-02"], AAA_02_one=FAILED)).untouched == ("AAA-01", "BBB-01")


def test_a_proof_as_data_fits_its_schema() -> None:
    made = as_json(whole(proof(["AAA-02", "AAA-09"], BBB_01_one=FAILED)))
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(made, schema(), cls=jsonschema.Draft202012Validator)
    [one] = made["faults"]
    assert one["red"] == [{"case": "BBB-01.one", "message": "so"}]
    assert (one["missing"], one["verdict"]) == (["AAA-02.one"], NOT_PROVEN)
    one["verdict"] = "good"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made, schema(), cls=jsonschema.Draft202012Validator)


OWN_FAULT = """
from conformance.faults import fault

@fault("The registry knows no collections.", calls=["butler.registry.getAllCollections"], red=[])
def forgets_collections(real):
    return set()
"""


def write_fault(folder: Path, text: str = OWN_FAULT) -> None:
    """Write a fault into a suite of one's own, the folder ``mine``."""
    faults = folder / "mine" / "faults"
    faults.mkdir(parents=True)
    (faults / "own.py").write_text(text, encoding="utf-8")


def test_nothing_is_proven_on_a_butler_that_is_red_without_a_fault(
    files: CaseRepository, tmp_path: Path
) -> None:
    write_fault(tmp_path)
    fake = "conformance.selftest.fakes:wrong_message"
    arguments = ["--butler", fake, "--suite", "mine", "--repo", str(files.folder)]
    arguments += ["--only", "NB-13", "--only", "NB-15.w*"]
    done = command("prove", "--fault", "forgets_collections", *arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(
        rf"Error: NB-13.w_2020_03 is red on {fake} without any fault, so nothing "
        "can be proven: the text of the ValueError.*\n$",
        done.stderr,
    )


def test_the_command_prints_the_table_and_writes_it_as_data(
    files: CaseRepository, tmp_path: Path
) -> None:
    write_fault(tmp_path)
    fake = "conformance.selftest.fakes:perfect"
    arguments = ["--butler", fake, "--suite", "mine", "--repo", str(files.folder)]
    arguments += ["--only", "NB-13", "--only", "NB-15", "--json", "faults.json"]
    done = command("prove", "--fault", "forgets_collections", *arguments, folder=tmp_path)
    assert done.returncode == 1, done.stderr
    assert re.search(r"\nforgets_collections +1 +1 +0 +1 +not proven *\n", done.stdout)
    assert "  more: NB-15.w_2020_03 turned red: collections that hold datasets" in done.stdout
    assert '  red=["NB-15.w_2020_03"],' in done.stdout
    assert "1 of 2 requirements with a case have none" in done.stdout
    data = json.loads((tmp_path / "faults.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    assert (data["cases"], data["requirements"]["untouched"]) == (4, ["NB-13"])
    assert data["faults"][0]["tried"] == 1, "the others do not ask for all collections"


def test_a_fault_that_ends_the_process_is_told(files: CaseRepository, tmp_path: Path) -> None:
    write_fault(tmp_path, OWN_FAULT.replace("return set()", "import os; os._exit(3)"))
    fake = "conformance.selftest.fakes:perfect"
    arguments = ["--butler", fake, "--suite", "mine", "--repo", str(files.folder)]
    done = command(
        "prove", "--fault", "forgets_collections", "--only", "NB-15", *arguments, folder=tmp_path
    )
    assert done.returncode == 2
    assert "the trial of forgets_collections ended its process with status 3." in done.stderr


def test_a_run_with_a_fault_fails_and_names_the_fault(
    files: CaseRepository, tmp_path: Path
) -> None:
    write_fault(tmp_path)
    fake = "conformance.selftest.fakes:perfect"
    arguments = ["--butler", fake, "--suite", "mine", "--repo", str(files.folder)]
    arguments += ["--only", "NB-15", "--only", "NB-14", "--fault", "forgets_collections"]
    done = command("run", *arguments, folder=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "with the fault forgets_collections" in done.stdout
    assert "NB-15.w_2020_03 failed" in done.stdout
    assert "--fault forgets_collections" in done.stdout
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert "forgets_collections" in json.dumps(report["runs"][0])


@pytest.mark.parametrize("verb", ["run", "prove", "replay"])
def test_a_fault_that_is_not_there_is_told_with_the_nearest(
    verb: str, files: CaseRepository, tmp_path: Path
) -> None:
    case = ["NB-15"] if verb == "replay" else []
    arguments = (verb, *case, "--fault", "source-lots", "--repo", str(files.folder))
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert "no fault of that name; did you mean 'source_lost'? Known: assoc" in done.stderr
    assert not (tmp_path / "report").exists()
