"""The report as JSON, valid by its JSON Schema."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from conformance.events import case_to_json, outcome_to_json
from conformance.report import folder as report_folder
from conformance.report.established import not_established
from conformance.report.model import Report, Run
from conformance.report.totals import Coverage, Result, Tally, group_of
from conformance.requirements import Requirement
from conformance.verdict import Verdict

FORMAT = "butler-conformance report 3"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of reports."""
    text = (files("conformance.report") / "report.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def as_data(report: Report) -> dict[str, Any]:
    """Return a report as the data that `schema` describes."""
    cases: dict[str, list[str]] = {name: [] for name in report.requirements}
    for result in (result for run in report.runs for result in run.judged):
        known = cases.get(result.case.requirement)
        if known is not None and result.case.id not in known:
            known.append(result.case.id)
    return {
        "format": FORMAT,
        "complete": report.complete,
        "exit_status": report.exit_status,
        "requirements": [_requirement(one, cases[one.id]) for one in report.requirements.values()],
        "runs": [_run(run) for run in report.runs],
    }


def write(report: Report, folder: Path) -> Path:
    """Write ``report.json`` into a folder.

    Raises
    ------
    jsonschema.ValidationError
        Raised where the report is not as the schema says.
    """
    import jsonschema

    data = json.loads(json.dumps(as_data(report)))
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    path = folder / "report.json"
    report_folder.write(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    return path


def _requirement(one: Requirement, cases: list[str]) -> dict[str, Any]:
    return {**asdict(one), "cases": cases}


def _run(run: Run) -> dict[str, Any]:
    started, finished = run.started, run.finished
    return {
        "implementation": {
            "name": run.name,
            "version": started.version,
            "butler": started.butler,
            "dialects": list(started.dialects),
            "unsupported": dict(started.unsupported),
        },
        "started": started.when,
        "finished": finished.when if finished else None,
        "seconds": finished.seconds if finished else None,
        "complete": run.complete,
        "exit_status": run.exit_status,
        "command": started.command,
        "profile": started.profile,
        "seed": started.seed,
        "fault": started.fault,
        "suites": list(started.suites),
        "others": list(started.others),
        "registry": started.registry,
        "repository": dict(started.repository),
        "versions": dict(started.versions),
        "totals": {tally.name: _tally(tally) for tally in run.tallies},
        "setup": _tally(run.setup_tally),
        "coverage": _coverage(run.coverage),
        "cases": [_result(result) for result in run.results],
        "not_established": not_established(run),
    }


def _tally(tally: Tally) -> dict[str, Any]:
    counts = {str(verdict): tally.verdicts[verdict] for verdict in Verdict}
    return {"total": tally.total, **counts, "offered": not tally.not_offered_by}


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {**asdict(coverage), "text": coverage.text}


def _result(result: Result) -> dict[str, Any]:
    outcome = outcome_to_json(result.outcome)
    del outcome["case"]
    return {**case_to_json(result.case), "group": group_of(result.case), **outcome}
