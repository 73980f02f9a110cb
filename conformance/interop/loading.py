"""Finding interop cases: those of the suite, and those in the folders of others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from conformance.folders import PACKAGE, suite_files
from conformance.importing import failing_line, import_file
from conformance.interop.declaring import Story, StoryError

KIND = "interop"
OWN = "stories"
"""How the names of the suite's own files of cases begin; beside them is what tries them."""


def stories(folders: Sequence[Path] = ()) -> list[Story]:
    """Return all interop cases, by id.

    Parameters
    ----------
    folders
        Folders of others beside the suite's own, whose ``interop`` folder is read too.

    Raises
    ------
    StoryError
        Raised where a file cannot be read, or an id stands twice.
    """
    found: dict[str, Story] = {}
    for path in suite_files(KIND, ".py", folders):
        if path.parent == PACKAGE / KIND and not path.stem.startswith(OWN):
            continue
        for one in _stories_of(path):
            if one.id in found:
                raise StoryError(f"{one.place}: {one.id} stands in {found[one.id].place} already")
            found[one.id] = one
    return [found[id] for id in sorted(found)]


def _stories_of(path: Path) -> list[Story]:
    try:
        module = import_file(path)
    except Exception as error:
        line = failing_line(error, path)
        where = f"line {line}: " if line else ""
        kind = "" if isinstance(error, StoryError) else f"{type(error).__name__}: "
        raise StoryError(f"{path.parent.name}/{path.name}: {where}{kind}{error}") from error
    members = vars(module).values()
    return [
        one
        for one in members
        if isinstance(one, Story) and Path(one.function.__code__.co_filename) == path
    ]
