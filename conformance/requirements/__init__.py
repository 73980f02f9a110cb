"""What is required of a Butler, written down: one sentence each, with its level and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance.folders import suite_files

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
    ValueError
        Raised where an entry lacks something, or an id stands twice.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Requirement] = {}
    for path in suite_files("requirements", ".yaml", folders):
        for entry in yaml.load(path.read_text(encoding="utf-8"), loader) or ():
            requirement = _requirement(entry, path)
            if requirement.id in found:
                raise ValueError(f"{path.name}: {requirement.id} stands twice")
            found[requirement.id] = requirement
    return found


def _requirement(entry: object, path: Path) -> Requirement:
    if not isinstance(entry, dict) or set(entry) != NAMES:
        text = f"an entry has {', '.join(sorted(NAMES))}; this one: {entry!r}"
        raise ValueError(f"{path.name}: {text}")
    texts = {name: str(value).strip() for name, value in entry.items()}
    requirement = Requirement(**texts, family=path.stem)
    if requirement.level not in LEVELS:
        raise ValueError(f"{path.name}: {requirement.id}: level is {' or '.join(LEVELS)}")
    return requirement
