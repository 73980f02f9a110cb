"""The names that public code uses: which of them a case uses, and how the report shows them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from conformance.benchmarks import all_rows
from conformance.events import CasePlanned
from conformance.implementations.loading import load
from conformance.report.html import as_html
from conformance.report.model import collect
from conformance.report.names import names
from conformance.selftest.event_streams import stream
from conformance.suite import Suite
from conformance.usage import counted_names, pains
from conformance.usage.calls import names_in

KNOWN = counted_names().keys()


def test_the_counted_names() -> None:
    found = list(counted_names().values())
    assert [one.files for one in found] == sorted((one.files for one in found), reverse=True)
    assert found[0].name == "butler.get"
    assert all(one.files >= one.notebooks and one.calls >= one.files for one in found)


@pytest.mark.parametrize(
    ("code", "used"),
    [
        ("butler.get('calexp', visit=1)", {"butler.get"}),
        ("other_butler.registry.queryDatasets('raw')", {"registry.queryDatasets"}),
        ("insert = butler.registry.insertDimensionData", {"registry.insertDimensionData"}),
        ("registry = butler.registry\nregistry.certify(1)", {"registry.certify"}),
        ("r = butler.registry\nr.certify(1)", {"registry.certify"}),
        ("butler.collections.query('*')", {"collections.query"}),
        ("Butler.from_config(root).find_dataset()", {"butler.from_config", "butler.find_dataset"}),
        ("b = Butler(root)\nb.put({}, 'x')", {"Butler()", "butler.put"}),
        ("with butler.query() as q:\n    q.datasets('x')", {"butler.query", "Query.datasets"}),
        ("with butler.export() as e:\n    e.saveDatasets([])",
         {"butler.export", "export.saveDatasets"}),
        ("butler.getDeferred(ref).get()",
         {"butler.getDeferred", "*.getDeferred", "DeferredDatasetHandle.get"}),
        ("h = butler.getDeferred(ref)\nh.get()",
         {"butler.getDeferred", "*.getDeferred", "DeferredDatasetHandle.get"}),
        ("refs.expanded().order_by('x')", {"*.expanded", "*.order_by"}),
        ("Timespan(None, None)", {"Timespan()"}),
        ("{}.get('calexp')\npath.exists()\nbutlers = 1", set()),
        ("# butler.get", set()),
        ("this is no Python", set()),
    ],
)  # fmt: skip
def test_what_a_text_uses(code: str, used: set[str]) -> None:
    assert names_in(code, KNOWN) == used


def test_each_name_that_two_files_use_has_a_case_or_a_reason() -> None:
    suite = Suite(load("butler_core"), [])
    used = {
        name for case in suite.cases.values() if case.judged for name in names_in(case.code, KNOWN)
    }
    lacking = [
        one.name
        for one in counted_names().values()
        if one.files > 1 and one.name not in used and not one.left_out
    ]
    assert not lacking, "write a case, or say in names.yaml why the name is left out"


def test_each_pain_has_requirements_that_have_cases_or_is_measured() -> None:
    suite = Suite(load("butler_core"), [])
    covered = {case.requirement for case in suite.cases.values() if case.judged}
    for one in pains():
        assert one.requirements or one.benchmarks, one.pain
        assert set(one.requirements) <= covered, one.pain
        assert set(one.benchmarks) <= all_rows().keys(), one.pain
    assert len({one.pain for one in pains()}) == len(pains())


def test_the_report_shows_them() -> None:
    planned = [one.case for one in stream() if isinstance(one, CasePlanned)]
    code = {one.id: "butler.get('calexp')" for one in [one for one in planned if one.judged][:2]}
    events = [
        dataclasses.replace(one, case=dataclasses.replace(one.case, code=code.get(one.case.id, "")))
        if isinstance(one, CasePlanned)
        else one
        for one in stream()
    ]
    report = collect(events)
    [row] = [row for row in names(report) if row.counted.name == "butler.get"]
    [tried] = row.tried
    verdicts = {one.case.id: one.outcome.verdict for one in report.runs[0].results}
    assert dict(tried.counts) == Counter(verdicts[name] for name in code)
    assert tried.verdict in verdicts.values()
    page = as_html(report, Path())
    section = page[page.index('<section id="names"') :]
    assert "<p>1 of the 93 names" in section
    assert "<code>subset</code>: a method of Gen-2 Butlers" in section
