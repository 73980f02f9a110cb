"""The report as JUnit XML, for the pages of CI services."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from conformance.report import folder as report_folder
from conformance.report.model import Report, Run
from conformance.report.repros import replay
from conformance.report.totals import SETUP, Result, group_of
from conformance.verdict import Verdict

UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ENDS = {
    Verdict.PASSED: "",
    Verdict.FAILED: "failures",
    Verdict.DEVIATES: "skipped",
    Verdict.ERROR: "errors",
    Verdict.UNSUPPORTED: "skipped",
    Verdict.BLOCKED: "skipped",
    Verdict.NOT_RUN: "skipped",
}
FAMILY = {"step": "notebook", "repository": "repositories"}


def write(report: Report, folder: Path) -> Path:
    """Write ``junit.xml``: one testcase for each judged case, one suite for each group.

    JUnit knows four ends. Known deviations, unsupported, blocked and not run become skipped, with
    the verdict as the first word of the message: none of them counts as a pass. What does not
    deviate any more is a failure. Set-up steps stand in the
    properties only, but for those that failed. The class of a testcase is the family of its
    requirement, behind the name of the implementation where there are several.
    """
    shown = [result for run in report.runs for result in (*run.judged, *_broken(run))]
    root = ElementTree.Element("testsuites", {"name": "butler-conformance", **_counts(shown)})
    for run in report.runs:
        prefix = f"{run.name}." if len(report.runs) > 1 else ""
        for tally in run.tallies:
            results = [one for one in run.judged if group_of(one.case) == tally.name]
            _suite(root, f"{prefix}{tally.name}", run, results, prefix)
        if _broken(run):
            _suite(root, f"{prefix}{SETUP}", run, _broken(run), prefix)
        if not run.complete:
            _broken_off(root, prefix)
    ElementTree.indent(root)
    path = folder / "junit.xml"
    text = ElementTree.tostring(root, encoding="unicode")
    report_folder.write(path, f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n")
    return path


def _broken(run: Run) -> list[Result]:
    return [result for result in run.setup if result.is_wrong]


def _suite(
    root: ElementTree.Element, name: str, run: Run, results: list[Result], prefix: str
) -> None:
    facts = {"name": _clean(name), "timestamp": run.started.when, **_counts(results)}
    suite = ElementTree.SubElement(root, "testsuite", facts)
    _properties(suite, run)
    for result in results:
        _case(suite, result, run, prefix)


def _broken_off(root: ElementTree.Element, prefix: str) -> None:
    """Say that the run did not come to its end: what is left undone alone would pass as skipped."""
    counts = {"tests": "1", "failures": "0", "errors": "1", "skipped": "0", "time": "0.000"}
    suite = ElementTree.SubElement(root, "testsuite", {"name": _clean(f"{prefix}run"), **counts})
    case = {"classname": _clean(f"{prefix}run"), "name": "comes to its end", "time": "0.000"}
    element = ElementTree.SubElement(suite, "testcase", case)
    ElementTree.SubElement(element, "error", {"message": "the run was broken off before its end"})
    for name in ("tests", "errors"):
        root.set(name, str(int(root.attrib[name]) + 1))


def _properties(suite: ElementTree.Element, run: Run) -> None:
    started = run.started
    values = {
        "implementation": f"{started.implementation} {started.version}",
        "registry": started.registry,
        "set-up": run.setup_tally.text,
        "requirements": run.coverage.text,
        "profile": started.profile,
        "seed": str(started.seed),
        **({"fault": started.fault} if started.fault else {}),
        **started.versions,
    }
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": _clean(value)})


def _case(suite: ElementTree.Element, result: Result, run: Run, prefix: str) -> None:
    case, outcome = result.case, result.outcome
    family = result.requirement.family if result.requirement else FAMILY.get(case.kind, case.kind)
    names = {"classname": f"{prefix}{family}", "name": f"{case.id} {case.title}"}
    facts = {name: _clean(text) for name, text in names.items()}
    element = ElementTree.SubElement(suite, "testcase", {**facts, "time": f"{outcome.seconds:.3f}"})
    message = _clean(outcome.message)
    match outcome.verdict:
        case _ if outcome.has_vanished:
            ElementTree.SubElement(element, "failure", {"message": message})
        case Verdict.DEVIATES if outcome.deviation is not None:
            known = outcome.deviation
            text = _clean(f"deviates ({known.kind}): {known.reason}")
            skipped = ElementTree.SubElement(element, "skipped", {"message": text})
            skipped.text = _clean(_evidence(result, run))
        case Verdict.PASSED:
            pass
        case Verdict.FAILED:
            failure = ElementTree.SubElement(element, "failure", {"message": message})
            failure.text = _clean(_evidence(result, run))
        case Verdict.ERROR:
            error = ElementTree.SubElement(element, "error", {"message": message})
            error.text = _clean(outcome.traceback)
        case verdict:
            text = f"{verdict}: {message}"
            ElementTree.SubElement(element, "skipped", {"message": text})
    if outcome.output:
        ElementTree.SubElement(element, "system-out").text = _clean(outcome.output)


def _evidence(result: Result, run: Run) -> str:
    lines = [result.requirement.sentence, ""] if result.requirement else []
    lines += [result.case.code.rstrip(), ""]
    for seen in result.outcome.observations:
        if not seen.passed:
            lines += [seen.what, f"  expected {seen.expected}", f"  observed {seen.observed}"]
            lines += [f"  {seen.detail}"] if seen.detail else []
    for heading, text in result.outcome.texts.items():
        lines += ["", f"{heading}:", text.rstrip()]
    return "\n".join([*lines, "", replay(result, run), result.outcome.traceback]).rstrip()


def _counts(results: Iterable[Result]) -> dict[str, str]:
    found = list(results)

    ends = Counter("failures" if one.outcome.has_vanished else ENDS[one.verdict] for one in found)
    return {
        "tests": str(len(found)),
        **{name: str(ends[name]) for name in ("failures", "errors", "skipped")},
        "time": f"{sum(result.outcome.seconds for result in found):.3f}",
    }


def _clean(text: str) -> str:
    """Replace what XML 1.0 cannot hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
