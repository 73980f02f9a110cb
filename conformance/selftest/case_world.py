"""A suite folder of one's own and a Butler of a few lines, for the tests of cases as data."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any

from conformance.case import Outcome
from conformance.cases.kinds import FIRST_LINES
from conformance.cases.source import DataCases
from conformance.implementations import Dialect, Drawn
from conformance.repository import CaseRepository
from conformance.suite import Suite
from conformance.workplace import Workplace

MODULE = "fake_data_cases"
REQUIREMENT = """\
- id: MINE-01
  sentence: What is asked is answered.
  level: must
  source: a wish
"""


class Colour(Enum):
    """Something that answers are made of."""

    RED = 1


class NoSuchThingError(LookupError):
    """What the Butler refuses with."""


class Quoted(KeyError):
    """A `KeyError`, whose text Python shows with quotes around it."""


class Butler:
    """Answers what it is told, and refuses with or without leaving the repository alone."""

    opened: list[Butler] = []  # noqa: RUF012

    def __init__(self, root: Path, arguments: Mapping[str, Any]) -> None:
        self.root, self.arguments, self.closed = Path(root), dict(arguments), False
        Butler.opened.append(self)

    @staticmethod
    def makeRepo(root: Path) -> None:
        """Make a repository of a text and a database."""
        Path(root).mkdir(parents=True)
        (Path(root) / "butler.yaml").write_text("a: 1\n")
        with closing(sqlite3.connect(Path(root) / "gen3.sqlite3")) as database, database:
            database.execute("CREATE TABLE run (name TEXT)")

    @classmethod
    def from_config(cls, root: Path, **arguments: Any) -> Butler:
        """Open."""
        return cls(root, arguments)

    def close(self) -> None:
        """Close."""
        self.closed = True

    def register(self, name: str) -> None:
        """Write a row."""
        with closing(sqlite3.connect(self.root / "gen3.sqlite3")) as database, database:
            database.execute("INSERT INTO run VALUES (?)", (name,))

    def refuse(self, text: str, *, row: bool = False, file: bool = False) -> None:
        """Refuse, having written a row or a file where told."""
        if row:
            self.register("left over")
        if file:
            (self.root / "left.over").write_text(text)
        raise NoSuchThingError(text)

    def quoted(self, text: str) -> None:
        """Refuse with a `KeyError`."""
        raise Quoted(text)

    def lazily(self) -> Iterator[dict[str, int]]:
        """Answer one row, and then raise."""
        yield {"n": 1}
        raise NoSuchThingError("the second row")


@dataclass(frozen=True)
class Small:
    """The Butler as an implementation."""

    name: str = "small"
    version: str = "1.0"
    dialects: Mapping[str, Dialect] = field(
        default_factory=lambda: {"current": Dialect(MODULE, f"{MODULE}.display")}
    )
    unsupported: Mapping[str, str] = field(default_factory=dict)

    def make_repository(self, root: Path) -> None:
        """Make a repository."""
        Butler.makeRepo(root)

    def open(self, root: Path, **arguments: Any) -> Butler:
        """Open."""
        return Butler.from_config(root, **arguments)

    def drawn(self, display: Any) -> Drawn:
        """Refuse."""
        raise NotImplementedError


def small(**arguments: Any) -> Small:
    """Return the implementation, its module made anew."""
    module = ModuleType(MODULE)
    vars(module).update(Butler=Butler, Colour=Colour)
    sys.modules[MODULE] = module
    return Small(**arguments)


def write(folder: Path, cases: str = "", *, first: str = FIRST_LINES["cases"]) -> Path:
    """Write a suite folder with one requirement, MINE-01, and a file of cases; return the file."""
    for kind in ("requirements", "repositories", "cases"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    (folder / "requirements" / "mine.yaml").write_text(REQUIREMENT, encoding="utf-8")
    path = folder / "cases" / "mine.yaml"
    path.write_text(f"{first}\n{textwrap.dedent(cases)}", encoding="utf-8")
    return path


def suite(folder: Path, implementation: Any = None) -> Suite:
    """Return the cases of a folder, and the suite's, ready to be tried below it."""
    implementation = implementation or small()
    place = Workplace(_no_ci_hsc, scratch=Path(tempfile.mkdtemp(dir=folder)))
    return Suite(implementation, [folder], place, [DataCases(implementation, [folder])])


def outcome(folder: Path, case: str, implementation: Any = None) -> Outcome:
    """Return what becomes of a case that is written without its id, title and repository."""
    lines = "".join(f"  {line}\n" for line in textwrap.dedent(case).strip().splitlines())
    head = "- id: MINE-01.x\n  title: It is so\n"
    write(folder, head + ("" if "repository:" in lines else "  repository: empty\n") + lines)
    return suite(folder, implementation).outcome("MINE-01.x")


def _no_ci_hsc() -> CaseRepository:
    raise AssertionError("no case here needs ci_hsc")
