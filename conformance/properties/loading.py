"""Finding laws: those of the suite, and those in the folders of others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

from conformance.folders import PACKAGE, suite_files
from conformance.importing import failing_line, import_file
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
    try:
        return import_file(path)
    except Exception as error:
        raise LawError(f"{path.parent.name}/{path.name}: {_said(error, path)}") from error


def _said(error: Exception, path: Path) -> str:
    """Return an error of a file as a sentence with the line in it."""
    line = failing_line(error, path)
    where = f"line {line}: " if line else ""
    kind = "" if isinstance(error, LawError) else f"{type(error).__name__}: "
    return f"{where}{kind}{error}"
