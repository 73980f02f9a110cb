"""Running the code of a cell as a notebook does: its names, its output, its last value."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import time
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.deadline import deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What running a cell gave.

    Attributes
    ----------
    names
        The names bound after the cell, those of earlier cells among them.
    value
        The value of the last line where it is an expression, else None.
    output
        What was printed.
    errors
        What was written to the standard error, such as warnings that were logged.
    warnings
        The warnings that were given, as text.
    error
        The exception that left the cell.
    traceback
        The exception's traceback from the cell downwards.
    seconds
        Wall-clock time.
    """

    names: Mapping[str, Any]
    value: Any
    output: str
    errors: str
    warnings: tuple[str, ...]
    error: BaseException | None
    traceback: str
    seconds: float


def execute(code: str, names: Mapping[str, Any], name: str) -> Execution:
    """Run a cell on names bound before.

    Parameters
    ----------
    code
        Python statements.
    names
        The names that the cell finds; not changed.
    name
        What tracebacks call the cell.
    """
    namespace: dict[str, Any] = {**names, "__name__": "__main__"}
    filename = f"<{name}>"
    linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
    output, errors = io.StringIO(), io.StringIO()
    value: Any = None
    error: BaseException | None = None
    trace = ""
    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        warnings.simplefilter("always")
        start = time.perf_counter()
        try:
            with deadline():
                value = _run(code, namespace, filename)
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # a SystemExit too is what the code did
            error = raised
            trace = _trace(raised, filename)
        seconds = time.perf_counter() - start
    return Execution(
        names=namespace,
        value=value,
        output=output.getvalue(),
        errors=errors.getvalue(),
        warnings=tuple(f"{one.category.__name__}: {one.message}" for one in caught),
        error=error,
        traceback=trace,
        seconds=seconds,
    )


def _run(code: str, namespace: dict[str, Any], filename: str) -> Any:
    tree = ast.parse(code, filename)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, filename, "exec"), namespace)
        return None
    tree.body.pop()
    exec(compile(tree, filename, "exec"), namespace)
    return eval(compile(ast.Expression(last.value), filename, "eval"), namespace)


def _trace(error: BaseException, filename: str) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    first = next((place for place, frame in enumerate(frames) if frame.filename == filename), 0)
    lines = traceback.format_list(frames[first:])
    return "".join([*lines, *traceback.format_exception_only(error)])
