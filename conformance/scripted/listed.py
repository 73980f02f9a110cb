"""Which scripts there are, and what each needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from conformance.cases.repositories import CI_HSC
from conformance.folders import PACKAGE

FOLDER = PACKAGE / "scripts"
STACK = "lsst.daf.butler"
IMPORT = re.compile(rf"^(\s*(?:from|import) ){re.escape(STACK)}\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Script:
    """A script, and what it is run on.

    Attributes
    ----------
    requirement
        The id of its requirement.
    name
        The name of its file, without the extension.
    title
        What it does, in a few words.
    repository
        The repository that it is given a copy of, or ``ci_hsc``, which it only reads.
    capabilities
        What it asks of an implementation beyond the registry.
    packages
        Packages that are no dependency of the suite, without which it is not run.
    """

    requirement: str
    name: str
    title: str
    repository: str = "archive"
    capabilities: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of its case."""
        return f"{self.requirement}.{self.name}"

    @property
    def path(self) -> Path:
        """Where it is."""
        return FOLDER / f"{self.name}.py"

    @property
    def text(self) -> str:
        """The script, which imports Rubin's own modules."""
        return self.path.read_text(encoding="utf-8")

    @property
    def expected(self) -> str:
        """What it must print."""
        return (FOLDER / "expected" / f"{self.name}.txt").read_text(encoding="utf-8")

    def text_with(self, module: str) -> str:
        """Return the script with nothing changed but the imports, which name another module."""
        return IMPORT.sub(rf"\g<1>{module}", self.text)

    def missing_package(self) -> str:
        """Return a package that it needs and that is not installed; "" where all are."""
        return next((name for name in self.packages if find_spec(name) is None), "")


SCRIPTS = (
    Script("SCR-01", "opening", "Opening by path, by file and by label, with defaults"),
    Script("SCR-02", "looking_around", "Looking around: collections, types and dimensions"),
    Script("SCR-03", "querying", "Querying with where, bind, an order and a limit"),
    Script("SCR-04", "registry_queries", "Querying with the methods of the registry"),
    Script("SCR-05", "sky_and_time", "Searching by places on the sky and by times"),
    Script("SCR-06", "getting", "Getting by reference and by data ID, now and later"),
    Script(
        "SCR-07", "tables", "Getting tables, their columns and components", packages=("pyarrow",)
    ),
    Script(
        *("SCR-08", "images", "Getting exposures, their parts and components"),
        repository=CI_HSC,
        capabilities=frozenset({"exposure"}),
    ),
    Script("SCR-09", "writing", "Making a repository, records, types and datasets"),
    Script("SCR-10", "ingesting", "Ingesting files in each way to transfer them"),
    Script("SCR-11", "moving", "Moving datasets between repositories, and out of them"),
    Script("SCR-12", "chains", "Making and changing chains and tags"),
    Script("SCR-13", "calibrations", "Certifying calibrations and taking them back"),
    Script("SCR-14", "removal", "Removing datasets, runs, collections and types"),
    Script("SCR-15", "step_by_step", "Queries that are built step by step"),
)


def case_ids() -> list[str]:
    """Return the ids of the cases, in the order of the table."""
    return [script.id for script in SCRIPTS]
