"""Reading the files of deviations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from conformance.cases import checking, marked_yaml
from conformance.cases.mistakes import CaseFileError, Mistake
from conformance.deviations import Deviation
from conformance.folders import shown_place, suite_files

ANY = "any"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deviation as its file has it.

    Attributes
    ----------
    deviation
        What is said.
    names
        The cases: an id, the beginning of some, or a pattern, each with its line.
    path, line
        Where it is written.
    beside
        The Butler that is B in the interop cases that it is of; empty where any may be.
    """

    deviation: Deviation
    names: tuple[tuple[str, int], ...]
    path: Path
    line: int
    beside: str = ""

    def holds_for(self, version: str) -> bool:
        """Return whether the entry is of a version of the implementation."""
        if self.deviation.versions == ANY:
            return True
        try:
            found = Version(version)
        except InvalidVersion:
            return False
        return SpecifierSet(self.deviation.versions).contains(found, prereleases=True)


def files(implementation: str, folders: Sequence[Path], given: Sequence[Path] = ()) -> list[Path]:
    """Return the files of an implementation: the suite's own, of folders, and those given."""
    found = [*suite_files("deviations", ".yaml", folders), *given]
    return [path for path in found if path.stem == implementation]


def check_given(given: Sequence[Path], implementations: Sequence[str]) -> None:
    """See that files that were named on the command line are of an implementation that is judged.

    Raises
    ------
    ValueError
        Raised where one is of none, or is not there.
    """
    for path in given:
        if not path.is_file():
            raise ValueError(f"--deviations {path}: there is no such file.")
        if path.stem not in implementations:
            known = " or ".join(f"{name}.yaml" for name in implementations)
            raise ValueError(
                f"--deviations {path}: the file is named as the implementation is; write {known}."
            )


def read(path: Path) -> list[Entry]:
    """Return the entries of a file.

    Raises
    ------
    conformance.cases.mistakes.CaseFileError
        Raised with all that is wrong in it.
    """
    document = marked_yaml.read(path)
    mistakes = list(checking.structure(document, "deviations"))
    if not mistakes:
        mistakes = list(_versions(document))
    if mistakes:
        raise CaseFileError(mistakes)
    return [_entry(document, number) for number in range(len(document.data or ()))]


def _versions(document: marked_yaml.Document) -> Iterator[Mistake]:
    for number, values in enumerate(document.data or ()):
        try:
            SpecifierSet("" if values["versions"] == ANY else values["versions"])
        except InvalidSpecifier:
            yield Mistake(
                document.path,
                document.line((number, "versions")),
                f"'versions' is {values['versions']!r}; write them as for pip, such as "
                f"'>=30.2026.4300', or {ANY}",
            )


def _entry(document: marked_yaml.Document, number: int) -> Entry:
    values, line = document.data[number], document.line((number,))
    texts = {name: " ".join(values[name].split()) for name in values if name != "cases"}
    beside = texts.pop("with", "")
    names = tuple(
        (name, document.line((number, "cases", place)))
        for place, name in enumerate(values["cases"])
    )
    deviation = Deviation(**texts, place=shown_place(document.path, line))
    return Entry(deviation, names, document.path, line, beside)
