"""Turning the progress of a run into its stream of events."""

from __future__ import annotations

import os
import platform
import re
import shlex
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.case import Outcome
from conformance.events import (
    CaseFinished,
    CasePlanned,
    CaseStarted,
    Event,
    RequirementStated,
    RunFinished,
    RunStarted,
)
from conformance.report.model import collect
from conformance.suite import Suite

if TYPE_CHECKING:
    import pytest

DISTRIBUTIONS = ("sqlalchemy", "numpy", "astropy", "matplotlib", "lsst-sphgeom", "pytest")
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)")


class Recorder:
    """Sends the events of one run to the hook `pytest_conformance_event`.

    Parameters
    ----------
    config
        The configuration of the pytest run.
    suite
        The cases that are there.
    """

    def __init__(self, config: pytest.Config, suite: Suite) -> None:
        self.config = config
        self.events: list[Event] = []
        self._start = time.perf_counter()
        implementation = suite.implementation
        self._send(
            RunStarted(
                when=_now(),
                command=command_line(sys.argv),
                implementation=implementation.name,
                version=implementation.version,
                dialects=tuple(implementation.dialects),
                unsupported=dict(implementation.unsupported),
                registry=config.getoption("butler_registry"),
                repository=self._repository(),
                versions=versions(),
                profile=config.getoption("butler_profile"),
                seed=config.getoption("butler_seed"),
                suites=tuple(_shown(Path(one)) for one in config.getoption("butler_suite")),
                others=tuple(config.getoption("with_butler")),
                butler=config.getoption("butler") or implementation.name,
                fault=config.getoption("butler_fault"),
            )
        )
        for requirement in suite.requirements.values():
            self._send(RequirementStated(requirement))
        for case in suite.cases.values():
            self._send(CasePlanned(case))

    def _repository(self) -> dict[str, str]:
        from conformance.repository import RepositoryNotFoundError, locate

        given = self.config.getoption("butler_repo")
        facts = {"recipe": "ci_hsc", "size": "quarter"}
        if given:
            try:
                facts["size"] = locate(Path(given)).size.name
            except (RepositoryNotFoundError, OSError):
                facts["size"] = "unknown"
        return facts

    def case_started(self, case_id: str) -> None:
        """Say that a case begins."""
        self._send(CaseStarted(case_id))

    def case_finished(self, outcome: Outcome) -> None:
        """Say what became of a case."""
        self._send(CaseFinished(outcome))

    def finish(self, complete: bool) -> None:
        """Say that the run is over, or that it was broken off."""
        seconds = time.perf_counter() - self._start
        self._send(RunFinished(when=_now(), seconds=seconds, complete=complete))

    def summary(self) -> list[str]:
        """Return the counts in lines of text."""
        return collect(self.events).summary()

    def _send(self, event: Event) -> None:
        self.events.append(event)
        self.config.hook.pytest_conformance_event(event=event)


def _shown(folder: Path) -> str:
    """Return a folder as one would type it here."""
    try:
        return str(folder.relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the current folder is gone
        return str(folder)


def command_line(arguments: list[str]) -> str:
    """Return a command as one would type it, without the folders of programs and credentials."""
    program, *rest = arguments
    line = CREDENTIALS.sub("***", shlex.join([Path(program).name, *rest]))
    return os.fsencode(line).decode("utf-8", "backslashreplace")


def versions() -> dict[str, str]:
    """Return the versions of what takes part in a run, by name, and the platform."""
    found = {"butler-conformance": _version("butler-conformance")}
    found["python"] = platform.python_version()
    found.update({name: _version(name) for name in DISTRIBUTIONS})
    found["platform"] = platform.platform(terse=True)
    return found


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
