"""Interop cases can fail: each of some faults of B turns the cases red that it concerns."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from conformance.case import Outcome
from conformance.cases.source import DataCases
from conformance.deviations import reading
from conformance.deviations.known import known
from conformance.events import CaseFinished, CasePlanned, RunStarted, from_json, to_json
from conformance.faults import Fault, Real, fault
from conformance.faulty import Faulty
from conformance.implementations import Implementation
from conformance.implementations.butler_core import ButlerCore
from conformance.implementations.loading import load
from conformance.interop.declaring import StoryError, interop
from conformance.interop.loading import stories
from conformance.interop.source import Interop
from conformance.report.established import not_established
from conformance.report.model import collect
from conformance.report.repros import replay
from conformance.suite import Suite
from conformance.verdict import Verdict
from conformance.workplace import Workplace


def changed(real: Real, statement: str) -> None:
    """Change the database behind a Butler's back."""
    root = real.__self__._repository.config.root
    with contextlib.closing(sqlite3.connect(root / "gen3.sqlite3", isolation_level=None)) as one:
        one.execute(statement)


@fault("No summary names what is tagged.", calls=["butler.registry.associate"], red=["ITP-04"])
def summaries_forgotten(real: Real, collection: str, refs: Any) -> None:
    real(collection, refs)
    where = f"(SELECT collection_id FROM collection WHERE name = '{collection}')"
    changed(real, f"DELETE FROM collection_summary_dataset_type WHERE collection_id = {where}")


@fault(
    "No pixels of new visits are noted.",
    calls=["butler.registry.insertDimensionData"],
    red=["ITP-03.inserted"],
)
def no_overlap_rows(real: Real, element: str, *records: Any, **keywords: Any) -> None:
    real(element, *records, **keywords)
    if element == "visit":
        changed(real, "DELETE FROM visit_skypix_overlap WHERE visit > 2")


@fault("A tag is left out of exports.", calls=["butler.export"], red=["ITP-10.there-and-back"])
@contextlib.contextmanager
def tag_lost_on_export(real: Real, **keywords: Any) -> Iterator[Any]:
    class Export:
        def __init__(self, export: Any) -> None:
            self.export = export

        def __getattr__(self, name: str) -> Any:
            return getattr(self.export, name)

        def saveCollection(self, name: str) -> None:
            if name not in ("tag", "all", "top"):
                self.export.saveCollection(name)

    with real(**keywords) as export:
        yield Export(export)


@fault("The end of a range is lost.", calls=["butler.registry.certify"], red=["ITP-05.certified"])
def range_without_end(real: Real, collection: str, refs: Any, timespan: Any) -> None:
    real(collection, refs, type(timespan)(timespan.begin, None))


@fault("What is put is another.", calls=["butler.put"], red=["ITP-02.datasets"])
def other_contents(real: Real, obj: Any, *arguments: Any, **keywords: Any) -> Any:
    return real(obj | {"more": 1} if isinstance(obj, dict) else obj, *arguments, **keywords)


@fault("No child is prepended.", calls=["butler.collections.prepend_chain"], red=["ITP-06.chained"])
def nothing_prepended(real: Real, parent: str, children: Any) -> None:
    """Do nothing."""


@fault("Files stay.", calls=["butler.pruneDatasets"], red=["ITP-07.pruned"])
def files_stay(real: Real, refs: Any, **keywords: Any) -> None:
    paths = [Path(real.__self__.getURI(ref).ospath) for ref in refs]
    kept = {path: path.read_bytes() for path in paths}
    real(refs, **keywords)
    for path, content in kept.items():
        path.write_bytes(content)


FAULTS: Sequence[Fault] = (
    *(summaries_forgotten, no_overlap_rows, tag_lost_on_export, range_without_end),
    *(other_contents, nothing_prepended, files_stay),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Return where cases are tried, with the repository that they begin with."""

    def no_ci_hsc() -> Any:
        raise AssertionError("interop cases make their own repositories")

    core = load("butler_core")
    made = Workplace(
        find_ci_hsc=no_ci_hsc, scratch=tmp_path_factory.mktemp("interop"), profile="dev"
    )
    suite = Suite(core, (), made, [DataCases(core)])
    assert suite.outcome("REPO.archive").verdict is Verdict.PASSED
    return made


@pytest.fixture
def run(place: Workplace) -> Callable[[str, Implementation], Outcome]:
    """Return a function that tries a case on `butler_core` with another Butler as B."""

    def outcome(case: str, other: Implementation) -> Outcome:
        source = Interop(load("butler_core"), [other])
        return source.run(source.cases[case], place)

    return outcome


@pytest.mark.parametrize("wrong", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_of_b_turns_its_cases_red(
    run: Callable[[str, Implementation], Outcome], wrong: Fault
) -> None:
    other = Faulty(load("butler_core"), wrong)
    ids = [one.id for one in stories() if any(one.id.startswith(name) for name in wrong.red)]
    assert ids
    for case in ids:
        outcome = run(case, other)
        assert outcome.verdict is Verdict.FAILED, case
        assert "# B (butler_core)" in outcome.texts["who acted"]


def test_the_message_says_who_differs_and_in_what(
    run: Callable[[str, Implementation], Outcome],
) -> None:
    outcome = run("ITP-03.inserted", Faulty(load("butler_core"), no_overlap_rows))
    [seen] = [one for one in outcome.observations if not one.passed]
    assert seen.what == "the rows of the tables in the end: visit_skypix_overlap"
    assert seen.expected == "as A leaves them that does it alone"
    assert " missing: {skypix_system: htm, skypix_level: 7, instrument: Cam" in seen.observed
    assert "unexpected" not in seen.observed


def test_other_cases_stay_green(run: Callable[[str, Implementation], Outcome]) -> None:
    other = Faulty(load("butler_core"), no_overlap_rows)
    for case in ("ITP-03.changed", "ITP-06.chained"):
        assert run(case, other).verdict is Verdict.PASSED


def test_what_b_cannot_do_ends_the_case(run: Callable[[str, Implementation], Outcome]) -> None:
    @fault("No chain can be edited.", calls=["butler.collections.redefine_chain"], red=["ITP-06"])
    def refuses(real: Real, *arguments: Any, **keywords: Any) -> None:
        raise PermissionError("no chains today")

    outcome = run("ITP-06.chained", Faulty(load("butler_core"), refuses))
    assert outcome.verdict is Verdict.FAILED
    assert outcome.message == (
        'B (butler_core) does butler.collections.register("new", CollectionType.CHAINED, '
        'doc="by B") …: expected runs to its end, observed raised PermissionError: no chains today'
    )


def judged(outcome: Outcome) -> None:
    """Run the script of a failure."""
    assert "import conformance" not in outcome.repro
    exec(compile(outcome.repro, "repro", "exec", dont_inherit=True), {})


def test_a_script_shows_an_answer_that_differs(
    run: Callable[[str, Implementation], Outcome],
) -> None:
    outcome = run("ITP-06.chained", Faulty(load("butler_core"), nothing_prepended))
    with pytest.raises(
        AssertionError, match=r"expected .'run/2', 'tag', 'run/1', 'calib'., observed"
    ):
        judged(outcome)


def test_a_script_shows_what_one_does_not_see(
    run: Callable[[str, Implementation], Outcome],
) -> None:
    @fault("A tag is hidden.", calls=["butler.collections.query_info"], red=["ITP-08"])
    def hidden(real: Real, *arguments: Any, **keywords: Any) -> Any:
        return [one for one in real(*arguments, **keywords) if one.name != "tag"]

    outcome = run("ITP-08.rolled-back", Faulty(load("butler_core"), hidden))
    with pytest.raises(AssertionError, match=r"the collections: missing .'TAGGED tag: the good"):
        judged(outcome)


def test_a_script_leaves_rows_to_the_suite(run: Callable[[str, Implementation], Outcome]) -> None:
    outcome = run("ITP-03.inserted", Faulty(load("butler_core"), no_overlap_rows))
    with pytest.raises(SystemExit, match="2"):
        judged(outcome)


def test_two_runs_say_the_same(run: Callable[[str, Implementation], Outcome]) -> None:
    def said() -> tuple[Any, ...]:
        outcome = run("ITP-02.datasets", Faulty(load("butler_core"), other_contents))
        return outcome.message, outcome.observations, outcome.texts, outcome.traceback

    assert said() == said()


def test_turns_find_a_fault_of_b_and_say_who_acted(
    run: Callable[[str, Implementation], Outcome],
) -> None:
    @fault("One is lost.", calls=["butler.query_datasets", "butler.registry.queryDatasets"], red=[])
    def one_lost(real: Real, *arguments: Any, **keywords: Any) -> Any:
        return list(real(*arguments, **keywords))[1:]

    outcome = run("ITP-11.in-turn", Faulty(load("butler_core"), one_lost))
    assert outcome.verdict is Verdict.FAILED
    said = "ITP-11: B (butler_core): after A (butler_core) did [ref1] = butler.registry.insertDatas"
    assert outcome.message.startswith(said)
    assert outcome.message.endswith('expected ["ref1"], observed []')
    assert outcome.texts["the shortest program"].startswith("# A (butler_core)\n")
    assert "import conformance" not in outcome.repro
    with pytest.raises(AssertionError, match=r"observed \[\], expected \['ref1'\]"):
        exec(compile(outcome.repro, "repro", "exec"), {"__name__": "__main__"})


def test_ids_name_b_where_there_are_several() -> None:
    core = load("butler_core")
    other = Faulty(core, nothing_prepended)
    assert "ITP-01.filled" in Interop(core, [other]).cases
    assert "ITP-01.filled.butler_core" in Interop(core, [core, other]).cases


@pytest.mark.parametrize("others", [(), ("lsst_daf_butler",)])
def test_a_report_says_who_was_b(others: tuple[str, ...]) -> None:
    case = Interop(load("butler_core"), [load("butler_core")]).cases["ITP-01.filled"]
    started = RunStarted(
        when="now",
        command="butler-conformance run",
        implementation="butler_core",
        version="0.1.0",
        dialects=("current",),
        registry="sqlite",
        repository={},
        versions={},
        others=others,
    )
    outcome = Outcome(case=case.id, verdict=Verdict.FAILED, message="they differ")
    events = [
        from_json(to_json(one)) for one in (started, CasePlanned(case), CaseFinished(outcome))
    ]
    [found] = collect(events).runs
    said = " ".join(not_established(found))
    again = replay(found.results[0], found)
    if others:
        assert "In interop cases repositories and exports were shared with lsst_daf_butler," in said
        assert "--butler butler_core --with-butler=lsst_daf_butler --profile ci" in again
    else:
        assert "In interop cases butler_core shared repositories with itself: nothing is" in said
        assert "--with-butler" not in again


def test_a_deviation_names_the_butler_that_is_b(tmp_path: Path) -> None:
    core = load("butler_core")
    other = Faulty(core, nothing_prepended)
    path = tmp_path / "butler_core.yaml"
    path.write_text(
        "# yaml-language-server: $schema=deviations.schema.json\n"
        "- {cases: [ITP-06], kind: defect, reason: It is so., versions: any, with: their_butler}\n"
    )
    outcome = Outcome(case="ITP-06.chained", verdict=Verdict.FAILED)
    for name, verdict in (("their_butler", Verdict.DEVIATES), ("butler_core", Verdict.FAILED)):
        cases = Interop(core, [other]).cases
        found = known(reading.read(path), cases, core.version, [name])
        assert found.marked(outcome).verdict is verdict
    two = Interop(core, [core, ButlerCore(name="their_butler")])
    found = known(reading.read(path), two.cases, core.version, ["butler_core", "their_butler"])
    assert found.here.keys() == {"ITP-06.chained.their_butler"}


def test_a_case_is_checked_where_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"write `def met\(a, b\):`, not with \(butler\)"):

        @interop("ITP-01.met", "They meet")  # type: ignore[arg-type]
        def met(butler: Any) -> None:
            """Take one."""

    with pytest.raises(StoryError, match="an id is the requirement, a full stop, and words"):
        interop("itp", "They meet")
    (tmp_path / "interop").mkdir()
    (tmp_path / "interop" / "mine.py").write_text("import nothing_of_that_name\n")
    with pytest.raises(StoryError, match=r"interop/mine\.py: line 1: ModuleNotFoundError"):
        stories([tmp_path])
