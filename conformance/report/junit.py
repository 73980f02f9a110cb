"""The report as JUnit XML, for the pages of CI services."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from conformance.report import folder as report_folder
from conformance.report.model import Report, Result, Tally
from conformance.verdict import Verdict

UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(report: Report, folder: Path) -> Path:
    """Write ``junit.xml``: one testcase for each judged case, one suite for each dialect.

    JUnit knows four ends. Unsupported, blocked and not run become skipped, with the verdict as
    the first word of the message: none of them counts as a pass. Set-up steps stand in the
    properties only.
    """
    tallies = report.tallies()
    root = ElementTree.Element(
        "testsuites", {"name": "butler-conformance", **_counts(tallies), **_time(report.judged)}
    )
    setup = {tally.name: tally for tally in report.tallies(judged=False)}
    for tally in tallies:
        results = [result for result in report.judged if result.case.dialect == tally.name]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            {
                "name": f"notebook.{tally.name}",
                "timestamp": report.started.when,
                **_counts([tally]),
                **_time(results),
            },
        )
        _properties(suite, report, setup[tally.name])
        for result in results:
            _case(suite, result)
    if not report.complete:
        _broken_off(root)
    ElementTree.indent(root)
    path = folder / "junit.xml"
    text = ElementTree.tostring(root, encoding="unicode")
    report_folder.write(path, f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n")
    return path


def _broken_off(root: ElementTree.Element) -> None:
    """Say that the run did not come to its end: what is left undone alone would pass as skipped."""
    counts = {"tests": "1", "failures": "0", "errors": "1", "skipped": "0"}
    suite = ElementTree.SubElement(root, "testsuite", {"name": "run", **counts, "time": "0.000"})
    case = {"classname": "run", "name": "comes to its end", "time": "0.000"}
    element = ElementTree.SubElement(suite, "testcase", case)
    ElementTree.SubElement(element, "error", {"message": "the run was broken off before its end"})
    for name in ("tests", "errors"):
        root.set(name, str(int(root.attrib[name]) + 1))


def _properties(suite: ElementTree.Element, report: Report, setup: Tally) -> None:
    started = report.started
    values = {
        "implementation": f"{started.implementation} {started.version}",
        "registry": started.registry,
        "set-up": setup.text,
        **started.versions,
    }
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in values.items():
        ElementTree.SubElement(properties, "property", {"name": name, "value": _clean(value)})


def _case(suite: ElementTree.Element, result: Result) -> None:
    case, outcome = result.case, result.outcome
    element = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": f"notebook.{case.dialect}",
            "name": f"{case.id} {case.title}",
            "time": f"{outcome.seconds:.3f}",
        },
    )
    message = _clean(outcome.message)
    match outcome.verdict:
        case Verdict.PASSED:
            pass
        case Verdict.FAILED:
            failure = ElementTree.SubElement(element, "failure", {"message": message})
            failure.text = _clean(_evidence(result))
        case Verdict.ERROR:
            error = ElementTree.SubElement(element, "error", {"message": message})
            error.text = _clean(outcome.traceback)
        case verdict:
            text = f"{verdict}: {message}"
            ElementTree.SubElement(element, "skipped", {"message": text})
    if outcome.output:
        ElementTree.SubElement(element, "system-out").text = _clean(outcome.output)


def _evidence(result: Result) -> str:
    lines = [result.case.code, ""]
    for seen in result.outcome.observations:
        if not seen.passed:
            lines += [seen.what, f"  expected {seen.expected}", f"  observed {seen.observed}"]
            lines += [f"  {seen.detail}"] if seen.detail else []
    return "\n".join([*lines, result.outcome.traceback])


def _counts(tallies: list[Tally]) -> dict[str, str]:
    def number(*verdicts: Verdict) -> str:
        return str(sum(tally.verdicts[verdict] for tally in tallies for verdict in verdicts))

    return {
        "tests": str(sum(tally.total for tally in tallies)),
        "failures": number(Verdict.FAILED),
        "errors": number(Verdict.ERROR),
        "skipped": number(Verdict.UNSUPPORTED, Verdict.BLOCKED, Verdict.NOT_RUN),
    }


def _time(results: list[Result]) -> dict[str, str]:
    return {"time": f"{sum(result.outcome.seconds for result in results):.3f}"}


def _clean(text: str) -> str:
    """Replace what XML 1.0 cannot hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
