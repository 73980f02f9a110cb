"""A script that shows a case with the implementation alone, and Python's own library."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Sequence
from pprint import pformat
from typing import Any

from conformance.cases import functions, program, simple
from conformance.cases.data_case import DataCase
from conformance.cases.expected import Refusal, Rows, Value
from conformance.cases.repositories import CI_HSC, RepositorySteps
from conformance.implementations import Implementation

TEMPORARY_ROOT = """\
folder = tempfile.mkdtemp()
atexit.register(shutil.rmtree, folder, ignore_errors=True)
root = Path(folder) / "repository"
"""
GIVEN_ROOT = """\
if len(sys.argv) != 2:
    sys.exit("usage: give the root of a ci_hsc repository, the folder of its butler.yaml")
root = Path(sys.argv[1])
"""
STATE = '''\
def state(root):
    """Return what each file of a repository holds; of a database the statements that make it."""
    found = {}
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.name.endswith(("-journal", "-wal", "-shm")):
            continue
        content = path.read_bytes()
        found[str(path)] = hashlib.sha256(content).hexdigest()
        if content.startswith(b"SQLite format 3"):
            try:
                with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
                    found[str(path)] = sorted(database.iterdump())
            except sqlite3.Error:  # locked or damaged: then its bytes must do
                pass
    return found
'''
REFUSED = """\
before = state(root)
try:
    answer = {ask}
except Exception as error:
    caught = error
else:
    raise AssertionError(f"expected {type}, observed the answer {{answer!r}}")
after = state(root)
classes = [found.__name__ for found in type(caught).__mro__]
text = str(caught.args[0]) if isinstance(caught, KeyError) and caught.args else str(caught)
for name in {classes}:
    assert name in classes, f"expected {{name}}, observed {{classes[0]}}: {{text}}"
"""
SAYS = """\
for fragment in {says}:
    assert fragment in text, f"expected a text that says {{fragment!r}}, observed {{text!r}}"
"""
UNCHANGED = """\
changed = sorted(name for name in {**before, **after} if before.get(name) != after.get(name))
assert not changed, f"expected the repository as it was, observed changes of {changed}"
"""
ANSWERED = """\
try:
    answer = {ask}
    observed = {observed}
except Exception as error:
    text = f"expected {{expected!r}}, observed {{type(error).__name__}}: {{error}}"
    raise AssertionError(text) from error
"""
EQUAL = 'assert observed == expected, f"expected {expected!r}, observed {observed!r}"\n'


def script(
    case: DataCase, repository: RepositorySteps | None, implementation: Implementation
) -> str:
    """Write the script.

    Parameters
    ----------
    case
        The case.
    repository
        How its repository is made; None for ci_hsc, whose root the script takes as its argument.
    implementation
        The Butler that it runs on.
    """
    body = [*_repository(repository, implementation), *_program(case, implementation)]
    ask = case.ask if "\n" not in case.ask.strip() else ast.unparse(ast.parse(case.ask.strip()))
    judging = _judging(case, ask.strip())
    parts = [
        _imports(case),
        *_helpers(case),
        GIVEN_ROOT if case.repository == CI_HSC else TEMPORARY_ROOT,
        *body,
        *judging,
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part.strip())


def _imports(case: DataCase) -> str:
    modules = ["sys"] if case.repository == CI_HSC else ["atexit", "shutil", "tempfile"]
    names = ["from pathlib import Path"]
    expected = case.expected
    if isinstance(expected, Refusal):
        modules += ["hashlib", "sqlite3"]
        names.append("from contextlib import closing")
    else:
        names += ["from collections.abc import Mapping, Set", "from enum import Enum"]
        names.append("from typing import Any")
    lines = [f"import {name}" for name in sorted(modules)]
    return "\n".join([*lines, *sorted(names)])


def _helpers(case: DataCase) -> list[str]:
    expected = case.expected
    if isinstance(expected, Refusal):
        return [STATE]
    wanted = [simple.simple, simple.columns] if isinstance(expected, Rows) else [simple.simple]
    return [inspect.getsource(function) for function in wanted]


def _repository(repository: RepositorySteps | None, implementation: Implementation) -> list[str]:
    if repository is None:
        return []
    module = implementation.dialects["current"].butler
    steps = list(repository.steps)
    lines = ["Butler.makeRepo(root)"]
    if steps:
        lines += [program.opened({"writeable": True}), *steps, "butler.close()"]
    text = "".join(f"{line.rstrip()}\n" for line in [*program.imports(module, lines), *lines])
    return [f"# The repository {repository.name}.\n{text}"]


def _program(case: DataCase, implementation: Implementation) -> list[str]:
    if case.function is None:
        text = case.program(implementation).setup
    else:
        text = f"import {case.module(implementation)} as api\n\n"
        text += functions.needed_source(case.function)
    return [f"# The case.\n{text}"]


def _judging(case: DataCase, ask: str) -> Sequence[str]:
    expected = case.expected
    if isinstance(expected, Refusal):
        classes = (expected.type, *expected.kinds)
        refused = REFUSED.format(ask=ask, type=expected.type, classes=classes)
        says = SAYS.format(says=expected.says) if expected.says else ""
        return [refused + says + UNCHANGED]
    if isinstance(expected, Value):
        return [_value(ask, expected)]
    return [_rows(ask, expected)]


def _value(ask: str, expected: Value) -> str:
    lines = _assigned("expected", expected.value)
    lines += ANSWERED.format(ask=ask, observed="simple(answer)")
    if isinstance(expected.value, list):
        lines += "if isinstance(answer, Set):\n    expected = sorted(expected, key=repr)\n"
    return lines + EQUAL


def _rows(ask: str, expected: Rows) -> str:
    chosen = "columns(row)"
    lines = _assigned("expected", [dict(row) for row in expected.rows])
    if expected.rows:
        lines += _assigned("looked_at", list(expected.columns))
        chosen = "{name: cell for name, cell in columns(row).items() if name in looked_at}"
    lines += ANSWERED.format(ask=ask, observed=f"[{chosen} for row in answer]")
    if not expected.ordered:
        lines += "for rows in (expected, observed):\n"
        lines += "    rows.sort(key=lambda row: repr(sorted(row.items())))\n"
    return lines + EQUAL


def _assigned(name: str, value: Any) -> str:
    text = pformat(value, width=100 - len(name) - 3, sort_dicts=False)
    return textwrap.indent(f"{name} = {text}", " " * (len(name) + 3)).lstrip() + "\n"
