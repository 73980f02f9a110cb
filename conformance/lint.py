"""What is wrong in the texts of a suite: requirements, their sources, and titles of cases."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.cases.mistakes import CaseFileError, Mistake, suggestion
from conformance.console import one_line
from conformance.deviations import linting
from conformance.folders import shown_place, suite_files
from conformance.requirements import LEVELS, NAMES
from conformance.style import faults_of_style

if TYPE_CHECKING:
    from conformance.case import Case

LONGEST_SENTENCE = 170
LONGEST_TITLE = 70
ID = re.compile(r"([A-Z]{2,})-([0-9]{2,})")
SOURCE = re.compile(r"\S[^,]*, \S.*")
LOCAL_PATH = re.compile(r"(?:^|[\s(])(?:/\w|~/|file:)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is to be mended.

    Attributes
    ----------
    place
        File and line.
    id
        The requirement or case; empty where it is the file.
    text
        What is wrong, and what to write.
    """

    place: str
    id: str
    text: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.place, self.id, self.text) if part)


@dataclass(frozen=True, slots=True)
class Entry:
    """A requirement as its file has it.

    Attributes
    ----------
    path, line
        Where it is written.
    values
        The keys and texts.
    """

    path: Path
    line: int
    values: Mapping[str, str]

    @property
    def id(self) -> str:
        """Its id."""
        return self.values.get("id", "")

    @property
    def family(self) -> str:
        """The name of its file."""
        return self.path.stem

    @property
    def prefix(self) -> str:
        """The letters of its id; empty where it is none."""
        found = ID.fullmatch(self.id)
        return found[1] if found else ""

    @property
    def number(self) -> int:
        """The number of its id; 0 where it is none."""
        found = ID.fullmatch(self.id)
        return int(found[2]) if found else 0

    @property
    def place(self) -> str:
        """File and line, as reports show them."""
        return shown_place(self.path, self.line)

    def finding(self, text: str) -> Finding:
        """Return something that is to be mended in it."""
        return Finding(self.place, self.id, text)


@dataclass(frozen=True, slots=True)
class Linted:
    """What the lint saw.

    Attributes
    ----------
    requirements, cases
        How many there are; set-up steps are no cases. None where cases cannot be listed.
    findings
        What is to be mended, by place.
    """

    requirements: int
    cases: int | None
    findings: tuple[Finding, ...]


def lint(folders: Sequence[Path] = ()) -> Linted:
    """Look through the texts of the suite and of others' folders.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own.
    """
    entries, found = _read(folders)
    found += [finding for entry in entries for finding in _of_entry(entry)]
    found += [*_families(entries), *_numbers(entries), *_same_sentences(entries)]
    cases, wrong = _cases(folders, known=bool(found))
    found += wrong
    if cases is not None:
        found += [*_titles(cases), *_same_titles(cases)]
        found += [*_without_case(entries, cases), *_without_requirement(entries, cases)]
    by_id = None if cases is None else {case.id: case for case in cases}
    found += map(_of_mistake, linting.mistakes(folders, by_id))
    return Linted(
        len(entries),
        None if cases is None else len(cases),
        tuple(dict.fromkeys(sorted(found, key=_by_place))),
    )


def _read(folders: Sequence[Path]) -> tuple[list[Entry], list[Finding]]:
    from conformance.cases import marked_yaml

    entries: list[Entry] = []
    found: list[Finding] = []
    for path in suite_files("requirements", ".yaml", folders):
        try:
            document = marked_yaml.read(path)
        except CaseFileError as error:
            found += map(_of_mistake, error.mistakes)
            continue
        if not isinstance(document.data, list | None):
            text = "holds no list of requirements; begin each with `- id: `"
            found.append(Finding(shown_place(path), "", text))
            continue
        for number, values in enumerate(document.data or ()):
            line = document.line((number,))
            if isinstance(values, dict):
                entries.append(Entry(path, line, {key: _text(one) for key, one in values.items()}))
            else:
                text = f"{values!r} is no requirement; write {', '.join(sorted(NAMES))}"
                found.append(Finding(shown_place(path, line), "", text))
    return entries, found


def _of_entry(entry: Entry) -> Iterator[Finding]:
    values = entry.values
    for name in sorted(NAMES - set(values)):
        yield entry.finding(f"has no {name}; write `{name}: `")
    for name in sorted(set(values) - NAMES):
        yield entry.finding(f"{name!r} is no key of a requirement; {suggestion(name, NAMES)}")
    if "id" in values and not entry.prefix:
        text = (
            "is no id; write the letters of the family and a number of two digits, such as COL-07"
        )
        yield entry.finding(text)
    if "level" in values and values["level"] not in LEVELS:
        yield entry.finding(f"the level is {values['level']!r}; write {' or '.join(LEVELS)}")
    if "sentence" in values:
        texts = faults_of_style(values["sentence"], LONGEST_SENTENCE, is_sentence=True)
        yield from map(entry.finding, texts)
    if "source" in values:
        yield from map(entry.finding, _source(values["source"]))


def _source(source: str) -> Iterator[str]:
    if not SOURCE.fullmatch(source):
        yield (
            f"the source {source!r} has no place; write the work, a comma and the place in it, "
            "such as `lsst-daf-butler 30.2026.4300, Butler.get`"
        )
    if LOCAL_PATH.search(source):
        yield f"the source {source!r} is a path on one machine; name what others can read"


def _families(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield entries whose letters are not those of their file, or are those of another."""
    by_family: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.prefix:
            by_family[entry.family].append(entry)
    families: dict[str, str] = {}
    for family, members in by_family.items():
        prefix = Counter(entry.prefix for entry in members).most_common(1)[0][0]
        families.setdefault(prefix, family)
        for entry in members:
            if entry.prefix != prefix:
                text = f"the family {family} has the letters {prefix}; write {prefix}-{{:02}}"
                number = max(one.number for one in members if one.prefix == prefix) + 1
                yield entry.finding(text.format(number))
        if families[prefix] != family:
            first = members[0]
            yield first.finding(
                f"{prefix} are the letters of the family {families[prefix]}; write others in "
                f"{shown_place(first.path)}"
            )


def _numbers(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Yield ids that stand twice, and those out of order in their file."""
    seen: dict[str, Entry] = {}
    last: dict[Path, Entry] = {}
    highest = Counter[str]()
    for entry in entries:
        highest[entry.prefix] = max(highest[entry.prefix], entry.number)
    for entry in entries:
        if not entry.prefix:
            continue
        before = last.get(entry.path)
        if entry.id in seen:
            free = f"{entry.prefix}-{highest[entry.prefix] + 1:02}"
            yield entry.finding(f"stands in {seen[entry.id].place} already; write {free}")
        elif before and before.prefix == entry.prefix and before.number > entry.number:
            yield entry.finding(f"stands after {before.id}; put it where its number belongs")
        seen.setdefault(entry.id, entry)
        last[entry.path] = entry


def _same_sentences(entries: Sequence[Entry]) -> Iterator[Finding]:
    first: dict[str, Entry] = {}
    for entry in entries:
        sentence = entry.values.get("sentence", "")
        other = first.setdefault(sentence.casefold(), entry)
        if sentence and other is not entry:
            text = f"says what {other.id} says in {other.place}; say what differs, or remove it"
            yield entry.finding(text)


def _cases(folders: Sequence[Path], *, known: bool) -> tuple[list[Case] | None, list[Finding]]:
    """Return the cases of all sources; None with the reasons where they cannot be listed.

    Where something is ``known`` to be wrong with requirements, that is the reason.
    """
    import yaml

    from conformance.implementations.loading import load
    from conformance.suite import Suite

    try:
        cases = Suite(load("butler_core"), folders).cases.values()
    except CaseFileError as error:
        return None, list(map(_of_mistake, error.mistakes))
    except (ValueError, yaml.YAMLError) as error:
        return None, [] if known else [Finding("", "", one_line(str(error)))]
    return [case for case in cases if case.judged], []


def _titles(cases: Sequence[Case]) -> Iterator[Finding]:
    for case in cases:
        for text in faults_of_style(case.title, LONGEST_TITLE, is_sentence=False):
            yield _of_case(case, text)


def _same_titles(cases: Sequence[Case]) -> Iterator[Finding]:
    """Yield cases with the title of another; spellings of one question share theirs."""
    first: dict[tuple[str, str], Case] = {}
    for case in cases:
        other = first.setdefault((case.title.casefold(), case.dialect), case)
        if _question(case) != _question(other):
            text = f"has the title of {other.id} in {other.place}; say what differs"
            yield _of_case(case, text)


def _without_case(entries: Sequence[Entry], cases: Sequence[Case]) -> Iterator[Finding]:
    tried = {case.requirement for case in cases}
    for entry in entries:
        if entry.prefix and entry.id not in tried:
            file = f"cases/{entry.family}.yaml"
            yield entry.finding(f"has no case; write one in {file} with the id {entry.id}.words")


def _without_requirement(entries: Sequence[Entry], cases: Sequence[Case]) -> Iterator[Finding]:
    ids = [entry.id for entry in entries]
    for case in cases:
        if case.requirement not in ids:
            hint = suggestion(case.requirement, ids) if case.requirement else "name one."
            text = f"{case.requirement!r} is no requirement; write it in requirements, or {hint}"
            yield _of_case(case, text)


def _question(case: Case) -> list[str]:
    """Return the parts of the id that spellings share: the requirement and its words."""
    return case.id.split(".")[:2]


def _of_case(case: Case, text: str) -> Finding:
    return Finding(case.place, case.id, text)


def _of_mistake(mistake: Mistake) -> Finding:
    return Finding(shown_place(mistake.path, mistake.line), "", mistake.text)


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _by_place(finding: Finding) -> tuple[str, int, str, str]:
    file, _, line = finding.place.partition(":")
    return (file, int(line) if line.isdigit() else 0, finding.id, finding.text)
