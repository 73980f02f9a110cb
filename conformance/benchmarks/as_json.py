"""Results as data, for a report; their form is ``bench.schema.json`` beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from conformance.benchmarks.clock import Measurement
from conformance.benchmarks.results import Contestant, Results, RowResult, Timings

VERSION = 1


def schema() -> dict[str, Any]:
    """Return the JSON Schema of results."""
    text = Path(__file__).with_name("bench.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def as_json(results: Results) -> dict[str, Any]:
    """Return results as plain data, with what follows from the timings."""
    return {
        "schema_version": VERSION,
        "when": results.when,
        "machine": results.machine,
        "python": results.python,
        "size": results.size,
        "rounds": results.rounds,
        "contestants": [asdict(one) for one in results.contestants],
        "rows": [_row(results, one) for one in results.rows],
    }


def _row(results: Results, row: RowResult) -> dict[str, Any]:
    return {
        "name": row.name,
        "title": row.title,
        "goal": row.goal,
        "ratio": results.ratio(row),
        "of_goal": results.of_goal(row),
        "timings": {name: _timings(one) for name, one in row.timings.items()},
    }


def _timings(timings: Timings) -> dict[str, Any]:
    return {
        "cannot": timings.cannot,
        "cpu": timings.cpu,
        "wall": timings.wall,
        "memory": timings.memory,
        "measurements": [asdict(one) for one in timings.measurements],
    }


def from_json(data: Mapping[str, Any]) -> Results:
    """Return the results that `as_json` made data of.

    Raises
    ------
    ValueError
        Raised where it is something else, or of another version.
    """
    if not isinstance(data, dict) or data.get("schema_version") != VERSION:
        raise ValueError(f"it is no table of benchmarks of schema version {VERSION}")
    try:
        return Results(
            **{name: data[name] for name in ("when", "machine", "python", "size", "rounds")},
            contestants=[Contestant(**one) for one in data["contestants"]],
            rows=[
                RowResult(one["name"], one["title"], one["goal"], _timings_of(one["timings"]))
                for one in data["rows"]
            ],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is no table of benchmarks: {error}") from error


def _timings_of(data: Mapping[str, Any]) -> dict[str, Timings]:
    return {
        name: Timings([Measurement(**each) for each in one["measurements"]], one["cannot"])
        for name, one in data.items()
    }
