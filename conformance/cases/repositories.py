"""The repositories that cases get a copy of, as their files describe them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.cases import checking, marked_yaml
from conformance.cases.mistakes import CaseFileError, Mistake
from conformance.folders import shown_place, suite_files

CI_HSC = "ci_hsc"
"""The repository of the notebook, which a recipe makes and cases only read."""


@dataclass(frozen=True, slots=True)
class RepositorySteps:
    """How a repository is made.

    Attributes
    ----------
    name
        Its name, that of its file.
    about
        What it holds.
    steps
        Python statements.
    place
        Where it is written.
    """

    name: str
    about: str
    steps: tuple[str, ...]
    place: str

    @property
    def case_id(self) -> str:
        """The id of the set-up case that makes it."""
        return f"REPO.{self.name}"


def read(path: Path) -> RepositorySteps:
    """Read one file.

    Raises
    ------
    CaseFileError
        Raised where something is wrong with it.
    """
    document = marked_yaml.read(path)
    mistakes = list(checking.structure(document, "repositories"))
    if not mistakes:
        texts: list[marked_yaml.Where] = [("steps", n) for n in range(len(document.data["steps"]))]
        given = ["butler", "root", *checking.bound(document, texts)]
        mistakes = checking.python(document, texts, "exec", given)
    if path.stem == CI_HSC:
        mistakes.append(Mistake(path, 1, "ci_hsc is the name of the notebook's repository"))
    if mistakes:
        raise CaseFileError(mistakes)
    data = document.data
    about = " ".join(data["about"].split())
    return RepositorySteps(path.stem, about, tuple(data["steps"]), shown_place(path, 1))


def read_all(folders: Sequence[Path] = ()) -> dict[str, RepositorySteps]:
    """Return all repositories by name.

    Raises
    ------
    CaseFileError
        Raised with all that is wrong in their files.
    """
    found: dict[str, RepositorySteps] = {}
    mistakes: list[Mistake] = []
    for path in suite_files("repositories", ".yaml", folders):
        try:
            made = read(path)
        except CaseFileError as error:
            mistakes += error.mistakes
            continue
        if made.name in found:
            place = found[made.name].place
            mistakes.append(Mistake(path, 1, f"{made.name!r} is the name of {place} already"))
        found[made.name] = made
    if mistakes:
        raise CaseFileError(mistakes)
    return found
