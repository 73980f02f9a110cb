"""Cases that are Python functions: finding them in a file, and the text of each."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from conformance.cases import ATTRIBUTE, FunctionCase
from conformance.cases.marked_yaml import Document, Where
from conformance.cases.mistakes import CaseFileError, Mistake
from conformance.cases.names import bound_names, free_names
from conformance.importing import failing_line, import_file


def read(path: Path) -> tuple[Document, list[Callable[[Any, Path], Any]]]:
    """Return the entries of a file's functions as a document, and the functions.

    Raises
    ------
    CaseFileError
        Raised where the file cannot be imported, or a function takes other arguments.
    """
    module = _imported(path)
    marked = sorted(
        (
            found
            for value in vars(module).values()
            if isinstance(found := getattr(value, ATTRIBUTE, None), FunctionCase)
            and found.function.__module__ == module.__name__
        ),
        key=lambda found: found.line,
    )
    mistakes = [
        Mistake(path, found.line, f"{found.function.__name__} takes (api, root) and nothing else")
        for found in marked
        if list(inspect.signature(found.function).parameters) != ["api", "root"]
    ]
    if mistakes:
        raise CaseFileError(mistakes)
    entries = [{**found.entry, "ask": f"{found.function.__name__}(api, root)"} for found in marked]
    lines: dict[Where, int] = {(number,): found.line for number, found in enumerate(marked)}
    return Document(path, entries, lines), [found.function for found in marked]


def source(function: Callable[..., Any]) -> str:
    """Return the text of a function without its decorators."""
    text = textwrap.dedent(inspect.getsource(function))
    node = ast.parse(text).body[0]
    return "".join(text.splitlines(keepends=True)[getattr(node, "lineno", 1) - 1 :])


def needed_source(function: Callable[..., Any]) -> str:
    """Return the text of a function, after whatever of its file it needs."""
    module = inspect.getmodule(function)
    text = inspect.getsource(module) if module else ""
    others = [node for node in ast.parse(text).body if function.__name__ not in _binds(node)]
    needed = free_names(ast.parse(source(function)))
    kept: set[ast.stmt] = set()
    while fresh := [node for node in others if node not in kept and _binds(node) & needed]:
        kept.update(fresh)
        needed = needed.union(*(free_names(node) for node in fresh))
    pieces = [_segment(text, node) for node in others if node in kept]
    return "".join(f"{piece}\n" for piece in [*pieces, source(function)])


def _binds(node: ast.stmt) -> set[str]:
    """Return the names that a statement of a module binds there."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    return bound_names(node)


def _segment(text: str, node: ast.stmt) -> str:
    first = min([node.lineno, *(found.lineno for found in getattr(node, "decorator_list", ()))])
    return "\n".join(text.splitlines()[first - 1 : node.end_lineno])


def _imported(path: Path) -> ModuleType:
    try:
        return import_file(path)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise CaseFileError([_not_importable(path, error)]) from error


def _not_importable(path: Path, error: BaseException) -> Mistake:
    text = f"cannot be imported: {type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        text = f"is not Python: {error.msg}"
    return Mistake(path, failing_line(error, path), text)
