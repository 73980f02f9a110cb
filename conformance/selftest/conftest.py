"""The repository that the tests of the core share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import core_world


@pytest.fixture(scope="session")
def core_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the root of the repository that each test's is copied from."""
    root = tmp_path_factory.mktemp("core") / "repo"
    core_world.make(root)
    return root


@pytest.fixture
def world(core_template: Path, tmp_path: Path) -> Iterator[core_world.World]:
    """Make a repository of the test's own."""
    made = core_world.copy(core_template, tmp_path / "repo")
    yield made
    made.close()
