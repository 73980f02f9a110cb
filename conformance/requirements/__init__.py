"""What is required of a Butler, written down: one sentence each, with its level and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.folders import suite_files

if TYPE_CHECKING:
    from conformance.cases.mistakes import Mistake

LEVELS = ("must", "should")
NAMES = frozenset({"id", "sentence", "level", "source"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement.

    Attributes
    ----------
    id
        Stable name, such as ``NB-10``.
    sentence
        One English sentence.
    level
        ``must`` or ``should``.
    source
        Where it comes from: a step of the notebook, a section of the docs, a formula.
    family
        The subject it belongs to: the name of its file, such as ``collections``.
    """

    id: str
    sentence: str
    level: str
    source: str
    family: str


def requirements(folders: Sequence[Path] = ()) -> dict[str, Requirement]:
    """Return all requirements by id.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own, whose ``requirements`` folder is read too.

    Raises
    ------
    CaseFileError
        Raised where files are not as ``requirement.schema.json`` says, or an id stands twice; with
        all that is wrong, by file and line.
    """
    from conformance.cases.mistakes import CaseFileError

    found: dict[str, Requirement] = {}
    mistakes: list[Mistake] = []
    for path in suite_files("requirements", ".yaml", folders):
        try:
            _add(found, path)
        except CaseFileError as error:
            mistakes += error.mistakes
    if mistakes:
        raise CaseFileError(mistakes)
    return found


def _add(found: dict[str, Requirement], path: Path) -> None:
    from conformance.cases import checking, marked_yaml
    from conformance.cases.mistakes import CaseFileError, Mistake

    document = marked_yaml.read(path)
    mistakes = list(checking.structure(document, "requirements"))
    if mistakes:
        raise CaseFileError(mistakes)
    for number, entry in enumerate(document.data or ()):
        texts = {name: str(value).strip() for name, value in entry.items()}
        requirement = Requirement(**texts, family=path.stem)
        if requirement.id in found:
            other = f"{found[requirement.id].family}.yaml"
            text = f"{requirement.id!r} is the id of a requirement in {other} already"
            mistakes.append(Mistake(path, document.line((number, "id")), text))
        found[requirement.id] = requirement
    if mistakes:
        raise CaseFileError(mistakes)
