"""The benchmarks: what they do, say and show; never how fast anything is."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from conformance.benchmarks import BenchmarkError, Row, all_rows, chosen
from conformance.benchmarks.as_json import as_json, from_json, schema
from conformance.benchmarks.bench import Bench
from conformance.benchmarks.clock import Measurement
from conformance.benchmarks.furnishing import STAGES, before, furnish
from conformance.benchmarks.measuring import Measuring
from conformance.benchmarks.model import Model
from conformance.benchmarks.raw import RawBench
from conformance.benchmarks.results import LIMIT, Contestant, Results, RowResult, Timings
from conformance.benchmarks.table import show
from conformance.benchmarks.words import parts
from conformance.benchmarks.worker import Job, work
from conformance.commands.bench import command
from conformance.events import JsonLines
from conformance.report import benchmarks, html, markdown
from conformance.report.model import collect
from conformance.selftest.large_streams import stream

TINY = 112
CORE = Contestant("butler_core", "butler_core", "0.1", "butler_core")
OTHER = Contestant("other", "lsst_daf_butler", "2", "other")


def bench(root: Path, folder: Path) -> Bench:
    folder.mkdir(exist_ok=True)
    return Bench("butler_core", "butler_core", TINY, root, folder)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the repository of each stage."""
    folder = tmp_path_factory.mktemp("stages")
    for stage in STAGES:
        earlier = STAGES[stage][0]
        template = folder / earlier if earlier else None
        furnish(bench(folder / stage, folder / "work"), stage, template)
    return folder


def job(row: str, templates: Path, folder: Path, *, raw: bool = False) -> Job:
    found = all_rows()[row]
    template = str(templates / found.starts_from) if found.starts_from else ""
    root = str(folder / "repository") if found.writes or not template else template
    (folder / "files").mkdir()
    name = "" if raw else "butler_core"
    return Job(row, "", name, name, TINY, template, root, str(folder / "files"))


DONE = [
    (name, raw) for name, row in all_rows().items() for raw in (False, True)[: 1 + bool(row.limit)]
]


@pytest.mark.parametrize(("row", "raw"), DONE)
def test_each_row_is_done_and_measured(
    row: str, raw: bool, templates: Path, tmp_path: Path
) -> None:
    found = work(job(row, templates, tmp_path, raw=raw))
    assert set(found) == {"cpu", "wall", "memory", "calls"}, found
    assert found["wall"] > 0
    assert found["cpu"] >= 0
    assert found["calls"] >= 1
    assert found["memory"] == 0 or found["memory"] > 10**7


def test_what_reads_leaves_the_repository_as_it_is(templates: Path, tmp_path: Path) -> None:
    before_it = sorted(path for path in templates.rglob("*") if path.is_file())
    database = templates / "datasets" / "gen3.sqlite3"
    content = database.read_bytes()
    for number, row in enumerate(("remove", "insert", "find")):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert "cannot" not in work(job(row, templates, folder))
    assert sorted(path for path in templates.rglob("*") if path.is_file()) == before_it
    assert database.read_bytes() == content


def test_the_model_is_of_whole_visits() -> None:
    assert Model(1).datasets == 112
    assert Model(10_080).datasets == 10_080
    assert Model(10_081).datasets == 10_192
    data_ids = Model(224).data_ids()
    assert len({tuple(one.values()) for one in data_ids}) == 224
    assert not {one["visit"] for one in Model(224).earlier} & {one["visit"] for one in data_ids}


def test_each_row_starts_from_a_stage_that_there_is() -> None:
    for row in all_rows().values():
        assert not row.starts_from or before(row.starts_from)[-1] == row.starts_from
    assert before("exported") == ["empty", "records", "sky", "files", "exported"]


def test_rows_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert [row.name for row in chosen(["scan", "find", "scan"])] == ["scan", "find"]
    assert len(chosen([])) == len(all_rows())
    with pytest.raises(BenchmarkError, match="no row of that name; did you mean find"):
        chosen(["fnd"])


def test_what_cannot_be_done_says_why(templates: Path, tmp_path: Path) -> None:
    def refuse(bench: Bench | RawBench) -> None:
        raise NotImplementedError("not in\nthis version")

    row = Row("refused", "what is refused", 2, "datasets", False, refuse, refuse)
    given = job("find", templates, tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(all_rows(), "find", row)
        assert work(given) == {"cannot": "NotImplementedError: not in this version"}


def test_butlers_are_timed_in_turn_each_in_a_process(tmp_path: Path) -> None:
    told: list[str] = []
    nowhere = Contestant("nowhere_at_all:factory", "nowhere", "0", "nowhere_at_all")
    measuring = Measuring([CORE, nowhere], TINY, 2, tmp_path, told.append)
    (found,) = measuring.rows(chosen(["import"]))
    assert [len(one.measurements) for one in found.timings.values()] == [2, 0, 2]
    assert found.timings["nowhere_at_all:factory"].cannot.startswith("ModuleNotFoundError: ")
    assert found.ratio("butler_core", "nowhere_at_all:factory") is None
    assert [text for text in told if text.startswith("import: ")] == [
        "import: butler_core, 1 of 2",
        "import: nowhere_at_all:factory, 1 of 2",
        "import: raw, 1 of 2",
        "import: raw, 2 of 2",
        "import: butler_core, 2 of 2",
    ]
    assert not list(tmp_path.glob("work-*"))


def timings(*cpu: float, cannot: str = "") -> Timings:
    return Timings([Measurement(one, 2 * one, 50_000_000, 10) for one in cpu], cannot)


@pytest.fixture
def results() -> Results:
    other = timings(0.005, 0.03, 0.009)  # of rounds; the median of ratios is not that of medians
    fast = {"butler_core": timings(1e-4, 3e-4, 2e-4), "other": other, LIMIT: timings(5e-6)}
    half = {"butler_core": timings(1.5), "other": timings(3.75), LIMIT: timings(1.2)}
    short = {"butler_core": timings(0.1), "other": timings(0.1)}
    neither = {"butler_core": timings(0.1), "other": timings(cannot="ValueError: a|b")}
    rows = [
        RowResult("fast", "what is fast", 40, fast),
        RowResult("half", "what is half as fast", 5, half),
        RowResult("short", "what is slow", 3, short),
        RowResult("neither", "what one <cannot>", 3, neither),
    ]
    when = "2026-01-02T03:04:05+00:00"
    return Results(when, "2 processors of x", "3.11.7", 10_080, 3, [CORE, OTHER], rows)


def test_medians_ratios_and_goals(results: Results) -> None:
    fast, half, short, neither = results.rows
    assert fast.timings["butler_core"].cpu == 2e-4
    assert fast.timings["butler_core"].wall == 4e-4
    assert fast.timings["butler_core"].memory == 50_000_000
    assert results.ratio(fast) == pytest.approx(50)
    assert results.of_goal(fast) == pytest.approx(1.25)
    assert results.of_goal(half) == pytest.approx(0.5)
    assert results.of_goal(short) == pytest.approx(1 / 3)
    assert results.ratio(neither) is None
    third = dataclasses.replace(OTHER, name="a third")
    against_it = dataclasses.replace(results, contestants=[CORE, third])
    assert against_it.ratio(fast) == pytest.approx(50)
    assert against_it.of_goal(fast) is None, "goals are set against lsst-daf-butler"
    assert neither.timings["other"].cpu is None


def test_parts_are_told_beside_the_whole(results: Results) -> None:
    def result(name: str, *cpu: float, cannot: str = "") -> RowResult:
        row = all_rows()[name]
        own = {"butler_core": timings(*cpu), "other": timings(*cpu, cannot=cannot)}
        return RowResult(name, row.title, row.goal, own)

    rows = [result("exposure", 0.8), result("exposure-wcs", 0.004, cannot="no"),
            result("exposure-visit", 0.1)]  # fmt: skip
    whole = "of the time of the whole (get an exposure of one CCD) by"
    assert list(parts(dataclasses.replace(results, rows=rows))) == [
        f"its WCS: 0.005 {whole} butler_core, under the 0.1 that are the goal",
        f"its visitInfo: 0.12 {whole} butler_core, OVER the 0.1 that are the goal",
        f"its visitInfo: 0.12 {whole} lsst_daf_butler, OVER the 0.1 that are the goal",
    ]
    assert list(parts(dataclasses.replace(results, rows=rows[1:]))) == []


def test_data_has_its_schema_and_comes_back(results: Results) -> None:
    data = json.loads(json.dumps(as_json(results)))
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    assert from_json(data) == results
    wrong: list[Any] = [{}, [], {"schema_version": 99}, {"schema_version": 1}]
    for one in (*wrong, {**data, "rows": [{}]}):
        with pytest.raises(ValueError, match="no table of benchmarks"):
            from_json(one)


def test_the_terminal_shows_it(results: Results) -> None:
    console = Console(width=40, record=True)
    with console.capture() as capture:
        show(console, results)
    text = capture.get()
    rows = {line.split("  ")[0]: line.split() for line in text.splitlines()}
    assert rows["what is fast"][3:] == (
        ["200", "µs", "50", "MB", "9", "ms", "50", "MB", "5", "µs", "50×", "40×", "125%"]
    )
    assert rows["what is slow"][-3:] == ["1×", "3×", "33%"]
    assert "cannot" in rows["what one <cannot>"]
    assert "what one <cannot>: lsst_daf_butler cannot: ValueError: a|b" in text
    assert "10,080 datasets" in text


def test_the_report_shows_it_whenever_it_comes(results: Results, tmp_path: Path) -> None:
    events = stream("it", "it", tmp_path, families=("collections",))
    report = collect(events)
    assert "How fast" not in html.as_html(report, tmp_path)
    assert "How fast" not in markdown.as_text(report, tmp_path)
    assert not benchmarks.refresh(tmp_path)
    (tmp_path / benchmarks.NAME).write_text(json.dumps(as_json(results)), encoding="utf-8")
    lines = JsonLines(tmp_path / benchmarks.EVENTS)
    for event in events:
        lines.pytest_conformance_event(event)
    assert benchmarks.refresh(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<section id="how-fast"' in page
    assert "what one &lt;cannot&gt;" in page
    assert '<td class="reached">50×</td><td>40×</td>' in page
    assert '<td class="short">1×</td><td>3×</td>' in page
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "| what is fast | 200 µs | 9 ms | 5 µs | 50× | 40× |" in summary
    assert r"| what one \<cannot\> | 100 ms | cannot |" in summary
    (tmp_path / benchmarks.NAME).write_text('{"schema_version": 99}', encoding="utf-8")
    assert "How fast" not in html.as_html(report, tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_the_command_times_prints_and_writes(tmp_path: Path) -> None:
    path, report = tmp_path / "new" / "bench.json", tmp_path / "report"
    done = run(
        *("--butler", "butler_core", "--size", "tiny", "--rounds", "1", "--rows", "import, make"),
        *("--json", str(path), "--report", str(report)),
    )
    assert done.exit_code == 0, done.output
    assert f"table: {path}" in done.output
    assert f"report: {report / 'bench.json'}" in done.output
    assert "goal" not in done.output.splitlines()[0], "one alone has no ratio"
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    assert data == json.loads((report / "bench.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in data["rows"]] == ["import", "make"]
    assert data["size"] == 224
    for row in data["rows"]:
        assert row["ratio"] is None
        assert set(row["timings"]) == {"butler_core", LIMIT}
        for one in row["timings"].values():
            assert one["cannot"] == ""
            assert one["cpu"] is not None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rows", "fnd"], "did you mean find?"),
        (["--size", "huge"], "'huge' is neither a number of datasets nor one of tiny"),
        (["--size", "0"], "'0' is neither"),
        (["--butler", "butler_coer"], "did you mean 'butler_core'?"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: list[str], message: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert message in done.output
