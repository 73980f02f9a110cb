"""Reading the cases of a file, YAML or Python, with all that is wrong in it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from conformance.cases import checking, functions, kinds, marked_yaml, repositories
from conformance.cases.data_case import DataCase, spelled
from conformance.cases.marked_yaml import Document, Where
from conformance.cases.mistakes import CaseFileError, Mistake, suggestion
from conformance.cases.repositories import CI_HSC, RepositorySteps
from conformance.folders import suite_files
from conformance.implementations import DIALECTS
from conformance.implementations.capabilities import CAPABILITIES
from conformance.requirements import requirements

KINDS = ("requirements", "repositories", "cases", "properties", "faults", "golden_images")


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
    found = [*mistakes, *(wrong for case in cases for wrong in _unknown(case, document, known))]
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
    entries = document.data if isinstance(document.data, list) else []
    unusable = {where[0] for where in wrong.values() if where}
    cases: list[DataCase] = []
    for number, entry in enumerate(entries):
        function = marked[number] if marked else None
        if function is None and isinstance(entry, dict):
            mistakes += _wrong_python(document, number)
        if number not in unusable:
            line = partial(_line, document, number)
            cases += spelled(entry, path, line, function)
    return document, cases, mistakes + _twice(cases)


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


def _twice(cases: Sequence[DataCase]) -> list[Mistake]:
    first: dict[str, DataCase] = {}
    return [
        Mistake(case.path, case.line, f"{case.id!r} is the id of the case in line {other.line} too")
        for case in cases
        if (other := first.setdefault(case.id, case)) is not case
    ]


def _unknown(case: DataCase, document: Document, known: Known) -> Iterator[Mistake]:
    """Yield what a case names and nothing defines."""
    number = next(
        place for place, entry in enumerate(document.data) if entry["id"] == case.entry["id"]
    )

    def wrong(key: str, text: str) -> Mistake:
        return Mistake(case.path, document.line((number, key)), text)

    if case.requirement not in known.requirements:
        hint = suggestion(case.requirement, known.requirements)
        yield wrong("id", f"no requirement is {case.requirement!r}; {hint}")
    repositories = [*known.repositories, CI_HSC]
    if case.repository not in repositories:
        hint = suggestion(case.repository, repositories)
        yield wrong("repository", f"no repository is {case.repository!r}; {hint}")
    if case.dialect not in DIALECTS:
        hint = suggestion(case.dialect, DIALECTS)
        yield wrong("dialect", f"no dialect is {case.dialect!r}; {hint}")
    for name in case.entry.get("capabilities", ()):
        if name not in CAPABILITIES:
            hint = suggestion(name, CAPABILITIES)
            yield wrong("capabilities", f"no capability is {name!r}; {hint}")
