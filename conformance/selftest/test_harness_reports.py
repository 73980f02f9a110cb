"""The reports, made from a stream of events by hand."""

from __future__ import annotations

import html.parser
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import numpy as np
import pytest
from matplotlib.image import imsave

from conformance import report as reports
from conformance.events import CaseFinished, RunFinished, RunStarted, from_json, to_json
from conformance.report import json_report
from conformance.report.model import collect
from conformance.report.picture import gather
from conformance.report.values import show_duration, show_value
from conformance.selftest.event_streams import ENDS, stream
from conformance.verdict import Verdict


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    reports.write(stream(), folder)
    return folder


def test_events_survive_json() -> None:
    for event in stream():
        assert from_json(json.loads(json.dumps(to_json(event)))) == event
    with pytest.raises(ValueError, match="'Nothing' is not a kind of event"):
        from_json({"event": "Nothing"})


def test_a_stream_that_was_cut_off_leaves_cases_not_run() -> None:
    events = stream()
    ends = [place for place, one in enumerate(events) if isinstance(one, CaseFinished)]
    events = events[: ends[2]]
    report = collect(events)
    [run] = report.runs
    assert run.finished is None
    assert report.exit_status == 1
    assert "  the run was broken off before its end" in report.summary()
    verdicts = [result.outcome.verdict for result in run.results]
    assert verdicts == [Verdict.PASSED, Verdict.PASSED, *[Verdict.NOT_RUN] * 5]
    with pytest.raises(ValueError, match="does not begin with RunStarted"):
        collect(events[1:])


def test_tally_names_each_verdict() -> None:
    [run] = collect(stream()).runs
    [tally] = run.tallies
    assert tally.text == "1/6 (1 failed, 1 error, 1 unsupported, 1 blocked, 1 not run)"
    assert run.setup_tally.text == "1/1"
    assert run.exit_status == 1


def test_json_is_as_its_schema_says(folder: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(json_report.schema())
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert [case["verdict"] for case in data["runs"][0]["cases"]] == [
        "passed",
        *(str(verdict) for verdict in ENDS.values()),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verdict": "skipped"}, "'skipped' is not one of"),
        ({"verdict": "blocked", "blocked_by": ""}, "should be non-empty"),
        ({"verdict": "passed", "observations": []}, "should be non-empty"),
        ({"seconds": -1}, "less than the minimum"),
        ({"extra": 1}, "Additional properties"),
    ],
)
def test_schema_refuses(folder: Path, change: dict[str, object], words: str) -> None:
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    data["runs"][0]["cases"][1].update(change)
    with pytest.raises(jsonschema.ValidationError, match=words):
        jsonschema.validate(data, json_report.schema(), cls=jsonschema.Draft202012Validator)


def test_junit_counts_only_passes_as_passes(folder: Path) -> None:
    root = ElementTree.parse(folder / "junit.xml").getroot()
    assert {name: root.attrib[name] for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "6",
        "failures": "1",
        "errors": "1",
        "skipped": "3",
    }
    ends = {
        element.attrib["name"].split(".")[0]: [child.tag for child in element][:1]
        for element in root.iter("testcase")
    }
    assert ends == {
        "NB-04": ["system-out"],
        "NB-06": ["failure"],
        "NB-10": ["skipped"],
        "NB-11": ["error"],
        "NB-13": ["skipped"],
        "NB-14": ["skipped"],
    }
    skipped = [element.attrib["message"].split(":")[0] for element in root.iter("skipped")]
    assert skipped == ["blocked", "unsupported", "not run"]


def test_markdown_shows_text_as_text(folder: Path) -> None:
    text = (folder / "summary.md").read_text(encoding="utf-8")
    assert "1/6 (1 failed" in text
    assert "<script>" not in text.replace("\\<script\\>", "")
    [failure] = [line for line in text.splitlines() if "**NB-06.w\\_2020\\_03**" in line]
    assert "\x1b" not in failure
    assert "\\<script\\>" in failure
    [row] = [line for line in text.splitlines() if line.startswith("| passed |")]
    assert re.sub(r"\\\|", "", row).count("|") == 3


class Page(html.parser.HTMLParser):
    """Collects what a page links, loads and names."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.scripts = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "href", "srcset", "action", "data"):
                self.loads.append(value or "")


def test_page_escapes_and_loads_nothing(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.scripts == 1
    assert "<script>alert" not in text
    assert all(load.startswith("data:") for load in page.loads)
    assert not re.search(r"url\(|@import|https?://", text)


def test_page_has_an_anchor_for_each_step_and_case(folder: Path) -> None:
    page = Page((folder / "index.html").read_text(encoding="utf-8"))
    assert len(page.ids) == len(set(page.ids))
    for step in (3, *ENDS):
        assert {f"NB-{step:02d}", f"NB-{step:02d}.w_2020_03"} <= set(page.ids)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the reports of a Butler that does not offer the dialect of the cases."""
    folder = tmp_path_factory.mktemp("without")
    started, *others = stream()
    assert isinstance(started, RunStarted)
    planned = [event for event in others if not isinstance(event, CaseFinished)]
    reports.write([replace(started, implementation="it", dialects=()), *planned], folder)
    return folder


def test_a_dialect_that_is_not_offered_is_said_calmly(without: Path) -> None:
    page = (without / "index.html").read_text(encoding="utf-8")
    assert '<dd class="rest absent">not offered by it</dd>' in page
    assert page.count("does not offer the dialect <code>w_2020_03</code>") == 7
    assert page.count(">not offered</a>") == 7
    assert "0/6" not in page
    assert "– not run" not in page.partition('id="verdicts"')[0]
    assert {f"NB-{step:02d}.w_2020_03" for step in (3, *ENDS)} <= set(Page(page).ids)
    text = (without / "summary.md").read_text(encoding="utf-8")
    assert "| notebook, January 2020 | not offered by it |" in text
    assert "not run" not in text
    [run] = json.loads((without / "report.json").read_text(encoding="utf-8"))["runs"]
    tally = run["totals"]["notebook.w_2020_03"]
    assert (tally["not run"], tally["offered"]) == (6, False)
    assert run["coverage"]["text"] == (
        "0/0 (11 without a case, 6 only in a dialect that is not offered)"
    )
    assert (
        "it does not offer the dialect w_2020_03: nothing is said of its cases there."
        in (run["not_established"])
    )
    root = ElementTree.parse(without / "junit.xml").getroot()
    assert (root.attrib["failures"], root.attrib["errors"]) == ("0", "0")


def test_a_run_that_is_broken_off_says_so_first(tmp_path: Path) -> None:
    *begun, finished = stream()
    assert isinstance(finished, RunFinished)
    reports.write([*begun, replace(finished, complete=False)], tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<title>broken off: 1/6 " in page
    assert page.index("The run was broken off before its end.") < page.index("<main")
    assert "<dt>exit status</dt>" not in page
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    assert (root.attrib["tests"], root.attrib["errors"]) == ("7", "2")


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_colours_of_text_stand_out_in_both_schemes(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    schemes = re.findall(r":root \{(.*?)\}", text, re.DOTALL)
    assert len(schemes) == 2
    for scheme in schemes:
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))
        grounds = [colours.pop(name) for name in ("paper", "panel", "wash")]
        del colours["rule"]
        assert len(colours) == 13, sorted(colours)
        for name, colour in colours.items():
            for ground in grounds:
                assert contrast(colour, ground) >= 4.5, (name, colour, ground)


def test_pictures_alike_are_shown_once_without_their_margin(tmp_path: Path) -> None:
    pixels = np.full((80, 100, 3), 255, dtype=np.uint8)
    pixels[30:50, 40:70] = 0
    for name in ("one.png", "two.png"):
        imsave(tmp_path / name, pixels)
    pixels[60:] = 7
    imsave(tmp_path / "other.png", pixels)
    names = ("one.png", "two.png", "other.png", "missing.png")
    first, second = gather((name[:3], tmp_path / name) for name in names)
    assert first.labels == ["one", "two"]
    assert first.size == (100, 80)
    assert first.window == (28, 18, 54, 44)
    assert "aspect-ratio: 54 / 44" in first.frame_style
    assert second.labels == ["oth"]
    assert second.window == (0, 18, 100, 62)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("calexp", "calexp"),
        ("", "''"),
        ("line\n", "'line\\n'"),
        (["i", "r"], "i, r"),
        (["a, b"], "['a, b']"),
        ([], "none"),
        (None, "None"),
        (True, "True"),
        (155.51648696195, "155.51649"),
        ({"BAD": 7}, "BAD: 7"),
        ([[1, 2]], "[[1, 2]]"),
    ],
)
def test_values_are_shown_plainly_and_without_doubt(value: object, shown: str) -> None:
    assert show_value(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(2e-6, "2 µs"), (0.0123, "12.3 ms"), (1.5, "1.5 s"), (75.0, "75 s")]
)
def test_durations(seconds: float, shown: str) -> None:
    assert show_duration(seconds) == shown
