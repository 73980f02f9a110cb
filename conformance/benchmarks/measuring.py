"""Timing several implementations in turn, each in processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conformance.benchmarks import Row
from conformance.benchmarks.clock import Measurement
from conformance.benchmarks.furnishing import STAGES, before
from conformance.benchmarks.results import LIMIT, Contestant, RowResult, Timings
from conformance.benchmarks.worker import Job

__all__ = ["Measuring"]

PATIENCE = 60.0
"""Seconds; a row that has taken longer is not repeated."""


@dataclass
class Measuring:
    """Times rows.

    Parameters
    ----------
    contestants
        The implementations, ours first.
    size
        How many datasets there are.
    rounds
        How often a row is timed on each.
    scratch
        An empty folder for repositories.
    tell
        Called with what is being done.
    """

    contestants: Sequence[Contestant]
    size: int
    rounds: int
    scratch: Path
    tell: Callable[[str], None] = lambda text: None

    def __post_init__(self) -> None:
        self._made: dict[tuple[str, str], str] = {}
        self._count = 0

    def rows(self, rows: Sequence[Row]) -> Iterator[RowResult]:
        """Yield the result of each row as soon as it is there."""
        for row in rows:
            yield self._row(row)

    def _row(self, row: Row) -> RowResult:
        names = [one.butler for one in self.contestants]
        if row.limit is not None:
            names.append(LIMIT)
        timings: dict[str, Timings] = {name: Timings() for name in names}
        templates = {name: self._template(row.starts_from, name) for name in names}
        begin = time.monotonic()
        for number in range(self.rounds):
            # The other way round each time: who comes later is not always the same.
            for name in names if number % 2 == 0 else reversed(names):
                template, fault = templates[name]
                if fault:
                    timings[name].cannot = fault
                if timings[name].cannot:
                    continue
                self.tell(f"{row.name}: {name}, {number + 1} of {self.rounds}")
                found = self._run(name, row=row.name, template=template, copies=row.writes)
                if "cannot" in found:
                    timings[name].cannot = found["cannot"]
                else:
                    timings[name].measurements.append(Measurement(**found))
            if time.monotonic() - begin > PATIENCE:
                break
        return RowResult(row.name, row.title, row.goal, timings)

    def _template(self, stage: str, name: str) -> tuple[Path | None, str]:
        """Return the repository to start from, made if it is not there, or why there is none."""
        if not stage:
            return None, ""
        if name == LIMIT:
            # Any repository of the format will do.
            tried = [self._template(stage, one.butler) for one in self.contestants]
            whole = [one for one in tried if not one[1]]
            return whole[0] if whole else tried[0]
        for step in before(stage):
            if (step, name) not in self._made:
                self._made[step, name] = self._furnish(step, name)
            if self._made[step, name]:
                return None, self._made[step, name]
        return self._place(stage, name), ""

    def _place(self, stage: str, name: str) -> Path:
        number = [one.butler for one in self.contestants].index(name)
        return self.scratch / f"{number}-{stage}"

    def _furnish(self, stage: str, name: str) -> str:
        """Make a repository; return why it cannot be made, or ""."""
        self.tell(f"making repositories: {stage} by {name}")
        earlier = STAGES[stage][0]
        template = self._place(earlier, name) if earlier else None
        root = self._place(stage, name)
        found = self._run(name, stage=stage, template=template, root=root)
        return str(found.get("cannot", ""))

    def _run(
        self,
        name: str,
        *,
        row: str = "",
        stage: str = "",
        template: Path | None = None,
        copies: bool = False,
        root: Path | None = None,
    ) -> dict[str, Any]:
        """Do one piece of work in a process, and return what it says."""
        self._count += 1
        folder = self.scratch / f"work-{self._count}"
        work = folder / "files"
        work.mkdir(parents=True)
        if root is None:
            root = folder / "repository" if copies or template is None else template
        modules = {one.butler: one.module for one in self.contestants}
        job = Job(
            row=row,
            stage=stage,
            butler="" if name == LIMIT else name,
            module=modules.get(name, ""),
            size=self.size,
            template="" if template is None else str(template),
            root=str(root),
            folder=str(work),
        )
        try:
            return _in_a_process(job, folder)
        finally:
            shutil.rmtree(folder)


def _in_a_process(job: Job, folder: Path) -> dict[str, Any]:
    order, result = folder / "job.json", folder / "result.json"
    order.write_text(json.dumps(asdict(job)), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "conformance.benchmarks.worker", str(order), str(result)]
    ended = subprocess.run(
        command, capture_output=True, text=True, errors="replace", env=_environment(), check=False
    )
    if ended.returncode == 0 and result.is_file():
        found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return found
    last = next(reversed(ended.stderr.split("\n")[:-1]), "")
    return {"cannot": f"its process ended with status {ended.returncode}: {last}".rstrip(": ")}


def _environment() -> dict[str, str]:
    """Return the environment of a process: sets, and so the order of work, are the same in each."""
    return {**os.environ, "PYTHONHASHSEED": "0"}
