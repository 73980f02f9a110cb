"""Importing the Python files of suites, which need not lie in a package."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from conformance.folders import PACKAGE


def import_file(path: Path) -> ModuleType:
    """Import a file: one of the package by its own name, another by a name that no other has.

    Whatever the file raises is raised, and leaves no module behind.
    """
    resolved = path.resolve()
    if PACKAGE in resolved.parents:
        parts = resolved.relative_to(PACKAGE.parent).with_suffix("").parts
        return importlib.import_module(".".join(parts))
    digest = hashlib.sha256(str(resolved).encode()).hexdigest()[:12]
    name = f"conformance_{path.parent.name}_{digest}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError("it cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def failing_line(error: BaseException, path: Path) -> int:
    """Return the line of a file that an exception came from, the innermost; 0 for none."""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    line, trace = 0, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
