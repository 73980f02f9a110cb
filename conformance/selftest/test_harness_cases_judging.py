"""Cases as data: answers held against what is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cases.kinds import FIRST_LINES
from conformance.selftest import case_world
from conformance.verdict import Verdict


def passes(folder: Path, case: str) -> None:
    """Expect a pass that looked at something."""
    found = case_world.outcome(folder, case)
    assert (found.verdict, found.message, found.traceback) == (Verdict.PASSED, "", "")
    assert found.observations


def fails(folder: Path, case: str, *words: str) -> None:
    """Expect a failure whose message says something."""
    found = case_world.outcome(folder, case)
    assert found.verdict is Verdict.FAILED
    for word in words:
        assert word in found.message
    assert not all(seen.passed for seen in found.observations)


@pytest.mark.parametrize(
    ("ask", "value"),
    [
        ("1 + 1", "2"),
        ("None", "null"),
        ("'2020-01-01'", "2020-01-01"),
        ("'no'", "no"),
        ("('b', 'a')", "[b, a]"),
        ("iter(['b', 'a'])", "[b, a]"),
        ("{'b', 'a'}", "[b, a]"),
        ("frozenset({2, 10})", "[2, 10]"),
        ("Colour.RED", "RED"),
        ("{1: Colour.RED}", "{'1': RED}"),
        ("[{'b', 'a'}]", "[[a, b]]"),
        ("butler.arguments", "{writeable: true}"),
        ("root.name", "repository"),
    ],
)
def test_a_value_is_compared_as_yaml_can_hold_it(ask: str, value: str, tmp_path: Path) -> None:
    passes(tmp_path, f'ask: "{ask}"\nvalue: {value}')


@pytest.mark.parametrize(
    ("ask", "value", "message"),
    [
        ("['a', 'b']", "[b, a]", "['a', 'b']: expected ['b', 'a'], observed ['a', 'b']"),
        ("{'a'}", "[a, b]", "expected ['a', 'b'], observed ['a']"),
        ("None", "0", "None: expected 0, observed None"),
        ("'1'", "1", "'1': expected 1, observed '1'"),
        ("1 / 0", "1", "expected 1, observed raised ZeroDivisionError: division by zero"),
    ],
)
def test_another_value_is_shown_with_the_question(
    ask: str, value: str, message: str, tmp_path: Path
) -> None:
    fails(tmp_path, f'ask: "{ask}"\nvalue: {value}', message.replace("observed '1'", "observed 1"))


ROWS = "[{'visit': 2, 'run': 'a', 'x': 0}, {'visit': 1, 'run': 'b', 'x': 0}]"


def test_rows_are_compared_in_any_order_and_in_the_columns_named(tmp_path: Path) -> None:
    passes(tmp_path, f'ask: "{ROWS}"\nrows: [{{visit: 1, run: b}}, {{visit: 2, run: a}}]')
    passes(tmp_path, f'ask: "{ROWS}"\nordered: true\nrows: [{{visit: 2}}, {{visit: 1}}]')
    passes(tmp_path, 'ask: "[]"\nrows: []')


def test_rows_in_another_order_fail_where_order_is_asked(tmp_path: Path) -> None:
    case = f'ask: "{ROWS}"\nordered: true\nrows: [{{visit: 1}}, {{visit: 2}}]'
    fails(tmp_path, case, "the same rows in another order")


def test_rows_that_are_missing_or_too_many_are_named(tmp_path: Path) -> None:
    case = f'ask: "{ROWS}"\nrows: [{{visit: 1}}, {{visit: 3}}]'
    fails(tmp_path, case, "1 missing: {'visit': 3}; 1 unexpected: {'visit': 2}")
    fails(tmp_path, f'ask: "{ROWS}"\nrows: []', "2 unexpected: {'visit': 2, 'run': 'a', 'x': 0}")
    fails(tmp_path, f'ask: "{ROWS}"\nrows: [{{visit: 1}}, {{visit: 1}}]', "1 missing")
    fails(tmp_path, f'ask: "{ROWS}"\nrows: [{{visit: 1, y: 0}}, {{visit: 2, y: 0}}]', "2 missing")


def test_rows_that_raise_while_they_are_read_are_a_failure(tmp_path: Path) -> None:
    fails(
        tmp_path, "ask: butler.lazily()\nrows: [{n: 1}]", "raised NoSuchThingError: the second row"
    )
    fails(tmp_path, 'ask: "[3]"\nrows: [{n: 1}]', "a row is a reference, a data ID", "not 3")


def test_a_refusal_is_known_by_its_classes_and_its_text(tmp_path: Path) -> None:
    passes(
        tmp_path,
        """
        ask: butler.refuse("no 'rnus'; did you mean 'runs'?")
        error: {type: NoSuchThingError, is: [LookupError], says: [rnus, did you mean 'runs']}
        """,
    )
    passes(tmp_path, "ask: butler.refuse('x')\nerror: {type: LookupError, is: Exception}")
    passes(
        tmp_path,
        """
        ask: butler.quoted("no 'a'\\n\\"b\\"")
        error: {type: KeyError, says: "no 'a'"}
        """,
    )


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            "ask: butler.refuse('no')\nerror: {type: KeyError}",
            "the call: expected raises KeyError, observed raised NoSuchThingError: no",
        ),
        (
            "ask: butler.refuse('no')\nerror: {type: LookupError, is: ValueError}",
            "the classes of NoSuchThingError: expected ValueError is among them, "
            "observed NoSuchThingError, LookupError, Exception, BaseException",
        ),
        (
            "ask: butler.refuse('no')\nerror: {type: LookupError, says: [n, maybe]}",
            "the text of NoSuchThingError: expected says 'maybe', observed no",
        ),
        (
            "ask: butler.close()\nerror: {type: LookupError}",
            "butler.close(): expected raises LookupError, observed returned None",
        ),
    ],
)
def test_another_refusal_is_told(case: str, message: str, tmp_path: Path) -> None:
    fails(tmp_path, case, message)


def test_a_refused_call_that_writes_is_caught(tmp_path: Path) -> None:
    what = "the repository after the refused call: expected unchanged, observed "
    error = "error: {type: NoSuchThingError}"
    fails(
        tmp_path,
        f"ask: butler.refuse('no', row=True)\n{error}",
        f"{what}gen3.sqlite3: 1 row more in run",
    )
    fails(tmp_path, f"ask: butler.refuse('no', file=True)\n{error}", f"{what}left.over is new")


def test_what_the_steps_write_is_no_change_of_the_call(tmp_path: Path) -> None:
    passes(
        tmp_path,
        """
        steps: [butler.register('a'), (root / 'new').write_text('b')]
        ask: butler.refuse('no')
        error: {type: NoSuchThingError}
        """,
    )


def test_steps_that_raise_are_told_apart_from_the_question(tmp_path: Path) -> None:
    case = "steps: [x = 1, 1 / 0]\nask: butler.refuse('no')\nerror: {type: ZeroDivisionError}"
    fails(tmp_path, case, "the steps before the question: expected run to their end", "Zero")


def test_a_name_that_the_api_lacks_is_a_failure_that_names_it(tmp_path: Path) -> None:
    fails(
        tmp_path,
        "ask: Color.RED\nvalue: RED",
        f"{case_world.MODULE} has no 'Color'; did you mean 'Colour'?",
    )
    fails(tmp_path, "ask: Registry\nvalue: 1", f"{case_world.MODULE} has no 'Registry'")


def test_butlers_are_closed_whatever_happens(tmp_path: Path) -> None:
    case_world.Butler.opened.clear()
    fails(
        tmp_path, "steps: [other = Butler.from_config(root)]\nask: butler.refuse('x')\nvalue: 1", ""
    )
    assert len(case_world.Butler.opened) >= 3  # the repository's, the case's, the steps'
    assert all(butler.closed for butler in case_world.Butler.opened)


def test_no_butler_is_opened_where_none_is_wanted(tmp_path: Path) -> None:
    case_world.Butler.opened.clear()
    passes(
        tmp_path,
        "open: false\nsteps: ['butler = Butler.from_config(root, a=1)']\n"
        "ask: butler.arguments\nvalue: {a: 1}",
    )
    passes(tmp_path, 'ask: "2"\nvalue: 2')
    passes(
        tmp_path,
        "open: {writeable: false, collections: a}\nask: butler.arguments\n"
        "value: {writeable: false, collections: a}",
    )


def test_each_case_gets_a_copy_of_its_own(tmp_path: Path) -> None:
    count = "len(sqlite3.connect(root / 'gen3.sqlite3').execute('SELECT * FROM run').fetchall())"
    head = (
        "  title: One row\n  repository: empty\n  steps: [import sqlite3, butler.register('a')]\n"
    )
    asked = f'  ask: "{count}"\n  value: 1\n'
    case_world.write(tmp_path, f"- id: MINE-01.a\n{head}{asked}- id: MINE-01.b\n{head}{asked}")
    found = case_world.suite(tmp_path)
    assert [found.outcome(f"MINE-01.{x}").message for x in "ab"] == ["", ""]
    assert found.place is not None
    assert [path.name for path in found.place.scratch.iterdir()] == ["REPO.empty"]


def test_a_missing_capability_must_be_refused(tmp_path: Path) -> None:
    without = case_world.small(unsupported={"exposure": "no images"})
    case = "capabilities: [exposure]\nsteps: [{}]\nask: '1'\nvalue: 1"
    refused = case_world.outcome(tmp_path, case.format("import nowhere_at_all"), without)
    assert (refused.verdict, refused.message) == (Verdict.UNSUPPORTED, "no images")
    able = case_world.outcome(tmp_path, case.format("x = 1"), without)
    assert able.verdict is Verdict.FAILED
    assert "declared without exposure (no images), but it ran to its end" in able.message


FUNCTION = """\
from conformance.cases import case

@case("MINE-01.{name}", "It is refused", error={{"type": "LookupError", "says": "no"}})
def {name}(api, root):
    api.Butler.from_config(root).refuse("no", row={row})
"""


@pytest.mark.parametrize("row", [False, True])
def test_a_function_that_is_refused_must_leave_the_repository_alone(
    row: bool, tmp_path: Path
) -> None:
    case_world.write(tmp_path)
    path = tmp_path / "cases" / "mine.py"
    path.write_text(FUNCTION.format(name="refused", row=row))
    found = case_world.suite(tmp_path)
    assert found.cases["MINE-01.refused"].kind == "function"
    assert found.cases["MINE-01.refused"].code.startswith("def refused(api, root):")
    outcome = found.outcome("MINE-01.refused")
    assert outcome.verdict is (Verdict.FAILED if row else Verdict.PASSED)
    assert ("1 row more in run" in outcome.message) is row


def test_a_repository_whose_steps_raise_blocks_its_cases(tmp_path: Path) -> None:
    case_world.write(
        tmp_path, "- {id: MINE-01.x, title: X, repository: broken, ask: '1', value: 1}\n"
    )
    (tmp_path / "repositories" / "broken.yaml").write_text(
        f"{FIRST_LINES['repositories']}\nabout: Nothing.\nsteps: [1 / 0]\n"
    )
    found = case_world.suite(tmp_path)
    assert found.outcome("MINE-01.x").verdict is Verdict.BLOCKED
    assert found.outcome("MINE-01.x").blocked_by == "REPO.broken"
    assert found.outcome("REPO.broken").message == "ZeroDivisionError: division by zero"
    assert not found.cases["REPO.broken"].judged
