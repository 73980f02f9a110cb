"""One timing of one row, in a process of its own: ``python -m conformance.benchmarks.worker``."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# A row may time how long a package takes to be imported: nothing else is imported here.


@dataclass(frozen=True, slots=True)
class Job:
    """What a process is asked for.

    Attributes
    ----------
    row
        The name of a row; "" where a repository shall be made.
    stage
        The repository that shall be made.
    butler, module
        The implementation; "" for the limit.
    size
        How many datasets there are.
    template
        The repository to start from, or "".
    root
        The repository to make, or to work on.
    folder
        An empty folder.
    """

    row: str
    stage: str
    butler: str
    module: str
    size: int
    template: str
    root: str
    folder: str


def work(job: Job) -> dict[str, Any]:
    """Do it, and return the measurement, or why it cannot be done."""
    try:
        return _done(job)
    except Exception as error:
        text = " ".join(str(error).split())
        return {"cannot": f"{type(error).__name__}: {text}" if text else type(error).__name__}


def _done(job: Job) -> dict[str, Any]:
    root, folder = Path(job.root), Path(job.folder)
    if not job.row:
        from conformance.benchmarks.bench import Bench
        from conformance.benchmarks.furnishing import furnish

        bench = Bench(job.butler, job.module, job.size, root, folder)
        furnish(bench, job.stage, Path(job.template) if job.template else None)
        return {}
    from conformance.benchmarks import all_rows

    row = all_rows()[job.row]
    if row.writes and job.template:
        shutil.copytree(job.template, root)
    if job.butler:
        from conformance.benchmarks.bench import Bench

        bench = Bench(job.butler, job.module, job.size, root, folder)
        row.work(bench)
        measurement = bench.measurement
    else:
        from conformance.benchmarks.raw import RawBench

        raw = RawBench(job.size, root, folder)
        assert row.limit is not None
        row.limit(raw)
        measurement = raw.measurement
    assert measurement is not None, f"row {row.name} measures nothing"
    return asdict(measurement)


def main() -> None:
    """Do what the file says that is named by the first argument; write the result to the second."""
    order, result = map(Path, sys.argv[1:3])
    with contextlib.redirect_stdout(sys.stderr):
        found = work(Job(**json.loads(order.read_text(encoding="utf-8"))))
    result.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
