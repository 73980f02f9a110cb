"""The lint: the suite itself has nothing to mend, and each mistake is found where it is."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from conformance.cli import main
from conformance.lint import lint

GOOD = {
    "id": "ARC-01",
    "sentence": "A run of an archive keeps its documentation for good.",
    "level": "should",
    "source": "Handbook of our archive, section 3.2",
}
FIRST_LINE = "# yaml-language-server: $schema=case.schema.json"
CASE = """\
- id: {id}
  title: {title}
  repository: empty
  ask: {ask}
  value: []
"""
ASK = 'butler.collections.query("*")'


class Folder:
    """A suite of one's own, with a good requirement and a case of it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("requirements", "cases"):
            (root / name).mkdir()
        self.requirements("archive", GOOD)
        self.cases("archive", ("ARC-01.empty", "An archive of nothing"))

    def requirements(self, family: str, *entries: Any) -> None:
        """Write the requirements of a family, five lines each."""
        text = yaml.safe_dump(list(entries), sort_keys=False, width=1000)
        (self.root / "requirements" / f"{family}.yaml").write_text(text, encoding="utf-8")

    def cases(self, family: str, *named: tuple[str, str]) -> None:
        """Write cases with an id and a title each, five lines each after the first line."""
        text = "".join(CASE.format(id=id, title=title, ask=ASK) for id, title in named)
        path = self.root / "cases" / f"{family}.yaml"
        path.write_text(f"{FIRST_LINE}\n{text}", encoding="utf-8")

    def findings(self) -> list[str]:
        """Return what the lint finds here; in the suite itself there is nothing."""
        return [str(finding) for finding in lint([self.root]).findings]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_the_suite_has_nothing_to_mend() -> None:
    linted = lint()
    assert [str(finding) for finding in linted.findings] == []
    assert linted.requirements > 62
    assert linted.cases is not None
    assert linted.cases > 200


def test_a_folder_of_ones_own_has_nothing_to_mend(folder: Folder) -> None:
    alone, both = lint(), lint([folder.root])
    assert both.findings == ()
    assert both.requirements == alone.requirements + 1
    assert (both.cases or 0) - (alone.cases or 0) == 1


SENTENCES = {
    "archives keep runs.": "begins with 'a'; begin it with a capital letter",
    "Archives keep runs": "ends with 's'; end it with one full stop",
    "Archives keep runs..": "ends with '.'; end it with one full stop",
    "Archives keep runs. Others drop them.": "is more than one; write one",
    "Archives keep  runs.": "has spaces in a row or a new line",
    f"Archives {'really ' * 24}keep runs.": "has 187 letters; say it in 170",
    "Archives should keep runs.": "says 'should'; the level says that",
    "Archives Must keep runs.": "says 'must'; the level says that",
    "Archives will keep runs.": "says 'will'; write it in the present tense",
    "We test that archives keep runs.": "says 'test that'; write what holds",
    "Archives keep runs correctly.": "says 'correctly'; say what is right",
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_another_style(folder: Folder, sentence: str) -> None:
    folder.requirements("archive", {**GOOD, "sentence": sentence})
    (found,) = folder.findings()
    assert found.startswith("requirements/archive.yaml:1: ARC-01: the sentence ")
    assert SENTENCES[sentence] in found


def test_words_that_only_hold_an_unwanted_one_are_free(folder: Folder) -> None:
    folder.requirements("archive", {**GOOD, "sentence": "Mustard is kept, goodwill is not."})
    assert folder.findings() == []


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Handbook of our archive", "has no place; write the work, a comma and the place"),
        ("Handbook,", "has no place"),
        ("Handbook of our archive, /data/handbook.md", "is a path on one machine"),
    ],
)
def test_a_source_that_nobody_finds(folder: Folder, source: str, text: str) -> None:
    folder.requirements("archive", {**GOOD, "source": source})
    (found,) = folder.findings()
    assert found.startswith(f"requirements/archive.yaml:1: ARC-01: the source {source!r}")
    assert text in found


def test_a_requirement_without_a_case(folder: Folder) -> None:
    more = {**GOOD, "id": "ARC-02", "sentence": "A run of an archive has a doc."}
    folder.requirements("archive", GOOD, more)
    assert folder.findings() == [
        "requirements/archive.yaml:5: ARC-02: has no case; write one in cases/archive.yaml with "
        "the id ARC-02.words"
    ]


def test_a_case_of_data_without_a_requirement(folder: Folder) -> None:
    folder.cases("archive", ("ARC-01.empty", "An archive"), ("ARC-10.other", "Another archive"))
    (found,) = folder.findings()
    assert found.startswith("cases/archive.yaml:7: ")
    assert "ARC-10" in found
    assert "did you mean" in found


def test_a_property_without_a_requirement(folder: Folder) -> None:
    (folder.root / "properties").mkdir()
    law = """\
        from conformance.properties import law


        @law("ARC-11.nothing", "Nothing is lost", reaches=("a chain",))
        def nothing(session, draw):
            session.equal("1", "1")
    """
    (folder.root / "properties" / "archive.py").write_text(textwrap.dedent(law), encoding="utf-8")
    (found,) = folder.findings()
    assert found.startswith("properties/archive.py:")
    assert "ARC-11" in found


TITLES = {
    "an archive of nothing": "begins with 'a'; begin it with a capital letter",
    "An archive of nothing.": "ends with a full stop; leave it out",
    f"An archive {'very ' * 12}empty": "has 76 letters; say it in 70",
    "An archive must be empty": "says 'must'; the level says that",
    "Check that an archive is empty": "says 'check that'; write what holds",
}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_of_another_style(folder: Folder, title: str) -> None:
    folder.cases("archive", ("ARC-01.empty", title))
    (found,) = folder.findings()
    assert found.startswith("cases/archive.yaml:2: ARC-01.empty: the title ")
    assert TITLES[title] in found


def test_a_title_that_stands_twice(folder: Folder) -> None:
    folder.cases("archive", ("ARC-01.empty", "An archive"), ("ARC-01.other", "an Archive"))
    found = folder.findings()
    assert (
        "cases/archive.yaml:7: ARC-01.other: has the title of ARC-01.empty in "
        "cases/archive.yaml:2; say what differs"
    ) in found
    assert len(found) == 2  # it is not capitalised either


def test_spellings_share_their_title(folder: Folder) -> None:
    spelled = f"\n    butler: {ASK}\n    registry: butler.registry.queryCollections()"
    text = CASE.format(id="ARC-01.empty", title="An archive", ask=spelled)
    path = folder.root / "cases" / "archive.yaml"
    path.write_text(f"{FIRST_LINE}\n{text}", encoding="utf-8")
    assert folder.findings() == []


def test_a_sentence_that_stands_twice(folder: Folder) -> None:
    folder.requirements("archive", GOOD, {**GOOD, "id": "ARC-02"})
    folder.cases("archive", ("ARC-01.empty", "An archive"), ("ARC-02.empty", "Another"))
    assert folder.findings() == [
        "requirements/archive.yaml:5: ARC-02: says what ARC-01 says in "
        "requirements/archive.yaml:1; say what differs, or remove it"
    ]


def other(id: str) -> dict[str, str]:
    """Return a requirement of the folder with another sentence."""
    return {**GOOD, "id": id, "sentence": f"The archive {id} keeps its runs."}


def numbered(folder: Folder, *ids: str) -> list[str]:
    """Return what is found where requirements of these ids follow ARC-01, each with a case."""
    folder.requirements("archive", GOOD, *map(other, ids))
    cases = {f"{id}.empty": f"Archive {id}" for id in ("ARC-01", *ids)}
    folder.cases("archive", *cases.items())
    return folder.findings()


def test_an_id_of_another_family(folder: Folder) -> None:
    assert numbered(folder, "ARC-02", "OLD-01") == [
        "requirements/archive.yaml:9: OLD-01: the family archive has the letters ARC; write ARC-03"
    ]


def test_letters_of_another_family(folder: Folder) -> None:
    folder.requirements("old", other("ARC-02"))
    folder.cases("old", ("ARC-02.empty", "An old archive"))
    assert folder.findings() == [
        "requirements/old.yaml:1: ARC-02: ARC are the letters of the family archive; write others "
        "in requirements/old.yaml"
    ]


def test_letters_of_a_family_of_the_suite(folder: Folder) -> None:
    folder.requirements("archive", other("COL-98"))
    folder.cases("archive", ("COL-98.empty", "An archive"))
    (found,) = folder.findings()
    assert "COL are the letters of the family collections" in found


def test_numbers_out_of_order(folder: Folder) -> None:
    assert numbered(folder, "ARC-03", "ARC-02") == [
        "requirements/archive.yaml:9: ARC-02: stands after ARC-03; put it where its number belongs"
    ]


def test_an_id_that_stands_twice(folder: Folder) -> None:
    folder.requirements("archive", GOOD, other("ARC-02"), {**other("ARC-02"), "sentence": "No."})
    found = folder.findings()
    assert (
        "requirements/archive.yaml:9: ARC-02: stands in requirements/archive.yaml:5 already; "
        "write ARC-03"
    ) in found


@pytest.mark.parametrize(
    ("entry", "texts"),
    [
        ({**GOOD, "id": "ARC-1"}, ["is no id", "such as COL-07"]),
        ({**GOOD, "level": "may"}, ["the level is 'may'; write must or should"]),
        ({**GOOD, "sentense": "So."}, ["'sentense' is no key", "did you mean 'sentence'?"]),
        ({key: GOOD[key] for key in ("id", "sentence", "level")}, ["has no source; write"]),
        ("ARC-01", ["'ARC-01' is no requirement"]),
    ],
)
def test_what_is_no_requirement(folder: Folder, entry: Any, texts: list[str]) -> None:
    folder.requirements("archive", entry)
    found = "\n".join(folder.findings())
    assert "requirements/archive.yaml:1: " in found
    for text in texts:
        assert text in found


def test_what_is_not_yaml(folder: Folder) -> None:
    (folder.root / "requirements" / "archive.yaml").write_text("- id: [\n", encoding="utf-8")
    assert any(found.startswith("requirements/archive.yaml:") for found in folder.findings())


def test_all_findings_come_at_once(folder: Folder) -> None:
    bad = {**GOOD, "sentence": "archives must keep runs", "source": "Handbook"}
    folder.requirements("archive", bad)
    folder.cases("archive", ("ARC-01.empty", "an archive must be empty."))
    found = "\n".join(folder.findings())
    for text in ("'a'; begin", "'s'; end", "'must'", "no place", "leave it out"):
        assert text in found
    assert len(folder.findings()) == 7


def test_the_command_prints_and_tells_by_its_status(folder: Folder) -> None:
    command = ["lint", "--suite", str(folder.root)]
    good = CliRunner().invoke(main, command)
    assert good.exit_code == 0
    assert good.output.endswith(" cases: nothing to mend\n")
    folder.cases("archive", ("ARC-01.empty", "An archive of nothing."))
    bad = CliRunner().invoke(main, command)
    assert bad.exit_code == 1
    first, last = bad.output.splitlines()
    assert first.startswith("cases/archive.yaml:2: ARC-01.empty: the title ends with a full stop")
    assert last.endswith(" cases: 1 thing to mend")


def test_cases_that_cannot_be_listed_are_not_counted(folder: Folder) -> None:
    (folder.root / "cases" / "broken.py").write_text(
        "from conformance.cases import case\nimport no_such_module\n", encoding="utf-8"
    )
    broken = CliRunner().invoke(main, ["lint", "--suite", str(folder.root)])
    assert broken.exit_code == 1
    first, last = broken.output.splitlines()
    assert first.startswith("cases/broken.py:2: cannot be imported: ModuleNotFoundError")
    assert last.endswith(" requirements, cases not listed: 1 thing to mend")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = CliRunner().invoke(main, ["lint", "--suite", str(tmp_path / "nowhere")])
    assert missing.exit_code == 2
    assert "nowhere: there is no such folder" in missing.output
