"""A program that shows with the Butler alone what a script does otherwise than it must."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.cases import program
from conformance.cases.script import GIVEN_ROOT, TEMPORARY_ROOT

JUDGED = """\
output = io.StringIO()
sys.argv[:] = [{name!r}, str(root)]
with contextlib.redirect_stdout(output):
    exec(compile(SCRIPT, {name!r}, "exec"), {{"__name__": "__main__", "__file__": {name!r}}})
difference = difflib.unified_diff(
    EXPECTED.splitlines(), output.getvalue().splitlines(), "expected", "observed", lineterm=""
)
assert output.getvalue() == EXPECTED, "\\n".join(["what the script prints", *difference])
"""


def repro(code: str, name: str, expected: str, module: str, steps: Sequence[str] | None) -> str:
    """Write the program.

    Parameters
    ----------
    code
        The script.
    name
        The name of its file.
    expected
        What it must print.
    module
        The module of the Butler.
    steps
        The statements that fill its repository; None for ci_hsc, whose root the program takes as
        its argument.
    """
    modules = ["contextlib", "difflib", "io", "sys"]
    parts = []
    if steps is None:
        parts.append(GIVEN_ROOT)
    else:
        modules += ["atexit", "shutil", "tempfile"]
        parts += [TEMPORARY_ROOT, _making(module, steps)]
    imports = [*(f"import {one}" for one in sorted(modules)), "from pathlib import Path"]
    texts = [f"SCRIPT = {_quoted(code)}", f"EXPECTED = {_quoted(expected)}"]
    return "\n".join(["\n".join(imports) + "\n", *texts, *parts, JUDGED.format(name=name)])


def _making(module: str, steps: Sequence[str]) -> str:
    lines = ["Butler.makeRepo(str(root))"]
    if steps:
        lines += [program.opened({"writeable": True}), *steps, "butler.close()"]
    return "".join(f"{line.rstrip()}\n" for line in [*program.imports(module, lines), *lines])


def _quoted(text: str) -> str:
    """Return a text as a literal that reads like the text."""
    escaped = text.replace("\\", "\\\\").replace("'''", "\\'\\'\\'")
    return f"'''\\\n{escaped}'''\n"
