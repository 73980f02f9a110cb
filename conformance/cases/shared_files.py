"""Datasets that share one file: what removing them costs."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from conformance.cases import case

FEW, MANY = 60, 240


@cache
def connections() -> list[Any]:
    """Return the databases that are opened from now on; Python tells of each."""
    found: list[Any] = []

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "sqlite3.connect/handle":
            found.append(arguments[0])

    sys.addaudithook(heard)
    return found


def work_of_removing(butler: Any, run: str) -> int:
    """Remove a run; return how many hundreds of instructions SQLite took."""
    seen = 0

    def count() -> None:
        nonlocal seen
        seen += 1

    opened = list(connections())
    for database in opened:
        with suppress(sqlite3.ProgrammingError):  # it is closed
            database.set_progress_handler(count, 100)
    butler.removeRuns([run])
    for database in opened:
        with suppress(sqlite3.ProgrammingError):
            database.set_progress_handler(None, 100)
    return seen


@case(
    "REM-11.in-proportion",
    "Four times the datasets of one file take four times the work",
    repository="empty",
    value="in proportion",
)
def in_proportion(api: Any, root: Path) -> str:
    """Take a file in for few datasets and for many, and remove both runs."""
    connections().clear()
    path = root.parent / "shared.yaml"
    path.write_text("{a: 1}\n")
    with api.Butler.from_config(root, writeable=True) as butler:
        camera = {"name": "Cam", "class_name": "Cam", "detector_max": MANY}
        camera |= {"visit_max": 1, "exposure_max": 1}
        butler.registry.insertDimensionData("instrument", camera)
        chips = [
            {"instrument": "Cam", "id": number, "full_name": str(number)} for number in range(MANY)
        ]
        butler.registry.insertDimensionData("detector", *chips)
        kind = api.DatasetType(
            "flat", ["detector"], "StructuredDataDict", universe=butler.dimensions
        )
        butler.registry.registerDatasetType(kind)
        work = []
        for run, number in (("few", FEW), ("many", MANY)):
            butler.collections.register(run)
            refs = [
                api.DatasetRef(
                    kind,
                    api.DataCoordinate.standardize(
                        instrument="Cam", detector=chip, universe=butler.dimensions
                    ),
                    run=run,
                )
                for chip in range(number)
            ]
            butler.ingest(api.FileDataset(path=str(path), refs=refs), transfer="copy")
            work.append(work_of_removing(butler, run))
    few, many = work
    if not few:
        return "no work was seen"
    return "in proportion" if many < 6 * few else "more than in proportion"
