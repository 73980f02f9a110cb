"""The report as JSON, valid by its JSON Schema."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from conformance.events import case_to_json, outcome_to_json
from conformance.report import folder as report_folder
from conformance.report.established import not_established
from conformance.report.model import Report, Result, Tally
from conformance.verdict import Verdict

FORMAT = "butler-conformance report 1"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of reports."""
    text = (files("conformance.report") / "report.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def as_data(report: Report) -> dict[str, Any]:
    """Return a report as the data that `schema` describes."""
    started, finished = report.started, report.finished
    return {
        "format": FORMAT,
        "run": {
            "started": started.when,
            "finished": finished.when if finished else None,
            "seconds": finished.seconds if finished else None,
            "complete": report.complete,
            "exit_status": report.exit_status,
            "command": started.command,
            "registry": started.registry,
            "repository": dict(started.repository),
            "versions": dict(started.versions),
        },
        "implementation": {
            "name": started.implementation,
            "version": started.version,
            "dialects": list(started.dialects),
            "unsupported": dict(started.unsupported),
        },
        "totals": {tally.name: _tally(tally) for tally in report.tallies()},
        "setup": {tally.name: _tally(tally) for tally in report.tallies(judged=False)},
        "cases": [_result(result) for result in report.results],
        "not_established": not_established(report),
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


def _tally(tally: Tally) -> dict[str, Any]:
    counts = {str(verdict): tally.verdicts[verdict] for verdict in Verdict}
    return {"total": tally.total, **counts}


def _result(result: Result) -> dict[str, Any]:
    outcome = outcome_to_json(result.outcome)
    del outcome["case"]
    requirement = result.requirement
    return {
        **case_to_json(result.case),
        "requirement": {
            "id": requirement.id,
            "sentence": requirement.sentence,
            "level": requirement.level,
            "source": requirement.source,
            "family": requirement.family,
        }
        if requirement
        else None,
        **outcome,
    }
