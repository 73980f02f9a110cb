"""The script that shows the failure of a step: its cells, without the suite.

Judges hold an answer against the files and the registry with code of the suite, which a script
shall not import. So a script asserts what it can: that the code raises nothing, or that the value
or the output of the step is the expected one where a judge compared just that. Where a judge
looked further, the script draws or reads, says what was expected, and ends with status 2.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from conformance.case import Case
from conformance.execution import Execution
from conformance.observation import Observation, plain

PLAIN = '''
def plain(value):
    """Return a value as lists, dicts, text and numbers; sets are sorted."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (bool, int, float, str, type(None))) else repr(value)
'''
USAGE = """if len(sys.argv) != 2:
    sys.exit(f"write {sys.argv[0]} FOLDER, which `butler-conformance make-repo ci_hsc FOLDER` made")
repository = sys.argv[1]
"""


def script(
    case: Case, earlier: Sequence[Case], execution: Execution, failures: Iterable[Observation]
) -> str:
    """Return the program of a step that failed.

    Parameters
    ----------
    case
        The step.
    earlier
        The steps it builds on, in the order of the notebook.
    execution
        What running its code gave.
    failures
        The observations that are not as expected.
    """
    parts = ["import contextlib\nimport io\nimport sys\n", USAGE]
    if "display" in case.capabilities:
        parts.append('import matplotlib\n\nmatplotlib.use("agg")\n')
    parts += [f"# cell {one.step}\n{one.code}\n" for one in earlier]
    if execution.error is not None:
        return "\n".join([*parts, f"# cell {case.step}, which raised\n{case.code}\n"])
    asserts, further = _assertions(execution, list(failures))
    code, has_value = _bound(case.code)
    cell = "\n".join(f"    {line}".rstrip() for line in code.splitlines())
    parts.append(
        f"# cell {case.step}\noutput = io.StringIO()\n"
        f"with contextlib.redirect_stdout(output):\n{cell}\n"
    )
    if asserts and has_value:
        parts.insert(1, PLAIN)
    return "\n".join([*parts, *asserts, *further])


def _bound(code: str) -> tuple[str, bool]:
    """Return the code with the value of its last line bound, and whether it has one."""
    tree = ast.parse(code)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr):
        return code, False
    lines = code.splitlines()
    lines[last.lineno - 1] = f"value = {lines[last.lineno - 1]}"
    return "\n".join(lines), True


def _assertions(execution: Execution, failures: list[Observation]) -> tuple[list[str], list[str]]:
    """Return assertions for what a script can compare, and words for the rest."""
    value = plain(execution.value)
    asserts: list[str] = []
    rest: list[str] = []
    for seen in failures:
        if value is not None and seen.observed == value:
            asserts += _assertion("plain(value)", seen)
        elif execution.output and seen.observed == execution.output:
            asserts += _assertion("output.getvalue()", seen)
        else:
            rest.append(f"{seen.what}: expected {seen.expected}, observed {seen.observed}")
    if not rest:
        return asserts, []
    lines = [f"print({line!r})" for line in rest]
    tail = ["# What the judge of the suite saw beyond that:", *lines]
    return asserts, tail if asserts else [*tail, "sys.exit(2)"]


def _assertion(observed: str, seen: Observation) -> list[str]:
    return [
        f"# {seen.what}",
        f"expected = {seen.expected!r}",
        f"assert {observed} == expected, f'expected {{expected!r}}, observed {{{observed}!r}}'",
    ]
