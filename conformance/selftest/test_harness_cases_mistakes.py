"""Cases as data: what is said of files that are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.cases import case_files, checking
from conformance.cases.kinds import FIRST_LINES
from conformance.cases.mistakes import CaseFileError
from conformance.implementations import DIALECTS
from conformance.implementations.capabilities import CAPABILITIES
from conformance.selftest import case_world

WHOLE = {
    "id": "MINE-01.x",
    "title": "It is so",
    "repository": "empty",
    "ask": "butler.arguments",
    "value": 1,
}


def mistakes(folder: Path) -> list[str]:
    """Return what is wrong with a suite folder, each with the name of its file and the line."""
    with pytest.raises(CaseFileError) as caught:
        case_files.read_all([folder], case_files.known([folder]))
    found = caught.value.mistakes
    assert str(caught.value).count("\n") == len(found) - 1
    return [f"{mistake.path.name}:{mistake.line}: {mistake.text}" for mistake in found]


def of_case(folder: Path, **changes: object) -> list[str]:
    """Return what is wrong with a case that is whole but for some keys; None leaves one out."""
    entry = {key: value for key, value in {**WHOLE, **changes}.items() if value is not None}
    lines = [f"{key}: {json.dumps(value)}" for key, value in entry.items()]
    case_world.write(folder, "- " + "\n  ".join(lines) + "\n")
    return mistakes(folder)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stesp": []}, "7: 'stesp' is not a key of a case; did you mean 'steps'?"),
        ({"title": None}, "2: a case has no 'title'; write `title: A chain keeps the order of"),
        ({"title": 3}, "3: 'title' is 3; write a text, such as \"A chain"),
        ({"title": "x" * 101}, "101 letters are too many, 100 the most"),
        ({"title": ""}, "3: 'title' is ''; it must not be empty"),
        ({"id": "mine"}, "2: 'id' is 'mine'; write one, such as \"COL-03.children-in-order\""),
        ({"id": "MINE-02.x"}, "2: no requirement is named 'MINE-02'; did you mean 'MINE-01'?"),
        ({"repository": "two_rnus"}, "4: no repository is named 'two_rnus'; did you mean 'two_r"),
        ({"repository": "zzz"}, "4: no repository is named 'zzz'; there are: "),
        ({"dialect": "w_2020"}, "7: no dialect is named 'w_2020'; did you mean 'w_2020_03'?"),
        ({"capabilities": ["exposre"]}, "7: no capability is named 'exposre'; did you mean 'exp"),
        ({"value": None}, "2: a case has one of 'value', 'rows' and 'error'; this one has none"),
        ({"rows": []}, "7: a case has one of 'value', 'rows' and 'error'; this one has 'value' an"),
        ({"ordered": True}, "7: 'ordered' is for 'rows'; this case has none"),
        ({"open": True}, "7: 'open' is True; write one, such as"),
        ({"steps": "x = 1"}, "7: 'steps' is 'x = 1'; write a list, such as"),
        ({"steps": [{"a": 1}]}, "write a text; one with a colon stands in quotes or after |"),
        ({"steps": ["x ="]}, "7: step 1 is not Python: invalid syntax: x ="),
        ({"steps": ["json.dumps(1)"]}, "7: step 1: 'json' is a module of Python; write the step"),
        ({"steps": ["Path('a')"]}, "7: step 1: 'Path' is of Python's library; write the step `fr"),
        ({"ask": "butlr.x"}, "5: 'ask': no step binds 'butlr'; did you mean 'butler'?"),
        ({"ask": "butler.x", "open": False}, "5: 'ask': no step binds 'butler'; "),
        ({"ask": "x = 1"}, "5: 'ask' is not a Python expression: "),
        ({"ask": {}}, "5: 'ask' is {}; it must not be empty"),
        ({"ask": {"A": "1"}}, "5: 'A' is no name of a spelling; write lower case, such as regis"),
        ({"ask": {"a": "1 +"}}, "5: 'ask.a' is not a Python expression: invalid syntax: 1 +"),
        ({"value": None, "error": {"typ": "X"}}, "6: 'typ' is not a key of an error; did you me"),
        ({"value": None, "error": {"type": "X", "is": 3}}, "6: 'error.is' is 3; write a text or "),
    ],
)
def test_a_mistake_names_the_line_what_was_written_and_what_to_write(
    changes: dict[str, object], told: str, tmp_path: Path
) -> None:
    found = of_case(tmp_path, **changes)
    assert any(told in text for text in found), found
    assert all(text.startswith("mine.yaml:") for text in found)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    case_world.write(tmp_path, "- {id: MINE-01.a, titel: A}\n- just text\n")
    (tmp_path / "cases" / "other.yaml").write_text("[]\n")
    found = mistakes(tmp_path)
    assert "mine.yaml:2: 'titel' is not a key of a case; did you mean 'title'?" in found
    assert "mine.yaml:3: this entry is 'just text'; write a mapping" in found
    first = "other.yaml:1: the first line is `# yaml-language-server: $schema=case.schema.json`"
    assert any(text.startswith(first) for text in found)


def test_python_that_is_wrong_in_a_block_is_found_on_its_own_line(tmp_path: Path) -> None:
    case_world.write(
        tmp_path,
        """\
        - id: MINE-01.a
          title: A
          repository: empty
          steps:
            - x = 1
            - |
              y = 2
              for x in y
                  pass
          ask: x
          value: 1
        """,
    )
    assert mistakes(tmp_path) == [
        "mine.yaml:9: step 2 is not Python: expected ':': y = 2 for x in y pass"
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- id: a: b\n", "mine.yaml:2: is not YAML: mapping values are not allowed in this contex"),
        ("- id: @a\n", "mine.yaml:2: is not YAML: found character that cannot start any token; a"),
        ("- id: [a\n", "is not YAML: "),
        ("- {id: a, id: b}\n", "mine.yaml:2: 'id' stands twice; the first would be lost"),
        ("- {[a]: b}\n", "mine.yaml:2: a key is a text, not a list or a mapping"),
        ("- &a [*a]\n", "mine.yaml:2: an alias (*) stands inside what it names"),
        ("- id: !x a\n", "mine.yaml:2: 'a' cannot be read: could not determine a constructor"),
        ("a: 1\n", "mine.yaml:2: this entry is {'a': 1}; write a list"),
    ],
)
def test_what_is_not_yaml_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    case_world.write(tmp_path, text)
    assert any(told in found for found in mistakes(tmp_path)), mistakes(tmp_path)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    case_world.write(tmp_path).write_bytes(b"\xff\xfe\xff")
    assert mistakes(tmp_path) == ["mine.yaml:0: is not UTF-8: invalid start byte"]


def test_an_empty_file_holds_no_cases(tmp_path: Path) -> None:
    case_world.write(tmp_path, "")
    found = case_files.read_all([tmp_path], case_files.known([tmp_path]))
    assert not [case_id for case_id in found if case_id.startswith("MINE")]


def test_an_id_stands_once_in_a_file_and_in_all(tmp_path: Path) -> None:
    case = "- {id: MINE-01.a, title: A, repository: empty, ask: '1', value: 1}\n"
    path = case_world.write(tmp_path, f"{case}{case}")
    assert mistakes(tmp_path) == [
        "mine.yaml:3: 'MINE-01.a' is the id of the case in line 2 too",
    ]
    case_world.write(tmp_path, case)
    path.with_name("second.yaml").write_text(path.read_text())
    assert mistakes(tmp_path) == [
        "second.yaml:2: 'MINE-01.a' is the id of a case in mine.yaml:2 already",
    ]


def test_a_repository_is_checked_like_a_case(tmp_path: Path) -> None:
    case_world.write(tmp_path)
    path = tmp_path / "repositories" / "mine.yaml"
    path.write_text("about: X\nsteps:\n  - butlr.x\n  - x =\nstep: []\n")
    with pytest.raises(CaseFileError) as caught:
        case_files.known([tmp_path])
    texts = [f"{one.line}: {one.text}" for one in caught.value.mistakes]
    assert "5: 'step' is not a key of a repository; did you mean 'steps'?" in texts
    assert any(text.startswith("1: the first line is") for text in texts)
    path.write_text(f"{FIRST_LINES['repositories']}\nabout: X\nsteps: [butlr.x, x =]\n")
    with pytest.raises(CaseFileError) as caught:
        case_files.known([tmp_path])
    assert [one.text for one in caught.value.mistakes] == [
        "step 1: no step binds 'butlr'; did you mean 'butler'?",
        "step 2 is not Python: invalid syntax: x =",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def f(api):\n    return 1\n", "mine.py:2: f takes (api, root) and nothing else"),
        ("def f(api, root)\n    return 1\n", "mine.py:3: is not Python: expected ':'"),
        ("1 / 0\ndef f(api, root): ...\n", "is not Python: invalid syntax"),
        ("def f(api, root): ...\n1 / 0\n", "mine.py:4: cannot be imported: ZeroDivisionError: di"),
    ],
)
def test_a_python_file_that_is_wrong_is_told_with_its_line(
    text: str, told: str, tmp_path: Path
) -> None:
    case_world.write(tmp_path)
    head = 'from conformance.cases import case\n@case("MINE-01.f", "F", value=1)\n'
    (tmp_path / "cases" / "mine.py").write_text(head + text)
    assert any(told in found for found in mistakes(tmp_path)), mistakes(tmp_path)


def test_a_decorator_is_checked_like_an_entry(tmp_path: Path) -> None:
    case_world.write(tmp_path)
    (tmp_path / "cases" / "mine.py").write_text(
        "from conformance.cases import case\n\n"
        '@case("MINE-02.f", "F", repository="emty")\n'
        "def f(api, root):\n    return 1\n"
    )
    assert [text.partition(";")[0] for text in mistakes(tmp_path)] == [
        "mine.py:3: a case has one of 'value', 'rows' and 'error'",
        "mine.py:3: no requirement is named 'MINE-02'",
        "mine.py:3: no repository is named 'emty'",
    ]


def test_a_folder_without_a_suite_is_no_suite(tmp_path: Path) -> None:
    with pytest.raises(CaseFileError, match=r"nowhere: is no folder of a suite; one holds req"):
        case_files.check([tmp_path / "nowhere"])


def test_the_schema_offers_editors_the_names_that_there_are() -> None:
    schema = json.loads(checking.SCHEMAS["cases"].read_text(encoding="utf-8"))
    keys = schema["$defs"]["case"]["properties"]
    assert keys["dialect"]["enum"] == list(DIALECTS)
    assert keys["capabilities"]["items"]["enum"] == list(CAPABILITIES)


@pytest.mark.parametrize("kind", ["cases", "repositories"])
def test_a_schema_explains_every_key_with_an_example_that_it_takes(kind: str) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(checking.SCHEMAS[kind].read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    entry = schema.get("$defs", {}).get("case", schema)
    for name, key in entry["properties"].items():
        assert key["description"].endswith("."), name
        for example in key["examples"]:
            Draft202012Validator(key).validate(example)
