"""Finding laws: those of the suite, and those in the folders of others."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from conformance.folders import PACKAGE, suite_files
from conformance.properties.law import Law, LawError

KIND = "properties"
OWN = "laws"
"""How the names of the suite's own files of laws begin; beside them is what tries them."""


def laws(folders: Sequence[Path] = ()) -> list[Law]:
    """Return all laws, by id.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own, whose ``properties`` folder is read too.

    Raises
    ------
    LawError
        Raised where a file cannot be read, or an id stands twice.
    """
    found: dict[str, Law] = {}
    for path in suite_files(KIND, ".py", folders):
        if path.parent == PACKAGE / KIND and not path.stem.startswith(OWN):
            continue
        for one in _laws_of(_module(path), path):
            if one.id in found:
                raise LawError(f"{one.place}: {one.id} stands in {found[one.id].place} already")
            found[one.id] = one
    return [found[id] for id in sorted(found)]


def _laws_of(module: ModuleType, path: Path) -> Iterator[Law]:
    for value in vars(module).values():
        if isinstance(value, Law) and Path(value.function.__code__.co_filename) == path:
            yield value


def _module(path: Path) -> ModuleType:
    if path.parent == PACKAGE / KIND:
        return importlib.import_module(f"conformance.{KIND}.{path.stem}")
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    name = f"conformance_laws_{digest}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise LawError(f"{path.parent.name}/{path.name}: {_said(error, path)}") from error
    return module


def _said(error: Exception, path: Path) -> str:
    """Return an error of a file as a sentence with the line in it."""
    line, trace = getattr(error, "lineno", None), error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f"line {line}: " if line else ""
    kind = "" if isinstance(error, LawError) else f"{type(error).__name__}: "
    return f"{where}{kind}{error}"
