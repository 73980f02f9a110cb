"""New repositories, one for each example, made fast.

They lie in memory where there is such a folder: programs commit thousands of times, each of which
would wait for the disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conformance.implementations import Implementation
from conformance.properties.disagreement import Disagreement, of_error
from conformance.properties.program import Program
from conformance.properties.world import World

MEMORY = Path("/dev/shm")


@contextmanager
def fast_folder(otherwise: Path) -> Iterator[Path]:
    """Give an empty folder in memory, or below another where there is none; remove it after."""
    in_memory = MEMORY.is_dir() and os.access(MEMORY, os.W_OK | os.X_OK)
    parent = MEMORY if in_memory else otherwise
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="conformance-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Bench:
    """Makes a repository once, and gives each example a copy.

    Parameters
    ----------
    implementation
        The Butler that is judged.
    folder
        An empty folder, or one that need not exist.

    Attributes
    ----------
    module
        The module with the public API.
    examples, calls
        How many worlds were given, and how many calls were made in them.
    """

    def __init__(self, implementation: Implementation, folder: Path) -> None:
        self.module = implementation.dialects["current"].butler
        self.examples = 0
        self.calls = 0
        self._implementation = implementation
        self._folder = folder

    @contextmanager
    def world(self) -> Iterator[World]:
        """Open a new empty repository; it is removed afterwards."""
        template, root = self._folder / "template", self._folder / "repository"
        if not template.exists():
            self._make(template)
        shutil.copytree(template, root)
        self.examples += 1
        try:
            world = self.opened(root)
            try:
                yield world
            finally:
                self.calls += world.calls
                world.close()
        finally:
            shutil.rmtree(root)

    def opened(self, root: Path) -> World:
        """Return a world of a repository that is there."""
        return World(root, self.module)

    def texts(self, program: Program, *, before_last: bool = False) -> list[str]:
        """Return the statements of a program, or those before its last operation."""
        return program.texts(before_last=before_last)

    def script(
        self, program: Program, disagreement: Disagreement, *, before_last: bool = False
    ) -> str:
        """Return a script that shows a disagreement with the implementation alone."""
        return program.script(self.module, disagreement.check, before_last=before_last)

    def _make(self, template: Path) -> None:
        template.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._implementation.make_repository(template)
        except (Exception, SystemExit) as error:
            said = " ".join(str(error).split()).replace(str(template), "root")
            raise of_error("Butler.makeRepo(root)", f"{type(error).__name__}: {said}") from error
