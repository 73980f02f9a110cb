"""A script that shows what went wrong in an interop case, with the Butlers alone."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType

from conformance.cases import program, simple
from conformance.cases.names import free_names
from conformance.interop import sight
from conformance.interop.stage import BOUND, Act, Check

HEAD = """\
import atexit
import shutil
import tempfile
from pathlib import Path

home = Path(tempfile.mkdtemp())
atexit.register(shutil.rmtree, home, ignore_errors=True)
root, folder = home / "repository", home / "folder"
folder.mkdir()
"""
SEEN = """\
def seen(Butler):
    with Butler.from_config(root) as butler:
        return sight(butler)


"""
DIFFER = """\
for what in [*expected, *observed]:
    right, seen = expected.get(what, set()), observed.get(what, set())
    differ = f"{what}: missing {sorted(right - seen)}, unexpected {sorted(seen - right)}"
    assert right == seen, differ
"""
BY_THE_SUITE = "raise SystemExit(2)  # whether the rows are right, the suite alone can tell\n"


def script(
    modules: Mapping[str, str], steps: Sequence[str], acts: Iterable[Act], check: Check | None
) -> str:
    """Write the script.

    Parameters
    ----------
    modules
        The letter of each actor to the module of its API.
    steps
        The statements with which A fills the repository.
    acts
        What was done, in order.
    check
        What went wrong first; None where it was a statement, which raises in the script too.
    """
    text = [HEAD, *_opening(modules["A"], steps, making=True)]
    for act in acts:
        text += _opening(modules[act.letter], [act.text], title=act.letter)
    if check is not None:
        text += _check(modules, check)
    return "\n".join(part.rstrip("\n") + "\n" for part in text)


def _opening(
    module: str, pieces: Sequence[str], *, title: str = "A", making: bool = False
) -> Iterator[str]:
    """Yield statements of one actor, with a Butler of its own."""
    code = "\n".join(pieces)
    needed = free_names(ast.parse(code))
    opened = "butler = Butler.from_config(root, writeable=True)\n" if "butler" in needed else ""
    made = "Butler.makeRepo(str(root))\n" if making else ""
    head = program.imports(module, [f"{made}{opened}{code}"], BOUND)
    closed = "\nbutler.close()\n" if opened else ""
    yield f"# {title}\n" + "\n".join([*head, f"{made}{opened}{code}{closed}"])


def _check(modules: Mapping[str, str], check: Check) -> Iterator[str]:
    if check.expression:
        asked = f"observed = {check.expression.strip()}"
        yield "# What is asked.\n" + _source(simple)
        yield from _opening(modules[check.letter], [asked], title=check.letter)
        yield f"observed, expected = simple(observed), {check.expected!r}"
        yield 'assert observed == expected, f"expected {expected}, observed {observed}"'
    elif check.is_sight:
        yield "# What each sees.\n" + _source(sight)
        yield SEEN
        for name, letter in (("expected", "A"), ("observed", check.letter)):
            yield f"from {modules[letter]} import Butler\n\n{name} = seen(Butler)"
        yield DIFFER
    else:
        yield BY_THE_SUITE


def _source(module: ModuleType) -> str:
    """Return the text of a module, to stand in the middle of another."""
    return inspect.getsource(module).replace("from __future__ import annotations\n", "")
