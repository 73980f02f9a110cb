"""The ci_hsc repository, and copies of it that a test may write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conformance.repository import CaseRepository


@pytest.fixture(scope="session")
def ci_hsc(conformance_repository: CaseRepository) -> Path:
    """Root of a ci_hsc repository that no test writes: the one that cases read."""
    return conformance_repository.root


@pytest.fixture
def ci_hsc_copy(ci_hsc: Path, tmp_path: Path) -> Path:
    """Root of a ci_hsc repository of the test's own."""
    return Path(shutil.copytree(ci_hsc, tmp_path / "DATA"))
