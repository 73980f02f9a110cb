"""Reading the cases of a file, YAML or Python, with all that is wrong in it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import Any

from conformance.cases import checking, functions, kinds, marked_yaml, repositories
from conformance.cases.data_case import DataCase, spelled
from conformance.cases.marked_yaml import Document, Where
from conformance.cases.mistakes import CaseFileError, Mistake, suggestion
from conformance.cases.repositories import CI_HSC, RepositorySteps
from conformance.folders import suite_files
from conformance.implementations import DIALECTS
from conformance.implementations.capabilities import CAPABILITIES
from conformance.requirements import requirements

NEW = {
    "requirement": "an entry in a file of the folder requirements",
    "repository": "a file of the folder repositories",
}
KINDS = (
    *("requirements", "repositories", "cases", "properties", "faults"),
    *("interop", "pictures", "golden_images"),
)


@dataclass(frozen=True)
class Known:
    """What the cases of some folders may name.

    Attributes
    ----------
    requirements
        The ids of requirements.
    repositories
        The repositories by name.
    """

    requirements: tuple[str, ...]
    repositories: Mapping[str, RepositorySteps]


def known(folders: Sequence[Path] = ()) -> Known:
    """Return what the suite and the folders of others define.

    Raises
    ------
    CaseFileError
        Raised where one of their files is wrong.
    """
    found = [
        path
        for kind in ("requirements", "repositories")
        for path in suite_files(kind, ".yaml", folders)
    ]
    facts = tuple((path, path.stat().st_mtime_ns, path.stat().st_size) for path in found)
    return _known(tuple(folders), facts)


@lru_cache(maxsize=16)
def _known(folders: tuple[Path, ...], _files: tuple[object, ...]) -> Known:
    return Known(tuple(requirements(folders)), repositories.read_all(folders))


def check(folders: Sequence[Path]) -> None:
    """See that folders of others can be used.

    Raises
    ------
    CaseFileError
        Raised with all that is wrong in them.
    """
    missing = [folder for folder in folders if not any((folder / kind).is_dir() for kind in KINDS)]
    if missing:
        text = f"is no folder of a suite; one holds {', '.join(KINDS)}, those it needs"
        raise CaseFileError([Mistake(folder, 0, text) for folder in missing])
    read_all(folders, known(folders))


def files(folders: Sequence[Path] = ()) -> list[Path]:
    """Return the files that hold cases, the suite's own first."""
    found = suite_files("cases", ".yaml", folders)
    found += [path for path in suite_files("cases", ".py", folders) if kinds.imports_case(path)]
    return found


def read_all(folders: Sequence[Path], known: Known) -> dict[str, DataCase]:
    """Return all cases by id.

    Raises
    ------
    CaseFileError
        Raised with all that is wrong in their files.
    """
    found: dict[str, DataCase] = {}
    mistakes: list[Mistake] = []
    for path in files(folders):
        try:
            cases = checked(path, known)
        except CaseFileError as error:
            mistakes += error.mistakes
            continue
        for case in cases:
            if case.id in found:
                other = found[case.id]
                place = f"{other.path.name}:{other.line}"
                text = f"{case.id!r} is the id of a case in {place} already"
                mistakes.append(Mistake(path, case.line, text))
            found[case.id] = case
    if mistakes:
        raise CaseFileError(mistakes)
    return found


def checked(path: Path, known: Known) -> list[DataCase]:
    """Return the cases of a file, each of which names things that there are.

    Raises
    ------
    CaseFileError
        Raised with all that is wrong.
    """
    facts = path.stat()
    document, cases, mistakes = _read(path, facts.st_mtime_ns, facts.st_size)
    unknown = (_unknown(document, number, known) for number in range(len(_entries(document))))
    found = [*mistakes, *chain.from_iterable(unknown)]
    if found:
        raise CaseFileError(sorted(dict.fromkeys(found), key=lambda mistake: mistake.line))
    return list(cases)


@lru_cache(maxsize=256)
def _read(
    path: Path, *_changed_with_the_file: int
) -> tuple[Document, list[DataCase], list[Mistake]]:
    if path.suffix == ".py":
        document, marked = functions.read(path)
    else:
        document, marked = marked_yaml.read(path), []
    wrong = checking.structure(document, "cases")
    mistakes = list(wrong)
    unusable = {where[0] for where in wrong.values() if where}
    cases: list[DataCase] = []
    for number, entry in enumerate(_entries(document)):
        function = marked[number] if marked else None
        if function is None and isinstance(entry, dict):
            mistakes += _wrong_python(document, number)
        if number not in unusable:
            line = partial(_line, document, number)
            cases += spelled(entry, path, line, function)
    return document, cases, [*mistakes, *_twice(document)]


def _entries(document: Document) -> list[Any]:
    return document.data if isinstance(document.data, list) else []


def _id(entry: Any) -> str | None:
    found = entry.get("id") if isinstance(entry, dict) else None
    return found if isinstance(found, str) else None


def _line(document: Document, number: int, spelling: str) -> int:
    return document.line((number, "ask", spelling) if spelling else (number,))


def _wrong_python(document: Document, number: int) -> list[Mistake]:
    entry = document.data[number]
    steps, ask = entry.get("steps"), entry.get("ask")
    of_steps: list[Where] = [
        (number, "steps", place)
        for place, step in enumerate(steps if isinstance(steps, list) else ())
        if isinstance(step, str)
    ]
    of_ask: list[Where] = [(number, "ask")] if isinstance(ask, str) else []
    if isinstance(ask, dict):
        of_ask = [(number, "ask", name) for name, text in ask.items() if isinstance(text, str)]
    given = ["root", *checking.bound(document, of_steps)]
    if entry.get("open") is not False:
        given.append("butler")
    return [
        *checking.python(document, of_steps, "exec", given),
        *checking.python(document, of_ask, "eval", given),
    ]


def _twice(document: Document) -> Iterator[Mistake]:
    """Yield the ids that stand in more than one entry."""
    first: dict[str, int] = {}
    for number, case_id in enumerate(map(_id, _entries(document))):
        if case_id is not None and first.setdefault(case_id, number) != number:
            line = document.line((first[case_id],))
            text = f"{case_id!r} is the id of the case in line {line} too"
            yield Mistake(document.path, document.line((number, "id")), text)


def _unknown(document: Document, number: int, known: Known) -> Iterator[Mistake]:
    """Yield what an entry names and nothing defines; what is no text is told elsewhere."""
    entry = document.data[number]
    if not isinstance(entry, dict):
        return
    capabilities = entry.get("capabilities")
    requirement = (_id(entry) or "").partition(".")[0]
    repositories = (*known.repositories, CI_HSC)
    names = [
        ("id", "requirement", requirement, known.requirements),
        ("repository", "repository", entry.get("repository"), repositories),
        ("dialect", "dialect", entry.get("dialect"), DIALECTS),
    ]
    named = capabilities if isinstance(capabilities, list) else ()
    names += [("capabilities", "capability", name, tuple(CAPABILITIES)) for name in named]
    for key, noun, name, defined in names:
        if isinstance(name, str) and name and name not in defined:
            text = f"no {noun} is named {name!r}; {suggestion(name, defined)}"
            if noun in NEW:
                text += f" A new one is {NEW[noun]}."
            yield Mistake(document.path, document.line((number, key)), text)
