"""What is required of a Butler, written down: one sentence each, with its level and source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

LEVELS = ("must", "should")


@dataclass(frozen=True, slots=True)
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
    """

    id: str
    sentence: str
    level: str
    source: str


@cache
def requirements() -> dict[str, Requirement]:
    """Return all requirements by id.

    Raises
    ------
    ValueError
        Raised where an entry lacks something, or an id stands twice.
    """
    import yaml

    found: dict[str, Requirement] = {}
    for path in sorted(files(__name__).iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml"):
            for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
                requirement = _requirement(entry, path.name)
                if requirement.id in found:
                    raise ValueError(f"{path.name}: {requirement.id} stands twice")
                found[requirement.id] = requirement
    return found


def _requirement(entry: object, place: str) -> Requirement:
    names = {"id", "sentence", "level", "source"}
    if not isinstance(entry, dict) or set(entry) != names:
        raise ValueError(f"{place}: an entry has {', '.join(sorted(names))}; this one: {entry!r}")
    requirement = Requirement(**{name: str(value).strip() for name, value in entry.items()})
    if requirement.level not in LEVELS:
        raise ValueError(f"{place}: {requirement.id}: level is {' or '.join(LEVELS)}")
    return requirement
