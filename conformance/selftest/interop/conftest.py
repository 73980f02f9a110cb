"""The ci_hsc repository, and copies of it that a test may write."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conformance import recipes


@pytest.fixture(scope="session")
def ci_hsc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Root of a ci_hsc repository that no test writes."""
    return recipes.load("ci_hsc").make(tmp_path_factory.mktemp("ci_hsc"))


@pytest.fixture
def ci_hsc_copy(ci_hsc: Path, tmp_path: Path) -> Path:
    """Root of a ci_hsc repository of the test's own."""
    return Path(shutil.copytree(ci_hsc, tmp_path / "DATA"))
