"""Suites of a part of the cases, on repositories that are there."""

from __future__ import annotations

from pathlib import Path

from conformance.implementations import Implementation
from conformance.notebook.runner import Notebook
from conformance.repository import CaseRepository
from conformance.suite import Suite
from conformance.workplace import Workplace


def notebook_suite(
    implementation: Implementation, files: CaseRepository, pictures: Path | None = None
) -> Suite:
    """Return the steps of the notebook on a repository."""
    place = Workplace(lambda: files, scratch=Path("nowhere"), pictures=pictures)
    return Suite(implementation, place=place, sources=[Notebook(implementation)])
